// Pinned fingerprints: the promise that a plan means the same run tomorrow, on any machine and any version of Node.
//
// A change of behaviour pins them anew (RAFT_SIM_PIN=1 npx vitest run test/replay) and is told in CHANGELOG.md: seeds
// of earlier versions then mean other runs, while traces still replay or say where they depart.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makePlan, type PlanInput } from '../../src/run/plan.ts';
import { simulate } from '../../src/run/simulate.ts';

interface Pin {
  readonly plan: PlanInput;
  readonly steps: number;
  readonly fingerprint: string;
}

const file = new URL('pinned.json', import.meta.url);
const pins = JSON.parse(readFileSync(file, 'utf8')) as { readonly why: string; readonly pins: readonly Pin[] };

const runOf = ({ plan }: Pin): Pin => {
  const { steps, fingerprint } = simulate(makePlan(plan));
  return { plan, steps, fingerprint };
};

if (process.env['RAFT_SIM_PIN'] === '1') {
  writeFileSync(file, `${JSON.stringify({ why: pins.why, pins: pins.pins.map(runOf) }, null, 2)}\n`);
}

it.each(pins.pins)('$plan', (pin) => {
  if (process.env['RAFT_SIM_PIN'] === '1') return;
  expect(runOf(pin), 'pin it anew (see the head of this file) if the behaviour was meant to change').toEqual(pin);
});

it('pins every profile, variants, even and odd sizes', () => {
  expect(pins.pins.length).toBeGreaterThanOrEqual(20);
});
