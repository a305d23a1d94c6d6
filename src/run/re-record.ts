// Takes a run again, this time with a recorder, and makes a trace of it.
//
// A run is fast because nothing records it. When it ends in a violation, determinism gives its last lines and its whole
// trace for the price of a second run, which must come to the same fingerprint. Nothing here waits or writes a file:
// the caller advances the simulation in slices of its own.

import { micros } from '../base/ids.ts';
import { TraceWriter, type TraceCheckpoint } from '../trace/format.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { Simulation, type Run } from './simulate.ts';

/** Up to here a trace holds every step; that of a longer run is its seed with checkpoints. */
const STEPS_IN_TRACE = 100_000;

export interface ReRecorded {
  /** The last lines of the notation. */
  readonly lines: readonly string[];
  /** The trace of kind steps; undefined if it would be too long or was not finished. */
  readonly pieces: readonly string[] | undefined;
  readonly fingerprint: string;
  readonly isWhole: boolean;
}

export interface ReRecordOptions {
  /** Which raft-sim writes the trace. */
  readonly version: string;
  /** How many of the last lines are kept. */
  readonly lastLines: number;
}

export class ReRecording {
  readonly simulation: Simulation;
  private readonly run: Run;
  private readonly lastLines: number;
  private readonly isShort: boolean;
  private readonly recorder: TraceRecorder;
  private readonly writer: TraceWriter;
  private readonly pieces: string[];
  private lines: readonly string[] = [];

  constructor(run: Run, { version, lastLines }: ReRecordOptions) {
    this.run = run;
    this.lastLines = lastLines;
    this.isShort = run.steps <= STEPS_IN_TRACE;
    this.recorder = new TraceRecorder(this.isShort ? { lines: true } : { lines: true, keepLast: lastLines });
    this.simulation = new Simulation(run.plan, { recorder: this.recorder });
    this.writer = new TraceWriter({ kind: 'steps', version, plan: run.plan });
    this.pieces = [this.writer.header()];
  }

  /** Takes over what was recorded since the last call: called after each slice of the simulation. */
  collect(): void {
    const steps = this.recorder.drain();
    const lines = steps.slice(-this.lastLines).map(({ line }) => line);
    this.lines = [...this.lines, ...lines].slice(-this.lastLines);
    if (this.isShort) this.pieces.push(steps.map((step) => this.writer.step(step)).join(''));
  }

  /** What came of it, when the simulation has got as far as the run, or was stopped. */
  finish(): ReRecorded {
    const { world } = this.simulation;
    const isWhole = world.steps === this.run.steps;
    const hasSteps = this.isShort && isWhole;
    const pieces = hasSteps ? [...this.pieces, this.writer.end(traceEnd(this.run))] : undefined;
    return { lines: this.lines, pieces, fingerprint: world.fingerprint.toString(), isWhole };
  }
}

/** The trace of kind seed. */
export function seedTrace(run: Run, checkpoints: readonly TraceCheckpoint[], version: string): string[] {
  const writer = new TraceWriter({ kind: 'seed', version, plan: run.plan });
  const pieces = [writer.header()];
  for (const { step, print } of checkpoints) pieces.push(writer.checkpoint(step, print));
  return [...pieces, writer.end(traceEnd(run))];
}

/** What the last line of a trace says of its run. */
export function traceEnd(
  run: Pick<Run, 'steps' | 'at' | 'fingerprint' | 'violation'>,
): Parameters<TraceWriter['end']>[0] {
  const { steps, at, fingerprint, violation } = run;
  const broken = violation === undefined ? null : { property: violation.property, why: violation.why };
  return { steps, at: micros(at), fingerprint, violation: broken };
}

/** `leader-completeness-42-87f98507.trace.ndjson`. */
export function traceFileName({ plan, violation, fingerprint }: Run): string {
  const slug = plan.seed
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  return `${violation?.property ?? 'run'}-${slug || 'seed'}-${fingerprint.slice(0, 8)}.trace.ndjson`;
}
