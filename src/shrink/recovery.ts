// What follows the moves of a schedule that must not end in progress: the faults are over, and time runs.
//
// Bounded liveness (section 5.6) is judged at the end of that time. It is what the verbs `drop: all` and `settle` of a
// scenario do.

import type { Simulation } from '../run/simulate.ts';
import type { DirectedScheduler } from '../sim/schedule/directed.ts';
import { LOOK_EVERY } from '../sim/bounds.ts';

export interface Recovery {
  /** What is on its way when the faults end is lost. */
  readonly isEmptied: boolean;
}

/** Lets a cluster recover for as long as it may take, until a property is violated or a bound of the run exceeded. */
export function recover(
  simulation: Simulation,
  director: DirectedScheduler,
  { isEmptied }: Recovery,
  micros: number,
): void {
  const { world } = simulation;
  for (const { message, number, copies } of isEmptied ? director.onTheirWay() : []) {
    const { from, to } = message;
    const drop = { kind: 'drop', at: world.now, from, to, number, reason: 'lost' } as const;
    for (let copy = 0; copy < copies; copy++) director.take(drop);
  }
  director.calmDown();
  while (director.mend());
  director.beginWindow(world.now + micros, undefined, undefined);
  while (world.violation === undefined && director.next()) {
    if (world.steps % LOOK_EVERY === 0 && simulation.flood() !== undefined) break;
  }
  director.endWindow(undefined);
}
