// What someone sees who just types `raft-sim run --variant NAME`: sixty seconds of chaos among five nodes.

import { afterAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../src/run/plan.ts';
import { simulate } from '../../src/run/simulate.ts';
import { profileParameters } from '../../src/sim/faults/profile.ts';
import { faultRows } from '../../src/sim/faults/table.ts';
import type { Parameters } from '../../src/sim/parameters.ts';
import type { Variant } from '../../src/zoo/row.ts';
import { variantNames, variantTable, type VariantName } from '../../src/zoo/variant.ts';
import { sampled } from '../support/sample.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Messages of chaos are too fast for these: they show where their row of the table hunts them. */
const SHY: readonly VariantName[] = [
  'stale-vote-response-counted',
  'stale-append-deposes-leader',
  'chunk-restart-after-reboot',
];

/** How clients read in chaos: through the log only. */
const READS: readonly (keyof Parameters)[] = ['readByIndex', 'readByLease', 'readAtFollower'];

/** It needs a fault that chaos does not have. */
function needsMore(name: VariantName): boolean {
  const wanted: Partial<Parameters> = (variantTable[name] as Variant).hunt?.parameters ?? {};
  const chaos = profileParameters('chaos');
  if (READS.some((path) => (wanted[path] ?? 0) > 0)) return true;
  return faultRows.some((row) => (wanted[row.switch] ?? 0) > 0 && chaos[row.switch] === 0);
}

const report: string[] = [];
afterAll(() => {
  console.info(`plain runs of the variants, by seed:\n${report.join('\n')}`);
});

describe('a plain run', () => {
  it.each(sampled(variantNames, 4, 1))('of %s shows it under some of ten seeds', (name) => {
    const { breaks, noticedBy }: Variant = variantTable[name];
    const found = SEEDS.flatMap((seed) => {
      const { violation } = simulate(makePlan({ seed: String(seed), variant: name }));
      return violation === undefined ? [] : [{ seed, property: violation.property }];
    });
    const properties = [...new Set(found.map(({ property }) => property))];
    report.push(`  ${name}: ${found.map(({ seed }) => seed).join(' ') || 'none'} (${properties.join(', ')})`);
    for (const property of properties) expect([breaks, ...noticedBy]).toContain(property);
    if (!SHY.includes(name) && !needsMore(name)) expect(found.length).toBeGreaterThan(0);
  });
});
