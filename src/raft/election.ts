// Leader election (sections 5.2 and 5.4.1).
//
// A timeout makes a candidate, a majority of votes of its term makes a leader. Votes are kept as a set of voters and
// start anew with every candidacy. A candidate's own vote counts once it is durable.

import { nextTerm, NOBODY, type NodeId } from '../base/ids.ts';
import { NO_OP, type RequestVote, type RequestVoteReply } from '../protocol/message.ts';
import { Timer } from '../protocol/timers.ts';
import { startQuorumCheck } from './check-quorum.ts';
import { endLeaderContact } from './leader-contact.ts';
import { mayCampaign } from './membership.ts';
import { Followers } from './progress.ts';
import { beginLease } from './reads.ts';
import { advanceCommit, replicate } from './replication.ts';
import type { NodeState } from './state.ts';

/**
 * Section 5.2: no leader was heard for a whole timeout. A leader has no such timer; a late one is ignored. Who may not
 * stand waits on: it may be a voter by the next time.
 */
export function onElectionTimeout(node: NodeState): void {
  if (node.role === 'leader') return;
  // A leader may hold a lease by this server's word: a clock that jumped does not free it.
  if (node.usesLeases && node.hasLeaderContact) return node.arm(Timer.election);
  endLeaderContact(node);
  if (mayCampaign(node)) return node.handlers.campaign(node);
  node.leader = NOBODY;
  node.arm(Timer.election);
}

/** A new term, and the vote for itself (section 5.2); `isTransfer` if the leader asked for it (thesis 3.10). */
export function startElection(node: NodeState, isTransfer: boolean): void {
  node.leader = NOBODY;
  node.setTermAndVote(nextTerm(node.currentTerm), node.id);
  node.role = 'candidate';
  node.votes.length = 0;
  node.ballotTicket = node.nextTicket;
  node.arm(Timer.election);
  for (let i = 0; i < node.peers.length; i++) {
    node.send({
      kind: 'RequestVote',
      from: node.id,
      to: node.peers[i] as NodeId,
      term: node.currentTerm,
      lastLogIndex: node.log.lastIndex,
      lastLogTerm: node.log.lastTerm,
      isTransfer,
    });
  }
}

/** The voter's side: first come, first served, and only for a log that is at least as up to date (section 5.4.1). */
export function onRequestVote(node: NodeState, message: RequestVote): void {
  const { log } = node;
  const granted =
    message.term === node.currentTerm &&
    (node.votedFor === NOBODY || node.votedFor === message.from) &&
    node.rules.logIsUpToDate(message.lastLogTerm, message.lastLogIndex, log.lastTerm, log.lastIndex);
  if (granted) {
    node.setTermAndVote(node.currentTerm, message.from);
    node.arm(Timer.election);
  }
  node.send({ kind: 'RequestVoteReply', from: node.id, to: message.from, term: node.currentTerm, granted });
}

export function onRequestVoteReply(node: NodeState, reply: RequestVoteReply): void {
  if (node.role !== 'candidate' || !node.rules.voteCounts(reply, node.currentTerm)) return;
  countVote(node, reply.from);
}

/** A write of this server is durable: its own vote may count, and so may its own copy of the log. */
export function onWriteCompleted(node: NodeState, ticket: number): void {
  node.noteWriteCompleted(ticket);
  if (node.role === 'candidate' && node.ballotTicket === ticket) countVote(node, node.id);
  else advanceCommit(node);
}

function countVote(node: NodeState, voter: NodeId): void {
  node.rules.recordVote(node.votes, voter);
  if (node.rules.isElected(node.configuration, node.votes)) becomeLeader(node);
}

/** Progress is set up before the first command is taken (Figure 2, volatile state on leaders, reinitialized). */
function becomeLeader(node: NodeState): void {
  node.role = 'leader';
  node.followers = new Followers(node.peers, node.log.lastIndex);
  node.leader = node.id;
  node.disarm(Timer.election);
  node.arm(Timer.heartbeat);
  startQuorumCheck(node);
  node.reads.beginReign();
  beginLease(node);
  if (node.options.noOpOnElection) node.append({ term: node.currentTerm, command: NO_OP });
  replicate(node);
}
