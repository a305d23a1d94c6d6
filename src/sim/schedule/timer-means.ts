// How often the timers of a run go off under an adversary, where their time does not decide.
//
// Drawn once for a run. A timer of an option must never take a draw from the stream of the others.

import { unreachable } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { Timer, timers } from '../../protocol/timers.ts';
import type { Parameters } from '../parameters.ts';

/**
 * How often timers go off: each run draws whether elections are rare or many, around what the timeouts of the plan
 * would give if no heartbeat held them back. The timers of options have a stream of their own, so that a run without
 * them is what it was before there were any.
 */
export function drawMeans(
  p: Parameters,
  nodes: number,
  random: Random,
  optional: Random,
  snapshots: Random,
): readonly number[] {
  const election = Math.ceil((p.electionTimeoutMin + p.electionTimeoutMax) / 2 / nodes);
  return timers.map((timer) => {
    switch (timer) {
      case Timer.election:
        return Math.max(1, Math.floor((election * (1 << random.below(6))) / 2));
      case Timer.heartbeat:
        return Math.max(1, Math.floor((p.heartbeatInterval * (1 << random.below(5))) / 4));
      case Timer.leaderContact:
      case Timer.quorumCheck:
      case Timer.transfer:
      case Timer.lease:
        return Math.max(1, Math.floor((election * (1 << optional.below(6))) / 2));
      case Timer.catchUp:
        return election;
      case Timer.tick:
        // No draw: servers of ours have no ticks, and their runs stay what they are.
        return Math.max(1, Math.floor(p.heartbeatInterval / (2 * nodes)));
      case Timer.snapshot:
        return Math.max(1, p.snapshotDelayMin + snapshots.below(p.snapshotDelayMax - p.snapshotDelayMin + 1));
      default:
        return unreachable(timer);
    }
  });
}
