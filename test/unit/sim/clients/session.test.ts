// The history of all calls: what was begun, what was answered, and what stays unknown.

import { describe, expect, it } from 'vitest';
import { clientId } from '../../../../src/base/ids.ts';
import { makeCall, type Call } from '../../../../src/protocol/operation.ts';
import { makePlan } from '../../../../src/run/plan.ts';
import { simulate } from '../../../../src/run/simulate.ts';
import { linearizability } from '../../../../src/check/properties/linearizability.ts';
import type { World } from '../../../../src/sim/world.ts';
import { Sessions } from '../../../../src/sim/clients/session.ts';
import { taped } from '../../../support/tape.ts';

const SECOND = 1_000_000;
const MILLISECOND = 1_000;

/** `c1#1 calls` or `c1#1 answered x`; each line is a step of its own. */
function play(script: readonly string[]): { readonly told: boolean[]; readonly sessions: Sessions } {
  const sessions = new Sessions();
  const told = script.map((line, i) => {
    const [, client, sequence, verb, result = ''] = /^c(\d)#(\d) (calls|answered) ?(\w*)$/.exec(line) ?? [];
    const call = makeCall(clientId(Number(client) - 1), Number(sequence), { kind: 'get', key: `k${sequence}` });
    if (verb === 'calls') return sessions.called(call, i + 1);
    return sessions.answered(call.client, call.sequence, result, i + 1);
  });
  return { told, sessions };
}

const historyOf = (sessions: Sessions): string[] =>
  sessions
    .history()
    .map((call) => `c${call.client + 1}#${call.sequence} ${call.invokedAt}…${call.completedAt} ${call.result}`.trim());

describe('the history', () => {
  it.each<[string, readonly string[], readonly boolean[], readonly string[]]>([
    ['nothing', [], [], []],
    ['a call and its answer', ['c1#1 calls', 'c1#1 answered x'], [true, true], ['c1#1 1…2 x']],
    ['a call without an answer', ['c1#1 calls'], [true], ['c1#1 1…-1']],
    [
      'a retry and a duplicate are no new calls',
      ['c1#1 calls', 'c1#1 calls', 'c1#1 answered x', 'c1#1 calls'],
      [true, false, true, false],
      ['c1#1 1…3 x'],
    ],
    [
      'only the first answer counts',
      ['c1#1 calls', 'c1#1 answered x', 'c1#1 answered y'],
      [true, true, false],
      ['c1#1 1…2 x'],
    ],
    [
      'an answer to a call that was given up comes too late',
      ['c1#1 calls', 'c1#2 calls', 'c1#1 answered x', 'c1#2 answered y'],
      [true, true, false, true],
      ['c1#1 1…-1', 'c1#2 2…4 y'],
    ],
    [
      'sessions are independent, and stand in the order of their first sends',
      ['c2#1 calls', 'c1#1 calls', 'c1#1 answered x', 'c2#1 answered y', 'c1#2 calls'],
      [true, true, true, true, true],
      ['c2#1 1…4 y', 'c1#1 2…3 x', 'c1#2 5…-1'],
    ],
    ['an answer that nobody waits for', ['c1#1 answered x'], [false], []],
    ['numbers may be left out', ['c1#3 calls', 'c1#3 answered x'], [true, true], ['c1#3 1…2 x']],
    [
      'a call that comes first to a node after its client gave it up may still take effect',
      ['c1#1 calls', 'c1#1 answered x', 'c1#3 calls', 'c1#2 calls', 'c1#3 answered y', 'c1#2 answered z'],
      [true, true, true, true, true, false],
      ['c1#1 1…2 x', 'c1#3 3…5 y', 'c1#2 4…-1'],
    ],
  ])('%s', (_what, script, told, history) => {
    const played = play(script);
    expect(played.told).toEqual(told);
    expect(historyOf(played.sessions)).toEqual(history);
    expect(played.sessions.begun).toBe(history.length);
    expect(played.sessions.completed).toBe(history.filter((line) => !line.includes('…-1')).length);
  });
});

describe('a number that leaves out very many', () => {
  // A script may say anything.
  it('is a call like any other, and costs nothing', () => {
    const sessions = new Sessions();
    const call = (sequence: number): Call => makeCall(clientId(0), sequence, { kind: 'get', key: 'k' });
    const far = Number.MAX_SAFE_INTEGER;
    expect([1, far, 7, 7, far - 1, far, 1].map((sequence, i) => sessions.called(call(sequence), i + 1))).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
      false,
    ]);
    expect(historyOf(sessions)).toEqual(['c1#1 1…-1', `c1#${far} 2…-1`, 'c1#7 3…-1', `c1#${far - 1} 5…-1`]);
  });
});

describe('a long history', () => {
  const on = (client: number, sequence: number, key: string): Call =>
    makeCall(clientId(client), sequence, { kind: 'get', key });

  it('forgets calls on keys that were left, hands all of them over once, and keeps those that somebody waits for', () => {
    const sessions = new Sessions(4);
    const handed: string[] = [];
    sessions.settled = (calls) =>
      void handed.push(...calls.map((call) => `${call.operation.key} ${call.invokedAt}…${call.completedAt}`));
    sessions.called(on(0, 1, 'a'), 1);
    sessions.answered(clientId(0), 1, 'x', 2);
    sessions.called(on(0, 2, 'b'), 3);
    sessions.called(on(1, 1, 'a'), 4);
    sessions.called(on(2, 1, 'a'), 5);
    sessions.leave('a');
    // Two clients wait for their calls on it.
    expect([handed, sessions.kept]).toEqual([[], 4]);
    sessions.called(on(1, 2, 'c'), 6);
    sessions.answered(clientId(2), 1, 'y', 7);
    for (let i = 0; i < 4; i++) sessions.called(on(3, i + 1, 'c'), 8 + i);
    sessions.leave('b');
    expect(handed).toEqual(['a 1…2', 'a 4…-1', 'a 5…7']);
    expect(sessions.history().map(({ operation }) => operation.key)).toEqual(['b', 'c', 'c', 'c', 'c', 'c']);
    expect([sessions.begun, sessions.completed]).toEqual([9, 2]);
    // Numbers go on, and an answer still finds its call.
    expect(sessions.called(on(2, 1, 'a'), 12)).toBe(false);
    expect(sessions.answered(clientId(1), 2, 'z', 13)).toBe(true);
    expect(sessions.history()[1]).toMatchObject({ client: 1, sequence: 2, invokedAt: 6, completedAt: 13, result: 'z' });
    expect(sessions.takenUpAgain).toBeUndefined();
    sessions.called(on(2, 2, 'a'), 14);
    expect(sessions.takenUpAgain).toBe('a');
  });

  it('of a run is judged in pieces, and a stale read in one of them is found at the end', () => {
    const sessions = new Sessions(4);
    const world = { sessions } as World;
    const plan = makePlan({});
    const property = linearizability(world, plan);
    property.begin?.(world);
    const put = makeCall(clientId(0), 1, { kind: 'put', key: 'a', value: '1' });
    sessions.called(put, 1);
    sessions.answered(clientId(0), 1, 'ok', 2);
    sessions.called(on(0, 2, 'a'), 3);
    sessions.answered(clientId(0), 2, '', 4);
    for (let i = 0; i < 4; i++) sessions.called(on(1, i + 1, 'b'), 5 + i);
    sessions.leave('a');
    expect(sessions.history().map(({ operation }) => operation.key)).toEqual(['b', 'b', 'b', 'b']);
    expect(property.finish?.(world)).toMatchObject({ outcome: 'fail' });
  });
});

describe('in a run', () => {
  it('every call that reached a node is in the history once, with its first step and its answer', () => {
    const parameters = { retriesMax: 2, patience: 60 * MILLISECOND, duplicateCall: 100_000, answerLoss: 100_000 };
    const { tape, world } = taped({ seed: '5', profile: 'chaos', parameters, length: { micros: 15 * SECOND } });
    const first = new Map<string, number>();
    tape.steps.forEach((step, i) => {
      if (step.kind !== 'call') return;
      const name = `c${step.client + 1}#${step.sequence}`;
      if (!first.has(name)) first.set(name, i + 1);
    });
    const history = world.sessions.history();
    expect(history.map((call) => `c${call.client + 1}#${call.sequence} ${call.invokedAt}`)).toEqual(
      [...first].map(([name, step]) => `${name} ${step}`),
    );
    for (const { client, sequence, invokedAt, completedAt, result } of history) {
      if (completedAt < 0) continue;
      const step = tape.steps[completedAt - 1];
      expect(step).toMatchObject({ kind: 'answer', client, lost: false });
      expect(completedAt).toBeGreaterThan(invokedAt);
      const given = tape.answers.filter(({ answer }) => answer.client === client);
      const number = step?.kind === 'answer' ? step.number : 0;
      expect(given[number - 1]?.answer).toMatchObject({ sequence, outcome: 'ok', result });
    }
    const open = history.filter(({ completedAt }) => completedAt < 0).length;
    expect(open).toBeGreaterThan(5);
    expect(history.length - open).toBeGreaterThan(100);
  });

  it('answers that are lost never arrive', () => {
    const { tape, run } = taped({
      seed: '1',
      profile: 'calm',
      parameters: { answerLoss: 1_000_000, settle: 1, retriesMax: 2 },
      length: { micros: 5 * SECOND },
    });
    expect(tape.of('answer').every(({ lost }) => lost)).toBe(true);
    expect(run.counters.lostAnswers).toBe(tape.of('answer').length);
    expect(run.summary.callsCompleted).toBe(0);
  });

  // A call may wait at a paused node until its client has long given it up, and gone on; then it takes effect.
  it.each([
    [
      'duplicates',
      { duplicateCall: 1_000_000, retriesMax: 1, retryElsewhere: 0, patience: 20 * MILLISECOND, pauseFor: SECOND },
    ],
    [
      'retries',
      { retriesMax: 2, patience: 20 * MILLISECOND, pauseEvery: 200 * MILLISECOND, pauseFor: 400 * MILLISECOND },
    ],
    [
      'short pauses',
      { retriesMax: 3, patience: 50 * MILLISECOND, pauseEvery: 100 * MILLISECOND, pauseFor: 300 * MILLISECOND },
    ],
  ])('calls that wait at paused nodes break no promise: %s', (_what, more) => {
    const parameters = { pauseEvery: 500 * MILLISECOND, clients: 6, keys: 1, callsPerKey: 40, ...more };
    for (let seed = 1; seed <= 12; seed++) {
      const plan = makePlan({
        seed: String(seed),
        profile: 'calm',
        nodes: 3,
        parameters,
        length: { micros: 15 * SECOND },
      });
      expect(simulate(plan).violation, `seed ${seed}`).toBeUndefined();
    }
  });
});
