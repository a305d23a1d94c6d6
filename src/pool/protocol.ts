// What a pool and its workers share: two places in common memory, and the messages that a worker sends.
//
// Everything that travels is plain data. Neither side knows what a job does.

/** What a worker thread is given to begin with. */
export interface WorkerSettings {
  /** Place 0: what the worker is at, as a number. Place 1: counts what it began. */
  readonly at: Float64Array;
  /** Not 0: come to an end. */
  readonly stop: Int32Array;
}

/** Notes come before the result of a job, which is its last message. */
export type WorkerMessage<Result, Note> =
  { readonly kind: 'note'; readonly note: Note } | { readonly kind: 'result'; readonly result: Result };
