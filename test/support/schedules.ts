// Schedules of possible moves, each chosen by a number: what property tests of the shrinker draw.

import * as fc from 'fast-check';
import { nodeId } from '../../src/base/ids.ts';
import { makePlan } from '../../src/run/plan.ts';
import type { Environment } from '../../src/shrink/environment.ts';
import { renamed, type Move } from '../../src/shrink/moves.ts';
import { optionsOf } from '../../src/shrink/options.ts';
import { planFor } from '../../src/shrink/shrink.ts';
import { trialOf } from '../../src/shrink/trial.ts';

/** Three correct servers, whose writes, answers and crashes follow by themselves. */
export const plainEnvironment: Environment = {
  plan: planFor(makePlan({ nodes: 3, seed: '1' })),
  byHand: { writes: false, answers: false, drops: false, crashes: false },
};

/** The moves that the numbers choose among the possible ones. */
export function scheduleOf(choices: readonly number[]): Move[] {
  let id = 0;
  const fresh = { id: () => ++id, client: (moves: readonly Move[]) => moves.length };
  const moves: Move[] = [];
  for (const choice of choices) {
    const options = optionsOf(trialOf(plainEnvironment, moves), moves, fresh);
    const option = options[choice % options.length];
    if (option !== undefined) moves.push(option);
  }
  return moves;
}

export const choices = fc.array(fc.nat(10_000), { maxLength: 20 });

/** Other names for three servers, by node. */
export const names = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });

export const withNames = (moves: readonly Move[], order: readonly number[]): Move[] =>
  moves.map((move) => renamed(move, (node) => nodeId(order[node] ?? 0)));
