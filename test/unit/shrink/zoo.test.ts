// Every bug of the zoo, from a failing run to its proof: short and complete.
//
// `npm run test:long` has all of those with a length of their own, and ten seeds of every bug.

import { describe, expect, it } from 'vitest';
import { stepsIn } from '../../../src/shrink/candidate.ts';
import { variantNames, type VariantName } from '../../../src/zoo/variant.ts';
import { expectProof, failingRun, LONGEST, shrunk } from '../../support/shrinking.ts';
import { isLong } from '../../support/sample.ts';

/** A few of each family that shrink within two seconds. */
const QUICK: readonly VariantName[] = [
  'vote-no-log-check',
  'vote-not-persisted-before-reply',
  'corrupt-tail-truncated',
  'pre-vote-counts-any-term',
  'stickiness-ignored',
  'vote-only-for-known-members',
];

describe.each(isLong ? variantNames.filter((name) => LONGEST[name] !== undefined) : QUICK)('%s', (name) => {
  it('shrinks to a scenario that needs each of its steps', () => {
    const found = failingRun(name);
    const result = shrunk(found);
    expectProof(result, found.target);
    expect(stepsIn(result.candidate), result.text).toBeLessThanOrEqual(LONGEST[name] ?? 0);
    expect(result.candidate.environment.plan.nodes).toBeLessThanOrEqual(found.plan.nodes);
    expect(result.candidate.moves.length).toBeLessThan(found.steps.length / 5);
  });
});
