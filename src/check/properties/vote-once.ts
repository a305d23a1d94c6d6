// One vote a term (section 5.2): "each server will vote for at most one candidate in a given term, on a
// first-come-first- served basis". Remembered across crashes: that is why the vote is persistent state (Figure 2).
//
// Seen in the messages that leave: a granted vote, and a candidate's request, which is its vote for itself. Messages of
// another Raft claim the votes that they grant; its candidates vote for themselves by standing.

import { unreachable } from '../../base/errors.ts';
import { nodeName, type NodeId } from '../../base/ids.ts';
import type { Finding, Property, PropertyFacts } from '../property.ts';

export const voteOnceFacts = {
  name: 'vote-once',
  kind: 'safety',
  mood: 'always',
  needs: ['votes'],
} as const satisfies PropertyFacts;

export function voteOnce(nodes: number, isForeign: boolean): Property {
  const votes: (NodeId | undefined)[][] = Array.from({ length: nodes }, () => []);

  const vote = (voter: NodeId, term: number, candidate: NodeId): Finding => {
    const mine = votes[voter] as (NodeId | undefined)[];
    const before = mine[term];
    mine[term] = candidate;
    if (before === undefined || before === candidate) return undefined;
    const name = nodeName(voter);
    return `${name} votes for ${nodeName(candidate)} in term ${term}, in which it voted for ${nodeName(before)} before`;
  };

  /** Nobody can read who asks for votes in a foreign message; a candidate says so by what it is. */
  const ownVote: NonNullable<Property['turned']> = (host) => {
    const { role, currentTerm, votedFor } = host.process.probe;
    const stands = role === 'candidate' || role === 'leader';
    return stands && votedFor === host.id ? vote(host.id, currentTerm, host.id) : undefined;
  };

  const property: Property = {
    name: voteOnceFacts.name,
    mood: voteOnceFacts.mood,
    voted(host, message) {
      switch (message.kind) {
        case 'RequestVote':
          return vote(host.id, message.term, host.id);
        case 'RequestVoteReply':
          return message.granted ? vote(host.id, message.term, message.to) : undefined;
        case 'Foreign':
          return vote(host.id, message.term, message.to);
        default:
          return unreachable(message);
      }
    },
  };
  if (isForeign) property.turned = ownVote;
  return property;
}
