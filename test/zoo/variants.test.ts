// The zoo: every named bug is found by the property that it breaks, and the correct node is clean on the same plans.

import { describe, expect, it } from 'vitest';
import { paperHandlers } from '../../src/raft/handlers.ts';
import { paperRules } from '../../src/raft/rules.ts';
import { makePlan, type PlanInput } from '../../src/run/plan.ts';
import { propertyNames } from '../../src/run/properties.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Variant } from '../../src/zoo/row.ts';
import { variantNames, variantTable, type VariantName } from '../../src/zoo/variant.ts';
import { isLong, sampled } from '../support/sample.ts';

const SECONDS = 20;
const STEPS = 5_000;
/** With every property on, most bugs show within so many seeds; the rarer ones, and final damage alone, take longer. */
const SEEDS = isLong ? 30 : 3;
const SEEDS_FOR_DAMAGE = 200;
const FINAL: readonly VariantName[] = sampled(variantNames, 4);

function wishes(name: VariantName, seed: number): PlanInput {
  const { hunt }: Variant = variantTable[name];
  return {
    seed: String(seed),
    nodes: hunt?.nodes,
    spares: hunt?.spares,
    profile: hunt?.profile,
    parameters: hunt?.parameters ?? {},
    scheduler: hunt?.scheduler,
    length: hunt?.scheduler === undefined ? { micros: SECONDS * 1_000_000 } : { steps: STEPS },
  };
}

describe.each(variantNames)('%s', (name) => {
  const row: Variant = variantTable[name];

  it(`is noticed by ${[row.breaks, ...row.noticedBy].join(', ')}`, () => {
    const found = new Set<string>();
    for (let seed = 0; seed < SEEDS || (found.size === 0 && seed < SEEDS_FOR_DAMAGE); seed++) {
      const { violation } = simulate(makePlan({ ...wishes(name, seed), variant: name }));
      if (violation !== undefined) found.add(violation.property);
    }
    expect(found.size).toBeGreaterThan(0);
    expect([row.breaks, ...row.noticedBy]).toEqual(expect.arrayContaining([...found]));
  });

  it.runIf(FINAL.includes(name))(`breaks ${row.breaks} in the end, when nothing else is looked at`, () => {
    let seed = 0;
    let violation;
    while (violation === undefined && seed < SEEDS_FOR_DAMAGE) {
      violation = simulate(makePlan({ ...wishes(name, seed++), variant: name, properties: [row.breaks] })).violation;
    }
    expect(violation?.property).toBe(row.breaks);
  });

  it('is not what the correct node does on the same plans', () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const { violation } = simulate(makePlan({ ...wishes(name, seed), node: row.options ?? {} }));
      expect(violation, `seed ${seed}`).toBeUndefined();
    }
  });

  it('changes one rule or handler of the node, or the sessions of the machine', () => {
    const rules = Object.keys(row.rules ?? {});
    const handlers = Object.keys(row.handlers?.(paperHandlers) ?? {});
    expect(rules.length + handlers.length + (row.sessions === undefined ? 0 : 1)).toBe(1);
    expect(Object.keys(paperRules)).toEqual(expect.arrayContaining(rules));
    expect(Object.keys(paperHandlers)).toEqual(expect.arrayContaining(handlers));
  });

  it('names properties that there are', () => {
    expect(propertyNames).toEqual(expect.arrayContaining([row.breaks, ...row.noticedBy]));
  });
});
