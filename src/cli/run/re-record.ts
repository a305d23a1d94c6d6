// Takes the same run again, this time with someone who writes it down.
//
// A run is fast because nobody records it. When it ends in a violation, determinism gives its last lines and its whole
// trace for the price of a second run, which must come to the same fingerprint.

import type { Plan } from '../../run/plan.ts';
import { Simulation, type Run } from '../../run/simulate.ts';
import { TraceWriter, type Checkpoint } from '../../trace/format.ts';
import { TraceRecorder } from '../../trace/recorder.ts';
import { micros } from '../../base/ids.ts';
import { drive } from '../ui/drive.ts';
import { LAST_LINES } from '../ui/failure.ts';
import type { Interruption } from '../ui/interrupt.ts';
import type { Progress } from '../ui/progress.ts';
import { version } from '../version.ts';

/** Up to here a replay file holds every step; the replay of a longer run is its seed with checkpoints. */
const STEPS_IN_REPLAY = 100_000;

export interface ReRecorded {
  readonly lines: readonly string[];
  /** The trace of kind steps; undefined if it would be too long or was not finished. */
  readonly pieces: readonly string[] | undefined;
  readonly fingerprint: string;
  readonly isWhole: boolean;
}

export interface ReRecordOptions {
  readonly interruption: Interruption;
  readonly progress: Progress;
  readonly clock: () => number;
}

export async function retell(run: Run, telling: ReRecordOptions): Promise<ReRecorded> {
  const isShort = run.steps <= STEPS_IN_REPLAY;
  const recorder = new TraceRecorder(isShort ? { lines: true } : { lines: true, keepLast: LAST_LINES });
  const simulation = new Simulation(run.plan, { recorder });
  const writer = new TraceWriter({ kind: 'steps', version, plan: run.plan });
  const pieces = [writer.header()];
  let lines: string[] = [];
  const look = (): void => {
    const steps = recorder.drain();
    lines = [...lines, ...steps.slice(-LAST_LINES).map((step) => step.line)].slice(-LAST_LINES);
    if (isShort) pieces.push(steps.map((step) => writer.step(step)).join(''));
  };
  await drive({ ...telling, simulation, until: run.steps, look });
  const fingerprint = simulation.world.fingerprint.toString();
  const isWhole = simulation.world.steps === run.steps;
  if (isShort && isWhole) pieces.push(writer.end(endOf(run)));
  return { lines, pieces: isShort && isWhole ? pieces : undefined, fingerprint, isWhole };
}

/** The trace of kind seed. */
export function seedTrace(run: Run, checkpoints: readonly Checkpoint[]): string[] {
  const writer = new TraceWriter({ kind: 'seed', version, plan: run.plan });
  const pieces = [writer.header()];
  for (const { step, print } of checkpoints) pieces.push(writer.checkpoint(step, print));
  return [...pieces, writer.end(endOf(run))];
}

export function endOf(run: Run): Parameters<TraceWriter['end']>[0] {
  const { steps, at, fingerprint, violation } = run;
  const told = violation === undefined ? null : { property: violation.property, why: violation.why };
  return { steps, at: micros(at), fingerprint, violation: told };
}

/** `leader-completeness-42-87f98507.trace.ndjson`. */
export function replayName(run: Run, plan: Plan): string {
  const slug = plan.seed
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  return `${run.violation?.property ?? 'run'}-${slug || 'seed'}-${run.fingerprint.slice(0, 8)}.trace.ndjson`;
}
