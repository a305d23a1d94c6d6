// Presets: each a plan away, and clean; what is said of an option holds against them.

import { describe, expect, it } from 'vitest';
import { defaultNodeOptions } from '../../../src/raft/options.ts';
import { presetNames, presetTable } from '../../../src/raft/presets.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';

describe.each(presetNames)('%s', (preset) => {
  const { options } = presetTable[preset];

  it('differs from the usual node where it says so, and nowhere else', () => {
    expect(makePlan({ preset }).node).toEqual({ ...defaultNodeOptions, ...options });
    for (const [name, value] of Object.entries(options)) {
      expect(defaultNodeOptions[name as keyof typeof defaultNodeOptions], name).not.toBe(value);
    }
  });

  it('gives way to what is said, and to what a variant needs', () => {
    expect(makePlan({ preset, node: { compactEvery: 7 } }).node.compactEvery).toBe(7);
    expect(makePlan({ preset, variant: 'commit-counts-prior-term' }).node.noOpOnElection).toBe(false);
  });

  it.each(['chaos', 'partitions', 'crashes'])('keeps every promise under %s', (profile) => {
    const parameters = { readByIndex: 200_000, readByLease: 200_000, transferEvery: 2_000_000 };
    const plan = makePlan({ seed: '7', preset, profile, parameters, length: { micros: 15_000_000 } });
    const { violation, verdicts } = simulate(plan);
    expect(violation).toBeUndefined();
    expect(verdicts.filter(({ outcome }) => outcome === 'pass').length).toBeGreaterThan(15);
  });
});

it('a preset that there is not is refused, with the nearest word', () => {
  expect(() => makePlan({ preset: 'etc' })).toThrow(/preset.*etcd/);
});
