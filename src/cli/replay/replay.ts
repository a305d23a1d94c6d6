// `raft-sim replay`: takes the steps of a trace again and compares the fingerprint after each of them.
//
// A trace that comes out the same is as good as the run itself. The first step that does not is named with its place in
// the file and both sides. Whether the fault lies with the file or with raft-sim, the sum over the file says.

import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import { clockText } from '../../base/ids.ts';
import { companionSentences } from '../../run/node-options.ts';
import { planOfTrace } from '../../run/traced-plan.ts';
import { Verification, type Side } from '../../run/verify.ts';
import { decodeTrace, type Trace } from '../../trace/format.ts';
import { InFlightRecorder } from '../../trace/in-flight.ts';
import { nodeSnapshots } from '../../trace/node-snapshot.ts';
import { TraceRecorder } from '../../trace/recorder.ts';
import { Defect } from '../defect.ts';
import { inTurns, SLICE, standing } from '../ui/drive.ts';
import { type ExitCode, exitCodeOfBroken, exitCodeOfSignal, exits } from '../exit-code.ts';
import { LAST_LINES, lastStepsLines, stepLines, violationLines } from '../ui/failure.ts';
import { readText } from '../ui/files.ts';
import { columnsOf, hasRoomForLanes, lanedHead, lanedLines } from '../ui/laned.ts';
import type { OutputFlags } from '../run/flags.ts';
import { Interruption } from '../ui/interrupt.ts';
import { factLines, messageLines, row, rowWhole, type RowShape } from '../ui/layout.ts';
import { nearest } from '../../run/nearest.ts';
import { Progress, progressMode } from '../ui/progress.ts';
import { companionLines, planHead, shapeOf } from '../ui/summary.ts';
import type { Terminal } from '../ui/terminal.ts';
import { countText, groupDigits } from '../ui/units.ts';
import { LanedRecorder } from '../../view/laned-recorder.ts';
import { version } from '../version.ts';
import { programWords, shellText } from '../run/input.ts';
import { replayJson } from './json.ts';
import { momentLines } from './moment.ts';
import { ShownSteps, type ShowFlags } from './shown-steps.ts';

export interface ReplayFlags extends OutputFlags, ShowFlags {
  readonly until?: number;
  readonly html?: string;
  readonly states?: string;
}

export async function replay(file: string, flags: ReplayFlags, terminal: Terminal): Promise<ExitCode> {
  const text = await readText(file);
  const name = file === '-' ? 'standard input' : file;
  if (isScenario(file, text)) {
    const command = shellText([...thisProgram(), 'scenario', 'run', file]);
    throw new UsageError(`${name} is a scenario, expected a trace\nplay the scenario: ${command}`);
  }
  const trace = decodeTrace(text, name, { nearest });
  const { until } = flags;
  if (until !== undefined && until > trace.end.steps) {
    throw new UsageError(`--until is ${until}, but ${name} ends at step ${trace.end.steps}`);
  }
  const shown = new ShownSteps(flags, name, trace.header.plan.nodes, trace.end.steps);
  if (shown.isOn && flags.json === true) {
    throw new UsageError('--show prints text to standard output, expected no --json');
  }
  return new ReplayCommand(name, text, trace, flags, shown, terminal).perform();
}

const thisProgram = (): string[] => programWords(process.argv[1], process.cwd(), process.env['npm_command']);

/** A trace is JSON, one object a line; a scenario has one of its keys at the beginning of a line. */
const isScenario = (file: string, text: string): boolean =>
  !text.trimStart().startsWith('{') && (/\.ya?ml$/.test(file) || /^(?:steps|cluster|expect):/m.test(text));

class ReplayCommand {
  private readonly name: string;
  private readonly text: string;
  private readonly trace: Trace;
  private readonly flags: ReplayFlags;
  private readonly terminal: Terminal;
  private readonly isText: boolean;
  private readonly isLong: boolean;
  private readonly shown: ShownSteps;
  private readonly interruption: Interruption;
  private readonly progress: Progress;
  /** With lanes where steps are shown. */
  private readonly recorder: TraceRecorder;
  private readonly inFlight: InFlightRecorder;
  private readonly verification: Verification;
  private lastLines: readonly string[] = [];

  constructor(name: string, text: string, trace: Trace, flags: ReplayFlags, shown: ShownSteps, terminal: Terminal) {
    this.name = name;
    this.text = text;
    this.trace = trace;
    this.flags = flags;
    this.shown = shown;
    this.terminal = terminal;
    this.isText = flags.json !== true;
    this.isLong = this.isText && flags.quiet !== true;
    const { out, err, env } = terminal;
    const isSilent = flags.quiet === true || (shown.isOn && out.isTerminal);
    this.progress = new Progress(err, progressMode(err, env, isSilent), () => performance.now());
    this.interruption = new Interruption((signal) => err.line(`\n${signal}: stopping. Once more stops at once.`));
    this.recorder = shown.isOn
      ? new LanedRecorder(trace.header.plan.nodes)
      : new TraceRecorder({ lines: true, keepLast: LAST_LINES });
    this.inFlight = new InFlightRecorder(this.recorder);
    this.verification = new Verification(trace, planOfTrace(trace), {
      text,
      until: flags.until ?? Infinity,
      lines: this.recorder,
      recorder: flags.until === undefined ? this.recorder : this.inFlight,
    });
  }

  async perform(): Promise<ExitCode> {
    const { out } = this.terminal;
    const { header, end } = this.trace;
    const { plan } = this.verification.simulation;
    if (this.isLong) {
      const by = `${groupDigits(end.steps)} steps, recorded by raft-sim ${header.version}`;
      const here = header.version === version ? '' : `; this is ${version}`;
      out.lines([
        ...planHead(plan, out),
        ...companionLines(plan, shapeOf(out)),
        ...row(shapeOf(out), 'trace', `${by}${here}`),
        '',
      ]);
    }
    try {
      await this.verify();
    } catch (error) {
      if (error instanceof UsageError) {
        const { steps } = this.verification.simulation.world;
        throw new UsageError(`${this.trace.placeOf(this.trace.lineOf(steps), [])}: ${error.message}`);
      }
      throw new Defect(shellText([...thisProgram(), 'replay', this.name]), error);
    } finally {
      this.progress.stop();
      this.interruption.release();
    }
    if (this.isText) this.print();
    else out.line(JSON.stringify(this.json()));
    await this.writeFiles();
    return this.exitCode();
  }

  /** What `--html` and `--states` ask for, of a trace that repeats. */
  private async writeFiles(): Promise<void> {
    const { html, states } = this.flags;
    const { run, divergence } = this.verification;
    if ((html ?? states) === undefined || run === undefined || divergence !== undefined) return;
    const [{ writePage, writeText }, { tracedRun, withStates }] = await Promise.all([
      import('../view/report-page.ts'),
      import('../view/view-input.ts'),
    ]);
    const isForeign = run.plan.system !== undefined;
    const seen = states !== undefined || isForeign ? withStates(this.text, this.name) : this.text;
    if (states !== undefined) writeText(states, seen);
    if (html !== undefined) writePage(html, tracedRun(isForeign ? seen : this.text, this.name));
    const { out } = this.terminal;
    if (this.isText && html !== undefined) out.lines(rowWhole(shapeOf(out), 'page', html));
    if (this.isText && states !== undefined) out.lines(rowWhole(shapeOf(out), 'states', states));
  }

  /** In slices, so that signals and the terminal get their turn. */
  private async verify(): Promise<void> {
    const { verification, interruption } = this;
    const begun = performance.now();
    for (let goesOn = true; goesOn && interruption.signal === undefined;) {
      goesOn = verification.advance(SLICE);
      this.collectLines();
      await this.progress.tick(() => standing(verification.simulation, performance.now() - begun));
      await setImmediate();
    }
    if (interruption.signal === undefined) await inTurns(verification.finishing(), () => performance.now());
  }

  private collectLines(): void {
    if (!(this.recorder instanceof LanedRecorder)) {
      this.lastLines = this.recorder.last(LAST_LINES).map(({ line }) => line);
      return;
    }
    const steps = this.recorder.drainLaned();
    const last = steps.slice(-LAST_LINES).map(({ line }) => line);
    this.lastLines = [...this.lastLines, ...last].slice(-LAST_LINES);
    const { out } = this.terminal;
    const isFirst = this.shown.shown === 0;
    const shown = this.shown.of(steps);
    const { nodes } = this.trace.header.plan;
    const columns = columnsOf(out);
    if (!hasRoomForLanes(nodes, columns)) {
      out.lines(
        stepLines(
          shown.map(({ line }) => line),
          out,
        ),
      );
      return;
    }
    if (isFirst && shown.length > 0) out.line(lanedHead(nodes));
    out.lines(shown.flatMap((step) => lanedLines(step, columns)));
  }

  private print(): void {
    const { out } = this.terminal;
    const { divergence, run } = this.verification;
    this.printShown();
    if (divergence !== undefined) this.printDivergence();
    else out.lines(this.endingLines());
    if (divergence === undefined && run?.violation !== undefined) {
      const { property, step } = run.violation;
      const shape = shapeOf(out);
      out.line(out.paint.bad(`✗ ${property} broken at step ${step}, as recorded`));
      out.lines(violationLines(run.violation, companionSentences(run.plan), shape));
      if (this.isLong && !this.shown.isOn) out.lines(['', ...lastStepsLines(this.lastLines, out)]);
    }
    if (this.flags.until !== undefined) this.printMoment();
    if (!this.trace.intact) this.terminal.err.line(`raft-sim: ${this.changedText()}`);
  }

  /** What stands between the shown steps and the ending. */
  private printShown(): void {
    const { out } = this.terminal;
    const { world } = this.verification.simulation;
    if (!this.shown.isOn || world.steps === 0) return;
    if (this.shown.isFiltered && this.isLong) {
      const { shown } = this.shown;
      if (shown > 0) out.line();
      out.lines(row(shapeOf(out), 'shown', `${groupDigits(shown)} of ${countText(world.steps, 'step')}`));
    }
    out.line();
  }

  /** What --until asks for: the last steps, unless they were shown, and the whole cluster. */
  private printMoment(): void {
    const { out } = this.terminal;
    const { run, simulation } = this.verification;
    const { world } = simulation;
    if (this.isLong && !this.shown.isOn && run?.violation === undefined) {
      out.lines(['', ...lastStepsLines(this.lastLines, out)]);
    }
    out.lines(['', `after step ${world.steps}, ${clockText(world.now)}`, '']);
    out.lines(momentLines(nodeSnapshots(world.hosts), this.inFlight, shapeOf(out)));
  }

  private endingLines(): string[] {
    const { lineWidth, paint } = this.terminal.out;
    const { simulation, run } = this.verification;
    const { steps, fingerprint } = simulation.world;
    const ending = (text: string, painted: (text: string) => string): string[] =>
      factLines([text, `fingerprint ${fingerprint.toString()}`], lineWidth, painted);
    const unsure = (text: string): string => paint.unsure(text);
    const { signal } = this.interruption;
    if (signal !== undefined) return ending(`? interrupted at step ${steps}, the same so far`, unsure);
    const kept = run !== undefined && run.violation === undefined ? ', nothing broken' : '';
    const same = `the same run: ${countText(steps, 'step')}${kept}`;
    return this.trace.intact ? ending(`✓ ${same}`, (text) => paint.good(text)) : ending(`? ${same}`, unsure);
  }

  private printDivergence(): void {
    const { divergence } = this.verification;
    if (divergence === undefined) return;
    const { out } = this.terminal;
    const { line, column, what, step, inTrace, here } = divergence;
    const shape = shapeOf(out);
    const place = `✗ ${this.name}:${line}:${column}: step ${step}: ${what}`;
    out.lines(messageLines(place, out.lineWidth).map((text) => out.paint.bad(text)));
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
    const { divergence } = this.verification;
    const changed = `${this.name} was changed after it was written`;
    if (divergence !== undefined) return `${changed}; the first line that departs is ${divergence.line}`;
    return this.verification.run === undefined
      ? `${changed}, without effect so far`
      : `${changed}, without effect on its steps`;
  }

  private json(): object {
    const isMoment = this.flags.until !== undefined;
    const { signal } = this.interruption;
    return replayJson({
      file: this.name,
      trace: this.trace,
      verification: this.verification,
      isInterrupted: signal !== undefined,
      inFlight: isMoment ? this.inFlight : undefined,
    });
  }

  private exitCode(): ExitCode {
    const { divergence, run } = this.verification;
    const { signal } = this.interruption;
    if (divergence !== undefined && this.trace.intact) return exits.differs;
    if (signal !== undefined) return exitCodeOfSignal(signal);
    if (!this.trace.intact) return exits.mistake;
    return exitCodeOfBroken(run?.violation === undefined ? [] : [run.violation.property]);
  }
}

/** What happened on one side of a difference, and the fingerprint that it led to. */
function sideLines(shape: RowShape, label: string, { text, fingerprint }: Side): string[] {
  const texts = [text.trim().replace(/ +/g, ' '), fingerprint === undefined ? '' : `fingerprint ${fingerprint}`];
  return texts.filter((one) => one !== '').flatMap((one, i) => row(shape, i === 0 ? label : '', one));
}
