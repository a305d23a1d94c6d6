// Same plan, same fingerprint: twice, checked or not, recorded or not, in another process, and step by step from its trace.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makePlan, type Plan, type PlanInput } from '../../src/run/plan.ts';
import { simulate } from '../../src/run/simulate.ts';
import { profileNames } from '../../src/sim/faults/profile.ts';
import type { Step } from '../../src/sim/step.ts';
import { TraceRecorder } from '../../src/trace/recorder.ts';
import { variantNames } from '../../src/zoo/variant.ts';

const LENGTH = { micros: 4_000_000 };

const plans: readonly (readonly [string, PlanInput])[] = [
  ...profileNames.flatMap((profile) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
      (nodes) => [`${profile}, ${nodes} nodes`, { seed: `d${nodes}`, nodes, profile, length: LENGTH }] as const,
    ),
  ),
  ...variantNames.map((variant) => [variant, { seed: '11', variant, length: LENGTH }] as const),
  ['in steps', { seed: 'steps', length: { steps: 5000 } }],
  ['with wiped disks', { seed: 'wiped', parameters: { wipesMax: 1 }, length: LENGTH }],
  ['in an open loop', { seed: 'open', parameters: { openLoopEvery: 3000, clients: 20 }, length: LENGTH }],
  ['one by one, empty probes', { seed: '5', node: { backtracking: 'one', probeWithEntries: false }, length: LENGTH }],
  [
    'with commit notices and no no-op',
    { seed: '6', node: { notifyCommit: true, noOpOnElection: false }, length: LENGTH },
  ],
];

interface Recorded {
  readonly plan: Plan;
  readonly script: readonly Step[];
  readonly prints: readonly string[];
}

function record(wishes: PlanInput): Recorded & { readonly fingerprint: string } {
  const plan = makePlan(wishes);
  const recorder = new TraceRecorder({ lines: false });
  const run = simulate(plan, { recorder });
  const steps = recorder.drain();
  expect(steps.length).toBe(run.steps);
  return {
    plan,
    fingerprint: run.fingerprint,
    script: steps.map(({ data }) => data),
    prints: steps.map(({ fingerprint }) => fingerprint),
  };
}

describe.each(plans)('%s', (_name, wishes) => {
  const recorded = record(wishes);

  it('gives the same fingerprint again, without a recorder and without checks', () => {
    const again = simulate(recorded.plan);
    expect(again.fingerprint).toBe(recorded.fingerprint);
    // A run that nobody checks does not stop at a violation.
    if (again.violation === undefined) {
      expect(simulate(recorded.plan, { checks: false }).fingerprint).toBe(recorded.fingerprint);
    }
  });

  it('is the same run when its steps are taken as a script', () => {
    const recorder = new TraceRecorder({ lines: false });
    const run = simulate(recorded.plan, { script: recorded.script, recorder });
    expect(run.skipped).toEqual([]);
    expect(recorder.drain().map(({ fingerprint }) => fingerprint)).toEqual(recorded.prints);
    expect(run.violation).toEqual(simulate(recorded.plan).violation);
  });
});

const built = new URL('../../dist/index.js', import.meta.url);

describe.skipIf(!existsSync(built))('in a process of its own (skipped without dist/: npm run build)', () => {
  it('every plan gives the same fingerprint', () => {
    const wishes = plans.map(([, one]) => one);
    const code = `
      import { makePlan, simulate } from ${JSON.stringify(built.href)};
      const wishes = ${JSON.stringify(wishes)};
      console.log(JSON.stringify(wishes.map((one) => simulate(makePlan(one)).fingerprint)));
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(wishes.map((one) => simulate(makePlan(one)).fingerprint));
  });
});
