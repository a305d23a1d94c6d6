// A trace taken again, step by step, with the fingerprint of each step held against the file's.
//
// It stops at the first difference and says where in the file it stands, what the file says and what happened here.
// A trace of kind steps is taken as a script; one of kind seed is drawn anew and met at its checkpoints. Nothing here
// waits or prints: the caller advances it in slices of its own.

import { UsageError } from '../base/errors.ts';
import { withoutRest } from '../base/rest.ts';
import type { Recorder, Violation } from '../sim/observer.ts';
import type { Trace } from '../trace/format.ts';
import { stepLine, stepInWords } from '../trace/line.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { Plan } from './plan.ts';
import { Simulation, type Run } from './simulate.ts';

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
  readonly text: string;
  readonly fingerprint?: string;
}

export interface VerificationOptions {
  /** The text that the trace was read from. */
  readonly text: string;
  /** Stop after this step. */
  readonly until: number;
  /** Writes down what happens, with lines. */
  readonly lines: TraceRecorder;
  /** What the world reports to, if it is not `lines` itself. */
  readonly recorder?: Recorder;
}

export class Verification {
  readonly simulation: Simulation;
  private readonly trace: Trace;
  private readonly fileLines: readonly string[];
  private readonly lines: TraceRecorder;
  private readonly until: number;
  divergence: Divergence | undefined;
  /** The run with its verdicts, if it was taken to the trace's end. */
  run: Run | undefined;

  constructor(trace: Trace, plan: Plan, { text, until, lines, recorder = lines }: VerificationOptions) {
    this.trace = trace;
    this.fileLines = text.split('\n');
    this.lines = lines;
    this.until = Math.min(until, trace.end.steps);
    const script = trace.header.kind === 'steps' ? trace.steps : undefined;
    this.simulation = new Simulation(plan, { recorder, script });
  }

  /** Takes at most so many steps; false once there is nothing more to take. */
  advance(stepsMax: number): boolean {
    const { world } = this.simulation;
    const to = Math.min(this.until, world.steps + stepsMax);
    if (world.steps < to && this.divergence === undefined) this.guarded(() => this.slice(to));
    return this.divergence === undefined && world.steps < this.until;
  }

  /** Judges a run that was taken to the trace's end, and compares how both ended. */
  finish(): void {
    withoutRest(this.finishing());
  }

  /** The same in pieces, for a program that has something else to do in between. */
  *finishing(): Generator<undefined, void> {
    const { world } = this.simulation;
    const { end } = this.trace;
    if (this.divergence !== undefined || world.steps < end.steps) return;
    if (world.now < end.at) world.now = end.at;
    this.run = yield* this.simulation.judging();
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
        { text: '' },
        { text: why },
      );
    }
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
      { text: '', fingerprint: checkpoint.print },
      { text: '', fingerprint: print },
    );
  }

  private stepDiffers(step: number, expected: string, print: string): Divergence {
    const recorded = this.trace.steps[step - 1];
    const around = { message: undefined, answer: undefined, term: undefined, cached: 0, host: undefined };
    const inTrace = recorded === undefined ? '' : stepLine(step, recorded.at, stepInWords(recorded, around), [], []);
    const skipped = this.simulation.finish().skipped.find(({ place }) => place <= step);
    const here = skipped === undefined ? (this.lines.last(1)[0]?.line ?? '') : `not possible: ${skipped.why}`;
    return this.differsAt(
      step,
      'print',
      'the run departs from the trace',
      { text: inTrace, fingerprint: expected },
      { text: here, fingerprint: print },
    );
  }

  private endsEarly(step: number): Divergence {
    const { world } = this.simulation;
    const { violation } = world;
    const why = violation === undefined ? '' : `: ${violation.property} is broken, ${violation.why}`;
    const goesOn = `goes on to step ${this.trace.end.steps}`;
    const here = `ends at step ${world.steps}${why}`;
    return this.differsAt(step, 'step', 'the run is over before the trace', { text: goesOn }, { text: here });
  }

  private compareEnds(run: Run): Divergence | undefined {
    const { end } = this.trace;
    const side = (violation: Violation | undefined): Side =>
      violation === undefined ? { text: 'nothing broken' } : { text: `${violation.property} broken: ${violation.why}` };
    if (run.fingerprint !== end.fingerprint) {
      return this.differsAt(
        Infinity,
        'fingerprint',
        'the run ends with another fingerprint',
        { text: '', fingerprint: end.fingerprint },
        { text: '', fingerprint: run.fingerprint },
      );
    }
    const isSame = run.violation?.property === end.violation?.property && run.violation?.why === end.violation?.why;
    if (isSame) return undefined;
    return this.differsAt(
      Infinity,
      'violation',
      'the run ends in another way',
      side(end.violation ?? undefined),
      side(run.violation),
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
