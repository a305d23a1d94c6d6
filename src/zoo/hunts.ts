// Where several bugs show soonest: worlds that more than one row of the zoo asks for.
//
// A hunt only shortens the search; it must never be what makes a bug possible.

import { MILLISECOND, PERCENT } from '../base/units.ts';

/** Crashes, power losses and cuts in quick succession. */
export const CRASHY = {
  profile: 'disk',
  parameters: {
    crashEvery: 150 * MILLISECOND,
    downFor: 100 * MILLISECOND,
    powerLoss: 100 * PERCENT,
    cutEvery: 500 * MILLISECOND,
  },
} as const;

/** Of three servers one is gone in the end, after many cuts: the other two depend on each other. */
export const LONELY = {
  nodes: 3,
  profile: 'partitions',
  parameters: { absentMax: 1, cutEvery: 300 * MILLISECOND, cutFor: 300 * MILLISECOND },
} as const;

/** Any message, write or timer may come next, as the depth of a bug asks for (Burckhardt and others, 2010). */
export const ADVERSARY = { profile: 'crashes', scheduler: 'pct' } as const;

/** Messages that take longer than an election timeout. */
export const SLOW = { profile: 'lossy', parameters: { delayMax: 250 * MILLISECOND } } as const;
