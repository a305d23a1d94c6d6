// A long soak, for nights: the correct node on every profile and size, and the rarest damage of the zoo.
//
// npm run test:long

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/run/plan.ts';
import { simulate } from '../../src/run/simulate.ts';
import { profileNames } from '../../src/sim/faults/profile.ts';
import { variantNames } from '../../src/zoo/variant.ts';
import { planOf } from '../support/shrinking.ts';

const HOUR = 3_600_000;

describe.each(profileNames)('the correct node under %s', (profile) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'with %i nodes keeps every promise for 300 seeds',
    (nodes) => {
      for (let seed = 0; seed < 300; seed++) {
        const { violation } = simulate(
          makePlan({ seed: `soak ${seed}`, nodes, profile, length: { micros: 20_000_000 } }),
        );
        expect(violation, `seed "soak ${seed}"`).toBeUndefined();
      }
    },
    HOUR,
  );
});

describe.each(variantNames)('%s', (name) => {
  it(
    'breaks its promise for several of a thousand seeds',
    () => {
      let found = 0;
      for (let seed = 0; seed < 1000; seed++) {
        const { violation } = simulate({ ...planOf(name, seed), length: { micros: 20_000_000 } });
        if (violation !== undefined) found++;
      }
      expect(found).toBeGreaterThan(5);
    },
    HOUR,
  );
});
