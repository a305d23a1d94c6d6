// The regressions of a campaign: scenarios that are played before its seeds.
//
// What failed once fails again. These are the plain data that reports and files hold.

/** A scenario of the regressions that does not hold any more. */
export interface FailedRegression {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly found: string;
}

/** What became of the scenarios that every campaign runs first. */
export interface Regressions {
  readonly played: number;
  readonly failed: readonly FailedRegression[];
}
