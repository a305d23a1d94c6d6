// Hands and time on one world: who takes a message, a write or an answer first has it, and nothing happens twice.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/run/plan.ts';
import { Simulation, simulate } from '../../../src/run/simulate.ts';
import type { Step } from '../../../src/sim/step.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';
import { runs, SEED_NOTE } from '../../support/seed.ts';
import { play, readStory, story } from '../../support/scenario.ts';

function stepsOf(text: string): Step[] {
  const recorder = new TraceRecorder({ lines: false });
  play(text, {}, { recorder });
  return recorder.drain().map((traced) => traced.data);
}

const count = (steps: readonly Step[], kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length;

const elected = ['- timeout: n1', '- exchange'];

describe('a message that was taken by hand', () => {
  it('does not arrive again when time runs', () => {
    const steps = stepsOf(
      story({ nodes: 2, steps: ['- timeout: n1', '- deliver: n1 -> n2 RequestVote', '- run: 20ms'] }),
    );
    expect(steps.filter((step) => step.kind === 'deliver' && step.to === 1 && step.number === 1)).toHaveLength(1);
  });

  it('that was lost never arrives', () => {
    const steps = stepsOf(story({ nodes: 2, steps: ['- timeout: n1', '- drop: n1 -> n2', '- run: 20ms'] }));
    expect(count(steps, 'deliver')).toBe(0);
    expect(count(steps, 'drop')).toBe(1);
  });

  it('twice arrives twice: once by hand, once by itself', () => {
    const steps = ['- timeout: n1', '- duplicate: n1 -> n2', '- deliver: n1 -> n2 RequestVote', '- run: 30ms'];
    const taken = stepsOf(story({ nodes: 2, steps }));
    expect(taken.filter((step) => step.kind === 'deliver' && step.to === 1 && step.number === 1)).toHaveLength(2);
  });

  it('is kept while it is held, and arrives after it was released', () => {
    const arrives = (steps: readonly string[]): boolean =>
      stepsOf(story({ nodes: 2, steps })).some(
        (step) => step.kind === 'deliver' && step.from === 0 && step.number === 1,
      );
    const before = ['- timeout: n1', '- hold: n1 -> n2', '- run: 1s'];
    expect(arrives(before)).toBe(false);
    expect(arrives([...before, '- release: all', '- run: 20ms'])).toBe(true);
    expect(arrives(['- timeout: n1', '- hold: n1 -> n2', '- release: all', '- run: 20ms'])).toBe(true);
  });

  it('that was on its way before time ran can still be taken behind the window', () => {
    const steps = ['- timeout: n1', '- run: 100us', '- deliver: n1 -> n2 RequestVote'];
    expect(play(story({ nodes: 2, steps })).skipped).toEqual([]);
  });
});

describe('a message that nobody sent', () => {
  const forged = '- send: { from: n1, to: n2, kind: RequestVote, term: 7, lastLogIndex: 9, lastLogTerm: 6 }';

  it('arrives as any other, by hand and by itself', () => {
    for (const way of ['- exchange', '- run: 20ms']) {
      const rest = 'expect: { votes: { n2: n1 }, term: { n1: 7, n2: 7 } }';
      // The answer is of a newer term than the sender's own.
      expect(play(story({ nodes: 2, steps: [forged, way], rest })).failure).toBeUndefined();
    }
  });

  it('is of its sender’s term, and says nothing, unless it is said', () => {
    const sent = '- send: { from: n2, to: n1, kind: AppendEntries }';
    const rest = 'expect: { in flight: { from: n2, to: n1, term: 0, prevLogIndex: 0, entries: 0, leaderCommit: 0 } }';
    expect(play(story({ nodes: 2, steps: [sent], rest })).failure).toBeUndefined();
  });

  it('repeats itself from a trace', () => {
    const steps = [
      '- timeout: n1',
      '- send: { from: n2, to: n1, kind: AppendEntries, term: 3, entries: 1 3 }',
      '- exchange',
    ];
    const text = story({ nodes: 2, steps });
    const recorder = new TraceRecorder({ lines: false });
    const { run } = play(text, {}, { recorder });
    const taken = recorder.drain().map((traced) => traced.data);
    expect(taken.filter((step) => step.kind === 'send')).toHaveLength(1);
    const plan = makePlan({ nodes: 2, profile: 'calm', parameters: { clients: 0 } });
    const again = simulate(plan, { script: taken });
    expect(again.fingerprint).toBe(run.fingerprint);
  });

  it('has the fields of its kind and no others', () => {
    const odd = '- send: { from: n1, to: n2, kind: TimeoutNow, prevLogIndex: 1 }';
    expect(() => readStory(story({ nodes: 2, steps: [odd] }))).toThrow(
      /prevLogIndex.*TimeoutNow|TimeoutNow.*prevLogIndex/s,
    );
  });

  it('to its own sender is not possible', () => {
    const steps = ['- send: { from: n1, to: n1, kind: TimeoutNow }'];
    expect(play(story({ nodes: 2, steps })).failure?.found).toMatch(/n1 sends nothing to itself/);
  });
});

describe('a write that was completed by hand', () => {
  it('does not complete again when time runs', () => {
    const steps = ['- timeout: n1', '- persist: n1', '- run: 20ms'];
    const taken = stepsOf(story({ nodes: 1, byHand: ['writes'], steps }));
    // The vote by hand; the no-op of the new leader by itself.
    expect(count(taken, 'durable')).toBe(2);
    expect(taken.filter((step) => step.kind === 'durable' && step.at === 0)).toHaveLength(1);
  });

  it('of an earlier life does not stand in for one of this life', () => {
    const steps = [
      '- timeout: n1',
      '- persist: n1',
      '- { crash: n1 }',
      '- restart: n1',
      '- timeout: n1',
      '- run: 20ms',
    ];
    const played = play(
      story({ nodes: 1, byHand: ['writes'], steps, rest: 'expect: { leader: { node: n1, term: 2 } }' }),
    );
    expect(played.failure).toBeUndefined();
  });

  it('is waited for: nothing leaves before', () => {
    const steps = [
      '- timeout: n1',
      '- expect: { in flight: { count: none } }',
      '- persist: n1',
      '- expect: { in flight: { count: 2 } }',
    ];
    expect(play(story({ nodes: 3, byHand: ['writes'], steps })).failure).toBeUndefined();
  });
});

describe('messages to a paused node', () => {
  it('wait for it, by hand and when time runs', () => {
    const steps = [
      ...elected,
      '- pause: n2',
      '- { propose: put x 1, as: call }',
      '- exchange',
      '- expect: { logs: { n1: 1 1, n2: 1, n3: 1 1 }, in flight: { to: n2, count: 1 } }',
      '- resume: n2',
      '- exchange',
      '- expect: { logs: { all: 1 1 }, answers: { call: ok } }',
    ];
    expect(play(story({ nodes: 3, steps })).failure).toBeUndefined();
  });

  it('arrive when it resumes behind a window', () => {
    const steps = [...elected, '- pause: n2', '- propose: put x 1', '- run: 100ms', '- resume: n2', '- run: 60ms'];
    const rest = 'expect: { logs: { all: 1 1 } }';
    expect(play(story({ nodes: 3, steps, rest })).failure).toBeUndefined();
  });
});

describe('a window with faults', () => {
  const chaos = (seed: number) =>
    story({
      nodes: 5,
      steps: [
        '- until: { leader: any, within: 5s }',
        '- run: { for: 2s, faults: chaos }',
        '- agree: { on: all, within: 5s }',
      ],
      rest: `seed: ${seed}\nworkload: { clients: 3 }`,
    });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('leaves nothing broken behind, seed %i', (seed) => {
    const played = play(chaos(seed));
    expect(played.failure).toBeUndefined();
    expect(Object.values(played.run.counters.faults).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
  });

  it('spares what was broken by hand', () => {
    const steps = [...elected, '- crash: n5', '- isolate: n4', '- run: { for: 1s, faults: chaos }'];
    const rest = 'expect: { roles: { n5: down } }';
    const played = play(story({ nodes: 5, steps, rest }));
    expect(played.failure).toBeUndefined();
  });

  it('cannot begin when the faults are over', () => {
    const steps = ['- settle', '- run: { for: 1s, faults: lossy }'];
    expect(play(story({ nodes: 3, steps })).failure).toMatchObject({ kind: 'mistake', path: ['steps', 1] });
  });
});

describe('what is sent while time runs', () => {
  it('is lost where the window says so', () => {
    const steps = [
      ...elected,
      '- run: { for: 1s, drop: { from: n1, kind: AppendEntries } }',
      '- expect: { reached: leader-replaced }',
    ];
    expect(play(story({ nodes: 3, steps })).failure).toBeUndefined();
  });

  it('is held where the window says so, and only that', () => {
    const steps = [
      ...elected,
      '- run: { for: 140ms, hold: n1 -> n3 }',
      '- expect: { in flight: { to: n3, count: at least 2 } }',
    ];
    const played = play(story({ nodes: 3, steps }));
    expect(played.failure).toBeUndefined();
  });
});

describe('a crash in the middle of a step', () => {
  it('carries out so many effects and no more', () => {
    const steps = ['- { timeout: n1, effects: 1 }', '- expect: { roles: { n1: down }, in flight: { count: none } }'];
    const played = play(story({ nodes: 3, steps }));
    expect(played.failure).toBeUndefined();
    expect(played.run.counters.crashesInStep).toBe(1);
  });
});

describe('a story', () => {
  it('ends at a broken promise, and says where in the file it was', () => {
    const steps = ['- timeout: n1', '- exchange', '- run: 2s'];
    const text = story({ nodes: 3, steps, rest: 'variant: vote-not-persisted-before-reply' });
    expect(play(text).failure).toMatchObject({ kind: 'violated', path: ['steps', 1] });
  });

  it('may be about the promise that breaks', () => {
    const rest = 'variant: vote-not-persisted-before-reply\nexpect: { violated: durability-honesty }';
    expect(play(story({ nodes: 3, steps: elected, rest })).failure).toBeUndefined();
    const other = rest.replace('durability-honesty', 'vote-once');
    expect(play(story({ nodes: 3, steps: elected, rest: other })).failure).toMatchObject({ kind: 'violated' });
    const correct = play(story({ nodes: 3, steps: elected, rest }), { variant: null });
    expect(correct.failure).toMatchObject({ kind: 'failed', path: ['expect', 'violated'] });
  });

  it('asks never after every step', () => {
    const rest = 'never: [{ leader: n3 }, { term: at least 2 }]';
    const steps = [...elected, '- timeout: n2'];
    expect(play(story({ nodes: 3, steps, rest })).failure).toMatchObject({ kind: 'failed', path: ['never', 1] });
  });

  it('tells what did not come true in time', () => {
    const steps = ['- isolate: [n1, n2, n3]', '- until: { leader: any, within: 2s }'];
    expect(play(story({ nodes: 3, steps })).failure).toMatchObject({
      kind: 'failed',
      path: ['steps', 1, 'until', 'leader'],
      expected: 'somebody leads, within 2s',
      found: 'nobody leads',
    });
  });

  it('fails at what is not possible, or skips it and says so where it is not strict', () => {
    const steps = ['- deliver: n1 -> n2', '- timeout: n1'];
    const played = play(story({ nodes: 3, steps, rest: 'strict: false' }));
    expect(played.skipped).toEqual([
      { path: ['steps', 0], why: 'a message from n1 to n2 is not on its way; nothing is' },
    ]);
    for (const rest of ['', 'strict: true']) {
      expect(play(story({ nodes: 3, steps, rest })).failure).toMatchObject({
        kind: 'failed',
        path: ['steps', 0],
        expected: 'a step that can be taken',
        found: 'a message from n1 to n2 is not on its way; nothing is',
      });
    }
  });

  it('says what is on its way instead of what it cannot deliver', () => {
    const skips = (...steps: readonly string[]) =>
      play(story({ nodes: 4, steps: ['- timeout: n1', ...steps], rest: 'strict: false' })).skipped.map(
        ({ why }) => why,
      );
    expect(skips('- deliver: n1 -> n2 AppendEntries')).toEqual([
      'an AppendEntries from n1 to n2 is not on its way; ' +
        'on their way: n1 -> n2 RequestVote, n1 -> n3 RequestVote, n1 -> n4 RequestVote',
    ]);
    expect(skips('- exchange', '- heartbeat: n1', '- heartbeat: n1', '- deliver: { to: n1, nth: 2 }')).toEqual([
      'the 2nd message from anybody to n1 is not on its way; on their way: n1 -> n2 AppendEntries, ' +
        'n1 -> n3 AppendEntries, n1 -> n4 AppendEntries, n1 -> n2 AppendEntries, n1 -> n3 AppendEntries and 1 more',
    ]);
  });

  it('that asks a leader while nobody leads is told what to do', () => {
    for (const step of ['- propose: put x 1', '- read: x', '- { propose: put x 1, optional: false }']) {
      expect(play(story({ nodes: 3, steps: [step] })).failure).toMatchObject({
        kind: 'mistake',
        expected: 'a leader to ask',
        found: 'nobody leads; elect one first, or say whom to ask (to)',
      });
    }
  });

  it('with a node on two sides is told which', () => {
    const steps = [...elected, '- split: [[leader, n2], [n1, n3]]'];
    expect(play(story({ nodes: 3, steps })).failure).toMatchObject({
      kind: 'mistake',
      expected: 'every node on one side',
      found: 'n1 is on two',
    });
  });

  it('may say one thing where a list of things is expected', () => {
    const never = play(story({ nodes: 3, steps: elected, rest: 'never: { leader: n1, term: at least 1 }' }));
    expect(never.failure).toMatchObject({ path: ['never'], expected: 'never: leader n1, term at least 1' });
    const inWindow = play(
      story({ nodes: 3, steps: [...elected, '- run: { for: 1s, never: { leader: { term: 1 } } }'] }),
    );
    expect(inWindow.failure).toMatchObject({
      path: ['steps', 2, 'run', 'never'],
      expected: 'never: leader { term: 1 }',
    });
    const late = play(story({ nodes: 3, steps: elected, rest: 'eventually: { leader: n2, within: 1s }' }));
    expect(late.failure).toMatchObject({ path: ['eventually', 'leader'], expected: 'n2 leads, within 1s' });
  });

  it('of several sizes takes the least unless another is wished', () => {
    const text = story({ nodes: 3, steps: elected }).replace('nodes: 3', 'nodes: 3 to 5');
    expect(play(text).figures.peers).toBe(3);
    expect(play(text, { nodes: 5 }).figures.peers).toBe(5);
    expect(() => play(text, { nodes: 6 })).toThrow('--nodes is 6, but story.yaml is written for 3 to 5 nodes');
    expect(play(story({ nodes: 3, steps: elected }), { nodes: 3 }).failure).toBeUndefined();
  });

  it('about nobody is a mistake', () => {
    expect(play(story({ nodes: 3, steps: ['- crash: leader'] })).failure).toMatchObject({
      kind: 'mistake',
      path: ['steps', 0],
      expected: 'leader to be somebody',
    });
  });

  it.each([
    ['random some of all', [1, 2, 3, 4, 5]],
    ['random few of all', [1, 2]],
    ['random few of [n1, n2]', [0]],
  ])('of %s strikes so many, drawn', (who, sizes) => {
    const found = new Set<number>();
    for (let seed = 1; seed <= 30; seed++) {
      const named = who.replace('[n1, n2]', 'two');
      const text = story({ nodes: 5, steps: ['- let: { two: [n1, n2] }', `- { pause: ${named}, optional: true }`] });
      found.add(count(stepsOf(`${text}\nseed: ${seed}`), 'pause'));
    }
    expect(Array.from(found).toSorted((a, b) => a - b)).toEqual(sizes);
  });

  it('keeps who was meant under a name', () => {
    const steps = [
      ...elected,
      '- { isolate: leader, as: first }',
      '- until: { leader: all but first, within: 5s }',
      '- expect: { roles: { first: leader }, leader: all but first }',
      '- expect: { leaders: [first, leader] }',
    ];
    expect(play(story({ nodes: 3, steps })).failure).toBeUndefined();
  });

  it('of other seeds differs where it is random, and nowhere else', () => {
    const exact = story({ nodes: 3, steps: elected });
    expect(play(exact, { seed: '1' }).run.fingerprint).toBe(play(exact, { seed: '2' }).run.fingerprint);
    const random = story({ nodes: 3, steps: ['- run: 1s'] });
    expect(play(random, { seed: '1' }).run.fingerprint).not.toBe(play(random, { seed: '2' }).run.fingerprint);
  });
});

describe('what is on the disks before the first boot', () => {
  it('is there, and replays from the trace of the run', () => {
    const start = '{ n1: { term: 3, vote: n2, log: 1 1 3 }, n2: { log: 1 2 }, n3: { term: 2 } }';
    const text = `name: disks\nwhy: for a test of the language\ncluster: { nodes: 3, start: ${start} }\nsteps:
  - expect: { term: { n1: 3, n2: 2, n3: 2 }, votes: { n1: n2, n2: nobody }, logs: { n1: 1 1 3, n2: 1 2, n3: empty } }
  - { timeout: n1, as: one }
  - exchange
`;
    expect(play(text).failure).toBeUndefined();
    const script = stepsOf(text);
    const disks = [
      { term: 3, votedFor: 2, log: [1, 1, 3] },
      { term: 2, votedFor: 0, log: [1, 2] },
      { term: 2, votedFor: 0, log: [] },
    ];
    const again = simulate(makePlan({ nodes: 3, profile: 'calm', parameters: { clients: 0 }, disks }), { script });
    expect(again.skipped).toEqual([]);
    expect(again.fingerprint).toBe(play(text).run.fingerprint);
  });

  it.each([
    [{ term: 1, votedFor: 0, log: [2] }, /in term 1, but its log has an entry of term 2/],
    [{ term: 3, votedFor: 0, log: [2, 1] }, /fall from 2 to 1/],
    [{ term: 3, votedFor: 2, log: [] }, /vote on the disk of n1 is 2, expected a whole number from 0 to 1/],
  ])('%j is refused', (disk, message) => {
    expect(() => makePlan({ nodes: 1, disks: [disk] })).toThrow(message);
  });
});

describe(`any story ${SEED_NOTE}`, () => {
  const node = fc.constantFrom('n1', 'n2', 'n3', 'leader', 'followers', 'all', 'one of others');
  const step = fc.oneof(
    node.map((who) => `- timeout: ${who}`),
    node.map((who) => `- heartbeat: ${who}`),
    fc.constantFrom('- exchange', '- deliver: all', '- drop: all', '- hold: all', '- release: all', '- heal'),
    fc.tuple(node, node).map(([from, to]) => `- deliver: ${from} -> ${to}`),
    fc.tuple(node, node).map(([from, to]) => `- duplicate: { from: ${from}, to: ${to}, all: true }`),
    node.map((who) => `- { crash: { node: ${who}, keep: none, torn: true } }`),
    node.map((who) => `- restart: ${who}`),
    node.map((who) => `- pause: ${who}`),
    node.map((who) => `- resume: ${who}`),
    node.map((who) => `- persist: { node: ${who}, writes: all }`),
    node.map((who) => `- isolate: ${who}`),
    node.map((who) => `- propose: { to: one of ${who === 'one of others' ? 'all' : who}, times: 2 }`),
    fc.constantFrom('- run: 30ms', '- run: 400ms', '- run: { for: 300ms, faults: chaos }'),
    fc.constantFrom('- { timeout: n2, effects: 1 }', '- { run: 10ms, at: 1s }'),
  );
  const byHand = fc.subarray(['writes', 'answers', 'drops', 'crashes']);
  const fitting = (steps: readonly string[], hands: readonly string[]): readonly string[] =>
    steps.map((one) => (one.startsWith('- persist') && !hands.includes('writes') ? '- exchange' : one));

  it('keeps every promise of the correct node, and is the same twice', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), byHand, fc.nat(), (steps, hands, seed) => {
        const rest = `seed: ${seed}\nstrict: false\nworkload: { clients: 1 }`;
        const text = story({ nodes: 3, byHand: hands, steps: fitting(steps, hands), rest });
        const played = play(text);
        expect(played.failure?.kind ?? 'mistake').toBe('mistake');
        expect(play(text).run.fingerprint).toBe(played.run.fingerprint);
      }),
      runs(300),
    );
  });

  it('replays as a script of its steps', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), byHand, (steps, hands) => {
        const all = fitting(steps, hands);
        const text = story({ nodes: 3, byHand: hands, steps: all, rest: 'strict: false' });
        const recorder = new TraceRecorder({ lines: false });
        const played = play(text, {}, { recorder });
        const script = recorder.drain().map((traced) => traced.data);
        const plan = readStory(text);
        expect(plan.raw.steps?.length ?? 0).toBe(all.length);
        const again = new Simulation(played.run.plan, { script });
        while (again.advance(1000));
        expect(again.world.fingerprint.toString()).toBe(played.run.fingerprint);
      }),
      runs(150),
    );
  });
});
