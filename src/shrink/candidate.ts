// A candidate for the shrunk scenario: an environment, the moves in it, and how good it is.
//
// Fewer steps and options first, then fewer servers, then the plainer environment, then older terms. Between candidates
// that are equally good, the text of their canonical form decides, so that every failure of a kind ends in the same
// one.

import type { NodeId } from '../base/ids.ts';
import { eventsIn, type Move } from './moves.ts';
import type { TrialResult } from './trial.ts';
import { unusualOptions, unusualRecovery, type Environment } from './environment.ts';

export interface Candidate {
  readonly environment: Environment;
  readonly moves: readonly Move[];
  readonly leaders: readonly NodeId[];
  readonly terms: number;
}

export const candidateOf = (environment: Environment, { moves, leaders, terms }: TrialResult): Candidate => ({
  environment,
  moves,
  leaders,
  terms,
});

/** How many steps its scenario has. */
export function stepsIn({ environment: { recovery }, moves }: Pick<Candidate, 'environment' | 'moves'>): number {
  return moves.length + (recovery === undefined ? 0 : recovery.isEmptied ? 2 : 1);
}

/** How many of them come from outside: timers, faults, calls, and the time that runs behind them. */
export const externalsIn = (candidate: Candidate): number =>
  eventsIn(candidate.moves) + stepsIn(candidate) - candidate.moves.length;

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

function costsOf({ environment, moves, terms }: Candidate): readonly number[] {
  const { plan, byHand } = environment;
  const kindsByHand = [byHand.writes, byHand.answers, byHand.crashes].filter((one) => one).length;
  const options = unusualOptions(plan).length;
  const unusual = options + unusualRecovery(environment);
  // An option that is not as usual is one more thing to read.
  return [
    stepsIn({ environment, moves }) + options,
    plan.nodes,
    kindsByHand,
    unusual,
    moves.filter(isOdd).length,
    terms,
  ];
}

/** What a reader has to think about twice. */
const isOdd = (move: Move): boolean =>
  move.act === 'duplicate' || move.act === 'write-failed' || ('effects' in move && move.effects !== undefined);
