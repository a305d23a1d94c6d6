// A system over lines: what each kind of misbehaviour is told as, that others go on, and that runs repeat.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate, type Run } from '../../../src/run/simulate.ts';
import { ChildTransport } from '../../../src/systems/child/child-transport.ts';
import { ChildLink } from '../../../src/systems/child/link.ts';
import { foreignSystem } from '../../../src/systems/foreign/foreign-system.ts';
import { openSystemsByName } from '../../../src/systems/open.ts';
import { provideSystem, systemNamed } from '../../../src/systems/system.ts';

const bad = fileURLToPath(new URL('bad-child.py', import.meta.url));
const good = fileURLToPath(new URL('../../../examples/systems/python/my_raft.py', import.meta.url));

openSystemsByName();

/** A command as a system, with little patience. */
function provided(command: string, patienceMillis = 20_000): string {
  const system = foreignSystem(command, new ChildTransport(new ChildLink(command, patienceMillis)));
  provideSystem(system);
  return system.name;
}

const ran = (system: string, seed = '1', micros = 1_000_000): Run =>
  simulate(makePlan({ seed, system, nodes: 3, profile: 'calm', length: { micros } }));

describe('a child that', () => {
  it.each([
    ['hang', 'system-answers', /^n1: the system does not answer within 5000 ms$/],
    ['die', 'system-answers', /^n1: the system ended with code 3 instead of an answer: boom$/],
    ['nonsense', 'system-answers', /^n1: the system answered "hello world" to "tick", expected a JSON object$/],
    ['between', 'system-answers', /^n1: the system answered "debug" to "tick", expected a JSON object$/],
    ['self', 'system-answers', /^n1, at a tick, sends a message to itself/],
    ['nobody', 'system-answers', /^n1, at a tick, sends a message to server 9, but there are servers 1 to 3/],
    ['text', 'system-answers', /"send" is "n2", expected a number/],
    ['effect', 'system-answers', /an effect is \{"sned":2\}, expected one with send, write, apply/],
    ['order', 'system-answers', /^n1, at a tick, applies entry 5 right after entry 0/],
    ['log', 'system-answers', /^n1, at a tick, writes entry 7, but its log ends at 0/],
    ['role', 'system-answers', /"role" is "boss", expected one of follower, candidate/],
    ['vote', 'system-answers', /says that its vote is 12, expected 1 to 3, or 0 for nobody/],
    ['claims', 'system-answers', /^n1, starting, tells no state, but the system says that it shows roles, log, commit/],
    ['commit', 'system-answers', /^n1, at a tick, leads and says that entry 5 is committed, but its log.* ends at 0 /],
    ['64-mib', 'system-answers', /^n1: the system wrote \d+ bytes, more than 33554432, instead of an answer$/],
    ['fork-and-die', 'system-answers', /^n1: the system ended with code 4 instead of an answer$/],
    ['throw', 'handlers-never-throw', /^n1 stopped in the middle of a step: ValueError: oops$/],
  ])('does %s ends its run', (mode, property, why) => {
    const run = ran(provided(`python3 ${bad} ${mode}`, mode === 'hang' ? 5_000 : undefined));
    expect(run.violation?.property).toBe(property);
    expect(run.violation?.why).toMatch(why);
    expect(run.violation?.step).toBeGreaterThan(mode === 'claims' ? 0 : 3);
  });

  it('forks is asked on as if it had not', () => {
    const run = ran(provided(`python3 ${bad} fork`));
    expect(run.violation).toBeUndefined();
    expect(run.steps).toBeGreaterThan(20);
  });

  it('hangs at boot is told before anything runs', () => {
    expect(() => provided(`python3 ${bad} boot`, 500)).toThrow(/^the system does not answer within 500 ms$/);
  });

  it('floods is cut off', () => {
    const run = ran(provided(`python3 ${bad} giant`));
    expect(run.violation?.why).toMatch(/^n1: the system wrote \d+ bytes, more than 33554432, instead of an answer$/);
  });

  it('died is started anew for the next run', () => {
    const system = provided(`python3 ${bad} die`);
    expect(ran(system).violation?.property).toBe('system-answers');
    const again = ran(system, '2');
    expect(again.violation?.step).toBe(ran(system, '2').violation?.step);
    expect(again.violation?.property).toBe('system-answers');
  });

  it.each([
    [`python3 ${bad} version`, /the system speaks protocol 2, expected 1/],
    [`python3 ${bad} shows`, /"shows" holds "everything", expected words of roles, terms/],
    ['no-such-program-anywhere', /ENOENT/],
    ['./no-such.wasm', /there is no such file/],
    ['./no-such.mjs', /it cannot be loaded/],
  ])('is %s is refused before the run', (command, why) => {
    expect(() => systemNamed(command)).toThrow(UsageError);
    expect(() => systemNamed(command)).toThrow(why);
  });
});

describe('a Raft in Python', () => {
  it('keeps every promise, and its runs repeat, alone and between others', () => {
    const system = provided(`python3 ${good}`);
    const first = ran(system, '7', 2_000_000);
    expect(first.violation).toBeUndefined();
    expect(first.summary.entriesCommitted).toBeGreaterThan(5);
    ran(system, '8', 500_000);
    expect(ran(system, '7', 2_000_000).fingerprint).toBe(first.fingerprint);
    expect(ran(provided(`python3  ${good}`), '7', 2_000_000).fingerprint).toBe(first.fingerprint);
  });

  it.each([
    ['forgets-vote', 'durability-honesty'],
    ['no-log-check', 'leader-completeness'],
  ])('with the bug %s breaks %s', (bug, property) => {
    const system = provided(`python3 ${good} --bug ${bug}`);
    const plan = makePlan({ seed: '1', system, nodes: 3, length: { micros: 4_000_000 } });
    const run = simulate(plan);
    expect(run.violation?.property).toBe(property);
    expect(simulate(plan).fingerprint).toBe(run.fingerprint);
  });
});
