// A run can be replayed: the same steps, taken as a script, break the same promise at the same step, and end alike.

import { describe, expect, it } from 'vitest';
import { makePlan, type PlanInput } from '../../src/run/plan.ts';
import { simulate, Simulation } from '../../src/run/simulate.ts';
import { profileNames } from '../../src/sim/faults/profile.ts';
import { TraceRecorder } from '../../src/trace/recorder.ts';
import type { Variant } from '../../src/zoo/row.ts';
import { variantNames, variantTable } from '../../src/zoo/variant.ts';

const LENGTH = { micros: 20_000_000 };

const plans: readonly (readonly [string, PlanInput])[] = [
  ...variantNames.flatMap((variant) => {
    const { hunt, breaks }: Variant = variantTable[variant];
    const wishes = {
      variant,
      nodes: hunt?.nodes,
      spares: hunt?.spares,
      profile: hunt?.profile,
      parameters: hunt?.parameters ?? {},
      scheduler: hunt?.scheduler,
      length: hunt?.scheduler === undefined ? LENGTH : { steps: 4_000 },
    };
    return [[variant, wishes] as const, [`${variant}, only ${breaks}`, { ...wishes, properties: [breaks] }] as const];
  }),
  // Judged at the end, from the history and from what all servers are like then.
  [
    'a history that is not linearizable',
    {
      variant: 'retry-without-dedup',
      parameters: { duplicateCall: 300_000 },
      properties: ['linearizability'],
      length: LENGTH,
    },
  ],
  [
    'a cluster that does not recover',
    {
      profile: 'partitions',
      variant: 'reject-hint-always-last-index',
      properties: ['bounded-liveness'],
      length: LENGTH,
    },
  ],
];

/** The first seed under which the promise is broken. */
function broken(wishes: PlanInput): PlanInput {
  for (let seed = 1; seed <= 200; seed++) {
    const plan = { ...wishes, seed: String(seed) };
    if (simulate(makePlan(plan)).violation !== undefined) return plan;
  }
  throw new Error('no promise is broken under 200 seeds');
}

describe.each(plans)('%s', (_name, wishes) => {
  const plan = makePlan(broken(wishes));
  const recorder = new TraceRecorder({ lines: true });
  const run = simulate(plan, { recorder });
  const steps = recorder.drain();
  const script = steps.map(({ data }) => data);

  it('breaks the same promise at the same step, for the same reason, when it is replayed', () => {
    const again = simulate(plan, { script });
    expect(again.skipped).toEqual([]);
    expect(again.violation).toEqual(run.violation);
    expect([again.steps, again.at, again.fingerprint]).toEqual([run.steps, run.at, run.fingerprint]);
    expect(again.verdicts).toEqual(run.verdicts);
    expect(again.goals).toEqual(run.goals);
  });

  it('breaks it in the last step that was recorded', () => {
    expect(steps.length).toBe(run.steps);
    expect(run.violation?.step).toBe(run.steps);
    expect(run.violation?.at).toBe(run.at);
  });

  it('is the same run up to there when nothing is checked', () => {
    const unchecked = new Simulation(plan, { checks: false });
    unchecked.advance(run.steps);
    expect([unchecked.world.steps, unchecked.world.fingerprint.toString()]).toEqual([run.steps, run.fingerprint]);
  });
});

describe('a run in which nothing is broken, taken as a script, ends alike:', () => {
  const rows = profileNames.flatMap((profile) =>
    [1, 2, 5].flatMap((nodes) => ['2', '7'].map((seed) => [profile, nodes, seed] as const)),
  );

  it.each(rows)('%s, %i nodes, seed %s', (profile, nodes, seed) => {
    const plan = makePlan({ seed, profile, nodes, parameters: { settle: 1_000_000 }, length: { micros: 8_000_000 } });
    const recorder = new TraceRecorder({ lines: false });
    const run = simulate(plan, { recorder });
    expect(simulate(plan, { script: recorder.drain().map(({ data }) => data) })).toEqual(run);
  });
});

it('a run that ended because messages piled up ends alike as a script, and in the same promise', () => {
  const plan = makePlan({
    seed: '6',
    nodes: 3,
    profile: 'partitions',
    variant: 'reject-hint-always-last-index',
    parameters: { duplicate: 600_000 },
    properties: ['bounded-liveness'],
    length: LENGTH,
  });
  const recorder = new TraceRecorder({ lines: false });
  const run = simulate(plan, { recorder });
  expect(run.violation?.why).toMatch(/^messages pile up without end/);
  expect(run.at).toBeLessThan(LENGTH.micros);
  const script = recorder.drain().map(({ data }) => data);
  const again = simulate(plan, { script });
  expect([again.violation, again.steps, again.fingerprint]).toEqual([run.violation, run.steps, run.fingerprint]);
});
