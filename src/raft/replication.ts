// Log replication and commitment (sections 5.3 and 5.4.2).
//
// The leader's side sends entries, steps back after refusals and advances commitIndex; the follower's side checks,
// cuts at the first conflict and appends. Empty requests, the heartbeats, take exactly the same path.

import { logIndex, NOBODY, type LogIndex, type NodeId } from '../base/ids.ts';
import type { MembershipChange } from '../protocol/configuration.ts';
import {
  ZERO_INDEX,
  ZERO_TERM,
  type AppendEntries,
  type AppendEntriesReply,
  type Command,
  type Entry,
} from '../protocol/message.ts';
import { Timer } from '../protocol/timers.ts';
import { continueChange, takeChange } from './change-members.ts';
import { noteFollowerContact } from './check-quorum.ts';
import { settleChange } from './membership.ts';
import type { FollowerProgress, Followers } from './progress.ts';
import { sendPiece } from './snapshot-pieces.ts';
import type { NodeState } from './state.ts';
import { serveWaiting } from './follower-reads.ts';
import { beginRound, repeatRound } from './reads.ts';
import { continueTransfer } from './transfer.ts';
import { followLeader } from './term.ts';

/** So many late refusals in a row, without an answer that is none, are no late refusals. */
const LAPSES_MAX = 3;
const NOTHING: readonly Entry[] = Object.freeze([]);

/** A client's command becomes an entry of the leader's log (section 5.3); anyone else names the leader. */
export function onPropose(node: NodeState, request: number, command: Command): void {
  if (node.role !== 'leader') return node.outbox.refuse(request, node.leader);
  if (!node.rules.takesCommands(node.transferee)) return node.outbox.refuse(request, NOBODY);
  const index = node.append({ term: node.currentTerm, command });
  node.outbox.accept(request, index, node.currentTerm);
  replicate(node);
}

/** Someone wants other members (section 6); the decision is in `change-members.ts`. */
export function onChangeMembers(node: NodeState, change: MembershipChange): void {
  if (takeChange(node, change)) replicate(node);
}

/** Sends every follower what it may be sent now. */
export function replicate(node: NodeState): void {
  const { followers } = node;
  if (followers === undefined) return;
  for (let i = 0; i < followers.list.length; i++) sendEntries(node, followers.list[i] as FollowerProgress);
}

/** Section 5.2: heartbeats keep the followers quiet; after losses they also find out where the logs part. */
export function onHeartbeatTimeout(node: NodeState): void {
  const { followers } = node;
  if (followers === undefined) return;
  for (let i = 0; i < followers.list.length; i++) {
    const progress = followers.list[i] as FollowerProgress;
    progress.paused = false;
    if (progress.mode !== 'replicate' || needsSnapshot(node, progress)) sendEntries(node, progress);
    else sendAppend(node, progress.id, progress.nextIndex, NOTHING);
  }
  repeatRound(node);
  node.arm(Timer.heartbeat);
}

/** Sends a follower the entries that come next, or a piece of the snapshot that stands for them. */
export function sendEntries(node: NodeState, progress: FollowerProgress): void {
  if (progress.mode === 'snapshot' || needsSnapshot(node, progress)) return sendPiece(node, progress);
  const peer = progress.id;
  if (progress.mode === 'probe') {
    if (progress.paused) return;
    progress.paused = true;
    if (!node.options.probeWithEntries) return sendAppend(node, peer, progress.nextIndex, NOTHING);
    const first = node.rules.firstIndexToSend(progress, node.log);
    return sendAppend(node, peer, progress.nextIndex, node.batchFrom(first));
  }
  while (progress.nextIndex <= node.log.lastIndex && progress.inflight.length < node.options.inflightMax) {
    const first = node.rules.firstIndexToSend(progress, node.log);
    const batch = node.batchFrom(first);
    sendAppend(node, peer, progress.nextIndex, batch);
    progress.nextIndex = logIndex(first + batch.length);
    progress.inflight.push(logIndex(progress.nextIndex - 1));
  }
}

const needsSnapshot = (node: NodeState, progress: FollowerProgress): boolean =>
  node.rules.needsSnapshot(progress.nextIndex, node.log.base);

function sendAppend(node: NodeState, to: NodeId, nextIndex: LogIndex, entries: readonly Entry[]): void {
  const prevLogIndex = logIndex(nextIndex - 1);
  node.send({
    kind: 'AppendEntries',
    from: node.id,
    to,
    term: node.currentTerm,
    prevLogIndex,
    prevLogTerm: node.log.termAt(prevLogIndex),
    entries,
    leaderCommit: node.commitIndex,
  });
  if (node.options.notifyCommit) noteTold(node, to, logIndex(prevLogIndex + entries.length));
}

/** What this request will tell its receiver to be committed, of what it verifies. */
function noteTold(node: NodeState, to: NodeId, verified: LogIndex): void {
  const progress = node.followerOf(to);
  const told = node.commitIndex < verified ? node.commitIndex : verified;
  if (progress !== undefined && told > progress.toldCommit) progress.toldCommit = told;
}

/** The follower's side (Figure 2, AppendEntries RPC, receiver implementation). */
export function onAppendEntries(node: NodeState, message: AppendEntries): void {
  if (message.term < node.currentTerm) return refuseAppend(node, message, ZERO_TERM, ZERO_INDEX);
  followLeader(node, message.from, message.term);

  const { prevLogIndex, entries } = message;
  if (!node.rules.prevMatches(node.log, prevLogIndex, message.prevLogTerm)) return refuseForConflict(node, message);
  const cut = node.rules.cutPoint(node.log, prevLogIndex, entries, node.commitIndex);
  if (cut > 0) node.cutLogFrom(cut);
  for (let i = 0; i < entries.length; i++) {
    if (prevLogIndex + 1 + i > node.log.lastIndex) node.append(entries[i] as Entry);
  }
  const verified = logIndex(prevLogIndex + entries.length);
  node.commitTo(node.rules.followerCommit(message.leaderCommit, verified, node.log.lastIndex));
  if (node.reads.waiting.length > 0) serveWaiting(node);
  node.send({
    kind: 'AppendEntriesReply',
    from: node.id,
    to: message.from,
    term: node.currentTerm,
    success: true,
    prevLogIndex,
    matchIndex: verified,
    conflictTerm: ZERO_TERM,
    conflictIndex: ZERO_INDEX,
  });
}

/**
 * Says where the logs may still agree (section 5.3, end): the first index of the conflicting term, or the log's end.
 */
function refuseForConflict(node: NodeState, message: AppendEntries): void {
  const { prevLogIndex } = message;
  if (prevLogIndex > node.log.lastIndex) {
    refuseAppend(node, message, ZERO_TERM, logIndex(node.log.lastIndex + 1));
  } else {
    refuseAppend(node, message, node.log.termAt(prevLogIndex), node.log.firstIndexOfTermAt(prevLogIndex));
  }
}

function refuseAppend(
  node: NodeState,
  message: AppendEntries,
  conflictTerm: AppendEntriesReply['conflictTerm'],
  conflictIndex: LogIndex,
): void {
  node.send({
    kind: 'AppendEntriesReply',
    from: node.id,
    to: message.from,
    term: node.currentTerm,
    success: false,
    prevLogIndex: message.prevLogIndex,
    matchIndex: ZERO_INDEX,
    conflictTerm,
    conflictIndex,
  });
}

/** The leader's side of an answer; answers to an earlier leadership say nothing about this one. */
export function onAppendEntriesReply(node: NodeState, reply: AppendEntriesReply): void {
  if (node.role !== 'leader' || reply.term !== node.currentTerm) return;
  const progress = node.followerOf(reply.from);
  if (progress === undefined) return;
  noteFollowerContact(progress);
  if (reply.success) {
    if (reply.matchIndex >= progress.matchIndex) progress.lapses = 0;
    progress.acknowledge(node.rules.acknowledgedIndex(reply, progress));
    if (reply.matchIndex > node.commitIndex) advanceCommit(node);
    if (node.transferee !== NOBODY) continueTransfer(node, progress);
    if (node.catchUp !== undefined && continueChange(node, node.catchUp)) replicate(node);
  } else {
    if (isOldNews(progress, reply)) return replaceWhatWasLost(node, progress, reply);
    progress.stepBack(node.rules.nextIndexAfterRejection(node.log, reply, node.options.backtracking));
  }
  if (node.followers === undefined) return;
  if (progress.mode === 'probe' || progress.nextIndex <= node.log.lastIndex) sendEntries(node, progress);
  if (node.options.notifyCommit && reply.success) notifyBehind(node, progress);
}

/**
 * A refusal that is no reason to move: of a request of an older term, though in the words of this one (its sender leads
 * again), of what the follower has acknowledged since, of a probe that was given up, or of what a snapshot replaces.
 */
function isOldNews(progress: FollowerProgress, reply: AppendEntriesReply): boolean {
  if (reply.conflictIndex === ZERO_INDEX || progress.mode === 'snapshot') return true;
  if (reply.prevLogIndex <= progress.matchIndex) return true;
  return progress.mode === 'probe' && reply.prevLogIndex !== progress.nextIndex - 1;
}

/**
 * A follower whose log ends before what it has acknowledged, again and again, and in no answer does not: its disk has
 * lost it. What is missing is sent anew, and nothing that is known of it changes. Otherwise it would refuse every
 * heartbeat for as long as this leader is idle.
 */
function replaceWhatWasLost(node: NodeState, progress: FollowerProgress, reply: AppendEntriesReply): void {
  const { conflictIndex, conflictTerm } = reply;
  if (conflictIndex === ZERO_INDEX || conflictTerm !== ZERO_TERM || conflictIndex > progress.matchIndex) return;
  if (progress.mode === 'snapshot' || ++progress.lapses < LAPSES_MAX) return;
  if (!node.rules.needsSnapshot(conflictIndex, node.log.base)) {
    return sendAppend(node, progress.id, conflictIndex, node.batchFrom(conflictIndex));
  }
  if (node.snapshot !== undefined) progress.beginSnapshot(node.snapshot);
  sendPiece(node, progress);
}

/** Sections 5.3 and 5.4.2: commits what a majority holds durably, if it is of the leader's own term. */
export function advanceCommit(node: NodeState): void {
  const { followers, matches } = node;
  if (followers === undefined) return;
  matches[node.id] = node.durableIndex;
  for (let i = 0; i < followers.list.length; i++) {
    const { id, matchIndex } = followers.list[i] as FollowerProgress;
    matches[id] = matchIndex;
  }
  const index = node.rules.quorumMatch(node.configuration, matches);
  if (index <= node.commitIndex) return;
  if (!node.rules.mayCommitByCounting(node.log.termAt(index), node.currentTerm)) return;
  node.commitTo(index);
  if (node.options.notifyCommit) notifyCommit(node, followers);
  if (node.reads.pending.length > 0) beginRound(node);
  if (settleChange(node)) replicate(node);
}

/** A follower that has acknowledged more than it was told to be committed: it learns of it without a heartbeat. */
function notifyBehind(node: NodeState, { id, mode, nextIndex, matchIndex, toldCommit }: FollowerProgress): void {
  if (mode !== 'replicate' || nextIndex <= node.log.lastIndex) return;
  if (toldCommit < matchIndex && toldCommit < node.commitIndex) sendAppend(node, id, nextIndex, NOTHING);
}

/** Followers that are waiting for an answer to a probe learn of it with what follows. */
function notifyCommit(node: NodeState, followers: Followers): void {
  for (let i = 0; i < followers.list.length; i++) {
    const progress = followers.list[i] as FollowerProgress;
    if (progress.mode !== 'replicate' || needsSnapshot(node, progress)) continue;
    sendAppend(node, progress.id, progress.nextIndex, NOTHING);
  }
}
