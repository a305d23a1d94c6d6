// When only a connected core is mended: who is in it, what stays broken, and what the core has to do.

import { describe, expect, it } from 'vitest';
import { connectedCore } from '../../../../src/check/connected-core.ts';
import { makePlan, type PlanInput } from '../../../../src/run/plan.ts';
import { simulate, Simulation, type Run } from '../../../../src/run/simulate.ts';

const MILLION = 1_000_000;

const wishes = (seed: number, more: PlanInput = {}): PlanInput => ({
  seed: String(seed),
  profile: 'partitions',
  node: { preVote: true, checkQuorum: true },
  length: { micros: 14 * MILLION },
  properties: ['bounded-liveness'],
  ...more,
  parameters: { partialHeal: MILLION, crashEvery: MILLION, ...more.parameters },
});

const verdictOf = ({ verdicts }: Run): string => verdicts[0]?.outcome ?? '';

describe('a partial heal', () => {
  it.each([3, 4, 5, 7])('leaves a core of %i servers that holds a quorum, and often something broken', (nodes) => {
    let broken = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const simulation = new Simulation(makePlan(wishes(seed, { nodes })));
      while (simulation.advance(1_000_000));
      const { world } = simulation;
      const core = connectedCore(world, world.configuration) ?? [];
      expect(core.length).toBeGreaterThanOrEqual((nodes >>> 1) + 1);
      if (world.network.activeFaultCount > 0) broken++;
      expect(verdictOf(simulation.finish())).toBe('pass');
    }
    expect(broken).toBeGreaterThan(5);
  });

  it('mends everything where it is not asked for', () => {
    const simulation = new Simulation(makePlan(wishes(1, { parameters: { partialHeal: 0 } })));
    while (simulation.advance(1_000_000));
    expect(simulation.world.network.activeFaultCount).toBe(0);
  });

  it('is more than plain Raft promises anything for, and the run says so', () => {
    const off = { preVote: true, checkQuorum: false };
    const verdicts = [1, 2, 3, 4, 5].map((seed) => simulate(makePlan(wishes(seed, { node: off }))).verdicts[0]);
    const partly = verdicts.filter((one) => one?.outcome === 'not applicable');
    expect(partly.length).toBeGreaterThan(2);
    for (const one of partly) expect(one?.why).toMatch(/^only a part of the cluster was mended, and PreVote and /);
  });

  it('shows an old leader that a bridge still hears and that never looks for a quorum (openraft#2080)', () => {
    const found = Array.from({ length: 40 }, (_, i) => i + 1).filter((seed) => {
      const plan = makePlan(wishes(seed, { variant: 'leader-without-checkquorum' }));
      return verdictOf(simulate(plan)) === 'fail';
    });
    expect(found.length).toBeGreaterThan(0);
  });
});
