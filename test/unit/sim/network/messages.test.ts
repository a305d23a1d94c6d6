// What becomes of messages: how long they take, in which order they come, which are lost, doubled or held up.
//
// Runs on tape, in which only the parameter in question differs from a calm network.

import { describe, expect, it } from 'vitest';
import { keyedChance, Random } from '../../../../src/base/random.ts';
import type { ProfileName } from '../../../../src/sim/faults/profile.ts';
import { profileNames } from '../../../../src/sim/faults/profile.ts';
import type { Parameters } from '../../../../src/sim/parameters.ts';
import { messageName, taped, type Sent, type Tape, type Taped } from '../../../support/tape.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;
const ALWAYS = 1_000_000;

interface Case {
  readonly seed?: string;
  readonly nodes?: number;
  readonly profile?: ProfileName;
  readonly seconds?: number;
  readonly parameters?: Partial<Parameters>;
}

function run({ seed = '1', nodes = 3, profile = 'calm', seconds = 4, parameters = {} }: Case): Taped {
  return taped({
    seed,
    nodes,
    profile,
    parameters: { settle: SECOND, ...parameters },
    length: { micros: seconds * SECOND },
  });
}

/** The messages that arrived, each with how long it took, in the order of their arrival. */
function arrivals(tape: Tape): { readonly sent: Sent; readonly took: number; readonly at: number }[] {
  const sent = new Map(tape.sendings.map((one) => [messageName(one), one]));
  return tape.of('deliver').map((step) => {
    const found = sent.get(messageName(step)) as Sent;
    return { sent: found, took: step.at - found.at, at: step.at };
  });
}

const numbersByLink = (list: readonly { readonly sent: Sent }[]): number[][] => {
  const links = new Map<string, number[]>();
  for (const { sent } of list) {
    const link = `${sent.from}→${sent.to}`;
    links.set(link, [...(links.get(link) ?? []), sent.number]);
  }
  return [...links.values()];
};

const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? n));

describe('a message takes', () => {
  it.each([
    [1 * MILLISECOND, 10 * MILLISECOND],
    [0, 3],
    [5 * MILLISECOND, 5 * MILLISECOND],
    [0, 0],
  ])('from %i to %i microseconds', (delayMin, delayMax) => {
    const { tape } = run({ parameters: { delayMin, delayMax } });
    const list = arrivals(tape);
    expect(list.length).toBeGreaterThan(200);
    for (const { took } of list) {
      expect(took).toBeGreaterThanOrEqual(delayMin);
      expect(took).toBeLessThanOrEqual(delayMax);
    }
    const times = list.map(({ took }) => took);
    const tenth = (delayMax - delayMin) / 10;
    expect(Math.min(...times)).toBeLessThanOrEqual(delayMin + tenth);
    expect(Math.max(...times)).toBeGreaterThanOrEqual(delayMax - tenth);
  });

  it('as long as its number on its link says, whatever else happens', () => {
    const took = (parameters: Partial<Parameters>): Map<string, number> =>
      new Map(
        arrivals(run({ parameters: { reorder: ALWAYS, settle: 1, ...parameters } }).tape).map((one) => [
          messageName(one.sent),
          one.took,
        ]),
      );
    const plain = took({});
    for (const other of [took({ clients: 1 }), took({ electionTimeoutMin: 170 * MILLISECOND, keys: 9 })]) {
      const common = [...other.keys()].filter((name) => plain.has(name));
      expect(common.length).toBeGreaterThan(50);
      for (const name of common) expect(`${name} ${other.get(name)}`).toBe(`${name} ${plain.get(name)}`);
    }
  });

  it('many times longer on a slow link, and only there', () => {
    const slow = { slowEvery: 200 * MILLISECOND, slowFor: 100 * MILLISECOND, slowFactor: 30 };
    const { tape } = run({ nodes: 5, parameters: { delayMin: 1_000, delayMax: 1_999, reorder: ALWAYS, ...slow } });
    const links = new Map<number, readonly string[]>();
    let slowed = 0;
    const took = new Map(arrivals(tape).map((one) => [messageName(one.sent), one.took]));
    const bySender = new Map<number, Sent[]>();
    for (const sent of tape.sendings) bySender.set(sent.place, [...(bySender.get(sent.place) ?? []), sent]);
    tape.steps.forEach((step, place) => {
      if (step.kind === 'slow') links.set(step.fault, step.links.map(String));
      if (step.kind === 'mend') links.delete(step.fault);
      for (const sent of bySender.get(place) ?? []) {
        const time = took.get(messageName(sent));
        if (time === undefined) continue;
        const isSlow = [...links.values()].some((list) => list.includes(String([sent.from, sent.to])));
        if (isSlow) slowed++;
        const [low, high] = isSlow ? [30_000, 59_970] : [1_000, 1_999];
        expect(time >= low && time <= high, `${messageName(sent)} took ${time}`).toBe(true);
      }
    });
    expect(slowed).toBeGreaterThan(100);
  });
});

describe('the messages of a link', () => {
  it.each([
    [
      'with delays that differ',
      { delayMin: 0, delayMax: 50 * MILLISECOND, electionTimeoutMin: 300_000, electionTimeoutMax: 600_000 },
    ],
    ['some of which are lost', { loss: 100_000 }],
    ['some of which are slow', { slowEvery: 300 * MILLISECOND, slowFor: 200 * MILLISECOND }],
    ['in a busy cluster', { clients: 50, thinkMin: 0, thinkMax: 2 * MILLISECOND, delayMin: 0 }],
  ])('keep their order: %s', (_what, parameters) => {
    const links = numbersByLink(arrivals(run({ nodes: 5, parameters }).tape));
    expect(links.length).toBeGreaterThan(4);
    for (const numbers of links) expect(ascending(numbers)).toBe(true);
  });

  it.each([
    ['that may be reordered', { reorder: ALWAYS, delayMin: 0, delayMax: 30 * MILLISECOND }],
    ['some of which are held up for long', { longDelay: 50_000 }],
  ])('overtake each other: %s', (_what, parameters) => {
    const links = numbersByLink(arrivals(run({ nodes: 5, parameters, seconds: 8 }).tape));
    expect(links.some((numbers) => !ascending(numbers))).toBe(true);
  });

  it('that are held up overtake nobody: only they come out of turn', () => {
    const { tape } = run({ nodes: 3, parameters: { longDelay: 50_000, delayMax: 2_000 }, seconds: 8 });
    for (const numbers of numbersByLink(arrivals(tape).filter(({ took }) => took <= 4_000))) {
      expect(ascending(numbers)).toBe(true);
    }
  });
});

describe('a message that is held up', () => {
  it('takes up to its longest time more; all do if it is certain', () => {
    const { tape } = run({ parameters: { longDelay: ALWAYS, longDelayMax: 40_000, delayMax: 1_000, settle: 1 } });
    const times = arrivals(tape).map(({ took }) => took);
    expect(Math.max(...times)).toBeLessThanOrEqual(41_000);
    expect(Math.max(...times)).toBeGreaterThan(30_000);
    expect(times.filter((took) => took > 1_000).length).toBeGreaterThan(times.length * 0.9);
  });

  it('is rare if it is', () => {
    const { tape } = run({ parameters: { longDelay: 20_000 }, seconds: 20 });
    const times = arrivals(tape).map(({ took }) => took);
    const long = times.filter((took) => took > 30 * MILLISECOND).length;
    expect(long).toBeGreaterThan(times.length * 0.01);
    expect(long).toBeLessThan(times.length * 0.03);
  });
});

describe('a message is lost', () => {
  const lostOf = (tape: Tape): Set<string> =>
    new Set(
      tape
        .of('drop')
        .filter(({ reason }) => reason === 'lost')
        .map(messageName),
    );

  it('about as often as it says', () => {
    const { tape, run: made } = run({ parameters: { loss: 200_000, settle: 1 }, seconds: 10 });
    const share = lostOf(tape).size / tape.sendings.length;
    expect(Math.abs(share - 0.2)).toBeLessThan(0.03);
    expect(made.counters.dropped.lost).toBe(lostOf(tape).size);
  });

  it('if its number on its link was drawn, whatever else happens, and no other is', () => {
    const parameters = { loss: 100_000, settle: 1 };
    const others = [
      { clients: 1 },
      { duplicate: 300_000 },
      { reorder: ALWAYS },
      { longDelay: 100_000 },
      { capacity: 3 },
    ];
    const plain = run({ parameters }).tape;
    for (const more of others) {
      const other = run({ parameters: { ...parameters, ...more } }).tape;
      const names = new Set(plain.sendings.map(messageName));
      const common = other.sendings.map(messageName).filter((name) => names.has(name));
      expect(common.length).toBeGreaterThan(100);
      const [one, two] = [lostOf(plain), lostOf(other)];
      expect(common.filter((name) => one.has(name))).toEqual(common.filter((name) => two.has(name)));
    }
  });

  it('at once, and never comes after all', () => {
    const { tape } = run({ parameters: { loss: 100_000 } });
    const sent = new Map(tape.sendings.map((one) => [messageName(one), one.at]));
    for (const [name, steps] of tape.fates()) {
      const [first] = steps;
      if (first?.kind !== 'drop' || first.reason !== 'lost') continue;
      expect([steps.length, first.at]).toEqual([1, sent.get(name)]);
    }
  });

  it('none, if none may be', () => {
    const { tape, run: made } = run({ nodes: 5 });
    expect(tape.of('drop', 'duplicate')).toEqual([]);
    expect(made.counters.dropped).toEqual({ lost: 0, cut: 0, full: 0, down: 0 });
  });

  it('on every link by a key of its own', () => {
    const root = Random.fromSeed('1');
    const keys = Array.from({ length: 81 }, (_, link) => root.stream('link', link).key());
    expect(new Set(keys).size).toBe(81);
    const lost = (key: number): string =>
      Array.from({ length: 64 }, (_, n) => Number(keyedChance(key, n, 500_000))).join('');
    expect(new Set(keys.map(lost)).size).toBe(81);
  });
});

describe('a message that is doubled', () => {
  it('arrives twice, each time by itself; all do if it is certain', () => {
    const { tape, run: made } = run({ parameters: { duplicate: ALWAYS, settle: 1, delayMin: 0 } });
    let apart = 0;
    for (const [name, steps] of tape.fates()) {
      const kinds = steps.map(({ kind }) => kind).join(' ');
      expect('duplicate deliver deliver'.startsWith(kinds), `${name}: ${kinds}`).toBe(true);
      const [, first, second] = steps;
      if (first !== undefined && second !== undefined && first.at !== second.at) apart++;
    }
    expect(apart).toBeGreaterThan(made.counters.duplicated / 3);
    expect(made.counters.duplicated).toBe(tape.of('duplicate').length);
  });

  it('is one in so many', () => {
    const { tape } = run({ parameters: { duplicate: 100_000, settle: 1 }, seconds: 10 });
    expect(Math.abs(tape.of('duplicate').length / tape.sendings.length - 0.1)).toBeLessThan(0.03);
  });
});

describe('a link that holds so many messages', () => {
  it.each([1, 2, 5])('%i: more are lost, and none before it is full', (capacity) => {
    const { tape } = run({ parameters: { capacity, settle: 1, clients: 30, thinkMax: 6 * MILLISECOND } });
    const onLink = new Map<string, number>();
    const linkOf = ({ from, to }: Pick<Sent, 'from' | 'to'>): string => `${from}→${to}`;
    const full = new Set(
      tape
        .of('drop')
        .filter(({ reason }) => reason === 'full')
        .map(messageName),
    );
    const sent = new Map<number, Sent[]>();
    for (const one of tape.sendings) sent.set(one.place, [...(sent.get(one.place) ?? []), one]);
    tape.steps.forEach((step, place) => {
      if (step.kind === 'deliver') onLink.set(linkOf(step), (onLink.get(linkOf(step)) ?? 0) - 1);
      for (const one of sent.get(place) ?? []) {
        const before = onLink.get(linkOf(one)) ?? 0;
        if (step.at < 3.9 * SECOND)
          expect(full.has(messageName(one)), `${messageName(one)} is one of ${before + 1}`).toBe(before >= capacity);
        if (!full.has(messageName(one))) onLink.set(linkOf(one), before + 1);
      }
    });
    expect(full.size).toBeGreaterThan(10);
  });

  it('without a limit, none is lost for want of room', () => {
    expect(run({ parameters: { capacity: 0, clients: 30 } }).run.counters.dropped.full).toBe(0);
  });
});

describe('every message', () => {
  it.each(profileNames.flatMap((profile) => [2, 5].map((nodes) => [profile, nodes] as const)))(
    'under %s, among %i nodes, arrives or is dropped once for each copy, or is still on its way',
    (profile, nodes) => {
      const { tape } = run({ profile, nodes, seconds: 8, parameters: { settle: 2 * SECOND } });
      let open = 0;
      for (const [name, steps] of tape.fates()) {
        const copies = 1 + steps.filter(({ kind }) => kind === 'duplicate').length;
        const ends = steps.filter(({ kind }) => kind !== 'duplicate').length;
        expect(ends <= copies && copies <= 2, `${name}: ${copies} copies, ${ends} ends`).toBe(true);
        if (ends < copies) open++;
      }
      expect(open).toBeLessThan(150);
      expect(tape.of('deliver').length).toBeGreaterThan(tape.sendings.length / 2);
    },
  );
});

describe('across a cut', () => {
  const parameters = { cutEvery: 300 * MILLISECOND, cutFor: 200 * MILLISECOND, delayMin: 5 * MILLISECOND };

  it('nothing passes: what is sent there is dropped at once, what is on its way when it would arrive', () => {
    const { tape } = run({ nodes: 5, seconds: 10, parameters });
    const cuts = new Map<number, readonly string[]>();
    const isCut = (from: number, to: number): boolean =>
      [...cuts.values()].some((links) => links.includes(String([from, to])));
    const sent = new Map(tape.sendings.map((one) => [messageName(one), one]));
    const cutAtSend = new Set<string>();
    const bySender = new Map<number, Sent[]>();
    for (const one of tape.sendings) bySender.set(one.place, [...(bySender.get(one.place) ?? []), one]);
    const counts = { late: 0, early: 0 };
    tape.steps.forEach((step, place) => {
      if (step.kind === 'cut') cuts.set(step.fault, step.links.map(String));
      if (step.kind === 'heal') cuts.delete(step.fault);
      if (step.kind === 'deliver') expect(isCut(step.from, step.to), messageName(step)).toBe(false);
      if (step.kind === 'drop') {
        expect(step.reason).toBe('cut');
        const left = sent.get(messageName(step)) as Sent;
        expect(step.at - left.at === 0).toBe(cutAtSend.has(messageName(step)));
        if (step.at > left.at) expect(isCut(step.from, step.to)).toBe(true);
        counts[step.at > left.at ? 'late' : 'early']++;
      }
      for (const one of bySender.get(place) ?? []) if (isCut(one.from, one.to)) cutAtSend.add(messageName(one));
    });
    expect(counts.late).toBeGreaterThan(10);
    expect(counts.early).toBeGreaterThan(100);
  });

  it('a message that is on its way when it begins arrives if it is over by then', () => {
    const { tape } = run({
      nodes: 3,
      seconds: 10,
      parameters: {
        cutEvery: 100 * MILLISECOND,
        cutFor: 4 * MILLISECOND,
        delayMin: 15 * MILLISECOND,
        delayMax: 20 * MILLISECOND,
      },
    });
    const spells = tape
      .of('cut')
      .map((cut) => ({ cut, end: tape.of('heal').find(({ fault }) => fault === cut.fault)?.at ?? Infinity }));
    const passed = arrivals(tape).filter(({ sent, at }) =>
      spells.some(
        ({ cut, end }) =>
          cut.at > sent.at && end < at && cut.links.some(([from, to]) => from === sent.from && to === sent.to),
      ),
    );
    expect(passed.length).toBeGreaterThan(3);
  });
});
