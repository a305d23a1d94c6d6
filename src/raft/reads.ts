// Reads that take no place in the log (thesis 6.4): the leader's side, by read index and by lease.
//
// A leader answers a read only when it has committed an entry of its own term, and when a quorum has followed it since
// the read came: it begins a round of heartbeats, named by its term and a number of its own, for all reads that wait.
// One round is out at a time; what comes meanwhile waits for the next. A lease saves the round: it runs on the host's
// timer from the sending of a round that a quorum has answered, and counts no more once the lead was handed over.
//
// Invariant: a read is never answered from a state older than what was committed when it came.

import { NOBODY, type LogIndex, type NodeId } from '../base/ids.ts';
import type { HeartbeatRound, HeartbeatRoundReply, ReadIndex } from '../protocol/message.ts';
import type { ReadPath } from '../protocol/operation.ts';
import { Timer } from '../protocol/timers.ts';
import { noteFollowerContact } from './check-quorum.ts';
import type { FollowerProgress } from './progress.ts';
import type { PendingRead } from './read-state.ts';
import type { NodeState } from './state.ts';
import { followLeader } from './term.ts';

/** A client asks to read; `request` is a name that the host never uses again, not even in another life. */
export function onRead(node: NodeState, request: number, path: ReadPath): void {
  if (node.role !== 'leader') {
    if (path !== 'follower' || node.leader === NOBODY) return node.outbox.refuse(request, node.leader);
    node.reads.forwarded.push(request);
    return node.send({ kind: 'ReadIndex', from: node.id, to: node.leader, term: node.currentTerm, request });
  }
  if (path === 'lease' && node.holdsLease && hasCommittedInTerm(node)) {
    return node.outbox.serve(request, node.commitIndex);
  }
  takeRead(node, node.id, request);
}

/** A follower asks for a client of its own; who does not lead leaves it to the client to ask again. */
export function onReadIndex(node: NodeState, message: ReadIndex): void {
  if (node.role === 'leader') takeRead(node, message.from, message.request);
}

function takeRead(node: NodeState, asker: NodeId, request: number): void {
  node.reads.pending.push({ asker, request, index: node.commitIndex, round: 0 });
  beginRound(node);
}

const hasCommittedInTerm = (node: NodeState): boolean =>
  node.rules.mayRead(node.log.termAt(node.commitIndex), node.currentTerm);

/** Begins a round for the reads that wait for one, unless one is out or the leader may not read yet. */
export function beginRound(node: NodeState): void {
  const { reads } = node;
  if (reads.round > reads.confirmed || !hasCommittedInTerm(node)) return;
  let isNeeded = false;
  for (let i = 0; i < reads.pending.length; i++) {
    const read = reads.pending[i] as PendingRead;
    if (read.round > 0) continue;
    read.round = reads.round + 1;
    read.index = node.commitIndex;
    isNeeded = true;
  }
  if (isNeeded) sendRound(node, false);
}

/** A leader that uses leases asks for one at once, and again whenever it has run out. */
export function beginLease(node: NodeState): void {
  if (node.usesLeases) sendRound(node, true);
}

function sendRound(node: NodeState, isForLease: boolean): void {
  const { reads, followers } = node;
  if (followers === undefined) return;
  const round = ++reads.round;
  if (isForLease) {
    reads.leaseRound = round;
    node.arm(Timer.lease);
  }
  for (let i = 0; i < followers.list.length; i++) ask(node, (followers.list[i] as FollowerProgress).id);
  confirmRounds(node);
}

function ask(node: NodeState, to: NodeId): void {
  node.send({ kind: 'HeartbeatRound', from: node.id, to, term: node.currentTerm, round: node.reads.round });
}

/** With each heartbeat the round that is out goes once more to those that have not answered: messages are lost. */
export function repeatRound(node: NodeState): void {
  const { reads, followers } = node;
  if (followers === undefined || reads.round === reads.confirmed) return;
  for (let i = 0; i < followers.list.length; i++) {
    const { id, round } = followers.list[i] as FollowerProgress;
    if (round < reads.round) ask(node, id);
  }
}

/** The follower's side: a round is a sign of life of the leader like any other. */
export function onHeartbeatRound(node: NodeState, message: HeartbeatRound): void {
  const { from, term, round } = message;
  if (term === node.currentTerm && node.role !== 'leader') followLeader(node, from, term);
  node.send({ kind: 'HeartbeatRoundReply', from: node.id, to: from, term: node.currentTerm, round });
}

export function onHeartbeatRoundReply(node: NodeState, reply: HeartbeatRoundReply): void {
  if (node.role !== 'leader' || reply.term !== node.currentTerm) return;
  const progress = node.followerOf(reply.from);
  if (progress === undefined) return;
  noteFollowerContact(progress);
  if (reply.round <= progress.round) return;
  progress.round = reply.round;
  confirmRounds(node);
}

/** A quorum has answered a round: its reads are answered, the lease holds, and who waited has a round in turn. */
function confirmRounds(node: NodeState): void {
  const { reads, followers, rounds } = node;
  if (followers === undefined) return;
  rounds[node.id] = reads.round as LogIndex;
  for (let i = 0; i < followers.list.length; i++) {
    const { id, round } = followers.list[i] as FollowerProgress;
    rounds[id] = round as LogIndex;
  }
  const confirmed = node.rules.confirmedRound(node.configuration, rounds);
  if (confirmed <= reads.confirmed) return;
  reads.confirmed = confirmed;
  if (reads.leaseRound > 0 && confirmed >= reads.leaseRound) reads.hasLease = true;
  const { pending } = reads;
  let left = 0;
  for (let i = 0; i < pending.length; i++) {
    const read = pending[i] as PendingRead;
    if (read.round > 0 && read.round <= confirmed) answer(node, read);
    else pending[left++] = read;
  }
  pending.length = left;
  beginRound(node);
}

function answer(node: NodeState, { asker, request, index }: PendingRead): void {
  if (asker === node.id) return node.outbox.serve(request, index);
  const { id, currentTerm } = node;
  node.send({ kind: 'ReadIndexReply', from: id, to: asker, term: currentTerm, request, readIndex: index });
}

/** The lease has run out, whether a quorum ever answered its round or not: the leader asks for another one. */
export function onLeaseTimeout(node: NodeState): void {
  node.reads.hasLease = false;
  node.reads.leaseRound = 0;
  if (node.role === 'leader') beginLease(node);
}
