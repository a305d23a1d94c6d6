// The schedule of a trace: its moves, taken by hand, come to what the run came to.

import { describe, expect, it } from 'vitest';
import { movesOf } from '../../../src/shrink/schedule.ts';
import { allByHand, planFor } from '../../../src/shrink/shrink.ts';
import { runTrial } from '../../../src/shrink/trial.ts';
import type { VariantName } from '../../../src/zoo/variant.ts';
import { failing, planOf } from '../../support/shrinking.ts';

const failures: readonly (readonly [VariantName, number])[] = [
  ['vote-not-persisted-before-reply', 6],
  ['append-skips-prev-check', 9],
  ['ack-before-persist', 18],
];

describe.each(failures)('a run of %s', (name, seed) => {
  const run = failing(planOf(name, seed));
  if (run === undefined) throw new Error(`${name} is not found by seed ${seed} any more: choose another`);
  const moves = movesOf(run.plan, run.steps);
  const environment = { plan: planFor(run.plan), byHand: allByHand };

  it('violates the same property when its moves are taken, and every one of them can be', () => {
    const { broken, moves: taken } = runTrial(environment, moves, run.target);
    expect(broken).toBe(run.target);
    expect(taken.map(({ id }) => id)).toEqual(moves.slice(0, taken.length).map(({ id }) => id));
  });

  it('names its moves by their steps, messages by moves that were taken before, and leaves out what is idle', () => {
    const ids = moves.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    for (const move of moves) {
      if ('origin' in move) expect(move.origin).toBeLessThan(move.id);
      expect(run.steps[move.id - 1]?.kind).toBe(move.act);
    }
    expect(moves.length).toBeLessThan(run.steps.length);
  });
});
