// Programs that keep their own time: a Maelstrom node as it is, and a child of our lines, at best effort. They run in real
// time, so that each run here is a second or less; what they are found to do wrong does not depend on any timing.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shrinkSeed } from '../../../src/campaign/replay.ts';
import { drawPlan, planWords } from '../../../src/campaign/swarm.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate, type Run } from '../../../src/run/simulate.ts';
import { MaelstromTransport } from '../../../src/systems/child/maelstrom.ts';
import { foreignSystem } from '../../../src/systems/foreign/foreign-system.ts';
import { openSystemsByName } from '../../../src/systems/open.ts';
import { provideSystem } from '../../../src/systems/system.ts';

const node = fileURLToPath(new URL('maelstrom-node.py', import.meta.url));
const raft = fileURLToPath(new URL('../../../examples/systems/python/my_raft.py', import.meta.url));
const name = (words: string): string => `maelstrom:python3 ${node}${words}`;

openSystemsByName();

const ran = (system: string): Run =>
  simulate(makePlan({ seed: '1', system, nodes: 3, profile: 'calm', length: { micros: 700_000 } }));

const outcomeOf = (run: Run, property: string): string | undefined =>
  run.verdicts.find((one) => one.property === property)?.outcome;

describe('a Maelstrom node', () => {
  it('runs as it is, and is judged by what its clients see', () => {
    const run = ran(name(''));
    expect(run.violation).toBeUndefined();
    expect(run.summary.callsCompleted).toBeGreaterThan(3);
    expect(outcomeOf(run, 'linearizability')).toBe('pass');
    expect(outcomeOf(run, 'system-answers')).toBe('pass');
    for (const property of ['state-machine-safety', 'log-matching', 'election-safety']) {
      expect(outcomeOf(run, property), property).toBe('not applicable');
    }
  });

  it.each([
    ['invents', 'linearizability', /nobody wrote this/],
    ['service', 'system-answers', /a message goes to "lin-kv", but there are only nodes and clients here$/],
    ['nonsense', 'system-answers', /a node wrote "debug: working", expected a message as a JSON object$/],
    ['dies', 'system-answers', /the system ended with code 7 in the middle of its work$/],
  ])('that %s breaks %s', (bug, property, why) => {
    const run = ran(name(` ${bug}`));
    expect(run.violation?.property).toBe(property);
    expect(run.violation?.why).toMatch(why);
  });

  it('that does not answer its init is told at the start', () => {
    const command = `python3 ${node} silent`;
    provideSystem(foreignSystem(`maelstrom:${command}`, new MaelstromTransport(command, 1_000)));
    const run = ran(`maelstrom:${command}`);
    expect(run.violation?.property).toBe('system-answers');
    expect(run.violation?.why).toMatch(/^n1: the system does not answer within 1000 ms$/);
  });
});

describe('best effort', () => {
  const system = `best-effort:python3 ${raft}`;

  it('runs a child of our lines in real time', () => {
    const run = ran(system);
    expect(run.violation).toBeUndefined();
    expect(outcomeOf(run, 'log-matching')).toBe('pass');
  });

  it('is in the words of every plan, and is never replayed or shrunk', () => {
    const plan = drawPlan('1', { system });
    expect(planWords(plan)).toContain('best effort: the system keeps its own time, and no run repeats');
    expect(shrinkSeed('1', { system }, { isOver: () => false, isHurried: () => false })).toBeUndefined();
    expect(() => simulate(plan, { script: [] })).toThrow(/keeps its own time \(best effort\): it cannot be replayed/);
  });
});
