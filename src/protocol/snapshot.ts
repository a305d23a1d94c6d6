// A snapshot (section 7): what takes the place of a log up to an index, and what a write changes with it.
//
// The node knows its label and its size; what the machine wrote is opaque to it and is handed on as it is. A snapshot
// is never changed after it was made: a leader may send it while it writes the next one.

import { mix } from '../base/hash.ts';
import type { LogIndex, Term } from '../base/ids.ts';
import type { Configuration } from './configuration.ts';

/** What a state machine wrote of itself, its client sessions with it. */
export interface MachineState {
  /** That of the machine. */
  readonly hash: number;
  /** How large it is, on a disk and on a link. */
  readonly bytes: number;
}

/** Where a snapshot belongs in the log: what is left of the entries that it stands for. */
export interface SnapshotLabel {
  /** The last entry that it covers, and the term of that entry. */
  readonly lastIndex: LogIndex;
  readonly lastTerm: Term;
  /** The hash of the log up to there. */
  readonly prefixHash: number;
  /** The one in force at that entry. */
  readonly configuration: Configuration;
}

export interface Snapshot extends SnapshotLabel {
  readonly state: MachineState;
  /** A checksum over the label and the state. */
  readonly sum: number;
}

/** What a write changes of the beginning of a log; all of it becomes durable with the write, or nothing. */
export interface Compaction {
  /** The snapshot from then on. */
  readonly snapshot: Snapshot | undefined;
  /** The entries up to here go. */
  readonly base: LogIndex;
  /** The other entries go as well: the log begins anew behind the snapshot. */
  readonly restart: boolean;
}

export function makeSnapshot(label: SnapshotLabel, state: MachineState): Snapshot {
  const { lastIndex, lastTerm, prefixHash, configuration } = label;
  const sum = snapshotSum({ lastIndex, lastTerm, prefixHash, configuration, state });
  return { lastIndex, lastTerm, prefixHash, configuration, state, sum };
}

/** The checksum that a sound snapshot carries. */
export function snapshotSum({ lastIndex, lastTerm, prefixHash, configuration, state }: Omit<Snapshot, 'sum'>): number {
  const { voters, outgoing, learners } = configuration;
  let sum = mix(mix(mix(0x5eed, lastIndex), lastTerm), prefixHash);
  for (const id of voters) sum = mix(sum, id);
  for (const id of outgoing) sum = mix(sum, id);
  for (const id of learners) sum = mix(sum, id);
  return mix(mix(sum, state.hash), state.bytes);
}
