// Is a history linearizable? Checked key by key, which is as good as the whole (Herlihy and Wing, 1990).
//
// Keys take turns, so that a hard one never starves a failing one behind it. A search that ran out is neither a pass
// nor a fail, and says so.

import { withoutRest } from '../../base/rest.ts';
import { Machine } from './machine.ts';
import { hasAnswer, type Model, type TimedCall } from './model.ts';
import { CallSearch, type StepBudget } from './search.ts';
import { violationOf } from './violation.ts';

/** What a search of a whole history came to. */
export type PartsVerdict<Call> =
  | { readonly outcome: 'pass'; readonly steps: number }
  | { readonly outcome: 'unknown'; readonly keys: readonly string[]; readonly why: string; readonly steps: number }
  | {
      readonly outcome: 'fail';
      readonly key: string;
      /** The minimal violating part by invocation; calls that were open at its end are of unknown outcome. */
      readonly calls: readonly Call[];
      readonly why: string;
      /** Steps of the search alone, without making the violation small. */
      readonly steps: number;
    };

/** Search steps between two rests. */
const PIECE = 20_000;

/** Steps for making a violation small: a second or two. */
const REDUCTION_STEPS = 2_000_000;

/** A key's turn lasts as long as it is easy: hard ones wait until the easy ones are done. */
const FIRST_SHARE = 5_000;

interface Part<Call extends TimedCall> {
  readonly key: string;
  readonly calls: readonly Call[];
  readonly machine?: Machine<Call>;
  readonly search?: CallSearch<Call>;
}

/** How calls are to be judged. */
export interface CallsOptions {
  /** Search steps for all keys together, 20 million by default; two million more at most make a violation small. */
  readonly budget?: number;
}

/** Some seconds at worst on one core. */
export const DEFAULT_CALLS_BUDGET = 20_000_000;

/**
 * Judges calls by any model, key by key: is there an order of all answered calls and some of the others, each between
 * its begin and its end, that explains every answer (Herlihy and Wing, 1990)? Moments are whole numbers, all different
 * within a key. The verdict depends on nothing but what is given; one that ran out of steps is *unknown*.
 */
export function checkCalls<Call extends TimedCall>(
  parts: ReadonlyMap<string, readonly Call[]>,
  model: Model<Call>,
  { budget = DEFAULT_CALLS_BUDGET }: CallsOptions = {},
): PartsVerdict<Call> {
  return withoutRest(searchParts(parts, model, budget));
}

/** Searches in pieces; `steps` for all keys together, and as many again to make a violation small. */
export function* searchParts<Call extends TimedCall>(
  parts: ReadonlyMap<string, readonly Call[]>,
  model: Model<Call>,
  steps: number,
): Generator<undefined, PartsVerdict<Call>> {
  const budget: StepBudget = { left: steps };
  let undecided: Part<Call>[] = Array.from(parts, ([key, calls]) => ({ key, calls }));
  let most = FIRST_SHARE;
  while (undecided.length > 0 && budget.left > 0) {
    const share = Math.min(Math.ceil(budget.left / undecided.length), most);
    const open: Part<Call>[] = [];
    for (const part of undecided) {
      const { key, calls, machine = new Machine(model), search = new CallSearch(machine, budget, calls) } = part;
      const floor = budget.left - share;
      let outcome = search.run(Math.min(share, PIECE));
      for (yield; outcome === 'unknown' && budget.left > Math.max(0, floor); yield) {
        outcome = search.run(Math.min(budget.left - floor, PIECE));
      }
      if (outcome === 'fail') {
        const spent = steps - budget.left;
        const violation = yield* violationOf(machine, calls, search.furthest, Math.min(steps, REDUCTION_STEPS));
        return { outcome: 'fail', key, calls: violation.calls, why: violation.why, steps: spent };
      }
      if (outcome === 'unknown') open.push({ key, calls, machine, search });
    }
    undecided = open;
    most *= 4;
  }
  const [first] = undecided;
  if (first === undefined) return { outcome: 'pass', steps: steps - budget.left };
  const count = first.calls.filter(hasAnswer).length;
  const why = `${steps} steps did not decide about the ${count} answered calls on ${first.key}`;
  return { outcome: 'unknown', keys: undecided.map(({ key }) => key), why, steps: steps - budget.left };
}
