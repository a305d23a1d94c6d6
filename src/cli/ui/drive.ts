// Takes a simulation to its end in slices, so that signals, timers and the terminal get their turn in between.
//
// Slices change nothing about a run. The caller may look after each slice, and a signal stops between two of them.

import { setImmediate } from 'node:timers/promises';
import type { Simulation } from '../../run/simulate.ts';
import type { Length } from '../../run/plan.ts';
import type { Interruption } from './interrupt.ts';
import type { Progress } from './progress.ts';
import { durationText } from '../../run/quantity.ts';
import { groupDigits, virtualTimeText } from './units.ts';

export const SLICE = 20_000;

export interface Drive {
  readonly simulation: Simulation;
  readonly interruption: Interruption;
  readonly progress: Progress;
  readonly clock: () => number;
  /** Stop at this step, if the run gets that far. */
  readonly until?: number;
  /** Called after each slice. */
  readonly look?: () => void;
}

/** Runs until the run is over, the step is reached, or a signal comes; `over` if the run can go no further. */
export async function drive(work: Drive): Promise<'over' | 'stopped'> {
  const { simulation, interruption, progress, clock, until = Infinity, look } = work;
  const { world } = simulation;
  const begun = clock();
  const render = (): string => standing(simulation, clock() - begun);
  for (;;) {
    const slice = Math.min(SLICE, until - world.steps);
    if (slice <= 0) return 'stopped';
    const goesOn = simulation.advance(slice);
    look?.();
    if (!goesOn) return 'over';
    await progress.tick(render);
    await setImmediate();
    if (interruption.signal !== undefined) return 'stopped';
  }
}

/** Where a run stands, on one line. */
export function standing(simulation: Simulation, realMillis: number): string {
  const { world, plan } = simulation;
  const { terms, entriesCommitted } = simulation.summary();
  const speed = realMillis > 0 ? (world.steps * 1000) / realMillis : 0;
  return [
    `${virtualTimeText(world.now)}${goalText(plan.length)}`,
    'steps' in plan.length
      ? `step ${groupDigits(world.steps)} of ${groupDigits(plan.length.steps)}`
      : `${groupDigits(world.steps)} steps`,
    `${groupDigits(speed)}/s`,
    `term ${groupDigits(terms)}`,
    `${groupDigits(entriesCommitted)} commits`,
  ].join(' · ');
}

const goalText = (length: Length): string => ('steps' in length ? '' : ` of ${durationText(length.micros)}`);
