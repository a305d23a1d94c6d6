// `raft-sim replay`: takes the steps of a trace again and compares the fingerprint after each of them.
//
// A trace that comes out the same is as good as the run itself. The first step that does not is named with its place in
// the file and both sides. Whether the fault lies with the file or with raft-sim, the sum over the file tells.

import { UsageError } from '../../base/errors.ts';
import { clockText } from '../../base/ids.ts';
import { companionSentences } from '../../run/node-options.ts';
import { planOfTrace } from '../../run/traced-plan.ts';
import { decodeTrace, type Trace } from '../../trace/format.ts';
import { Defect } from '../defect.ts';
import { standing } from '../ui/drive.ts';
import { type ExitCode, exitCodeOfBroken, exitCodeOfSignal, exits } from '../exit-code.ts';
import { lastStepsLines, violationLines } from '../ui/failure.ts';
import { readText } from '../ui/files.ts';
import type { OutputFlags } from '../run/flags.ts';
import { Interruption } from '../ui/interrupt.ts';
import { row, type RowShape } from '../ui/layout.ts';
import { nearest } from '../../run/nearest.ts';
import { nodeSnapshots, nodeTable } from '../ui/node-state.ts';
import { Progress, progressMode } from '../ui/progress.ts';
import { Verification, type Side } from './verify.ts';
import { companionLines, planLine, shapeOf } from '../ui/summary.ts';
import type { Terminal } from '../ui/terminal.ts';
import { counted, groupDigits } from '../ui/units.ts';
import { version } from '../version.ts';
import { programWords, shellText } from '../run/input.ts';

export interface ReplayFlags extends OutputFlags {
  readonly until?: number;
  readonly show?: boolean;
}

export async function replay(file: string, flags: ReplayFlags, terminal: Terminal): Promise<ExitCode> {
  const text = await readText(file);
  const name = file === '-' ? 'standard input' : file;
  const trace = decodeTrace(text, name, { nearest });
  const { until } = flags;
  if (until !== undefined && until > trace.end.steps) {
    throw new UsageError(`--until is ${until}, but ${name} ends at step ${trace.end.steps}`);
  }
  return new ReplayCommand(name, text, trace, flags, terminal).perform();
}

class ReplayCommand {
  private readonly name: string;
  private readonly trace: Trace;
  private readonly flags: ReplayFlags;
  private readonly terminal: Terminal;
  private readonly isText: boolean;
  private readonly isLong: boolean;
  private readonly interruption: Interruption;
  private readonly progress: Progress;
  private readonly repetition: Verification;

  constructor(name: string, text: string, trace: Trace, flags: ReplayFlags, terminal: Terminal) {
    this.name = name;
    this.trace = trace;
    this.flags = flags;
    this.terminal = terminal;
    this.isText = flags.json !== true;
    this.isLong = this.isText && flags.quiet !== true;
    const plan = planOfTrace(trace);
    const { out, err, env } = terminal;
    const clock = (): number => performance.now();
    const begun = clock();
    const isSilent = flags.quiet === true || (flags.show === true && out.isTerminal);
    this.progress = new Progress(err, progressMode(err, env, isSilent), clock);
    this.interruption = new Interruption((signal) => err.line(`\n${signal}: stopping. Once more stops at once.`));
    this.repetition = new Verification(trace, text, plan, {
      until: flags.until ?? Infinity,
      interruption: this.interruption,
      look: (simulation) => this.progress.tick(() => standing(simulation, clock() - begun)),
      show: flags.show === true ? (lines) => out.lines(lines) : undefined,
    });
  }

  async perform(): Promise<ExitCode> {
    const { out } = this.terminal;
    const { header, end } = this.trace;
    const { plan } = this.repetition.simulation;
    if (this.isLong) {
      const by = `${groupDigits(end.steps)} steps, recorded by raft-sim ${header.version}`;
      const here = header.version === version ? '' : `; this is ${version}`;
      out.lines([
        planLine(plan, out.paint),
        ...companionLines(plan, shapeOf(out)),
        ...row(shapeOf(out), 'trace', `${by}${here}`),
        '',
      ]);
    }
    try {
      await this.repetition.perform();
    } catch (error) {
      if (error instanceof UsageError) {
        const step = this.repetition.simulation.world.steps;
        throw new UsageError(`${this.trace.placeOf(this.trace.lineOf(step), [])}: ${error.message}`);
      }
      const program = programWords(process.argv[1], process.cwd(), process.env['npm_command']);
      throw new Defect(shellText([...program, 'replay', this.name]), error);
    } finally {
      this.progress.stop();
      this.interruption.release();
    }
    if (this.isText) this.tell();
    else out.line(JSON.stringify(this.json()));
    return this.exitCode();
  }

  private tell(): void {
    const { out } = this.terminal;
    const { divergence, run, lines, simulation } = this.repetition;
    if (this.flags.show === true && simulation.world.steps > 0) out.line();
    if (divergence !== undefined) this.tellDivergence();
    else out.line(this.endingLine());
    if (divergence === undefined && run?.violation !== undefined) {
      const { property, step } = run.violation;
      const shape = shapeOf(out);
      out.line(out.paint.bad(`✗ ${property} broken at step ${step}, as recorded`));
      out.lines(violationLines(run.violation, companionSentences(run.plan), shape));
      if (this.isLong && this.flags.show !== true) out.lines(['', ...lastStepsLines(lines, out)]);
    }
    if (this.flags.until !== undefined) this.tellServers();
    if (!this.trace.intact) this.terminal.err.line(`raft-sim: ${this.changedText()}`);
  }

  /** What --until asks for: the last steps, unless they were told, and every server. */
  private tellServers(): void {
    const { out } = this.terminal;
    const { run, lines, simulation } = this.repetition;
    const { world } = simulation;
    if (this.isLong && this.flags.show !== true && run?.violation === undefined) {
      out.lines(['', ...lastStepsLines(lines, out)]);
    }
    out.lines(['', `after step ${world.steps}, ${clockText(world.now)}`, '']);
    out.lines(nodeTable(nodeSnapshots(world.hosts), out.paint));
  }

  private endingLine(): string {
    const { paint } = this.terminal.out;
    const { simulation, run } = this.repetition;
    const { steps, fingerprint } = simulation.world;
    const rest = ` · fingerprint ${fingerprint.toString()}`;
    const { signal } = this.interruption;
    if (signal !== undefined) return `${paint.unsure(`? interrupted at step ${steps}, the same so far`)}${rest}`;
    const mark = (text: string): string => (this.trace.intact ? paint.good(`✓ ${text}`) : paint.unsure(`? ${text}`));
    const kept = run !== undefined && run.violation === undefined ? ', nothing broken' : '';
    return `${mark(`the same run: ${counted(steps, 'step')}${kept}`)}${rest}`;
  }

  private tellDivergence(): void {
    const { divergence } = this.repetition;
    if (divergence === undefined) return;
    const { out } = this.terminal;
    const { line, column, what, step, inTrace, here } = divergence;
    const shape = shapeOf(out);
    out.line(out.paint.bad(`✗ ${this.name}:${line}:${column}: step ${step}: ${what}`));
    out.lines([...sideLines(shape, 'trace', inTrace), ...sideLines(shape, 'this run', here)]);
    if (!this.trace.intact) return;
    const { header } = this.trace;
    const isOther = header.version !== version;
    const why = isOther
      ? `recorded by raft-sim ${header.version}, this is ${version}: the same steps may have another effect`
      : 'the trace is as it was written: this is a defect of raft-sim, please report it with the trace';
    out.lines(row(shape, 'why', why));
  }

  private changedText(): string {
    const { divergence } = this.repetition;
    const changed = `${this.name} was changed after it was written`;
    if (divergence !== undefined) return `${changed}; the first line that departs is ${divergence.line}`;
    return this.repetition.run === undefined
      ? `${changed}, without effect so far`
      : `${changed}, without effect on its steps`;
  }

  private json(): object {
    const { divergence, run, simulation } = this.repetition;
    const { world } = simulation;
    const { header, intact } = this.trace;
    return {
      schema: 'raft-sim/replay@1',
      version,
      file: this.name,
      recordedBy: header.version,
      kind: header.kind,
      intact,
      outcome: this.outcome(),
      steps: world.steps,
      virtualMicros: world.now,
      fingerprint: world.fingerprint.toString(),
      divergence: divergence ?? null,
      violation: run?.violation ?? null,
      verdicts: run?.verdicts ?? null,
      nodes: this.flags.until === undefined ? null : nodeSnapshots(world.hosts),
    };
  }

  private outcome(): 'interrupted' | 'diverged' | 'changed' | 'reproduced' | 'clean' | 'stopped' {
    const { divergence, run } = this.repetition;
    if (this.interruption.signal !== undefined) return 'interrupted';
    if (divergence !== undefined) return 'diverged';
    if (!this.trace.intact) return 'changed';
    if (run === undefined) return 'stopped';
    return run.violation === undefined ? 'clean' : 'reproduced';
  }

  private exitCode(): ExitCode {
    const { divergence, run } = this.repetition;
    const { signal } = this.interruption;
    if (divergence !== undefined && this.trace.intact) return exits.differs;
    if (signal !== undefined) return exitCodeOfSignal(signal);
    if (!this.trace.intact) return exits.mistake;
    return exitCodeOfBroken(run?.violation === undefined ? [] : [run.violation.property]);
  }
}

/** What happened on one side of a difference, and the fingerprint that it led to. */
function sideLines(shape: RowShape, label: string, { told, fingerprint }: Side): string[] {
  const texts = [told.trim().replace(/ +/g, ' '), fingerprint === undefined ? '' : `fingerprint ${fingerprint}`];
  return texts.filter((text) => text !== '').flatMap((text, i) => row(shape, i === 0 ? label : '', text));
}
