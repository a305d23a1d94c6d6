// The rule of terms (section 5.1): a newer term makes everyone a follower of it, before anything else is looked at.
//
// Must never touch the vote while the term stays the same: within a term a vote is given once (section 5.2).

import { assert } from '../base/errors.ts';
import { NOBODY, type NodeId, type Term } from '../base/ids.ts';
import { Timer } from '../protocol/timers.ts';
import { endCatchUp } from './catch-up.ts';
import { endLeaderContact, noteLeaderContact } from './leader-contact.ts';
import type { NodeState } from './state.ts';
import { endTransfer } from './transfer.ts';

/** Steps down into a term that is not older than the current one; a deposed leader starts waiting for its successor. */
export function becomeFollower(node: NodeState, term: Term): void {
  const termRose = term > node.currentTerm;
  if (termRose) {
    node.leader = NOBODY;
    if (node.reads.forwarded.length > 0) node.reads.dropForwarded(NOBODY, node.outbox);
    // What was promised to a leader that holds a lease outlives its term.
    if (!node.usesLeases) endLeaderContact(node);
  }
  node.setTermAndVote(term, node.rules.voteOnStepDown(node.votedFor, termRose));
  if (node.role === 'follower') return;
  if (node.role === 'leader') {
    node.followers = undefined;
    endTransfer(node);
    node.reads.endReign(node.id, NOBODY, node.outbox);
    if (node.usesLeases) node.disarm(Timer.lease);
    endCatchUp(node);
    node.disarm(Timer.heartbeat);
    if (node.options.checkQuorum) node.disarm(Timer.quorumCheck);
    node.arm(Timer.election);
  }
  node.role = 'follower';
}

/** The leader of a term that is not older was heard (section 5.2). */
export function followLeader(node: NodeState, leader: NodeId, term: Term): void {
  // Two leaders of one term cannot be: if they are, going on would only hide who broke election safety.
  assert(node.role !== 'leader', 'a leader never meets another leader of its term (section 5.2)');
  becomeFollower(node, term);
  node.leader = leader;
  node.arm(Timer.election);
  noteLeaderContact(node);
}
