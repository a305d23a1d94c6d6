// CheckQuorum (thesis 6.2) and leader stickiness (thesis 4.2.3): a leader that a quorum does not answer steps down, and
// a server that hears a leader answers no candidate.
//
// They need each other: stickiness alone would keep alive a leader that a minority hears; stepping down alone would let
// a server that was cut off unseat a leader that works. How long a leader was heard is in `leader-contact.ts`.

import { NOBODY, type NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import { Timer } from '../protocol/timers.ts';
import type { FollowerProgress } from './progress.ts';
import type { NodeState } from './state.ts';
import { becomeFollower } from './term.ts';

/** A follower answered in the leader's term: it is there. */
export function noteFollowerContact(progress: FollowerProgress): void {
  progress.isActive = true;
}

/** A new leader gives everyone a whole period to answer. */
export function startQuorumCheck(node: NodeState): void {
  if (node.options.checkQuorum) node.arm(Timer.quorumCheck);
}

/** Thesis 6.2: a leader without a quorum of answers in a whole election timeout steps down. */
export function onQuorumCheckTimeout(node: NodeState): void {
  const { followers } = node;
  if (followers === undefined) return;
  const active: NodeId[] = [node.id];
  for (let i = 0; i < followers.list.length; i++) {
    const progress = followers.list[i] as FollowerProgress;
    if (progress.isActive) active.push(progress.id);
    progress.isActive = false;
  }
  if (node.rules.hasQuorumContact(node.configuration, active)) return node.arm(Timer.quorumCheck);
  node.leader = NOBODY;
  becomeFollower(node, node.currentTerm);
}

/** Thesis 4.2.3: whether a request for a vote is not even looked at, so that its term unseats nobody. */
export function isIgnored(node: NodeState, message: Message): boolean {
  if (message.kind !== 'RequestVote' || !node.options.checkQuorum) return false;
  if (message.term < node.currentTerm || node.rules.isPermitted(message)) return false;
  // In its own term a vote is looked at, unless a leader of before may hold a lease by this server's word.
  if (message.term === node.currentTerm && !(node.usesLeases && node.role === 'follower')) return false;
  return node.role === 'leader' || node.rules.isStickyTo(message.from, node.leader, node.hasLeaderContact);
}
