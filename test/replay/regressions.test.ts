// Plans that once found a defect in raft-sim's own node or world. Each says what it found; it must find nothing now.

import { describe, expect, test } from 'vitest';
import { makePlan, type PlanInput } from '../../src/run/plan.ts';
import { propertyNames } from '../../src/run/properties.ts';
import { simulate } from '../../src/run/simulate.ts';

const MILLISECOND = 1000;

/** Leaders come and go while messages are held up for up to a second. */
const heldUp: PlanInput = {
  nodes: 5,
  profile: 'partitions',
  parameters: {
    longDelay: 200_000,
    longDelayMax: 1000 * MILLISECOND,
    openLoopEvery: 1 * MILLISECOND,
    cutEvery: 300 * MILLISECOND,
    cutFor: 300 * MILLISECOND,
  },
  node: { backtracking: 'one' },
  length: { steps: 50_000 },
  // Stepping back one by one takes longer than the time to settle.
  properties: propertyNames.filter((name) => name !== 'bounded-liveness'),
};

describe('what the simulator once found in itself', () => {
  test.each(['9', '18', '22'])(
    'seed %s: a leader took a refusal of a request from its earlier leadership for one of this leadership',
    (seed) => {
      expect(simulate(makePlan({ ...heldUp, seed })).violation).toBeUndefined();
    },
  );

  test('a term that a crash had taken back, and nobody was told of, was expected to have a leader', () => {
    const run = simulate(makePlan({ seed: 'soak 277', nodes: 8, length: { micros: 20_000_000 } }));
    expect(run.violation).toBeUndefined();
  });

  test('a deadline that passed while its process was paused let time run backwards at the calm', () => {
    const run = simulate(makePlan({ seed: '9', length: { micros: 2_000_000 } }));
    expect(run.violation).toBeUndefined();
  });
});
