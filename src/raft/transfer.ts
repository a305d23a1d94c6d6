// Leadership transfer (thesis 3.10), the leader's side: it hands its lead to a follower of its choice.
//
// It takes no commands meanwhile, brings the follower's log up to its own, and tells it to stand for election at once.
// What did not succeed within an election timeout is given up. The other side is `take-over.ts`.
//
// Invariant: only a leader hands over, and while it does so a timer runs.

import { NOBODY, type NodeId } from '../base/ids.ts';
import { isVoter } from '../protocol/configuration.ts';
import { Timer } from '../protocol/timers.ts';
import type { FollowerProgress } from './progress.ts';
import type { NodeState } from './state.ts';

/** Somebody asks the leader to hand over to a server that votes; a later wish replaces an earlier one. */
export function onTransfer(node: NodeState, target: NodeId): void {
  if (node.role !== 'leader' || target === node.transferee) return;
  const progress = node.followerOf(target);
  if (progress === undefined || !isVoter(node.configuration, target)) return;
  node.transferee = target;
  node.arm(Timer.transfer);
  continueTransfer(node, progress);
}

/**
 * The follower that is to take over is told so as soon as it is far enough, and again with each of its answers, since
 * the request may be lost.
 */
export function continueTransfer(node: NodeState, { id, matchIndex }: FollowerProgress): void {
  const { currentTerm, log } = node;
  if (node.transferee !== id || !node.rules.mayTakeOver(matchIndex, log.lastIndex)) return;
  // From here on another may be elected at any time, whatever the others promised.
  node.reads.hasToldHeir = true;
  node.send({ kind: 'TimeoutNow', from: node.id, to: id, term: currentTerm, lastLogIndex: log.lastIndex });
}

/** The other did not make it in time: this leader goes on. */
export function onTransferTimeout(node: NodeState): void {
  node.transferee = NOBODY;
}

/** A leader loses its lead, to whomever: there is nothing left to hand over. */
export function endTransfer(node: NodeState): void {
  if (node.transferee === NOBODY) return;
  node.transferee = node.rules.transfereeOnStepDown(node.transferee);
  node.disarm(Timer.transfer);
}
