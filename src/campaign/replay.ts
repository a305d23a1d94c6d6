// The replay of a seed: its failing run, shrunk, as plain data that travels between threads and into files.
//
// A failure that depends on more than the order of its steps (its times, or the end of the run) has none.

import type { FirstDifference } from '../run/first-difference.ts';
import { isPropertyName } from '../run/properties.ts';
import { simulate } from '../run/simulate.ts';
import { readScenario } from '../scenario/load.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { externalsIn, stepsIn } from '../shrink/candidate.ts';
import { deliveriesIn } from '../shrink/moves.ts';
import { playOf } from '../shrink/proof.ts';
import { Shrinking, Unshrinkable } from '../shrink/shrink.ts';
import { isBestEffort } from '../systems/best-effort.ts';
import { drawPlan, type SwarmInput } from './swarm.ts';

/** The shortest schedule that was found to break the promise that a seed broke. */
export interface Replay {
  /** Equal for failures that ended in the same schedule. */
  readonly shape: string;
  /** The scenario, as YAML. */
  readonly scenario: string;
  /** What the scenario finds when it is played, in one sentence. */
  readonly why: string;
  /** How many steps the schedule has. */
  readonly steps: number;
  /** How many of them deliver a message. */
  readonly deliveries: number;
  /** Timers, faults and calls. */
  readonly externals: number;
  /** How many servers it needs. */
  readonly nodes: number;
  /** How many schedules were tried. */
  readonly tries: number;
  /** Without any one of its steps the failure is gone. */
  readonly isMinimal: boolean;
  /** The first decision that the paper's node would have made otherwise; left out if there is none. */
  readonly difference?: FirstDifference | undefined;
}

/** When shrinking ends before it is done. */
export interface ShrinkLimits {
  /** The time is over: the best so far is the replay. */
  readonly isOver: () => boolean;
  /** An end is wanted at once: there is no replay. */
  readonly isHurried: () => boolean;
}

/**
 * Shrinks what the plan of a seed breaks to a scenario of a few steps.
 *
 * @returns undefined if nothing is broken, if the failure depends on more than the order of its steps, or if the caller
 * was in a hurry.
 * @throws UsageError if the input can have no plan.
 *
 * @example
 * ```js
 * const never = { isOver: () => false, isHurried: () => false };
 * console.log(shrinkSeed('1', { variant: 'retry-without-dedup' }, never)?.scenario);
 * ```
 */
export function shrinkSeed(seed: string, swarm: SwarmInput, { isOver, isHurried }: ShrinkLimits): Replay | undefined {
  const plan = drawPlan(seed, swarm);
  if (isBestEffort(plan.system)) return undefined;
  const recorder = new TraceRecorder({ lines: false });
  const { violation } = simulate(plan, { recorder });
  if (violation === undefined || !isPropertyName(violation.property)) return undefined;
  const steps = recorder.drain().map(({ data }) => data);
  try {
    const shrinking = new Shrinking({ plan, steps, target: violation.property, from: `seed ${seed}`, isOver });
    const run = shrinking.run();
    let turn = run.next();
    while (turn.done !== true) {
      if (isHurried()) return undefined;
      turn = run.next();
    }
    const { candidate, text, shape, proof, difference } = turn.value;
    return {
      shape,
      scenario: text,
      why: brokenIn(text),
      steps: stepsIn(candidate),
      deliveries: deliveriesIn(candidate.moves),
      externals: externalsIn(candidate),
      nodes: candidate.environment.plan.nodes,
      tries: shrinking.search.replays,
      isMinimal: proof.isMinimal,
      difference,
    };
  } catch (error) {
    if (error instanceof Unshrinkable) return undefined;
    throw error;
  }
}

/** What the scenario itself finds, which speaks of fewer servers and entries than the run did. */
function brokenIn(text: string): string {
  const { run } = playOf(readScenario(text, { file: 'replay.yaml', nearest: () => undefined }));
  return run.violation?.why ?? '';
}
