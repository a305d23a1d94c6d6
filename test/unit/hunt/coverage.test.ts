// Abstract situations: who is called what does not matter, numbers do not matter, what differs in kind does.

import { describe, expect, it } from 'vitest';
import { Coverage } from '../../../src/hunt/coverage.ts';
import { drawPlan } from '../../../src/hunt/swarm.ts';
import { makePlan, type Plan } from '../../../src/run/plan.ts';
import { Simulation } from '../../../src/run/simulate.ts';

/** The situations of a run, and its fingerprint. */
function situationsOf(plan: Plan): { readonly situations: ReadonlySet<number>; readonly fingerprint: string } {
  const coverage = new Coverage();
  const simulation = new Simulation(plan, { observers: [coverage] });
  coverage.watch(simulation.world);
  while (simulation.advance(10_000));
  return { situations: coverage.situations, fingerprint: simulation.finish().fingerprint };
}

const calm = (seed: string, nodes: number, steps: number): Plan =>
  makePlan({ seed, nodes, profile: 'calm', length: { steps } });

describe('coverage', () => {
  it('is the same each time, and changes no run', () => {
    const plan = drawPlan('7');
    const once = situationsOf(plan);
    expect(situationsOf(plan)).toEqual(once);
    const plainRun = new Simulation(plan, {});
    while (plainRun.advance(10_000));
    expect(plainRun.finish().fingerprint).toBe(once.fingerprint);
  });

  it('one server that elects itself: a handful of situations, however long it runs', () => {
    const short = situationsOf(calm('1', 1, 2_000)).situations.size;
    expect(short).toBeGreaterThan(1);
    expect(short).toBeLessThan(60);
    expect(situationsOf(calm('1', 1, 20_000)).situations.size).toBeLessThan(60);
  });

  it('numbers do not count: a calm cluster repeats itself, and other seeds bring little that is new', () => {
    const first = situationsOf(calm('1', 3, 20_000)).situations;
    const longer = situationsOf(calm('1', 3, 40_000)).situations;
    expect(longer.size).toBeLessThan(1.5 * first.size);
    const pair = situationsOf(calm('1', 2, 20_000)).situations;
    const other = Array.from(situationsOf(calm('2', 2, 20_000)).situations);
    expect(other.filter((situation) => pair.has(situation)).length / other.length).toBeGreaterThan(0.8);
  });

  it('faults lead to situations that a calm cluster never sees', () => {
    const quiet = situationsOf(calm('1', 3, 20_000)).situations;
    const wild = situationsOf(
      makePlan({ seed: '1', nodes: 3, profile: 'chaos', length: { steps: 20_000 } }),
    ).situations;
    expect(wild.size).toBeGreaterThan(2 * quiet.size);
  });
});
