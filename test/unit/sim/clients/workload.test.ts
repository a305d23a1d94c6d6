// What clients do: loops, patience, retries here and elsewhere, duplicates, giving up, and falling silent.
//
// The workload alone with its queue; a table says what the cluster answers.

import { describe, expect, it } from 'vitest';
import { micros, nodeId, NOBODY, type NodeId } from '../../../../src/base/ids.ts';
import type { Call } from '../../../../src/protocol/operation.ts';
import { Random } from '../../../../src/base/random.ts';
import { EventKind } from '../../../../src/sim/schedule/event-kind.ts';
import { parametersWith, type Parameters } from '../../../../src/sim/parameters.ts';
import { EventQueue } from '../../../../src/sim/schedule/queue.ts';
import { Workload } from '../../../../src/sim/clients/workload.ts';
import { World } from '../../../../src/sim/world.ts';
import { Puppet } from '../../../support/stage.ts';
import { taped } from '../../../support/tape.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;
const ALWAYS = 1_000_000;

interface Send {
  readonly at: number;
  readonly node: NodeId;
  readonly call: Call;
}

/** What becomes of a call that was sent: silence, or an answer after so many microseconds. */
type Fate = { readonly after: number; readonly refusedFor?: NodeId } | 'silence';

interface Scene {
  readonly nodes?: number;
  readonly seed?: string;
  readonly until?: number;
  readonly quietAt?: number;
  readonly parameters?: Partial<Parameters>;
  /** `sent` counts all sends from 0. */
  readonly fate?: (send: Send, sent: number) => Fate;
}

const ANSWER = 20;

/** Plays a scene and returns every send in order. */
function play({ nodes = 5, seed = '1', until = SECOND, quietAt = Infinity, parameters, fate }: Scene): Send[] {
  const world = new World(Array.from({ length: nodes }, () => new Puppet()));
  const queue = new EventQueue();
  const workload = new Workload(world, parametersWith({ clients: 1, ...parameters }), queue, Random.fromSeed(seed));
  const sends: Send[] = [];
  workload.begin();
  if (quietAt !== Infinity) queue.push(quietAt, EventKind.quiet, 0, 0, undefined);
  while (queue.pop() && queue.at <= until) {
    world.now = micros(queue.at);
    switch (queue.kind) {
      case EventKind.client:
        workload.wake(queue.subject, queue.number);
        break;
      case EventKind.arrival:
        workload.arrive();
        break;
      case EventKind.quiet:
        workload.quiet();
        break;
      case EventKind.call: {
        const send = { at: queue.at, node: nodeId(queue.subject), call: queue.payload as Call };
        const told = fate?.(send, sends.length) ?? { after: 5 * MILLISECOND };
        sends.push(send);
        if (told !== 'silence') queue.push(queue.at + told.after, ANSWER, 0, 0, { send, told });
        break;
      }
      default: {
        const { send, told } = queue.payload as { send: Send; told: Exclude<Fate, 'silence'> };
        const { client, sequence } = send.call;
        const refused = told.refusedFor !== undefined;
        const leader = told.refusedFor ?? NOBODY;
        workload.answered({ client, sequence, outcome: refused ? 'refused' : 'ok', result: '', leader });
      }
    }
  }
  return sends;
}

const sequences = (sends: readonly Send[]): number[] => sends.map(({ call }) => call.sequence);
const firstSends = (sends: readonly Send[]): Send[] =>
  sends.filter(({ call }, i) => sends.findIndex((other) => other.call === call) === i);

/** The sends of each call, in order. */
function byCall(sends: readonly Send[]): Send[][] {
  const calls = new Map<Call, Send[]>();
  for (const send of sends) calls.set(send.call, [...(calls.get(send.call) ?? []), send]);
  return [...calls.values()];
}

describe('in a closed loop', () => {
  it('a client thinks after each answer, and then calls', () => {
    const sends = play({ parameters: { thinkMin: 7 * MILLISECOND, thinkMax: 19 * MILLISECOND } });
    expect(sends.length).toBeGreaterThan(40);
    expect(sequences(sends)).toEqual(sends.map((_, i) => i + 1));
    expect(sends[0]?.at).toBeGreaterThanOrEqual(7 * MILLISECOND);
    const thought = sends.slice(1).map(({ at }, i) => at - (sends[i]?.at ?? 0) - 5 * MILLISECOND);
    expect(Math.min(...thought)).toBeGreaterThanOrEqual(7 * MILLISECOND);
    expect(Math.min(...thought)).toBeLessThan(9 * MILLISECOND);
    expect(Math.max(...thought)).toBeLessThanOrEqual(19 * MILLISECOND);
    expect(Math.max(...thought)).toBeGreaterThan(17 * MILLISECOND);
  });

  it('each client has one call at a time, and numbers of its own', () => {
    const open = new Map<number, Send>();
    const sends = play({
      parameters: { clients: 7, thinkMax: 10 * MILLISECOND },
      fate: () => ({ after: 30 * MILLISECOND }),
    });
    for (const send of sends) {
      const before = open.get(send.call.client);
      if (before !== undefined) {
        expect(send.call.sequence).toBe(before.call.sequence + 1);
        expect(send.at).toBeGreaterThanOrEqual(before.at + 30 * MILLISECOND);
      }
      open.set(send.call.client, send);
    }
    expect([...open.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('an answered call is not sent again, however late', () => {
    const sends = play({
      parameters: { thinkMin: 400 * MILLISECOND, thinkMax: 400 * MILLISECOND, patience: MILLISECOND * 6 },
      until: 3 * SECOND,
    });
    expect(new Set(sequences(sends)).size).toBe(sends.length);
  });
});

describe('in an open loop', () => {
  const parameters = { openLoopEvery: 10 * MILLISECOND, clients: 4 };

  it('a call comes at a fixed pace, from one session after the other', () => {
    const sends = play({ parameters });
    expect(sends.length).toBe(100);
    expect(sends.map(({ at }) => at)).toEqual(sends.map((_, i) => (i + 1) * 10 * MILLISECOND));
    expect(sends.slice(0, 8).map(({ call }) => call.client)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it('whatever became of earlier calls, as long as a session is free', () => {
    const sends = play({ parameters, fate: () => ({ after: 35 * MILLISECOND }) });
    expect(firstSends(sends).length).toBe(100);
  });

  it('no call comes while none is free', () => {
    const sends = play({ parameters: { ...parameters, patience: 10 * SECOND }, fate: () => 'silence' });
    expect(sends.map(({ call }) => call.client)).toEqual([0, 1, 2, 3]);
  });

  it('a session that waits is passed over', () => {
    const silent = ({ call }: Send): Fate => (call.client === 1 ? 'silence' : { after: MILLISECOND });
    const sends = play({ parameters: { ...parameters, patience: 10 * SECOND }, fate: silent });
    expect(sends.slice(0, 8).map(({ call }) => call.client)).toEqual([0, 1, 2, 3, 0, 2, 3, 0]);
  });
});

describe('without an answer', () => {
  const silence = (): Fate => 'silence';
  const parameters = { patience: 30 * MILLISECOND, thinkMin: MILLISECOND, thinkMax: MILLISECOND };

  it.each([1, 2, 6])(
    'the same call is sent again after so long, %i times in all; then the client gives it up',
    (retriesMax) => {
      const sends = play({ parameters: { ...parameters, retriesMax }, fate: silence });
      const whole = byCall(sends).slice(0, -1);
      expect(whole.length).toBeGreaterThan(3);
      expect(whole.map(([first]) => first?.call.sequence)).toEqual(whole.map((_, i) => i + 1));
      for (const tries of whole) {
        expect(tries.length).toBe(retriesMax);
        tries.slice(1).forEach(({ at }, i) => expect(at - (tries[i]?.at ?? 0)).toBe(30 * MILLISECOND));
      }
      // Given up: a moment of thought later comes the next one.
      whole.slice(1).forEach((tries, i) => {
        expect((tries[0]?.at ?? 0) - (whole[i]?.at(-1)?.at ?? 0)).toBe(31 * MILLISECOND);
      });
    },
  );

  it('to the same node, if it never goes elsewhere', () => {
    const sends = play({ parameters: { ...parameters, retryElsewhere: 0 }, fate: silence });
    expect(new Set(sends.map(({ node }) => node)).size).toBe(1);
  });

  it('each time to another node, if it always does; to every one of them', () => {
    const sends = play({
      parameters: { ...parameters, retryElsewhere: ALWAYS, retriesMax: 1_000 },
      fate: silence,
      until: 3 * SECOND,
    });
    sends.slice(1).forEach(({ node }, i) => expect(node).not.toBe(sends[i]?.node));
    expect(new Set(sends.map(({ node }) => node)).size).toBe(5);
  });

  it('now here, now there, if it sometimes does', () => {
    const sends = play({
      parameters: { ...parameters, retryElsewhere: 500_000, retriesMax: 1_000 },
      fate: silence,
      until: 6 * SECOND,
    });
    const moved = sends.slice(1).filter(({ node }, i) => node !== sends[i]?.node).length;
    expect(Math.abs(moved / sends.length - 0.5)).toBeLessThan(0.15);
  });

  it('in a cluster of one there is nowhere else to go', () => {
    const sends = play({ nodes: 1, parameters: { ...parameters, retryElsewhere: ALWAYS }, fate: silence });
    expect(sends.length).toBeGreaterThan(10);
    expect(new Set(sends.map(({ node }) => node))).toEqual(new Set([0]));
  });
});

describe('a refused call', () => {
  it('goes at once to the node that is named, and stays there', () => {
    const leader = nodeId(3);
    const sends = play({
      fate: ({ node }) => (node === leader ? { after: 100 } : { after: 100, refusedFor: leader }),
      seed: '2',
    });
    const [first, second] = sends;
    expect(first?.node).not.toBe(leader);
    expect([second?.node, second?.at, second?.call]).toEqual([leader, (first?.at ?? 0) + 100, first?.call]);
    expect(new Set(sends.slice(1).map(({ node }) => node))).toEqual(new Set([leader]));
  });

  it.each([
    ['nobody is named', NOBODY],
    ['the node names itself', undefined],
  ])('goes to another node after a moment: %s', (_what, named) => {
    const sends = play({
      parameters: { patience: 10 * SECOND },
      fate: ({ node }) => ({ after: 100, refusedFor: named ?? node }),
      until: 4 * SECOND,
    });
    expect(sends.length).toBeGreaterThan(50);
    expect(new Set(sequences(sends))).toEqual(new Set([1]));
    sends.slice(1).forEach(({ node, at }, i) => {
      const before = sends[i] as Send;
      expect(node).not.toBe(before.node);
      expect(at - before.at).toBeGreaterThanOrEqual(2 * MILLISECOND + 100);
      expect(at - before.at).toBeLessThanOrEqual(40 * MILLISECOND + 100);
    });
    expect(new Set(sends.map(({ node }) => node)).size).toBe(5);
  });

  it('was not taken: it is no try, and the patience begins anew', () => {
    const sends = play({
      nodes: 2,
      parameters: { patience: 50 * MILLISECOND, retriesMax: 2, retryElsewhere: 0, thinkMax: 5 * MILLISECOND },
      fate: (_send, sent) => (sent < 10 ? { after: 100, refusedFor: NOBODY } : 'silence'),
    });
    const first = sends.filter(({ call }) => call.sequence === 1);
    // Ten refusals, then the last send and one try more.
    expect(first.length).toBe(12);
    expect((first[11]?.at ?? 0) - (first[10]?.at ?? 0)).toBe(50 * MILLISECOND);
  });

  it('an answer to a call that was given up changes nothing', () => {
    const parameters = { patience: 10 * MILLISECOND, retriesMax: 1, thinkMin: 1, thinkMax: 1 };
    const late = play({ parameters, fate: () => ({ after: 15 * MILLISECOND }) });
    const never = play({ parameters, fate: () => 'silence' });
    expect(late.map(({ at, node, call }) => [at, node, call.sequence])).toEqual(
      never.map(({ at, node, call }) => [at, node, call.sequence]),
    );
  });
});

describe('a client that sends twice', () => {
  it('sends the same call once more, later, to any node', () => {
    const sends = play({
      parameters: { duplicateCall: ALWAYS, thinkMin: 0, thinkMax: 0, patience: 20 * MILLISECOND },
      until: 4 * SECOND,
    });
    const perCall = byCall(sends).filter(([first]) => (first?.at ?? 0) < 3 * SECOND);
    expect(perCall.length).toBeGreaterThan(300);
    for (const [first, second, ...more] of perCall) {
      const later = (second?.at ?? -1) - (first?.at ?? 0);
      expect(later >= 0 && later < 80 * MILLISECOND, `${later} later`).toBe(true);
      expect(more).toEqual([]);
    }
    expect(new Set(perCall.map(([, second]) => second?.node)).size).toBe(5);
  });

  it('never, if it never does', () => {
    const sends = play({ parameters: { thinkMin: 0, thinkMax: 0 } });
    expect(firstSends(sends).length).toBe(sends.length);
  });
});

describe('a client that falls silent', () => {
  it.each([{}, { openLoopEvery: 10 * MILLISECOND, clients: 3 }])('begins nothing new: %j', (parameters) => {
    const sends = play({ quietAt: 500 * MILLISECOND, parameters });
    expect(sends.length).toBeGreaterThan(5);
    expect(Math.max(...sends.map(({ at }) => at))).toBeLessThanOrEqual(500 * MILLISECOND);
  });

  it('still retries what it has begun', () => {
    const sends = play({
      quietAt: 100 * MILLISECOND,
      parameters: { patience: 80 * MILLISECOND, retriesMax: 5 },
      fate: () => 'silence',
    });
    expect(sequences(sends)).toEqual([1, 1, 1, 1, 1]);
  });

  it('does so half of the settling time after the faults, in every run', () => {
    const { tape, world } = taped({
      seed: '1',
      profile: 'chaos',
      parameters: { settle: 2 * SECOND },
      length: { micros: 8 * SECOND },
    });
    const newest = new Map<number, number>();
    let last = 0;
    for (const { client, sequence, at } of tape.of('call')) {
      if (sequence > (newest.get(client) ?? 0)) last = at;
      newest.set(client, Math.max(sequence, newest.get(client) ?? 0));
    }
    expect(world.calmSince).toBe(6 * SECOND);
    expect(last).toBeLessThanOrEqual(7 * SECOND);
    expect(last).toBeGreaterThan(6.8 * SECOND);
  });
});

describe('what clients call', () => {
  const many = play({
    parameters: { clients: 10, thinkMin: 0, thinkMax: 0, keys: 3, callsPerKey: 60 },
    fate: () => ({ after: 1 }),
    until: 2_000,
  });
  const operations = firstSends(many).map(({ call }) => call.operation);

  it('is every kind of operation; counters count, other keys hold texts', () => {
    expect(operations.length).toBeGreaterThan(2_000);
    expect(new Set(operations.map(({ kind }) => kind))).toEqual(new Set(['get', 'put', 'append', 'cas', 'add']));
    for (const { kind, key } of operations) {
      if (kind !== 'get') expect(key.startsWith('n')).toBe(kind === 'add');
    }
  });

  it('writes values that nobody else writes', () => {
    const values = operations.flatMap((operation) => ('value' in operation ? [operation.value.replace('+', '')] : []));
    expect(new Set(values).size).toBe(values.length);
  });

  it.each([
    [3, 60],
    [1, 10],
    [5, 25],
  ])('uses %i keys at a time, and fresh ones after %i calls each', (keys, callsPerKey) => {
    const sends = play({
      parameters: { clients: 5, thinkMin: 0, thinkMax: 0, keys, callsPerKey },
      fate: () => ({ after: 1 }),
      until: 1_000,
    });
    const used = firstSends(sends).map(({ call }) => call.operation.key);
    const era = keys * callsPerKey;
    const seen = new Set<string>();
    for (let i = 0; i + era <= used.length; i += era) {
      const here = new Set(used.slice(i, i + era));
      expect(here.size).toBe(keys);
      for (const key of here) expect(seen.has(key), `${key} again`).toBe(false);
      for (const key of here) seen.add(key);
    }
    expect(seen.size).toBeGreaterThan(2 * keys);
  });

  it('is the same for equal seeds, and another for others', () => {
    const told = (seed: string): unknown => play({ seed }).map(({ at, node, call }) => [at, node, call.operation]);
    expect(told('7')).toEqual(told('7'));
    expect(told('7')).not.toEqual(told('77'));
  });

  it('of one client does not depend on how many others there are', () => {
    const ofFirst = (clients: number): unknown =>
      play({ parameters: { clients, keys: 1 } })
        .filter(({ call }) => call.client === 0)
        .map(({ at, node, call }) => [at, node, call.operation.kind]);
    expect(ofFirst(1)).toEqual(ofFirst(6));
  });
});
