// The zoo: real bugs of real Raft implementations, each our node with one rule changed from outside.
//
// The rows stand in a file for each family; `row.ts` says what a row holds. No name may occur in two families.

import { checkQuorumVariants } from './variants/check-quorum.ts';
import { clientVariants } from './variants/client.ts';
import { diskVariants } from './variants/disk.ts';
import { electionVariants } from './variants/election.ts';
import { logVariants } from './variants/logs.ts';
import { membershipVariants } from './variants/membership.ts';
import { persistenceVariants } from './variants/persistence.ts';
import { preVoteVariants } from './variants/pre-vote.ts';
import { progressVariants } from './variants/progress.ts';
import { readVariants } from './variants/reads.ts';
import { replicationVariants } from './variants/replication.ts';
import { snapshotVariants } from './variants/snapshots.ts';
import { timerVariants } from './variants/timers.ts';
import { transferVariants } from './variants/transfer.ts';
import { voteVariants } from './variants/votes.ts';

/** The rows by family, in the order of lists and pages. */
const variantFamilies = {
  elections: electionVariants,
  votes: voteVariants,
  timers: timerVariants,
  replication: replicationVariants,
  logs: logVariants,
  progress: progressVariants,
  persistence: persistenceVariants,
  disks: diskVariants,
  'pre-vote': preVoteVariants,
  'check-quorum': checkQuorumVariants,
  transfer: transferVariants,
  reads: readVariants,
  membership: membershipVariants,
  snapshots: snapshotVariants,
  clients: clientVariants,
} as const;

type Families = typeof variantFamilies;
type Taker<One> = One extends unknown ? (one: One) => void : never;
type AllOf<Union> = Taker<Union> extends (all: infer All) => void ? All : never;

/** The zoo: each variant with its fault, its section, where it was seen, and the promise that it breaks. */
export const variantTable = Object.assign({}, ...Object.values(variantFamilies)) as AllOf<Families[keyof Families]>;

/** The name of a variant. */
export type VariantName = keyof typeof variantTable;

/** The names of all variants. */
export const variantNames: readonly VariantName[] = Object.keys(variantTable) as VariantName[];

/** The family of a variant. */
export const familyOf = (name: string): string =>
  Object.entries(variantFamilies).find(([, rows]) => Object.hasOwn(rows, name))?.[0] ?? '';
