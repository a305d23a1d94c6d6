// Catching up before the vote (thesis 4.2.1): a server that is to vote receives the log first, as a learner, in rounds.
//
// A round replicates what the log held when it began. When one is over within a shortest election timeout the newcomer
// is close enough, and the change goes on; after ten that took longer it is given up, and the learner stays one. A node
// reads no clock: a timer of the host runs as long as a round may take.
//
// Invariant: only a leader catches others up, and while it does so a timer runs.

import type { NodeId } from '../base/ids.ts';
import { isVoter, type Configuration, type MembershipChange } from '../protocol/configuration.ts';
import { Timer } from '../protocol/timers.ts';
import type { CatchUp } from './progress.ts';
import type { NodeState } from './state.ts';

const ROUNDS_MAX = 10;

/** Who would vote and does not yet. */
export const newcomersOf = (old: Configuration, next: Configuration): NodeId[] =>
  next.voters.filter((id) => !isVoter(old, id));

export function startCatchUp(node: NodeState, change: MembershipChange, newcomers: readonly NodeId[]): void {
  const roundEnd = node.log.lastIndex;
  node.catchUp = { change, newcomers, roundEnd, roundsLeft: ROUNDS_MAX, isSlow: false };
  node.arm(Timer.catchUp);
}

/** A follower has answered. True if all newcomers are close enough, and the change may go on. */
export function isCaughtUp(node: NodeState, catchUp: CatchUp): boolean {
  if (node.configurationIndex > node.commitIndex) return false;
  for (let i = 0; i < catchUp.newcomers.length; i++) {
    const progress = node.followerOf(catchUp.newcomers[i] as NodeId);
    if (progress === undefined || progress.matchIndex < catchUp.roundEnd) return false;
  }
  if (!catchUp.isSlow) return true;
  catchUp.isSlow = false;
  catchUp.roundEnd = node.log.lastIndex;
  node.arm(Timer.catchUp);
  return false;
}

/** The round takes too long; one that never ends counts again and again. */
export function onCatchUpTimeout(node: NodeState): void {
  const { catchUp } = node;
  if (catchUp === undefined) return;
  catchUp.isSlow = true;
  if (--catchUp.roundsLeft === 0) node.catchUp = undefined;
  else node.arm(Timer.catchUp);
}

/** The change begins, or its leader leads no more. */
export function endCatchUp(node: NodeState): void {
  if (node.catchUp === undefined) return;
  node.catchUp = undefined;
  node.disarm(Timer.catchUp);
}
