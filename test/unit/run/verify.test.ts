// A run taken again and a trace verified, without a terminal: whatever the slices, the outcome is the same.

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/run/plan.ts';
import { ReRecording, seedTrace, traceFileName } from '../../../src/run/re-record.ts';
import { simulate, type Run } from '../../../src/run/simulate.ts';
import { planOfTrace } from '../../../src/run/traced-plan.ts';
import { Verification } from '../../../src/run/verify.ts';
import { decodeTrace } from '../../../src/trace/format.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';

const run = simulate(
  makePlan({ seed: 'A b', nodes: 3, variant: 'ack-before-persist', length: { micros: 20_000_000 } }),
);

function traceOf(of: Run, slice: number): string {
  const recording = new ReRecording(of, { version: '0.0.0', lastLines: 5 });
  while (recording.simulation.world.steps < of.steps) {
    recording.simulation.advance(Math.min(slice, of.steps - recording.simulation.world.steps));
    recording.collect();
  }
  const { pieces, isWhole, lines, fingerprint } = recording.finish();
  expect({ isWhole, fingerprint, lines: lines.length }).toEqual({
    isWhole: true,
    fingerprint: of.fingerprint,
    lines: 5,
  });
  return (pieces ?? []).join('');
}

function verify(text: string, slice: number, until = Infinity): Verification {
  const trace = decodeTrace(text, 'trace');
  const plan = planOfTrace(trace);
  const verification = new Verification(trace, plan, { text, until, lines: new TraceRecorder({ lines: true }) });
  while (verification.advance(slice));
  verification.finish();
  return verification;
}

describe('a run that broke a promise', () => {
  it('is recorded again, in slices of any size', () => {
    expect(run.violation).toBeDefined();
    expect(traceOf(run, 7)).toBe(traceOf(run, 1_000_000));
  });

  it('names its file', () => {
    expect(traceFileName(run)).toBe(`${run.violation?.property}-a-b-${run.fingerprint.slice(0, 8)}.trace.ndjson`);
  });

  it.each([1, 13, 1_000_000])('is verified in slices of %i', (slice) => {
    const { divergence, run: verified } = verify(traceOf(run, 100), slice);
    expect(divergence).toBeUndefined();
    expect(verified).toMatchObject({ fingerprint: run.fingerprint, violation: run.violation });
  });

  it('is verified up to a step, and judged only at its end', () => {
    const verification = verify(traceOf(run, 100), 10, 25);
    expect(verification.simulation.world.steps).toBe(25);
    expect(verification.run).toBeUndefined();
  });

  it('is verified by its seed and its checkpoints', () => {
    const recorder = new TraceRecorder({ lines: false });
    simulate(run.plan, { recorder });
    const prints = recorder.drain().map(({ step, fingerprint }) => ({ step, print: fingerprint }));
    const checkpoints = prints.filter(({ step }) => step % 50 === 0);
    const text = seedTrace(run, checkpoints, '0.0.0').join('');
    expect(verify(text, 7).run?.fingerprint).toBe(run.fingerprint);
    const wrong = checkpoints.map(({ step, print }) => ({ step, print: step === 100 ? '0'.repeat(16) : print }));
    const { divergence } = verify(seedTrace(run, wrong, '0.0.0').join(''), 7);
    expect(divergence).toMatchObject({ step: 100, line: 3, inTrace: { fingerprint: '0'.repeat(16) } });
  });
});
