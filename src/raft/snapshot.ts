// Log compaction (section 7): a server replaces the beginning of its log by what its machine came to.
//
// The machine writes itself out at the last entry that it executed, which takes a while; then the snapshot and the log
// behind it change on the disk in one write. The log in memory follows once that is durable. A snapshot that is
// finished when a newer one has arrived changes nothing.

import type { LogIndex } from '../base/ids.ts';
import { makeSnapshot, type MachineState, type Snapshot } from '../protocol/snapshot.ts';
import { serveWaiting } from './follower-reads.ts';
import type { NodeState } from './state.ts';

/** The machine's state after the entry at an index, under the label that the log and the configuration give it. */
export function describeSnapshot(node: NodeState, index: LogIndex, state: MachineState): Snapshot {
  const { log } = node;
  const configuration = node.configurationOf(index);
  const label = { lastIndex: index, lastTerm: log.termAt(index), prefixHash: log.prefixHashAt(index), configuration };
  return makeSnapshot(label, state);
}

/** The machine has written itself out. */
export function onSnapshotTimeout(node: NodeState): void {
  const { captured } = node;
  node.isCapturing = false;
  node.captured = undefined;
  if (captured !== undefined) node.handlers.compact(node, captured);
}

/**
 * The snapshot takes the place of the log up to it, unless a newer one has. What the machine executed in an earlier
 * life is committed, but before the server knows that itself it keeps its log.
 */
export function compact(node: NodeState, snapshot: Snapshot): void {
  if (snapshot.lastIndex <= node.snapshotIndex || snapshot.lastIndex > node.commitIndex) return;
  node.compactTo(snapshot, node.rules.baseAfterSnapshot(snapshot.lastIndex, node.options.compactKeep));
}

/** A leader's snapshot replaces what it stands for; entries behind it stay only if they go on from it. */
export function install(node: NodeState, snapshot: Snapshot): void {
  const { lastIndex, lastTerm } = snapshot;
  if (node.rules.continuesSnapshot(node.log, lastIndex, lastTerm)) {
    node.compactTo(snapshot, node.rules.baseAfterSnapshot(lastIndex, node.options.compactKeep));
  } else node.restartFrom(snapshot);
  node.handlers.restore(node, snapshot);
}

/** The machine goes on from a snapshot, and so does what is known to be committed. */
export function restore(node: NodeState, snapshot: Snapshot): void {
  node.goOnFrom(snapshot);
  node.outbox.restore(snapshot);
  if (node.reads.waiting.length > 0) serveWaiting(node);
}
