// The sum of a campaign: adding in any order and any grouping comes to the same, and needs bounded memory.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goalNames, type GoalName } from '../../../src/check/goals.ts';
import { abstractNodeStates } from '../../../src/campaign/node-states.ts';
import type { BatchResult, SeedFinding } from '../../../src/campaign/batch.ts';
import { Counts, StatisticsSum } from '../../../src/campaign/statistics.ts';
import { ClusterStates, CLUSTER_STATES_KEPT } from '../../../src/campaign/cluster-states.ts';
import { FINDINGS_KEPT, CampaignStatistics } from '../../../src/campaign/checkpoint.ts';
import { runs, seeded } from '../../support/seed.ts';

const counts = fc.dictionary(fc.constantFrom('nodes 3', 'nodes 5', 'scheduler walk'), fc.nat(50));

/** Batches as a campaign makes them: no seed is in two of them. */
const batches = fc
  .array(
    fc.record({
      runs: fc.nat(40),
      steps: fc.nat(1e6),
      virtualMicros: fc.nat(1e9),
      madeTwice: fc.nat(5),
      goals: fc
        .array(fc.nat(40), { minLength: goalNames.length, maxLength: goalNames.length })
        .map(
          (reached) => Object.fromEntries(goalNames.map((name, i) => [name, reached[i]])) as Record<GoalName, number>,
        ),
      stances: fc.dictionary(fc.constantFrom(...abstractNodeStates.slice(0, 5)), fc.nat(40)),
      drawn: counts,
      unknown: counts,
      clusterStates: fc.array(fc.integer()),
      failed: fc.uniqueArray(fc.tuple(fc.nat(31), fc.constantFrom('vote-once', 'log-matching', 'worker')), {
        maxLength: 8,
      }),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map(({ failed, ...statistics }, batch): BatchResult => ({
      batch,
      ...statistics,
      findings: failed.map(([place, property]) => findingOf(batch * 32 + place, property)),
    })),
  );

const findingOf = (seed: number, property: string): SeedFinding => ({
  seed: String(seed),
  kind: property === 'worker' ? 'worker' : 'violation',
  property,
  why: `${property} in ${seed}`,
  step: seed,
  fingerprint: '',
});

function sumOf(all: readonly BatchResult[]): CampaignStatistics {
  const sum = new CampaignStatistics();
  for (const batch of all) sum.add(batch);
  return sum;
}

it('a sum tells of every stance, also of those that nobody was seen in', () => {
  const { stances } = new CampaignStatistics().checkpoint();
  expect(Object.keys(stances)).toEqual(abstractNodeStates);
  expect(new Set(Object.values(stances))).toEqual(new Set([0]));
});

describe(seeded('a sum'), () => {
  it('is the same in any order', () => {
    fc.assert(
      fc.property(
        batches.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(sumOf(shuffled).state()).toEqual(sumOf(all).state());
        },
      ),
      runs(200),
    );
  });

  it('is the same however batches are dealt out to shards, and survives a file', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 5 }), (all, shards) => {
        const merged = new CampaignStatistics();
        for (let shard = shards - 1; shard >= 0; shard--) {
          const part = sumOf(all.filter(({ batch }) => batch % shards === shard)).state();
          merged.addState(JSON.parse(JSON.stringify(part)) as typeof part);
        }
        expect(merged.state()).toEqual(sumOf(all).state());
        expect(JSON.stringify(merged.state())).toBe(JSON.stringify(sumOf(all).state()));
      }),
      runs(200),
    );
  });

  it('keeps the first findings of each property and counts the others', () => {
    const all = Array.from({ length: 20 }, (_, batch) => ({
      ...sumOf([]).checkpoint(),
      batch,
      clusterStates: [],
      findings: Array.from({ length: 32 }, (__, i) => findingOf(batch * 32 + i, i % 2 === 0 ? 'vote-once' : 'worker')),
    }));
    for (const order of [all, all.toReversed()]) {
      const sum = sumOf(order);
      const { failures, findings } = sum.checkpoint();
      expect(failures).toEqual({ 'vote-once': 320, worker: 320 });
      expect(sum.failures).toBe(640);
      expect(findings.map(({ seed }) => Number(seed))).toEqual(Array.from({ length: 2 * FINDINGS_KEPT }, (_, i) => i));
    }
  });
});

describe('figures', () => {
  it('begin with nothing, and name every goal in the order of the table', () => {
    const { goals, stances, ...others } = new StatisticsSum().total();
    expect(others).toEqual({
      runs: 0,
      steps: 0,
      virtualMicros: 0,
      madeTwice: 0,
      drawn: {},
      unknown: {},
      notApplicable: {},
    });
    expect(Object.entries(goals)).toEqual(goalNames.map((name) => [name, 0]));
    expect(Object.entries(stances)).toEqual(abstractNodeStates.map((name) => [name, 0]));
  });

  it('of one seed after the other are those of all at once', () => {
    const [all, first, second] = [new StatisticsSum(), new StatisticsSum(), new StatisticsSum()];
    for (const [sum, steps, word] of [[first, 5, 'nodes 5'] as const, [second, 7, 'nodes 3'] as const]) {
      for (const one of [sum, all]) {
        one.runs++;
        one.steps += steps;
        one.goals.count('split-vote');
        one.drawn.count(word);
      }
    }
    second.add(first.total());
    expect(JSON.stringify(second.total())).toBe(JSON.stringify(all.total()));
    expect(all.total()).toMatchObject({ runs: 2, steps: 12, goals: { 'split-vote': 2 } });
  });

  it('count words, told in the order of the words', () => {
    const sums = new Counts();
    for (const word of ['b', 'a', 'b']) sums.count(word);
    sums.add({ c: 3, a: 2 });
    expect(Object.entries(sums.byWord())).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 3],
    ]);
    expect(sums.total).toBe(8);
  });
});

describe('situations', () => {
  const filled = (numbers: Iterable<number>): ClusterStates => {
    const situations = new ClusterStates();
    for (const n of numbers) situations.add(n);
    return situations;
  };
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

  it('are counted exactly while they are few', () => {
    expect(filled([]).count()).toBe(0);
    expect(filled([5, 5, -7, 5]).count()).toBe(2);
    expect(filled(upTo(CLUSTER_STATES_KEPT - 1)).count()).toBe(CLUSTER_STATES_KEPT - 1);
  });

  it.each([CLUSTER_STATES_KEPT, 100_000, 1_000_000])('are estimated within two percent beyond: %i', (n) => {
    expect(Math.abs(filled(upTo(n)).count() / n - 1)).toBeLessThan(0.02);
  });

  it('depend on the set alone, and need a bounded memory', () => {
    const forwards = filled(upTo(100_000));
    const backwards = filled(upTo(100_000).toReversed());
    expect(backwards.kept()).toEqual(forwards.kept());
    expect(forwards.kept()).toHaveLength(CLUSTER_STATES_KEPT);
    const halves = new ClusterStates();
    for (const half of [0, 1]) halves.addKept(filled(upTo(100_000).filter((n) => n % 2 === half)).kept());
    expect(halves.kept()).toEqual(forwards.kept());
    expect(halves.count()).toBe(forwards.count());
  });
});
