// A recorded trace is a scenario: read back and played, it comes to the same fingerprint.

import { describe, expect, it } from 'vitest';
import { makePlan, type PlanInput } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { recordScenario } from '../../../src/scenario/record.ts';
import { profileNames } from '../../../src/sim/faults/profile.ts';
import { decodeTrace, TraceWriter } from '../../../src/trace/format.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';
import type { Variant } from '../../../src/zoo/row.ts';
import { variantNames, variantTable } from '../../../src/zoo/variant.ts';
import { isLong, sampled } from '../../support/sample.ts';
import { play } from '../../support/scenario.ts';

function traceOf(wishes: PlanInput) {
  const plan = makePlan(wishes);
  const recorder = new TraceRecorder({ lines: false });
  const run = simulate(plan, { recorder });
  const writer = new TraceWriter({ kind: 'steps', version: 'test', plan });
  const pieces = [writer.header(), ...recorder.drain().map((step) => writer.step(step))];
  const { violation } = run;
  const told = violation === undefined ? null : { property: violation.property, why: violation.why };
  pieces.push(writer.end({ steps: run.steps, at: run.at as never, fingerprint: run.fingerprint, violation: told }));
  return { run, trace: decodeTrace(pieces.join(''), 'a.trace.ndjson') };
}

const SEEDS = 300;

const short = { length: { steps: 1500 } };

/** Judged at the end of the run, which a run counted in steps may not have; or by clocks, which no story has. */
const propertyIsLate = (property: string): boolean => ['bounded-liveness', 'lease-validity'].includes(property);

describe('a recorded run, played as a scenario', () => {
  it.each(profileNames.flatMap((profile) => (isLong ? [1, 2, 3] : [1]).map((seed) => [profile, seed] as const)))(
    '%s, seed %i',
    (profile, seed) => {
      const { run, trace } = traceOf({ seed: String(seed), profile, nodes: 2 + seed, ...short });
      const played = play(recordScenario(trace, 'a.trace.ndjson'));
      expect(played.run.fingerprint).toBe(run.fingerprint);
      expect(played.skipped).toEqual([]);
      expect(played.failure).toBeUndefined();
    },
  );

  const early = variantNames.filter((name) => !propertyIsLate(variantTable[name].breaks));

  it.each(sampled(early, 6))('of %s, to the same broken promise', (variant) => {
    const { nodes, spares, profile, parameters = {}, scheduler } = (variantTable[variant] as Variant).hunt ?? {};
    for (let seed = 1; seed <= SEEDS; seed++) {
      const length = { steps: 9_000 };
      const wishes = { variant, nodes, spares, profile, parameters, scheduler, seed: String(seed), length };
      const { violation } = simulate(makePlan(wishes));
      if (violation === undefined || propertyIsLate(violation.property)) continue;
      const { run, trace } = traceOf(wishes);
      const played = play(recordScenario(trace, 'a.trace.ndjson'));
      expect(played.run.violation).toMatchObject({ property: violation.property, step: run.steps });
      expect(played.failure).toBeUndefined();
      return;
    }
    throw new Error(`${variant} shows in none of ${SEEDS} seeds`);
  });

  it('one byte of another fingerprint is noticed', () => {
    const { trace } = traceOf({ seed: '1', ...short });
    const text = recordScenario(trace, 'a.trace.ndjson');
    const other = text.replace(
      /fingerprint: "?[0-9a-f]/,
      (found) => found.slice(0, -1) + (found.endsWith('0') ? '1' : '0'),
    );
    expect(other).not.toBe(text);
    expect(play(other).failure).toMatchObject({ kind: 'failed', path: ['expect', 'fingerprint'] });
  });

  it('a run that is too long is refused', () => {
    const { trace } = traceOf({ seed: '1', profile: 'chaos', length: { steps: 10_001 } });
    expect(() => recordScenario(trace, 'a.trace.ndjson')).toThrow(
      /has 10001 steps, expected at most 10000 for a scenario: run it with a shorter --for$/,
    );
  });
});
