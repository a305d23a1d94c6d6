// How a leader sends a snapshot (section 7, Figure 13): piece after piece, the next when the one before was answered.
//
// A piece that is lost is sent again by the next heartbeat, in whose place it stands: it says as well that the leader
// is there. A transfer that has begun is carried through, however many snapshots the leader takes meanwhile.

import { assert } from '../base/errors.ts';
import type { FollowerProgress } from './progress.ts';
import type { NodeState } from './state.ts';

/** Sends the piece that comes next to a follower that needs a snapshot, unless one is on its way. */
export function sendPiece(node: NodeState, progress: FollowerProgress): void {
  const { snapshot: latest } = node;
  assert(latest !== undefined, 'a snapshot stands for what a log no longer has (section 7)');
  const snapshot = node.rules.snapshotToSend(progress.snapshot, latest);
  if (snapshot !== progress.snapshot) progress.beginSnapshot(snapshot);
  if (progress.paused) return;
  progress.paused = true;
  const rest = snapshot.state.bytes - progress.offset;
  const length = Math.min(rest, node.options.snapshotChunkBytes);
  node.send({
    kind: 'InstallSnapshot',
    from: node.id,
    to: progress.id,
    term: node.currentTerm,
    lastIncludedIndex: snapshot.lastIndex,
    lastIncludedTerm: snapshot.lastTerm,
    offset: progress.offset,
    length,
    done: length === rest,
    snapshot,
  });
}
