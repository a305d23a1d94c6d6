// A Raft of one's own in TypeScript: the example keeps every promise; what it hides is not applicable; bugs are found.

import { describe, expect, it } from 'vitest';
import { raft } from '../../../examples/systems/typescript/raft.ts';
import { shrinkSeed } from '../../../src/campaign/replay.ts';
import { drawPlan } from '../../../src/campaign/swarm.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate, type Run } from '../../../src/run/simulate.ts';
import { systemAnswers } from '../../../src/check/properties/system-answers.ts';
import { defineRaft, type RaftContext, type RaftServer } from '../../../src/systems/script/define-raft.ts';

const ran = (system: string, seed = '1'): Run => simulate(drawPlan(seed, { system, length: { micros: 14_000_000 } }));

const outcomeOf = (run: Run, name: string): string | undefined =>
  run.verdicts.find(({ property }) => property === name)?.outcome;

describe('the example', () => {
  defineRaft(raft);

  it('keeps every promise under drawn faults, and its runs repeat', () => {
    for (const seed of ['1', '2', '3', '4']) {
      const run = ran(raft.name, seed);
      expect(run.violation).toBeUndefined();
      expect(run.summary.entriesCommitted).toBeGreaterThan(0);
      expect(ran(raft.name, seed).fingerprint).toBe(run.fingerprint);
    }
  });

  it('is judged by the promises of logs, votes and disks, and not by those about contents', () => {
    const run = ran(raft.name);
    for (const name of [
      'log-matching',
      'vote-once',
      'durability-honesty',
      'commit-legitimacy',
      'leader-completeness',
    ]) {
      expect(outcomeOf(run, name), name).toBe('pass');
    }
    expect(outcomeOf(run, 'steady-leader')).toBe('not applicable');
    expect(outcomeOf(run, 'system-answers')).toBe('pass');
  });

  it('at the lowest level is judged by what it applies and answers', () => {
    const quiet = defineRaft({
      ...raft,
      name: 'quiet',
      shows: [],
      start: (context) => withoutLog(raft.start(context)),
    });
    const run = ran(quiet.name);
    expect(run.violation).toBeUndefined();
    for (const name of ['state-machine-safety', 'linearizability', 'exactly-once']) {
      expect(outcomeOf(run, name), name).toBe('pass');
    }
    for (const name of ['log-matching', 'election-safety', 'vote-once', 'bounded-liveness']) {
      expect(outcomeOf(run, name), name).toBe('not applicable');
    }
  });
});

const withoutLog = (server: RaftServer): RaftServer => ({
  timeout: (timer) => server.timeout?.(timer),
  receive: (from, message) => server.receive(from, message),
  propose: (command) => server.propose(command),
});

/** The example, with something wrong in what it tells. */
function brokenBy(name: string, change: (context: RaftContext) => Partial<RaftContext>): string {
  return defineRaft({ ...raft, name, start: (context) => raft.start({ ...context, ...change(context) }) }).name;
}

describe('what a server tells wrongly', () => {
  it.each([
    [
      'a vote that is not on the disk',
      'durability-honesty',
      (context: RaftContext) => ({
        write: (w: Parameters<RaftContext['write']>[0]) =>
          w.vote === undefined || w.vote === 0 ? context.write(w) : undefined,
      }),
    ],
    [
      'another command than its log holds',
      'system-answers',
      (context: RaftContext) => ({
        apply: (index: number, _command: string, term?: number) => context.apply(index, 'x', term),
      }),
    ],
    [
      'an entry of another term than its log holds',
      'system-answers',
      (context: RaftContext) => ({ apply: (index: number, command: string) => context.apply(index, command, 99) }),
    ],
  ])('%s breaks %s', (name, property, change) => {
    const system = brokenBy(name, change);
    const run = simulate(makePlan({ seed: '1', system, nodes: 3, profile: 'calm', length: { micros: 5_000_000 } }));
    expect(run.violation?.property).toBe(property);
  });

  it('an exception is a finding, and one sentence', () => {
    const start = (): RaftServer => {
      throw new Error('no disk today');
    };
    const { name } = defineRaft({ name: 'throws', start });
    const run = simulate(makePlan({ system: name, nodes: 1, length: { steps: 10 } }));
    expect(run.violation?.property).toBe('handlers-never-throw');
    expect(run.violation?.why).toContain('no disk today');
    // There is no step that a story of it could have.
    const never = { isOver: () => false, isHurried: () => false };
    expect(shrinkSeed('1', { system: name }, never)).toBeUndefined();
  });

  it.each([
    [{ ...raft, name: '' }, /the name of a Raft is ""/],
    [{ ...raft, tickMicros: -1 }, /tickMicros of small-raft is -1/],
    [{ name: 'x' } as unknown as typeof raft, /has no function "start"/],
    [{ ...raft, shows: ['contents' as const] }, /"shows" holds "contents"/],
  ])('a definition that is wrong is refused', (definition, why) => {
    expect(() => defineRaft(definition)).toThrow(why);
  });

  it('only troubles of a system are told by system-answers', () => {
    expect(systemAnswers().threw?.({ id: 0 } as never, new Error('its own'))).toBeUndefined();
  });
});
