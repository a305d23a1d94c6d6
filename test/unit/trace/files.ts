// Traces as text for the tests: a whole file from a list of steps, and a file that is wrong in one place.

import { micros } from '../../../src/base/ids.ts';
import { hex, scramble } from '../../../src/base/hash.ts';
import { UsageError } from '../../../src/base/errors.ts';
import type { Step } from '../../../src/sim/step.ts';
import { decodeTrace, TraceWriter, type DecodeOptions, type TraceEnd } from '../../../src/trace/format.ts';
import { NODES } from './steps.ts';

export const plan = { seed: 'grün 42', nodes: NODES };

/** A made-up fingerprint. */
export const printOf = (step: number): string => hex(scramble(step)) + hex(scramble(step + 77));

export function endOf(steps: number, violation: TraceEnd['violation'] = null): TraceEnd {
  return { steps, at: micros(99_000), fingerprint: printOf(steps), violation };
}

/** A trace of kind `steps`. */
export function fileOf(steps: readonly Step[], violation: TraceEnd['violation'] = null): string {
  const writer = new TraceWriter({ kind: 'steps', version: '0.1.0', plan });
  let text = writer.header();
  steps.forEach((data, i) => (text += writer.step({ step: i + 1, data, fingerprint: printOf(i + 1) })));
  return text + writer.end(endOf(steps.length, violation));
}

/** A trace of kind `seed` with these checkpoints. */
export function seedFileOf(checkpoints: readonly number[], steps: number): string {
  const writer = new TraceWriter({ kind: 'seed', version: '0.1.0', plan });
  const lines = [writer.header(), ...checkpoints.map((step) => writer.checkpoint(step, printOf(step)))];
  return lines.join('') + writer.end(endOf(steps));
}

/** What a file is refused with. */
export function complaint(text: string, options: DecodeOptions = {}): string {
  try {
    decodeTrace(text, 'a.trace', options);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('the file was accepted');
}
