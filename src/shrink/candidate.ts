// A draft of the shrunk scenario: a stage, the moves on it, and how good it is.
//
// Fewer steps and options first, then fewer servers, then the plainer stage, then older terms. Between drafts that are
// equally good, the text of their canonical form decides, so that every failure of a kind ends in the same one.

import type { NodeId } from '../base/ids.ts';
import { eventsIn, type Move } from './moves.ts';
import type { TrialResult } from './trial.ts';
import { unusualOptions, unusualRecovery, type Environment } from './environment.ts';

export interface Candidate {
  readonly setting: Environment;
  readonly moves: readonly Move[];
  readonly leaders: readonly NodeId[];
  readonly terms: number;
}

export const candidateOf = (setting: Environment, { moves, leaders, terms }: TrialResult): Candidate => ({
  setting,
  moves,
  leaders,
  terms,
});

/** How many steps its scenario has. */
export function stepsIn({ setting: { recovery }, moves }: Pick<Candidate, 'setting' | 'moves'>): number {
  return moves.length + (recovery === undefined ? 0 : recovery.isEmptied ? 2 : 1);
}

/** How many of them come from outside: timers, faults, calls, and the time that runs behind them. */
export const externalsIn = (draft: Candidate): number => eventsIn(draft.moves) + stepsIn(draft) - draft.moves.length;

/** Below zero if the first is better, as far as numbers tell. */
export function compare(a: Candidate, b: Candidate): number {
  const costs = costsOf(a);
  const others = costsOf(b);
  for (let i = 0; i < costs.length; i++) {
    const difference = (costs[i] as number) - (others[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

function costsOf({ setting, moves, terms }: Candidate): readonly number[] {
  const { plan, byHand } = setting;
  const hands = [byHand.writes, byHand.answers, byHand.crashes].filter((one) => one).length;
  const options = unusualOptions(plan).length;
  const unusual = options + unusualRecovery(setting);
  // An option that is not as usual is one more thing to read.
  return [stepsIn({ setting, moves }) + options, plan.nodes, hands, unusual, moves.filter(isOdd).length, terms];
}

/** What a reader has to think about twice. */
const isOdd = (move: Move): boolean =>
  move.act === 'duplicate' || move.act === 'write-failed' || ('effects' in move && move.effects !== undefined);
