// The units of the numbers in plans: durations are whole microseconds of virtual time, odds are parts per million.
//
// Whole numbers only: floating point may differ between engines.

export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
export const PERCENT = 10_000;
/** Certainty. */
export const MILLION = 1_000_000;
