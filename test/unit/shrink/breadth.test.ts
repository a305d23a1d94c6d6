// The search from nothing, against one that tries every schedule there is.

import { describe, expect, it } from 'vitest';
import { fromNothing } from '../../../src/shrink/breadth.ts';
import { candidateOf, stepsIn } from '../../../src/shrink/candidate.ts';
import { textOf, canonical } from '../../../src/shrink/canonical.ts';
import { movesOf } from '../../../src/shrink/schedule.ts';
import { runTrial } from '../../../src/shrink/trial.ts';
import { optionsAt } from '../../../src/shrink/options.ts';
import { Search } from '../../../src/shrink/search.ts';
import type { Environment } from '../../../src/shrink/environment.ts';
import { planFor } from '../../../src/shrink/shrink.ts';
import type { Move } from '../../../src/shrink/moves.ts';
import type { VariantName } from '../../../src/zoo/variant.ts';
import { failing, planOf } from '../../support/shrinking.ts';

const byHand = { writes: false, answers: false, drops: false, crashes: false };

/** A search whose best schedule is the run itself, cut to a length that is within reach. */
function searchFor(name: VariantName, seed: number): Search {
  const run = failing(planOf(name, seed));
  if (run === undefined) throw new Error(`${name} is not found by seed ${seed} any more: choose another`);
  const environment: Environment = { plan: planFor(run.plan), byHand };
  const result = runTrial(environment, movesOf(run.plan, run.steps), run.target);
  expect(result.broken).toBe(run.target);
  return new Search(candidateOf(environment, result), run.target, () => false);
}

/** How many steps the shortest schedules have, by trying all. */
function shortestOf(environment: Environment, target: string, depthMax: number): number | undefined {
  let round: (readonly Move[])[] = [[]];
  for (let depth = 0; depth <= depthMax; depth++) {
    const next: (readonly Move[])[] = [];
    for (const moves of round) {
      let id = 1000 * depth;
      const { broken, options } = optionsAt(environment, moves, { id: () => ++id, client: () => depth });
      if (broken === target) return depth;
      const isUsual = ({ act }: Move): boolean => act !== 'duplicate' && act !== 'crash';
      if (broken === undefined) for (const option of options.filter(isUsual)) next.push([...moves, option]);
    }
    round = next;
  }
  return undefined;
}

const drive = (search: Search): void => {
  const turns = fromNothing(search);
  while (turns.next().done !== true);
};

describe('the search from nothing', () => {
  it('finds a schedule than which none on two servers is shorter', () => {
    const search = searchFor('progress-reset-too-late', 10);
    search.best = { ...search.best, moves: search.best.moves.slice(0, 12) };
    drive(search);
    const { environment } = search.best;
    expect(environment.plan.nodes).toBe(2);
    expect(stepsIn(search.best)).toBe(shortestOf(environment, search.target, 6));
  });

  it('finds the same one from any run', () => {
    const ends = [10, 11, 12].map((seed) => {
      const search = searchFor('progress-reset-too-late', seed);
      search.best = { ...search.best, moves: search.best.moves.slice(0, 12) };
      drive(search);
      return textOf(canonical(search.best));
    });
    expect(new Set(ends).size).toBe(1);
  });

  it('leaves long schedules alone', () => {
    const search = searchFor('progress-reset-too-late', 10);
    const before = search.best;
    drive(search);
    expect(search.best).toBe(before);
    expect(search.replays).toBe(0);
  });
});
