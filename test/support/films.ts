// Films for tests of the viewer: a failing run, a calm one, each variant of the zoo that shows soon.
//
// A film is made once for a file of tests, since nothing changes it.

import { makePlan, type PlanInput } from '../../src/run/plan.ts';
import type { PropertyName } from '../../src/run/properties.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Step } from '../../src/sim/step.ts';
import { filmOf, type Film } from '../../src/view/film.ts';
import type { Variant } from '../../src/zoo/row.ts';
import { variantTable, type VariantName } from '../../src/zoo/variant.ts';

export function filmed(input: PlanInput, script?: readonly Step[]): Film {
  const work = filmOf(makePlan(input), script, Infinity);
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

/** A vote is given without a look at the log: 818 steps of chaos. */
export const failing: PlanInput = { seed: '3', variant: 'vote-no-log-check' };

/** Every fault that chaos has, and no broken promise. */
export const faulty: PlanInput = { seed: '42', length: { steps: 4000 } };

const SEEDS = 200;

/** A failing run of a variant, of all promises that hold for it or of some. */
export function filmOfVariant(name: VariantName, properties?: readonly PropertyName[]): Film {
  const { hunt }: Variant = variantTable[name];
  for (let seed = 0; seed < SEEDS; seed++) {
    const input: PlanInput = {
      seed: String(seed),
      nodes: hunt?.nodes,
      spares: hunt?.spares,
      profile: hunt?.profile,
      parameters: hunt?.parameters ?? {},
      variant: name,
      properties,
      scheduler: hunt?.scheduler,
      length: hunt?.scheduler === undefined ? { micros: 20_000_000 } : { steps: 4_000 },
    };
    if (simulate(makePlan(input)).violation !== undefined) return filmed(input);
  }
  throw new Error(`${name} shows in none of ${SEEDS} seeds`);
}
