// What can be read off a scenario without playing it: whether its seed matters, whether it shows anything.
//
// Only where time runs, where odds are named, or where a node is chosen at random is anything drawn from the seed.

import { SEED_LENGTH_MAX } from '../../run/plan.ts';
import type { RawScenario, RawStep } from '../../scenario/schema/schema.ts';
import { verbsOf } from '../../scenario/schema/schema.ts';
import { verbTable, type VerbName } from '../../scenario/verbs/verbs.ts';

type Written = RawStep | VerbName;

const verbOf = (step: Written): VerbName | undefined => (typeof step === 'string' ? step : verbsOf(step)[0]);

function someStep(steps: readonly Written[] | undefined, holds: (verb: VerbName) => boolean): boolean {
  return (steps ?? []).some((step) => {
    const verb = verbOf(step);
    if (verb !== undefined && holds(verb)) return true;
    return typeof step !== 'string' && someStep(step.do, holds);
  });
}

/** Whether another seed may make another story. */
export function hasRandomParts(raw: RawScenario): boolean {
  if (raw.eventually !== undefined) return true;
  if (someStep(raw.steps, (verb) => verbTable[verb].draws === true)) return true;
  return /\brandom\b/.test(JSON.stringify([raw.steps, raw.groups, raw.expect, raw.never]));
}

export const showsSomething = (raw: RawScenario): boolean => someStep(raw.steps, (verb) => verb === 'show');

/** The seed of a repetition: the file's own, then `SEED/2`, `SEED/3`. */
export function seedOf(seed: string, play: number): string {
  if (play === 1) return seed;
  const end = `/${play}`;
  return `${seed.slice(0, SEED_LENGTH_MAX - end.length)}${end}`;
}
