// Counts by word: the same in any order, and in the order of the words.

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Counts, StatisticsSum } from '../../../src/campaign/statistics.ts';
import { runs, seeded } from '../../support/seed.ts';

it(seeded('counts do not depend on the order in which they are made'), () => {
  const words = fc.array(fc.tuple(fc.constantFrom('b', 'a', 'c d'), fc.nat(9)));
  fc.assert(
    fc.property(words, (all) => {
      const [forwards, backwards] = [new Counts(), new Counts()];
      for (const [word, times] of all) forwards.count(word, times);
      for (const [word, times] of all.toReversed()) backwards.add({ [word]: times });
      expect(JSON.stringify(forwards.byWord())).toBe(JSON.stringify(backwards.byWord()));
      expect(forwards.total).toBe(all.reduce((sum, [, times]) => sum + times, 0));
      expect(Object.keys(forwards.byWord())).toEqual(Object.keys(forwards.byWord()).toSorted());
    }),
    runs(200),
  );
});

it('a sum of nothing names every goal and every abstract node state, each with none', () => {
  const { goals, stances, runs: n } = new StatisticsSum().total();
  expect(n).toBe(0);
  expect(Object.values(goals).every((count) => count === 0)).toBe(true);
  expect(Object.keys(stances).length).toBeGreaterThan(Object.keys(goals).length);
});
