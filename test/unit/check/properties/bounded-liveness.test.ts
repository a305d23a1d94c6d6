// Bounded liveness, judged at the end of a run: a leader, a fresh write, equal logs, terms at rest, or a word on why
// nobody can tell.

import { describe, expect, it } from 'vitest';
import { clientId, micros } from '../../../../src/base/ids.ts';
import { makeCall, type Operation } from '../../../../src/protocol/operation.ts';
import type { Judgement } from '../../../../src/check/property.ts';
import type { NodeOptions } from '../../../../src/raft/options.ts';
import type { Flood } from '../../../../src/sim/bounds.ts';
import type { Parameters } from '../../../../src/sim/parameters.ts';
import { Stage } from '../../../support/stage.ts';

const SECOND = 1_000_000;
const CALM_AT = 10;
const CALM_STEP = 100;

/** A call, when it was sent (steps up to 100 come before the calm), and when it was answered, or -1. */
type Sent = readonly [operation: string, invokedAt: number, completedAt: number];

interface End {
  /** What happens, in seconds of virtual time; the faults end after 10. */
  readonly happens: Readonly<Record<number, string>>;
  /** When the run ends; 16 unless told. */
  readonly ends?: number;
  readonly neverCalm?: true;
  readonly calls?: readonly Sent[];
  readonly nodes?: number;
  readonly changes?: Partial<Parameters>;
  readonly options?: Partial<NodeOptions>;
  readonly flood?: Flood;
}

function operation(text: string): Operation {
  if (text === 'read') return { kind: 'read', key: 'k', path: 'index' };
  return text === 'get' ? { kind: 'get', key: 'k' } : { kind: 'put', key: 'k', value: text };
}

function judge({
  happens,
  ends = 16,
  neverCalm,
  calls = [['put', 120, 130]],
  nodes = 3,
  changes,
  options,
  flood,
}: End): Judgement {
  const stage = new Stage('bounded-liveness', nodes, changes, options);
  const { world } = stage;
  for (const [at, script] of Object.entries(happens).toSorted(([a], [b]) => Number(a) - Number(b))) {
    world.now = micros(Number(at) * SECOND);
    stage.play(script);
  }
  calls.forEach(([text, invokedAt, completedAt], i) => {
    world.sessions.called(makeCall(clientId(i), 1, operation(text)), invokedAt);
    if (completedAt >= 0) world.sessions.answered(clientId(i), 1, 'ok', completedAt);
  });
  if (neverCalm === undefined) {
    world.calmSince = CALM_AT * SECOND;
    world.calmStep = CALM_STEP;
  }
  world.now = micros(ends * SECOND);
  const judgement = stage.property.finish?.(world, flood);
  if (judgement === undefined) throw new Error('it judges at the end');
  expect(stage.finding).toBeUndefined();
  return judgement;
}

/** n1 leads term 4, all logs are equal and committed as far. */
const WHOLE = `n1 leader@4 [1 4 4] commit 3
  n2 follower@4 [1 4 4] commit 3
  n3 follower@4 [1 4 4] commit 3`;

/** n3 lacks the last entry. */
const APART = WHOLE.replace('n3 follower@4 [1 4 4] commit 3', 'n3 follower@4 [1 4] commit 2');

/** The same with logs of 120 entries. */
const LONG = WHOLE.replaceAll('[1 4 4] commit 3', `[${'1 '.repeat(118)}4 4] commit 120`);

/** Six seconds for 120 entries there and back, a step at a time, and not a microsecond more. */
const SLOW_ENOUGH = { delayMax: 25_000, electionTimeoutMin: 110_000 };
const SLOW = { ...SLOW_ENOUGH, delayMax: 25_001 };

describe('a cluster recovered if', () => {
  it.each<[string, End]>([
    ['it has a leader, a fresh write is answered, the logs are equal', { happens: { 11: WHOLE } }],
    ['it was whole all the time', { happens: { 1: WHOLE } }],
    ['its last election was just within half of the time', { happens: { 13: WHOLE } }],
    ['nobody asked for a write', { happens: { 11: WHOLE }, calls: [['get', 120, -1]] }],
    ['nobody asked for a write, but for a read by index', { happens: { 11: WHOLE }, calls: [['read', 120, -1]] }],
    [
      'one of the fresh writes is answered',
      {
        happens: { 11: WHOLE },
        calls: [
          ['a', 110, -1],
          ['b', 120, 125],
          ['c', 130, -1],
        ],
      },
    ],
    ['an old write stays unanswered', { happens: { 11: WHOLE }, calls: [['a', 100, -1]] }],
    ['a server whose disk is gone is missing', { happens: { 11: `${WHOLE}\n n3 crashes` } }],
    [
      'an old leader is still there, and does not know of the new one',
      { happens: { 11: WHOLE.replace('n2 follower@4', 'n2 leader@3') } },
    ],
    [
      'a crash took a newer term that nobody was ever told of',
      { happens: { 1: 'n2 candidate@9; n2 crashes; n2 starts @3', 11: WHOLE } },
    ],
    ['it is alone', { happens: { 11: 'n1 leader@1 [1] commit 1' }, nodes: 1 }],
    ['the run ends a moment early', { happens: { 11: WHOLE }, ends: 15.6 }],
    [
      'an election timeout is just four times the longest way of a message',
      { happens: { 11: WHOLE }, changes: { delayMax: 25_000, electionTimeoutMin: 100_000 } },
    ],
  ])('%s', (_what, end) => {
    expect(judge(end)).toEqual({ outcome: 'pass', why: '' });
  });
});

describe('a cluster did not recover if', () => {
  it.each<[string, End, string]>([
    [
      'it has no leader',
      { happens: { 11: WHOLE.replace('leader', 'candidate') } },
      'no server leads term 4, long after the faults',
    ],
    [
      'its leader is one of an older term',
      { happens: { 11: `${WHOLE}\n n2 candidate@5` } },
      'no server leads term 5, long after the faults',
    ],
    [
      'its leader is down',
      { happens: { 11: `${WHOLE}\n n1 crashes` } },
      'no server leads term 4, long after the faults',
    ],
    [
      'its leader is paused',
      { happens: { 11: `${WHOLE}\n n1 pauses` } },
      'no server leads term 4, long after the faults',
    ],
    [
      'a fresh write is not answered',
      { happens: { 11: WHOLE }, calls: [['a', 101, -1]] },
      'the one write that began after the faults has not committed',
    ],
    [
      'many are not, whatever was answered before, and whatever reads were',
      {
        happens: { 11: WHOLE },
        calls: [
          ['a', 50, 60],
          ['b', 100, 140],
          ['c', 120, -1],
          ['get', 130, 131],
          ['d', 140, -1],
        ],
      },
      'none of the 2 writes that began after the faults has committed',
    ],
    [
      'a log is shorter',
      { happens: { 11: WHOLE.replace('n3 follower@4 [1 4 4] commit 3', 'n3 follower@4 [1 4] commit 2') } },
      'the logs have not converged: n1 has 3 entries, n3 2',
    ],
    [
      'a log differs',
      { happens: { 11: WHOLE.replace('n2 follower@4 [1 4 4] commit 3', 'n2 follower@4 [1 3 3] commit 1') } },
      'the logs have not converged: n1 and n2 hold different entries',
    ],
    [
      'a log differs in the middle only',
      { happens: { 11: WHOLE.replace('n2 follower@4 [1 4 4]', 'n2 follower@4 [1 4x 4]') } },
      'the logs have not converged: n1 and n2 hold different entries',
    ],
    [
      'a server has not heard what is committed',
      { happens: { 11: WHOLE.replace('n3 follower@4 [1 4 4] commit 3', 'n3 follower@4 [1 4 4] commit 2') } },
      'commit indexes have not converged: n1 3, n3 2',
    ],
    [
      'a log is shorter, although a new leader appends an entry',
      { happens: { 11: APART }, calls: [] },
      'the logs have not converged: n1 has 3 entries, n3 2',
    ],
    [
      'a log is shorter, although a read put an entry behind it',
      { happens: { 11: APART }, calls: [['get', 120, 130]], options: { noOpOnElection: false } },
      'the logs have not converged: n1 has 3 entries, n3 2',
    ],
    [
      'it has no leader, and no entry came',
      { happens: { 11: APART.replace('leader', 'candidate') }, calls: [], options: { noOpOnElection: false } },
      'no server leads term 4, long after the faults',
    ],
    [
      'it had the time to step back one by one, or by whole terms',
      { happens: { 11: LONG.replace('leader', 'candidate') }, changes: SLOW_ENOUGH, options: { backtracking: 'one' } },
      'no server leads term 4, long after the faults',
    ],
    [
      'it need not step back one by one',
      { happens: { 11: LONG.replace('leader', 'candidate') }, changes: SLOW },
      'no server leads term 4, long after the faults',
    ],
    [
      'terms still grow',
      { happens: { 1: WHOLE, 13.1: WHOLE.replaceAll('@4', '@5') } },
      'terms still grow: term 5 began 3.1 s after the faults',
    ],
  ])('%s', (_what, end, why) => {
    expect(judge(end)).toEqual({ outcome: 'fail', why });
  });
});

describe('a tail that a leader never commits', () => {
  const led = {
    1: `n1 leader@2 [1 2 2] commit 2\n n2 follower@2 [1 2 2] commit 2\n n3 follower@2 [1 2 2] commit 2`,
  };

  it('breaks the promise if it is of its own term', () => {
    expect(judge({ happens: led })).toEqual({
      outcome: 'fail',
      why: 'n1 leads term 2 and has not committed entry 3 of its own term, which it appended 15 s ago',
    });
  });

  it('is none that the leader has appended just now', () => {
    const happens = {
      ...led,
      15: `n1 leader@2 [1 2 2 2] commit 2\n n2 follower@2 [1 2 2 2]\n n3 follower@2 [1 2 2 2]`,
    };
    expect(judge({ happens })).toEqual({ outcome: 'pass', why: '' });
  });

  it('of an older term waits for an entry of this one', () => {
    const happens = {
      1: `n1 leader@3 [1 2 2] commit 2\n n2 follower@3 [1 2 2] commit 2\n n3 follower@3 [1 2 2] commit 2`,
    };
    expect(judge({ happens })).toEqual({ outcome: 'pass', why: '' });
  });
});

describe('nobody can tell if', () => {
  const broken = WHOLE.replace('leader', 'candidate');

  it.each<[string, End, string]>([
    ['the faults never ended', { happens: { 11: broken }, neverCalm: true }, 'the faults never ended'],
    [
      'the run ended too early',
      { happens: { 11: broken }, ends: 13.5 },
      'the run ended 3.5 s after its faults; it takes 6 s to tell',
    ],
    [
      'the run ended too early for the time that was asked for',
      { happens: { 11: broken }, changes: { settle: 20 * SECOND } },
      'the run ended 6 s after its faults; it takes 20 s to tell',
    ],
    [
      'a majority is gone',
      { happens: { 11: `${broken}\n n2 crashes\n n3 crashes` } },
      'the disks of a majority are gone',
    ],
    [
      'half is gone',
      { happens: { 11: `${broken}\n n2 crashes\n n3 crashes` }, nodes: 4 },
      'the disks of a majority are gone',
    ],
    [
      'messages take too long for the election timeout',
      { happens: { 11: broken }, changes: { delayMax: 25_001, electionTimeoutMin: 100_000 } },
      'the timing requirement is not met: a message may take 25 ms, an election timeout may be 100 ms',
    ],
    [
      'no entry came that makes logs equal (an old one does not)',
      { happens: { 11: APART }, calls: [['a', 90, 130]], options: { noOpOnElection: false } },
      'no entry came behind the faults that could make the logs equal: no call, and no no-op',
    ],
    [
      'stepping back one by one takes longer than that',
      { happens: { 11: LONG.replace('leader', 'candidate') }, changes: SLOW, options: { backtracking: 'one' } },
      'stepping back one by one over 120 entries may take longer than 6 s',
    ],
    [
      'entries go one at a time, and take longer than that',
      {
        happens: { 11: LONG.replace('n3 follower@4', 'n3 candidate@4').replace('4 4] commit 120', '4 4x] commit 120') },
        changes: SLOW,
        options: { batchBytesMax: 1, inflightMax: 1 },
      },
      '120 entries, 1 at a time, may take longer than 6 s to be sent',
    ],
    [
      'a client is too patient to have tried again',
      { happens: { 11: WHOLE }, calls: [['a', 101, -1]], changes: { patience: 3 * SECOND + 1 } },
      'a client waits 3 s for an answer before it tries again',
    ],
    [
      'heartbeats come as seldom as elections may',
      { happens: { 11: broken }, changes: { heartbeatInterval: 140_000 } },
      'the timing requirement is not met: the time between two heartbeats is 140 ms, an election timeout may be 150 ms',
    ],
    [
      'a vote takes as long to be stored as an election timeout',
      { happens: { 11: broken }, changes: { syncDelayMax: 80_000 } },
      'the timing requirement is not met: a vote may take 80.2 ms to be stored, an election timeout may be 150 ms',
    ],
    [
      'all election timeouts are equal',
      { happens: { 11: broken }, changes: { electionTimeoutMax: 150_000 } },
      'election timeouts are all equal: servers may stand together and split the votes again and again',
    ],
    [
      'election timeouts are closer together than an election takes',
      { happens: { 11: broken }, changes: { electionTimeoutMax: 170_000 } },
      'election timeouts lie at most 20 ms apart: servers may stand together and split the votes again and again',
    ],
    [
      'there is no time to recover',
      { happens: { 11: broken }, changes: { settle: 1 } },
      '1 us to recover are too short to tell: an election timeout alone may be 300 ms',
    ],
    [
      'a message of the faults may come at the very end',
      { happens: { 11: broken }, changes: { longDelay: 1, longDelayMax: 3 * SECOND + 1 } },
      'a message may be held up for 3 s, which is long for 6 s to recover',
    ],
    [
      'a message on a slow link may come at the very end',
      { happens: { 11: broken }, changes: { slowEvery: 1, slowFactor: 301 } },
      'a message on a slow link may take 3 s, which is long for 6 s to recover',
    ],
    [
      'a clock may have jumped by more than there is time',
      { happens: { 11: broken }, changes: { clockEvery: 1, clockJumpMax: 4 * SECOND } },
      'a clock may jump by 4 s, which is long for 6 s to recover',
    ],
  ])('%s', (_what, end, why) => {
    // What nobody could do is not promised; the rest cannot be told.
    const outcome = why === 'the disks of a majority are gone' ? 'not applicable' : 'unknown';
    expect(judge(end)).toEqual({ outcome, why });
  });
});

it('a cluster that is whole again is whole, however little time it had', () => {
  const hopeless = { settle: 1, electionTimeoutMax: 150_000, heartbeatInterval: 200_000, syncDelayMax: SECOND };
  const calls: Sent[] = [];
  expect(judge({ happens: { 10: WHOLE }, calls, changes: hopeless })).toEqual({ outcome: 'pass', why: '' });
});

describe('a run that ended beyond a bound', () => {
  const messages: Flood = { bound: 'messages', words: 'more than 200 000 messages on their way at once' };

  it('is broken if messages pile up by themselves', () => {
    const why = 'messages pile up without end: one brings on more than one other';
    expect(judge({ happens: { 11: WHOLE }, flood: messages })).toEqual({ outcome: 'fail', why });
  });

  it.each<[string, Flood, Partial<Parameters>, string]>([
    [
      'they are held up for years',
      messages,
      { longDelay: 1, longDelayMax: 10 * SECOND },
      'a message may be held up for 10 s, which is long for 6 s to recover',
    ],
    [
      'they wait for servers that are paused for years',
      messages,
      { pauseEvery: 1, pauseFor: 7 * SECOND },
      'the run ended early, with more than 200 000 messages on their way at once',
    ],
    [
      'nothing takes any time',
      { bound: 'moment', words: 'more than 1 000 000 steps at one moment of virtual time' },
      {},
      'the run ended early, with more than 1 000 000 steps at one moment of virtual time',
    ],
  ])('is undecided if %s', (_what, flood, changes, why) => {
    expect(judge({ happens: { 11: WHOLE }, flood, changes })).toEqual({ outcome: 'unknown', why });
  });
});
