// Ticks of a server that counts its own time, made timeouts: one move instead of dozens.
//
// Most ticks only bring the next timeout nearer. Those that a server did something about become the timeout that it
// was, which such a server can be told by hand; the others are left out. Our own servers have no ticks.

import type { Pass, Search } from './search.ts';
import type { Move } from './moves.ts';
import type { Environment } from './environment.ts';
import { Trial } from './trial.ts';

/** Looks for the same failure with timeouts in the place of ticks. */
export function* withoutTicks(search: Search): Pass {
  const { environment, moves } = search.best;
  if (!moves.some(isTick)) return;
  search.phase = 'timeouts for ticks';
  search.try(withTimeouts(environment, moves));
  yield;
}

const isTick = (move: Move): boolean => move.act === 'timer' && move.timer === 'tick';

function withTimeouts(environment: Environment, moves: readonly Move[]): Move[] {
  let sent = 0;
  const trial = new Trial(environment, () => void sent++);
  trial.boot();
  return moves.flatMap((move) => {
    if (move.act !== 'timer' || move.timer !== 'tick') {
      trial.take(move);
      return [move];
    }
    const host = trial.world.host(move.node);
    if (host.status !== 'up') return [];
    const { role, currentTerm } = host.process.probe;
    const sentBefore = sent;
    trial.take(move);
    const after = host.status === 'up' ? host.process.probe : undefined;
    if (sent === sentBefore && after?.role === role && after.currentTerm === currentTerm) return [];
    return [{ ...move, timer: role === 'leader' ? 'heartbeat' : 'election' } as const];
  });
}
