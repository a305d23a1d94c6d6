// Substitutions: where no single move can be left out, another way may still be shorter.

import { expect, it } from 'vitest';
import { candidateOf, compare, stepsIn } from '../../../src/shrink/candidate.ts';
import { reduce } from '../../../src/shrink/reduce.ts';
import { movesOf } from '../../../src/shrink/schedule.ts';
import { Search, type Pass } from '../../../src/shrink/search.ts';
import { allByHand, planFor } from '../../../src/shrink/shrink.ts';
import { substitute } from '../../../src/shrink/substitution.ts';
import { runTrial } from '../../../src/shrink/trial.ts';
import { failing, planOf } from '../../support/shrinking.ts';

const driven = (pass: Pass): void => {
  while (pass.next().done !== true);
};

it('what no reduction makes shorter, a crash in the middle of a step does, in place of writes by hand', () => {
  const run = failing(planOf('ack-before-persist', 18));
  if (run === undefined) throw new Error('the bug is not found by seed 18 any more: choose another');
  const environment = { plan: planFor(run.plan), byHand: allByHand };
  const result = runTrial(environment, movesOf(run.plan, run.steps), run.target);
  const search = new Search(candidateOf(environment, result), run.target, () => false);
  driven(reduce(search));
  const reduced = search.best;
  driven(reduce(search));
  expect(search.best).toBe(reduced);
  expect(reduced.environment.byHand.writes).toBe(true);

  driven(substitute(search));
  expect(compare(search.best, reduced)).toBeLessThan(0);
  expect(stepsIn(search.best)).toBeLessThan(stepsIn(reduced));
  expect(search.best.environment.byHand.writes).toBe(false);
  expect(search.best.moves.some((move) => 'effects' in move && move.effects !== undefined)).toBe(true);
  expect(runTrial(search.best.environment, search.best.moves, run.target).broken).toBe(run.target);
});
