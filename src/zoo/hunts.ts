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

/** Messages that take longer than an election timeout. */
export const SLOW = { profile: 'lossy', parameters: { delayMax: 250 * MILLISECOND } } as const;
