// A trace taken again, step by step, with the fingerprint of each step held against the file's.
//
// It stops at the first difference and says where in the file it stands, what the file says and what happened here.
// A trace of kind steps is taken as a script; one of kind seed is drawn anew and met at its checkpoints.

import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import type { Plan } from '../../run/plan.ts';
import { Simulation, type Run } from '../../run/simulate.ts';
import type { Violation } from '../../sim/observer.ts';
import type { Trace } from '../../trace/format.ts';
import { stepLine, tellStep } from '../../trace/line.ts';
import { TraceRecorder } from '../../trace/recorder.ts';
import { judge, SLICE } from '../ui/drive.ts';
import { LAST_LINES } from '../ui/failure.ts';
import type { Interruption } from '../ui/interrupt.ts';

/** The first place where run and trace part. */
export interface Divergence {
  readonly step: number;
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly inTrace: Side;
  readonly here: Side;
}

/** What one side of a difference says. */
export interface Side {
  readonly told: string;
  readonly fingerprint?: string;
}

export interface VerificationOptions {
  /** Stop after this step. */
  readonly until: number;
  readonly interruption: Interruption;
  /** Called after each slice. */
  readonly look: (simulation: Simulation) => Promise<void>;
  /** Told every line of the notation. */
  readonly show: ((lines: readonly string[]) => void) | undefined;
}

export class Verification {
  readonly simulation: Simulation;
  private readonly trace: Trace;
  private readonly fileLines: readonly string[];
  private readonly recorder: TraceRecorder;
  private readonly options: VerificationOptions;
  divergence: Divergence | undefined;
  /** The run with its verdicts, if it was taken to the trace's end. */
  run: Run | undefined;

  constructor(trace: Trace, text: string, plan: Plan, options: VerificationOptions) {
    this.trace = trace;
    this.fileLines = text.split('\n');
    this.options = options;
    this.recorder = new TraceRecorder(
      options.show === undefined ? { lines: true, keepLast: LAST_LINES } : { lines: true },
    );
    const script = trace.header.kind === 'steps' ? trace.steps : undefined;
    this.simulation = new Simulation(plan, { recorder: this.recorder, script });
  }

  private _lines: readonly string[] = [];

  /** The last lines of the notation. */
  get lines(): readonly string[] {
    return this._lines;
  }

  async perform(): Promise<void> {
    const { world } = this.simulation;
    const { interruption, look } = this.options;
    const end = this.trace.end.steps;
    const until = Math.min(this.options.until, end);
    while (world.steps < until && this.divergence === undefined) {
      this.guarded(() => this.slice(Math.min(until, world.steps + SLICE)));
      this.noteLines();
      await look(this.simulation);
      await setImmediate();
      if (interruption.signal !== undefined) return;
    }
    if (this.divergence !== undefined || until < end) return;
    if (world.now < this.trace.end.at) world.now = this.trace.end.at;
    this.run = await judge(this.simulation, () => performance.now());
    this.divergence = this.compareEnds(this.run);
  }

  /** An edited trace can ask for what no world can do. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (this.trace.intact || error instanceof UsageError) throw error;
      const step = this.simulation.world.steps;
      const why = error instanceof Error ? error.message : String(error);
      this.divergence = this.differsAt(
        Math.max(1, step),
        'print',
        'the step cannot be taken',
        { told: '' },
        { told: why },
      );
    }
  }

  private noteLines(): void {
    const { show } = this.options;
    if (show === undefined) {
      this._lines = this.recorder.last(LAST_LINES).map(({ line }) => line);
      return;
    }
    const lines = this.recorder.drain().map(({ line }) => line);
    this._lines = [...this._lines, ...lines.slice(-LAST_LINES)].slice(-LAST_LINES);
    show(lines);
  }

  private slice(to: number): void {
    if (this.trace.header.kind === 'steps') this.takeSteps(to);
    else this.takeDrawn(to);
  }

  private takeSteps(to: number): void {
    const { world } = this.simulation;
    for (let done = world.steps; done < to && this.divergence === undefined; done++) {
      const goesOn = this.simulation.advance(1);
      const expected = this.trace.prints[done] ?? '';
      const print = world.fingerprint.toString();
      if (world.steps === done || print !== expected) this.divergence = this.stepDiffers(done + 1, expected, print);
      else if (!goesOn && done + 1 < this.trace.end.steps) this.divergence = this.endsEarly(done + 2);
    }
  }

  private takeDrawn(to: number): void {
    const { world } = this.simulation;
    const checkpoint = this.trace.checkpoints.find(({ step }) => step > world.steps);
    const target = Math.min(to, checkpoint?.step ?? to);
    this.simulation.advance(target - world.steps);
    if (world.steps < target) {
      this.divergence = this.endsEarly(target);
      return;
    }
    const print = world.fingerprint.toString();
    if (checkpoint === undefined || target < checkpoint.step || print === checkpoint.print) return;
    this.divergence = this.differsAt(
      target,
      'print',
      'the fingerprints differ here, behind the last checkpoint that agreed',
      { told: '', fingerprint: checkpoint.print },
      { told: '', fingerprint: print },
    );
  }

  private stepDiffers(step: number, expected: string, print: string): Divergence {
    const told = this.trace.steps[step - 1];
    const around = { message: undefined, answer: undefined, term: undefined, cached: 0, host: undefined };
    const inTrace = told === undefined ? '' : stepLine(step, told.at, tellStep(told, around), [], []);
    const skipped = this.simulation.finish().skipped.find(({ place }) => place <= step);
    const here = skipped === undefined ? (this.recorder.last(1)[0]?.line ?? '') : `not possible: ${skipped.why}`;
    return this.differsAt(
      step,
      'print',
      'the run departs from the trace',
      { told: inTrace, fingerprint: expected },
      { told: here, fingerprint: print },
    );
  }

  private endsEarly(step: number): Divergence {
    const { world } = this.simulation;
    const { violation } = world;
    const why = violation === undefined ? '' : `: ${violation.property} is broken, ${violation.why}`;
    const goesOn = `goes on to step ${this.trace.end.steps}`;
    const here = `ends at step ${world.steps}${why}`;
    return this.differsAt(step, 'step', 'the run is over before the trace', { told: goesOn }, { told: here });
  }

  private compareEnds(run: Run): Divergence | undefined {
    const { end } = this.trace;
    const told = (violation: Violation | undefined): Side =>
      violation === undefined ? { told: 'nothing broken' } : { told: `${violation.property} broken: ${violation.why}` };
    if (run.fingerprint !== end.fingerprint) {
      return this.differsAt(
        Infinity,
        'fingerprint',
        'the run ends with another fingerprint',
        { told: '', fingerprint: end.fingerprint },
        { told: '', fingerprint: run.fingerprint },
      );
    }
    const isSame = run.violation?.property === end.violation?.property && run.violation?.why === end.violation?.why;
    if (isSame) return undefined;
    return this.differsAt(
      Infinity,
      'violation',
      'the run ends in another way',
      told(end.violation ?? undefined),
      told(run.violation),
    );
  }

  /** A difference at a step, or in the last line of the file, at the value of a key. */
  private differsAt(step: number, key: string, what: string, inTrace: Side, here: Side): Divergence {
    const line = this.trace.lineOf(step);
    const at = (this.fileLines[line - 1] ?? '').lastIndexOf(`"${key}":`);
    const column = at < 0 ? 1 : at + key.length + 4;
    return { step: Math.min(step, this.trace.end.steps), line, column, what, inTrace, here };
  }
}
