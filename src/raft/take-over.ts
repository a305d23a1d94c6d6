// Leadership transfer (thesis 3.10), the follower's side: its leader wants it in its place.
//
// The follower stands for election at once, without pre-votes, and asks by permission of its leader, so that nobody
// stays loyal to that one (thesis 4.2.3). A request counts in the term in which it was made, and in no other.

import { isVoter } from '../protocol/configuration.ts';
import type { TimeoutNow } from '../protocol/message.ts';
import { startElection } from './election.ts';
import { endLeaderContact } from './leader-contact.ts';
import type { NodeState } from './state.ts';

export function onTimeoutNow(node: NodeState, message: TimeoutNow): void {
  if (node.role !== 'follower' || !node.rules.heedsTimeoutNow(message, node.currentTerm)) return;
  if (!isVoter(node.configuration, node.id)) return;
  endLeaderContact(node);
  startElection(node, true);
}
