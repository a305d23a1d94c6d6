// InstallSnapshot (section 7, Figure 13): a follower that is too far behind gets the state in place of the entries.
//
// Pieces are taken in order only, under the leader's term and the snapshot that they are of: offset 0 begins anew, a
// gap is refused with the byte that is missing. What is half received is lost by a restart, and asked for again. A
// snapshot of what is known to be committed changes nothing.

import { ZERO_INDEX, type InstallSnapshot, type InstallSnapshotReply } from '../protocol/message.ts';
import { NOBODY, type LogIndex } from '../base/ids.ts';
import { noteFollowerContact } from './check-quorum.ts';
import { advanceCommit, sendEntries } from './replication.ts';
import type { NodeState } from './state.ts';
import { followLeader } from './term.ts';
import { continueTransfer } from './transfer.ts';

/** The follower's side. */
export function onInstallSnapshot(node: NodeState, message: InstallSnapshot): void {
  if (message.term < node.currentTerm) return reply(node, message, false, ZERO_INDEX, 0);
  followLeader(node, message.from, message.term);
  const { lastIncludedIndex, offset, length, snapshot } = message;
  if (node.rules.isSnapshotStale(lastIncludedIndex, node.commitIndex, node.log.lastIndex)) {
    return reply(node, message, true, node.commitIndex, 0);
  }
  if (offset === 0) node.incoming = { term: message.term, lastIndex: lastIncludedIndex, received: 0 };
  const { incoming } = node;
  if (incoming?.term !== message.term || incoming.lastIndex !== lastIncludedIndex) {
    return reply(node, message, false, ZERO_INDEX, 0);
  }
  if (!node.rules.isNextPiece(offset, incoming.received))
    return reply(node, message, false, ZERO_INDEX, incoming.received);
  incoming.received = offset + length;
  if (!message.done) return reply(node, message, false, ZERO_INDEX, incoming.received);
  node.incoming = undefined;
  node.handlers.install(node, snapshot);
  reply(node, message, true, lastIncludedIndex, 0);
}

function reply(
  node: NodeState,
  { from, lastIncludedIndex, offset }: InstallSnapshot,
  installed: boolean,
  matchIndex: LogIndex,
  nextOffset: number,
): void {
  node.send({
    kind: 'InstallSnapshotReply',
    from: node.id,
    to: from,
    term: node.currentTerm,
    lastIncludedIndex,
    offset,
    installed,
    matchIndex,
    nextOffset,
  });
}

/** The leader's side of an answer; only that to the piece that is out moves anything. */
export function onInstallSnapshotReply(node: NodeState, answer: InstallSnapshotReply): void {
  if (node.role !== 'leader' || answer.term !== node.currentTerm) return;
  const progress = node.followerOf(answer.from);
  if (progress === undefined) return;
  noteFollowerContact(progress);
  if (answer.installed) {
    progress.acknowledge(answer.matchIndex);
    if (answer.matchIndex > node.commitIndex) advanceCommit(node);
    if (node.transferee !== NOBODY) continueTransfer(node, progress);
  } else {
    if (progress.snapshot?.lastIndex !== answer.lastIncludedIndex || progress.offset !== answer.offset) return;
    progress.offset = node.rules.offsetAfterAnswer(progress.offset, answer.nextOffset);
    progress.paused = false;
  }
  if (node.followers !== undefined) sendEntries(node, progress);
}
