// Which of two candidates is better: every cost alone, and in their order.

import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../src/base/ids.ts';
import { compare, externalsIn, stepsIn, type Candidate } from '../../../src/shrink/candidate.ts';
import type { Move } from '../../../src/shrink/moves.ts';
import { plainEnvironment } from '../../support/schedules.ts';

const timer: Move = { act: 'timer', id: 1, node: nodeId(0), timer: 'election' };
const plain: Candidate = { environment: plainEnvironment, moves: [timer, timer], leaders: [], terms: 2 };
const { plan, byHand } = plainEnvironment;
const inPlan = (changes: Partial<typeof plan>): Candidate => ({
  ...plain,
  environment: { ...plainEnvironment, plan: { ...plan, ...changes } },
});

/** From the best to the worst: what comes first outweighs everything that comes later. */
const ranking: readonly (readonly [what: string, Candidate])[] = [
  [
    'a step fewer, with everything else against it',
    { ...inPlan({ nodes: 5 }), moves: [{ ...timer, effects: 1 }], terms: 9 },
  ],
  ['older terms', { ...plain, terms: 1 }],
  ['the plain one', plain],
  ['a crash within a step', { ...plain, moves: [timer, { ...timer, effects: 1 }] }],
  ['writes by hand', { ...plain, environment: { ...plainEnvironment, byHand: { ...byHand, writes: true } } }],
  ['a server more', inPlan({ nodes: 4 })],
  ['an option that is not as usual', inPlan({ node: { ...plan.node, noOpOnElection: false } })],
  ['time that runs', { ...plain, environment: { ...plainEnvironment, recovery: { isEmptied: true } } }],
];

describe('candidates', () => {
  it.each(ranking.slice(1).map(([what, worse], i) => [what, worse, ranking[i]?.[1] as Candidate] as const))(
    'are worse with %s',
    (_what, worse, better) => {
      expect(compare(better, worse)).toBeLessThan(0);
      expect(compare(worse, better)).toBeGreaterThan(0);
      expect(compare(worse, worse)).toBe(0);
    },
  );

  it('have a step more where time runs, and one more where all is lost before', () => {
    const withRecovery = (isEmptied: boolean): Candidate => ({
      ...plain,
      environment: { ...plainEnvironment, recovery: { isEmptied } },
    });
    expect([plain, withRecovery(false), withRecovery(true)].map(stepsIn)).toEqual([2, 3, 4]);
    expect([plain, withRecovery(false), withRecovery(true)].map(externalsIn)).toEqual([2, 3, 4]);
  });
});
