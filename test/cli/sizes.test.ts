// Clusters of every size, even and odd, under everything at once: each runs, elects, commits and keeps its promises.
//
// A cluster of one is its own majority; one of two stands still whenever a single server is away.

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/run/plan.ts';
import { simulate } from '../../src/run/simulate.ts';

describe('a cluster', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('of %i', (nodes) => {
    const run = simulate(makePlan({ seed: '42', nodes, profile: 'chaos', length: { micros: 12_000_000 } }));
    expect(run.violation).toBeUndefined();
    // Two promises need an option of the node that is off.
    const open = run.verdicts.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not applicable');
    expect(open).toEqual([]);
    expect(run.summary.leaders).toBeGreaterThan(0);
    expect(run.summary.entriesCommitted).toBeGreaterThan(0);
    expect(run.summary.callsCompleted).toBeGreaterThan(0);
  });
});
