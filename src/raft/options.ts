// What a user may choose about a node; the defaults are those of a production Raft.
//
// Every feature beyond the paper's sections 5.1 to 5.6 is an option, so that the plain algorithm is one plan away.

/** How a leader looks for the last entry that a follower shares: by whole terms, or one index at a time. */
export type Backtracking = 'term' | 'one';

export interface NodeOptions {
  /** Section 8: a new leader appends an entry that changes nothing, and so learns what is committed. */
  readonly noOpOnElection: boolean;
  /** Section 5.3, end. */
  readonly backtracking: Backtracking;
  /** A probe carries entries at once; otherwise it is empty until the leader knows where the logs meet. */
  readonly probeWithEntries: boolean;
  /** A leader tells its followers at once what it has committed, instead of with the next entries or heartbeat. */
  readonly notifyCommit: boolean;
  /** An AppendEntries carries one entry, then as many more as fit in this many bytes. */
  readonly batchBytesMax: number;
  /** How many AppendEntries with entries may be on their way to one follower. */
  readonly inflightMax: number;
}

export const defaultNodeOptions: NodeOptions = Object.freeze({
  noOpOnElection: true,
  backtracking: 'term',
  probeWithEntries: true,
  notifyCommit: false,
  batchBytesMax: 4096,
  inflightMax: 16,
});
