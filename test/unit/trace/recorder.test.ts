// The recorder: what it keeps, that it changes nothing, and what it says of the process that moved.

import { initialConfiguration } from '../../../src/protocol/configuration.ts';
import { describe, expect, it } from 'vitest';
import { logIndex, micros, nodeId, NOBODY, term, type NodeId } from '../../../src/base/ids.ts';
import { extendPrefixHash } from '../../../src/base/hash.ts';
import { NO_OP } from '../../../src/protocol/message.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { Host } from '../../../src/sim/host.ts';
import type { LogView, Probe, Process } from '../../../src/sim/process.ts';
import type { Step } from '../../../src/sim/step.ts';
import { NodeView } from '../../../src/trace/node-view.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';
import { tellStory } from './story.ts';

const calm = (at: number): Step => ({ kind: 'calm', at: micros(at) });

/** Takes steps that happen to nobody. */
function take(recorder: TraceRecorder, steps: number): void {
  for (let i = 0; i < steps; i++) {
    recorder.begin(calm(i), undefined);
    recorder.end(undefined, `print ${i}`);
  }
}

const numbers = (kept: readonly { readonly step: number }[]): number[] => kept.map(({ step }) => step);

describe('what is kept', () => {
  it('is everything until it is drained', () => {
    const recorder = new TraceRecorder({ lines: false });
    take(recorder, 5);
    expect(recorder.last(2)).toEqual([
      { step: 4, data: calm(3), fingerprint: 'print 3', line: '' },
      { step: 5, data: calm(4), fingerprint: 'print 4', line: '' },
    ]);
    expect(numbers(recorder.last(9))).toEqual([1, 2, 3, 4, 5]);
    expect(recorder.last(0)).toEqual([]);
    expect(numbers(recorder.drain())).toEqual([1, 2, 3, 4, 5]);
    expect(recorder.drain()).toEqual([]);
    take(recorder, 2);
    expect(numbers(recorder.drain())).toEqual([6, 7]);
  });

  it.each([
    [1, [11]],
    [3, [9, 10, 11]],
    [11, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    [99, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ])('is the last %i steps if no more are wanted', (keepLast, expected) => {
    const recorder = new TraceRecorder({ lines: false, keepLast });
    take(recorder, 11);
    expect(numbers(recorder.last(99))).toEqual(expected);
    expect(numbers(recorder.last(1))).toEqual([11]);
    expect(numbers(recorder.drain())).toEqual(expected);
    expect(recorder.last(99)).toEqual([]);
    take(recorder, 2);
    expect(numbers(recorder.drain())).toEqual(keepLast === 1 ? [13] : [12, 13]);
  });

  it('is at least one step', () =>
    expect(() => new TraceRecorder({ lines: false, keepLast: 0 })).toThrow('at least one'));

  it('of a step that has not ended, is nothing', () => {
    const recorder = new TraceRecorder({ lines: false });
    recorder.begin(calm(0), undefined);
    expect(recorder.last(1)).toEqual([]);
    recorder.end(undefined, '');
    expect(() => recorder.end(undefined, '')).toThrow('a step ends after it began');
  });

  it('tells of each step after how many effects it was cut short', () => {
    const node = nodeId(0);
    const recorder = new TraceRecorder({ lines: false });
    const cut = (step: Step): Step | undefined => {
      recorder.begin(step, undefined);
      recorder.truncated(2);
      recorder.end(undefined, '');
      return recorder.drain()[0]?.data;
    };
    const at = micros(1);
    const timer: Step = { kind: 'timer', at, node, timer: 'election' };
    expect(cut(timer)).toEqual({ ...timer, effects: 2 });
    expect(timer).not.toHaveProperty('effects');
    const deliver: Step = { kind: 'deliver', at, from: node, to: nodeId(1), number: 3 };
    expect(cut(deliver)).toEqual({ ...deliver, effects: 2 });
    expect(cut({ kind: 'durable', at, node })).toEqual({ kind: 'durable', at, node, effects: 2 });
    const failed: Step = { kind: 'write-failed', at, node, error: 'sync', kept: 0 };
    expect(cut(failed)).toEqual(failed);
    take(recorder, 1);
    expect(recorder.drain()[0]?.data).toEqual(calm(0));
  });
});

describe('a run with a recorder', () => {
  const plan = makePlan({ seed: '11', nodes: 5, profile: 'chaos', length: { steps: 5_000 } });
  const recorded = (lines: boolean, keepLast: number): readonly [TraceRecorder, string, number] => {
    const recorder = new TraceRecorder({ lines, keepLast });
    const { fingerprint, steps } = simulate(plan, { recorder });
    return [recorder, fingerprint, steps];
  };

  it('is the same run, with lines and without', () => {
    const { fingerprint } = simulate(plan);
    expect([recorded(true, 10)[1], recorded(false, 10)[1]]).toEqual([fingerprint, fingerprint]);
  });

  it('is recorded to its last step', () => {
    const [recorder, fingerprint, steps] = recorded(false, Infinity);
    const all = recorder.drain();
    expect(numbers(all)).toEqual(all.map((_, i) => i + 1));
    expect(all.at(-1)).toMatchObject({ step: steps, fingerprint });
    expect(new Set(all.map((traced) => traced.fingerprint)).size).toBe(steps);
  });

  it('has the same data with lines and without, and the same lines however many are kept', () => {
    const withLines = recorded(true, Infinity)[0].drain();
    const without = recorded(false, Infinity)[0].drain();
    expect(without).toEqual(withLines.map((traced) => ({ ...traced, line: '' })));
    expect(recorded(true, 7)[0].drain()).toEqual(withLines.slice(-7));
  });

  it('may be moved by hand as well', () => {
    const recorder = new TraceRecorder({ lines: true });
    const print = tellStory(recorder).world.fingerprint.toString();
    expect(recorder.last(1)[0]?.fingerprint).toBe(print);
    expect(tellStory(undefined).world.fingerprint.toString()).toBe(print);
  });
});

describe('what changed', () => {
  /** A process that is whatever a test says, and counts how often its log is asked. */
  class Fake implements LogView {
    role: Probe['role'] = 'follower';
    currentTerm = 1;
    votedFor: NodeId = NOBODY;
    leader: NodeId = NOBODY;
    commitIndex = 0;
    terms: number[] = [];
    asked = 0;
    readonly base = logIndex(0);
    readonly view = new NodeView();
    readonly host: Host;

    constructor() {
      const probe = (): Probe => ({
        role: this.role,
        currentTerm: term(this.currentTerm),
        votedFor: this.votedFor,
        leader: this.leader,
        transferee: NOBODY,
        holdsLease: false,
        commitIndex: logIndex(this.commitIndex),
        log: this,
        followerOf: () => undefined,
        configuration: initialConfiguration(3),
      });
      const nothing = { get probe() { return probe(); } }; // prettier-ignore
      this.host = new Host(nodeId(0), nothing as Process);
    }

    get lastIndex() {
      return logIndex(this.terms.length);
    }

    get lastTerm() {
      return this.termAt(this.lastIndex);
    }

    get prefixHash(): number {
      return this.prefixHashAt(this.lastIndex);
    }

    termAt(index: number) {
      return term(this.terms[index - 1] ?? 0);
    }

    entryAt(index: number) {
      return { term: this.termAt(index), command: NO_OP };
    }

    prefixHashAt(index: number): number {
      this.asked++;
      return this.terms.slice(0, index).reduce((prefix, at) => extendPrefixHash(prefix, at, 0), 0);
    }

    look(kind: Step['kind'] = 'deliver'): string {
      return this.view.look(this.host, kind).join(', ');
    }
  }

  /** A process that was seen already. */
  function seen(change: (fake: Fake) => void): Fake {
    const fake = new Fake();
    change(fake);
    fake.look('restart');
    return fake;
  }

  it.each<readonly [string, (fake: Fake) => void, (fake: Fake) => void]>([
    ['', () => undefined, () => undefined],
    ['term 3', () => undefined, (fake) => (fake.currentTerm = 3)],
    ['candidate of term 2', () => undefined, (fake) => Object.assign(fake, { role: 'candidate', currentTerm: 2 })],
    ['candidate of term 3', (fake) => (fake.role = 'candidate'), (fake) => (fake.currentTerm = 3)],
    ['leader of term 1', (fake) => (fake.role = 'candidate'), (fake) => (fake.role = 'leader')],
    ['follower of term 1', (fake) => (fake.role = 'leader'), (fake) => (fake.role = 'follower')],
    ['vote n2', () => undefined, (fake) => (fake.votedFor = nodeId(1))],
    ['term 2, vote n2', (fake) => (fake.votedFor = nodeId(1)), (fake) => (fake.currentTerm = 2)],
    [
      'term 2',
      (fake) => (fake.votedFor = nodeId(1)),
      (fake) => Object.assign(fake, { currentTerm: 2, votedFor: NOBODY }),
    ],
    ['follows n3', () => undefined, (fake) => (fake.leader = nodeId(2))],
    ['', (fake) => (fake.leader = nodeId(2)), (fake) => (fake.leader = NOBODY)],
    ['term 2, follows n3', (fake) => (fake.leader = nodeId(2)), (fake) => (fake.currentTerm = 2)],
    [
      'leader of term 1',
      (fake) => (fake.role = 'candidate'),
      (fake) => Object.assign(fake, { role: 'leader', leader: nodeId(0) }),
    ],
    ['log 1@4', () => undefined, (fake) => fake.terms.push(4)],
    ['log 3@2', (fake) => fake.terms.push(1), (fake) => fake.terms.push(1, 2)],
    ['cut 2, log 2@2', (fake) => fake.terms.push(1, 1), (fake) => fake.terms.splice(1, 1, 2)],
    ['cut 2..3, log 1@1', (fake) => fake.terms.push(1, 1, 1), (fake) => fake.terms.splice(1)],
    ['cut 1..2, log 0@0', (fake) => fake.terms.push(1, 1), (fake) => fake.terms.splice(0)],
    ['cut 2, log 4@3', (fake) => fake.terms.push(1, 1), (fake) => fake.terms.splice(1, 1, 2, 3, 3)],
    ['commit 5', () => undefined, (fake) => (fake.commitIndex = 5)],
  ])('%s', (words, before, change) => {
    const fake = seen(before);
    change(fake);
    expect(fake.look()).toBe(words);
    expect(fake.look()).toBe('');
  });

  it('after a restart, is all that the process still knows, and what it lost', () => {
    const fake = seen((made) => made.terms.push(1, 1, 2));
    Object.assign(fake, { currentTerm: 2, commitIndex: 3, leader: nodeId(1), votedFor: nodeId(1) });
    fake.look();
    fake.view.crashed();
    expect(fake.view.term).toBe(undefined);
    Object.assign(fake, { commitIndex: 0, leader: NOBODY });
    expect(fake.look('restart')).toBe('follower of term 2, vote n2, log 3@2');
    fake.view.crashed();
    fake.terms.splice(1);
    expect(fake.look('restart')).toBe('follower of term 2, vote n2, lost 2..3, log 1@1');
    Object.assign(fake, { commitIndex: 1, leader: nodeId(1) });
    expect(fake.look()).toBe('follows n2, commit 1');
  });

  it('is a write, if the step issued one', () => {
    const write = { ticket: 1, hardState: undefined, compaction: undefined, from: logIndex(0), entries: [] };
    const fake = seen(() => undefined);
    const { disk } = fake.host;
    disk.issue(write);
    expect([fake.look(), fake.view.cached]).toEqual(['persist', 1]);
    expect(fake.look()).toBe('');
    disk.completeOldest();
    expect([fake.look('durable'), fake.view.cached]).toEqual(['', 0]);
    disk.issue(write);
    disk.issue(write);
    fake.look();
    disk.completeOldest();
    disk.issue(write);
    expect([fake.look('durable'), fake.view.cached]).toEqual(['persist', 2]);
    disk.crash(0, false);
    expect([fake.look('write-failed'), fake.view.cached]).toEqual(['', 0]);
    disk.issue(write);
    fake.look();
    disk.crash(0, false);
    fake.view.crashed();
    expect(fake.view.cached).toBe(0);
    disk.issue(write);
    expect(fake.look('restart')).toBe('follower of term 1, persist');
  });

  it('costs what changed, however long the log is', () => {
    const fake = seen((made) => (made.terms = Array.from({ length: 2_000 }, () => 1)));
    const cost = (act: () => void): number => {
      fake.asked = 0;
      act();
      return fake.asked;
    };
    expect(cost(() => fake.look())).toBe(1);
    fake.terms.push(1);
    expect(cost(() => fake.look())).toBeLessThan(5);
    fake.terms.splice(1_990);
    expect(cost(() => fake.look())).toBeLessThan(15);
    fake.view.crashed();
    expect(cost(() => fake.look('restart'))).toBe(1);
  });
});

describe('a step that goes wrong', () => {
  it('tells what was thrown, in one line', () => {
    const recorder = new TraceRecorder({ lines: true });
    const { world } = tellStory(undefined);
    const host = world.host(nodeId(2));
    const line = (): string => {
      recorder.begin({ kind: 'timer', at: world.now, node: host.id, timer: 'election' }, undefined);
      recorder.end(host, '');
      return recorder.drain()[0]?.line ?? '';
    };
    expect(line()).toContain('⏲ election                 ⇒ follower of term');
    for (const effects of [0, 2]) {
      recorder.begin({ kind: 'timer', at: world.now, node: host.id, timer: 'election' }, undefined);
      recorder.truncated(effects);
      recorder.end(host, '');
      expect(recorder.drain()[0]?.line).toContain(`⇒ crashes after ${effects} of its effects`);
    }
    host.thrown = new TypeError(`a\nb${'x'.repeat(200)}`);
    host.crashPending = true;
    expect(line()).toMatch(/⇒ threw TypeError: a\\u\{a\}bx{80,100}…$/);
  });
});
