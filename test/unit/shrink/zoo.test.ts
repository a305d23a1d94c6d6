// Every bug of the zoo, from a failing run to its proof: short and complete.
//
// A part of those with a length of their own; those of them that take longest by far, and all others, are left to
// `npm run test:long`, which shrinks ten seeds of every bug.

import { describe, expect, it } from 'vitest';
import { stepsIn } from '../../../src/shrink/candidate.ts';
import { variantNames, type VariantName } from '../../../src/zoo/variant.ts';
import { expectProof, failingRun, LONGEST, shrunk } from '../../support/shrinking.ts';
import { sampled } from '../../support/sample.ts';

const LONG: readonly VariantName[] = [
  'reject-hint-always-last-index',
  'zero-prev-index-always-matches',
  'joint-commits-by-new-half',
  'joint-union-majority',
  'learner-campaigns',
  'learner-counted',
  'timeout-now-of-any-term',
  'lease-without-vote-refusal',
  'lease-restart-amnesia',
  'lease-from-the-answer',
  'snapshot-refused-if-log-longer',
  'chunk-restart-after-reboot',
];

const SHORT = variantNames.filter((name) => LONGEST[name] !== undefined && !LONG.includes(name));

describe.each(sampled(SHORT, 5))('%s', (name) => {
  it('shrinks to a scenario that needs each of its steps', () => {
    const found = failingRun(name);
    const result = shrunk(found);
    expectProof(result, found.target);
    expect(stepsIn(result.candidate), result.text).toBeLessThanOrEqual(LONGEST[name] ?? 0);
    expect(result.candidate.environment.plan.nodes).toBeLessThanOrEqual(found.plan.nodes);
    expect(result.candidate.moves.length).toBeLessThan(found.steps.length / 5);
  });
});
