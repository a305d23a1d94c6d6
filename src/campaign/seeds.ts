// The seeds of a campaign, in order: a range, with or without an end, or a list.
//
// Seeds are dealt out by their place, from 0, so that a list is treated like a range. Both are plain data that goes
// into files; there a range without an end has `null` for its last seed.

import { UsageError } from '../base/errors.ts';

export interface Range {
  readonly from: number;
  /** Infinity: there is no end. */
  readonly to: number;
}

export type Seeds = Range | { readonly list: readonly number[] };

/** Above it, numbers that follow each other would soon be no whole numbers any more. */
const SEED_MAX = 1_000_000_000_000;

export const seedCount = (seeds: Seeds): number => ('list' in seeds ? seeds.list.length : seeds.to - seeds.from + 1);

export const seedAt = (seeds: Seeds, place: number): number =>
  'list' in seeds ? (seeds.list[place] ?? Infinity) : seeds.from + place;

export const isEndless = (seeds: Seeds): boolean => 'to' in seeds && seeds.to === Infinity;

/** As it is typed. */
export function seedsText(seeds: Seeds): string {
  if ('list' in seeds) return seeds.list.join(',');
  return `${seeds.from}..${seeds.to === Infinity ? '' : seeds.to}`;
}

/** `1..1000`, `5000..`, `42` or `1,5,7`. */
export function parseSeeds(flag: string, text: string): Seeds {
  if (!text.includes(',')) return parseRange(flag, text, SEED_RANGE);
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !/^\d{1,15}$/.test(word) || Number(word) > SEED_MAX);
  if (wrong !== undefined) {
    const found = `${flag} is ${JSON.stringify(text)}, of which ${JSON.stringify(wrong)} is no seed`;
    throw new UsageError(`${found}, expected whole numbers up to ${SEED_MAX}`);
  }
  return { list: Array.from(new Set(words.map(Number))).toSorted((a, b) => a - b) };
}

/** What a range may be, and how one is written. */
export interface RangeForm {
  readonly most: number;
  readonly mayBeEndless: boolean;
  readonly examples: string;
}

const SEED_RANGE: RangeForm = {
  most: SEED_MAX,
  mayBeEndless: true,
  examples: '1..1000, 5000.. or 42, or a list such as 1,5,7',
};

export function parseRange(flag: string, text: string, { most, mayBeEndless, examples }: RangeForm): Range {
  const [, first, dots, last] = /^(\d{1,15})(\.\.)?(\d{1,15})?$/.exec(text) ?? [];
  const isRight = first !== undefined && (dots !== undefined || last === undefined);
  if (!isRight || (dots !== undefined && last === undefined && !mayBeEndless)) {
    throw new UsageError(`${flag} is ${JSON.stringify(text)}, expected a range such as ${examples}`);
  }
  const from = Number(first);
  const to = dots === undefined ? from : last === undefined ? Infinity : Number(last);
  if (to < from) throw new UsageError(`${flag} is ${text}: ${to} comes before ${from}`);
  if (from > most || (to !== Infinity && to > most)) {
    throw new UsageError(`${flag} is ${text}, expected numbers up to ${most}`);
  }
  return { from, to };
}
