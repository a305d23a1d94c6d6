// What a dealer and its workers on other machines tell each other: blocks of jobs one way, what came of them the other.
//
// Plain data only, which travels as JSON. Neither side knows what a job does; both say which version they are, because
// a seed means the same run on one version alone.

/** Some jobs that travel together, so that what they cost on the way is paid once. */
export interface Block<Job> {
  readonly version: string;
  /** Which campaign it belongs to: a name that is drawn anew each time. */
  readonly campaign: string;
  /** Its number among the blocks of the campaign. */
  readonly block: number;
  readonly jobs: readonly Job[];
}

/** What came of one job on another machine. */
export type RemoteOutcome<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** The thread died or hung at this place. */
  | { readonly kind: 'lost'; readonly at: number; readonly reason: string };

/** What came of a block, job by job. */
export interface BlockResult<Result> {
  readonly version: string;
  readonly campaign: string;
  readonly block: number;
  readonly outcomes: readonly RemoteOutcome<Result>[];
}

/** Who deals on a queue now; stands in Redis for as long as the dealer renews it. */
export interface Claim {
  readonly version: string;
  readonly campaign: string;
}

/** How many blocks wait for a worker, and how many are with one. */
export interface BlockCounts {
  readonly waiting: number;
  readonly active: number;
}
