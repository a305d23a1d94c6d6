// PreVote (thesis 9.6): a server that hears no leader asks whether it could win an election before it raises its term.
//
// A server that was cut off comes back with the term that it left with, and does not unseat a working leader. Nothing
// is promised by a pre-vote: it is not persisted, touches neither term nor vote, and re-arms no timer. A refusal always
// leaves, with the term of the server that refuses: an asker whose term is behind adopts it, so that a long log in an
// old term and a short log in a new one cannot block each other for ever.

import { NOBODY, type NodeId } from '../base/ids.ts';
import type { PreVote, PreVoteReply } from '../protocol/message.ts';
import { Timer } from '../protocol/timers.ts';
import { startElection } from './election.ts';
import type { NodeState } from './state.ts';

/** Asks the others; alone in its cluster a server stands for election at once. */
export function startPreVote(node: NodeState): void {
  node.leader = NOBODY;
  node.role = 'pre-candidate';
  node.votes.length = 0;
  node.arm(Timer.election);
  countPreVote(node, node.id);
  if (node.role !== 'pre-candidate') return;
  for (let i = 0; i < node.peers.length; i++) {
    node.send({
      kind: 'PreVote',
      from: node.id,
      to: node.peers[i] as NodeId,
      term: node.currentTerm,
      lastLogIndex: node.log.lastIndex,
      lastLogTerm: node.log.lastTerm,
    });
  }
}

/** Would this server vote for the asker in the term behind the asker's? It says so, and stays what it is. */
export function onPreVote(node: NodeState, message: PreVote): void {
  const granted =
    message.term >= node.currentTerm &&
    node.role !== 'leader' &&
    !node.rules.isStickyTo(message.from, node.leader, node.hasLeaderContact) &&
    node.rules.logIsUpToDate(message.lastLogTerm, message.lastLogIndex, node.log.lastTerm, node.log.lastIndex);
  node.send({
    kind: 'PreVoteReply',
    from: node.id,
    to: message.from,
    term: node.currentTerm,
    granted,
    askedTerm: message.term,
  });
}

/** Counts answers to the question that is out now; the term of a refusal was looked at before. */
export function onPreVoteReply(node: NodeState, reply: PreVoteReply): void {
  if (node.role !== 'pre-candidate' || !node.rules.preVoteCounts(reply, node.currentTerm)) return;
  countPreVote(node, reply.from);
}

function countPreVote(node: NodeState, voter: NodeId): void {
  node.rules.recordVote(node.votes, voter);
  if (node.rules.isElected(node.configuration, node.votes)) startElection(node, false);
}
