// Whether the leader was heard a moment ago (thesis 4.2.3, 9.6): what makes a server deaf to those who want its place.
//
// A contact lasts for the shortest election timeout. A node reads no clock: a timer of the host runs exactly as long as
// the contact. Where no option asks for it, there is neither contact nor timer.

import { Timer } from '../protocol/timers.ts';
import type { NodeState } from './state.ts';

/** The leader of the term was heard. */
export function noteLeaderContact(node: NodeState): void {
  if (!node.options.preVote && !node.options.checkQuorum) return;
  node.hasLeaderContact = true;
  node.arm(Timer.leaderContact);
}

/**
 * A server that may have given its word to a leader before it crashed keeps it: it behaves as if it had just heard one
 * (thesis 6.4.1). With an empty disk it has given none.
 */
export function keepPromise(node: NodeState): void {
  if (!node.rules.waitsAfterRestart(node.currentTerm)) return;
  node.hasLeaderContact = true;
  node.arm(Timer.leaderContact);
}

/** A shortest election timeout has gone by since the leader was heard. */
export function onLeaderContactTimeout(node: NodeState): void {
  node.hasLeaderContact = false;
}

/** There is another term, or this server itself gave the leader up: what was heard counts no longer. */
export function endLeaderContact(node: NodeState): void {
  if (!node.hasLeaderContact) return;
  node.hasLeaderContact = false;
  node.disarm(Timer.leaderContact);
}
