// A branch of a run as plain data: where it leaves the run, and what is done in it. It stands in addresses.
//
// A branch is made again from it at any time: nothing else decides how it goes. Steps are written as in a trace and
// read with the same checks, since anybody can write an address.

import { UsageError } from '../base/errors.ts';
import { SEED_LENGTH_MAX } from '../run/plan.ts';
import type { Step } from '../sim/step.ts';
import { ObjectReader } from '../trace/object-reader.ts';
import { decodeStep, encodeStep } from '../trace/step-codec.ts';
import { variantNames, type VariantName } from '../zoo/variant.ts';

/** What is done in a branch: a step by hand, or time that runs, with faults or without. */
export type BranchAction = { readonly take: Step } | { readonly run: number; readonly isFaulty: boolean };

export interface BranchPlan {
  /** The step behind which it leaves the run. */
  readonly at: number;
  /** The rule or handler that is otherwise than in the run; undefined: as in the run; null: the correct node. */
  readonly variant: VariantName | null | undefined;
  /** What the dice of time that runs begin with; undefined: as in the run. */
  readonly seed: string | undefined;
  readonly actions: readonly BranchAction[];
}

/** Virtual microseconds that time may run at once in a branch. */
const RUN_MAX = 60_000_000;
const ACTIONS_MAX = 500;

export function branchToJson({ at, variant, seed, actions }: BranchPlan): string {
  const written = actions.map((action) =>
    'take' in action ? (JSON.parse(encodeStep(1, action.take, '')) as unknown) : action,
  );
  return JSON.stringify({ at, variant, seed, actions: written });
}

/** The branch in a text; undefined if the text is no branch of a run of this size. */
export function branchOfJson(
  text: string | null,
  { last, servers }: { readonly last: number; readonly servers: number },
): BranchPlan | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isFields(value)) return undefined;
    const { at, variant, seed, actions } = value;
    if (!isWhole(at) || at > last || !Array.isArray(actions) || actions.length > ACTIONS_MAX) return undefined;
    const known = variantNames.find((name) => name === variant);
    if (variant !== undefined && variant !== null && known === undefined) return undefined;
    if (seed !== undefined && (typeof seed !== 'string' || seed === '' || seed.length > SEED_LENGTH_MAX)) {
      return undefined;
    }
    const read = (actions as readonly unknown[]).map((action) => actionOf(action, servers));
    return { at, variant: variant === null ? null : known, seed, actions: read };
  } catch (error) {
    if (error instanceof UsageError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function actionOf(action: unknown, servers: number): BranchAction {
  if (!isFields(action)) throw new UsageError('an action of a branch is no object');
  const { run, isFaulty } = action;
  if (run !== undefined) {
    if (!isWhole(run) || run > RUN_MAX) throw new UsageError('time runs for a whole number of microseconds');
    return { run, isFaulty: isFaulty === true };
  }
  const line = { file: 'the address', number: 1, text: JSON.stringify(action), nearest: undefined };
  return { take: decodeStep(new ObjectReader(line, [], action, 'the step'), servers) };
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
