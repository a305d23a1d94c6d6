// Environments: what is usual in them, and the order in which a run that did not recover is tried.

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/run/plan.ts';
import {
  recoveriesOf,
  timingNames,
  unusualOptions,
  unusualRecovery,
  USUAL_SEED,
  usualOptions,
} from '../../../src/shrink/environment.ts';
import { plainEnvironment } from '../../support/schedules.ts';

describe('an environment', () => {
  it('names the options that are not as usual; a bug that asks for one has it as usual', () => {
    const plan = makePlan({ node: { noOpOnElection: false, inflightMax: 1 } });
    expect(unusualOptions(plan).toSorted()).toEqual(['inflightMax', 'noOpOnElection']);
    const buggy = makePlan({ variant: 'reject-hint-always-last-index' });
    expect(unusualOptions(buggy)).toEqual([]);
    expect(usualOptions(buggy)).toEqual(buggy.node);
  });

  it('in which a cluster is to recover is plainest with the usual timing and seed, and without clients', () => {
    const run = makePlan({ seed: '77', parameters: { clients: 3, delayMax: 40_000 } });
    const all = recoveriesOf({ ...plainEnvironment, plan: { ...plainEnvironment.plan, seed: '77' } }, run);
    const [first] = all;
    expect(first?.plan.seed).toBe(USUAL_SEED);
    expect(first?.recovery).toEqual({ isEmptied: false });
    expect(first === undefined ? -1 : unusualRecovery(first)).toBe(0);
    for (const other of all) expect(unusualRecovery(other)).toBeGreaterThanOrEqual(0);
    const last = all.at(-1);
    expect(last?.plan).toMatchObject({ seed: '77', parameters: { clients: 3, delayMax: 40_000 } });
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(all.length);
    expect(timingNames).toContain('delayMax');
  });
});
