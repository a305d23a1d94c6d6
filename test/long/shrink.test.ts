// Ten failing seeds of every bug end in schedules of one length, and each is proved.
//
// npm run test:long

import { describe, expect, it } from 'vitest';
import { drawPlan } from '../../src/campaign/swarm.ts';
import { makePlan } from '../../src/run/plan.ts';
import { stepsIn } from '../../src/shrink/candidate.ts';
import { Shrinking } from '../../src/shrink/shrink.ts';
import { variantNames, type VariantName } from '../../src/zoo/variant.ts';
import { expectProof, failing, LONGEST, planOf, shrunk } from '../support/shrinking.ts';

/** Where the ends of ten seeds differ in length, and by how much at most. */
const SPREAD: { readonly [name in VariantName]?: number } = { 'zero-prev-index-always-matches': 2 };

/** One failure in ten keeps its five servers, and is longer for it. */
const RARE: { readonly [name in VariantName]?: number } = { 'commit-counts-prior-term': 1 };

describe.each(variantNames)('%s', (name) => {
  it('ends alike from ten seeds', () => {
    const lengths: number[] = [];
    for (let seed = 1; lengths.length < 10; seed++) {
      const run = failing(planOf(name, seed));
      if (run === undefined) continue;
      const result = shrunk(run);
      expectProof(result, run.target);
      lengths.push(stepsIn(result.candidate));
    }
    const usual = lengths.toSorted((a, b) => a - b).slice(0, 10 - (RARE[name] ?? 0));
    expect(usual.at(-1), String(lengths)).toBeLessThanOrEqual(LONGEST[name] ?? Infinity);
    expect((usual.at(-1) ?? 0) - (usual[0] ?? 0), String(lengths)).toBeLessThanOrEqual(SPREAD[name] ?? 0);
  });
});

describe('a long schedule', () => {
  it('goes on without any time until the schedule can be told', () => {
    const found = failing(makePlan({ seed: '3', variant: 'reject-hint-always-last-index', profile: 'partitions' }));
    if (found === undefined) throw new Error('the run keeps its promises');
    expect(found.steps.length).toBeGreaterThan(100_000);
    const shrinking = new Shrinking({ ...found, isOver: () => true });
    const steps = shrinking.run();
    while (steps.next().done !== true);
    expect(shrinking.search.best.moves.length).toBeLessThanOrEqual(2_000);
  });
});

describe('a cluster that makes no progress', () => {
  it('loses what is on its way only if it has to', () => {
    const found = failing(drawPlan('91', { variant: 'reject-hint-always-last-index' }));
    if (found === undefined) throw new Error('the run keeps its promises');
    const { candidate } = shrunk(found);
    expect(candidate.environment.recovery).toEqual({ isEmptied: false });
    expect(candidate.environment.plan.parameters).toEqual(
      makePlan({ profile: 'calm', parameters: { clients: 0 } }).parameters,
    );
  });
});
