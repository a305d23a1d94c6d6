// Takes a simulation to its end in slices, so that signals, timers and the terminal get their turn in between.
//
// Slices change nothing about a run. The caller may look after each slice, and a signal stops between two of them. A
// slice has so many steps wherever it runs; where its steps are slow, the rest of the program has its turns within it.

import { setImmediate } from 'node:timers/promises';
import type { Run, Simulation } from '../../run/simulate.ts';
import type { Length } from '../../run/plan.ts';
import type { Interruption } from './interrupt.ts';
import type { Progress } from './progress.ts';
import { durationText } from '../../run/quantity.ts';
import { groupDigits, virtualTimeText } from './units.ts';

export const SLICE = 20_000;

/** Steps between two looks at the clock, and the real milliseconds after which the rest of the program has its turn. */
const PIECE = 500;
const TURN_EVERY = 100;

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
  let turn = begun;
  for (;;) {
    const end = Math.min(world.steps + SLICE, until);
    if (world.steps >= end) return 'stopped';
    let goesOn = true;
    while (goesOn && world.steps < end && interruption.signal === undefined) {
      goesOn = simulation.advance(Math.min(PIECE, end - world.steps));
      if (clock() - turn < TURN_EVERY) continue;
      await progress.tick(render);
      await setImmediate();
      turn = clock();
    }
    look?.();
    if (!goesOn) return 'over';
    await setImmediate();
    if (interruption.signal !== undefined) return 'stopped';
  }
}

/** Judges a run that is over. */
export const judge = (simulation: Simulation, clock: () => number): Promise<Run> =>
  inTurns(simulation.judging(), clock);

/** Does work that comes in pieces, and leaves the rest of the program its turns in between. */
export async function inTurns<Result>(work: Generator<undefined, Result>, clock: () => number): Promise<Result> {
  let turn = clock();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (clock() - turn < TURN_EVERY) continue;
    await setImmediate();
    turn = clock();
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
