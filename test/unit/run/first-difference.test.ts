// The rule that a failing run names: for every bug of the zoo the broken one, and none for the paper's own node.

import { describe, expect, it } from 'vitest';
import { paperHandlers } from '../../../src/raft/handlers.ts';
import { comparedProcess, type Parting } from '../../../src/run/compared-process.ts';
import { firstDifference } from '../../../src/run/first-difference.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import type { Variant } from '../../../src/zoo/row.ts';
import { variantNames, variantTable } from '../../../src/zoo/variant.ts';
import { sampled } from '../../support/sample.ts';
import { failingRun, LONGEST } from '../../support/shrinking.ts';

/** What these replays name is the handler that acts on the broken rule, not the rule. */
const NOT_NAMED: readonly string[] = ['reject-hint-always-last-index', 'match-from-current-state'];

/** Whose failing runs are short; `npm run bench:zoo` looks at what the replays of all of them name. */
const SHORT = variantNames.filter((name) => LONGEST[name] !== undefined && !NOT_NAMED.includes(name));

describe.each(sampled(SHORT, 4, 2))('%s', (name) => {
  it('is named by its own failing run', () => {
    const { rules, handlers, sessions }: Variant = variantTable[name];
    const { plan, steps } = failingRun(name);
    const broken = [rules, handlers?.(paperHandlers), sessions].flatMap((part) => Object.keys(part ?? {}));
    const difference = firstDifference(plan, steps);
    expect(broken).toContain(difference?.name);
    expect(difference?.sentence).toContain(`section ${difference?.section}`);
    expect(difference?.step).toBeLessThanOrEqual(steps.length);
  });
});

describe('the paper’s node beside itself', () => {
  it.each(['calm', 'disk', 'chaos'])('never parts from itself, and changes nothing: %s', (profile) => {
    const plan = makePlan({
      seed: '7',
      profile,
      node: { preVote: true, checkQuorum: true },
      length: { steps: 3_000 },
    });
    const partings: Parting[] = [];
    const compared = simulate(plan, {
      processOf: (id, recipe) => comparedProcess(id, recipe, (parting) => partings.push(parting)),
    });
    expect(partings).toEqual([]);
    expect(compared.fingerprint).toBe(simulate(plan).fingerprint);
  });

  it('has no first difference', () => {
    expect(firstDifference(makePlan({ seed: '7' }), [])).toBeUndefined();
  });
});
