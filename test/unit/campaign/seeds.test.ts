// Seeds as they are typed, counted and named by place.

import { describe, expect, it } from 'vitest';
import { isEndless, parseSeeds, seedAt, seedCount, seedsText, type Seeds } from '../../../src/campaign/seeds.ts';

describe('seeds', () => {
  it.each<readonly [string, Seeds, string]>([
    ['1..1000', { from: 1, to: 1000 }, '1..1000'],
    ['42', { from: 42, to: 42 }, '42..42'],
    ['5000..', { from: 5000, to: Infinity }, '5000..'],
    ['1,5,7', { list: [1, 5, 7] }, '1,5,7'],
    ['7,1, 5,7', { list: [1, 5, 7] }, '1,5,7'],
  ])('%s', (text, seeds, again) => {
    expect(parseSeeds('--seeds', text)).toEqual(seeds);
    expect(seedsText(seeds)).toBe(again);
  });

  it('are dealt out by place, those of a list like those of a range', () => {
    expect([0, 1, 2].map((place) => seedAt({ from: 7, to: 9 }, place))).toEqual([7, 8, 9]);
    expect([0, 1, 2].map((place) => seedAt({ list: [3, 8, 20] }, place))).toEqual([3, 8, 20]);
    expect([{ from: 7, to: 9 }, { list: [3, 8] }, { from: 1, to: Infinity }].map(seedCount)).toEqual([3, 2, Infinity]);
    expect([{ from: 7, to: 9 }, { list: [3, 8] }, { from: 1, to: Infinity }].map(isEndless)).toEqual([
      false,
      false,
      true,
    ]);
  });
});
