// `raft-sim run`: runs one plan, shows how it goes and what came of it, and keeps what it found.
//
// What is found is printed first and written second, so that a full disk loses nothing. Tracing, progress and colours
// change nothing about a run: its fingerprint is the plan's alone.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { companionSentences } from '../../run/node-options.ts';
import type { Plan } from '../../run/plan.ts';
import { ReRecording, seedTrace, traceEnd, traceFileName, type ReRecorded } from '../../run/re-record.ts';
import { Simulation, type Run } from '../../run/simulate.ts';
import { isBestEffort } from '../../systems/best-effort.ts';
import { systemNamed } from '../../systems/system.ts';
import { TraceWriter, type TraceCheckpoint } from '../../trace/format.ts';
import { TraceRecorder } from '../../trace/recorder.ts';
import { Defect } from '../defect.ts';
import { drive, judge } from '../ui/drive.ts';
import { type ExitCode, exitCodeOfBroken, exitCodeOfSignal, exits } from '../exit-code.ts';
import { LAST_LINES, lastStepsLines, violationLines } from '../ui/failure.ts';
import { troubleText, WholeFile, writeWhole } from '../ui/files.ts';
import type { RunFlags } from './flags.ts';
import { Interruption } from '../ui/interrupt.ts';
import { row, rowWhole } from '../ui/layout.ts';
import { Progress, progressMode } from '../ui/progress.ts';
import { runJson } from './run-json.ts';
import { endingLines, runFigureLines, planLines, promiseLines, shapeOf } from '../ui/summary.ts';
import type { Terminal } from '../ui/terminal.ts';
import { version } from '../version.ts';
import { argumentsOf, planOf, programWords, shellText } from './input.ts';

export async function runOnce(flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  const plan = planOf(flags);
  if (plan.system !== undefined) systemNamed(plan.system);
  const trace = flags.trace === undefined ? undefined : new StreamedTrace(flags.trace, plan);
  return new RunCommand(flags, plan, terminal, trace).perform();
}

class RunCommand {
  private readonly flags: RunFlags;
  private readonly plan: Plan;
  private readonly terminal: Terminal;
  private readonly trace: StreamedTrace | undefined;
  private readonly program: readonly string[];
  private readonly clock = (): number => performance.now();
  private readonly interruption: Interruption;
  private readonly checkpoints: TraceCheckpoint[] = [];

  constructor(flags: RunFlags, plan: Plan, terminal: Terminal, trace: StreamedTrace | undefined) {
    this.flags = flags;
    this.plan = plan;
    this.terminal = terminal;
    this.trace = trace;
    this.program = programWords(process.argv[1], process.cwd(), process.env['npm_command']);
    this.interruption = new Interruption((signal) => {
      terminal.err.line(`\n${signal}: stopping; what was found is kept. Once more stops at once.`);
    });
  }

  async perform(): Promise<ExitCode> {
    try {
      return await this._perform();
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new Defect(this.command(argumentsOf(this.plan)), error);
    } finally {
      this.interruption.release();
    }
  }

  private async _perform(): Promise<ExitCode> {
    const { out } = this.terminal;
    const isText = this.flags.json !== true;
    const isLong = isText && this.flags.quiet !== true;
    if (isLong) out.lines([...planLines(this.plan, out), '']);

    const begun = this.clock();
    const done = await this.simulate();
    const realMillis = this.clock() - begun;
    const { signal } = this.interruption;
    if (isLong) {
      out.lines([
        ...runFigureLines(done, realMillis, signal !== undefined, shapeOf(out)),
        '',
        ...promiseLines(done.verdicts, shapeOf(out)),
        '',
      ]);
    }
    if (isText) out.lines(endingLines({ run: done, signal }, out));

    const isRepeatable = !isBestEffort(this.plan.system);
    const again = done.violation === undefined || !isRepeatable ? undefined : await this.reRecord(done);
    const isSame = again === undefined || !again.isWhole || again.fingerprint === done.fingerprint;
    if (isText && done.violation !== undefined) {
      out.lines(violationLines(done.violation, companionSentences(this.plan), shapeOf(out)));
      if (isLong) out.lines(['', ...lastStepsLines(isSame ? (again?.lines ?? []) : [], out), '']);
    }
    const replayFile = again === undefined ? undefined : this.keep(done, isSame ? again.pieces : undefined);
    await this.writePage(done);
    await this.writeStates(done);
    if (isText) this.printCommands(isLong, replayFile, done);
    else out.line(JSON.stringify(this.json(done, realMillis, replayFile)));
    this.trace?.printTrouble(this.terminal);
    if (again !== undefined && !isSame) this.printDifference(done, again);
    return this.exitCode(done, isSame);
  }

  private async simulate(): Promise<Run> {
    const trace = this.trace;
    const simulation = new Simulation(this.plan, { recorder: trace?.recorder });
    const progress = this.progress();
    try {
      const look = (): void => {
        trace?.flush();
        this.noteCheckpoint(simulation);
      };
      await drive({ simulation, progress, interruption: this.interruption, clock: this.clock, look });
      const done = await judge(simulation, this.clock);
      trace?.finish(done);
      return done;
    } catch (error) {
      trace?.abandon();
      throw error;
    } finally {
      progress.stop();
    }
  }

  private noteCheckpoint({ world }: Simulation): void {
    if (world.steps === (this.checkpoints.at(-1)?.step ?? 0)) return;
    this.checkpoints.push({ step: world.steps, print: world.fingerprint.toString() });
  }

  /** The same run once more, written down. */
  private async reRecord(done: Run): Promise<ReRecorded> {
    const progress = this.progress();
    try {
      const recording = new ReRecording(done, { version, lastLines: LAST_LINES });
      const { simulation } = recording;
      const { interruption, clock } = this;
      const look = (): void => recording.collect();
      await drive({ simulation, interruption, progress, clock, until: done.steps, look });
      return recording.finish();
    } finally {
      progress.stop();
    }
  }

  private progress(): Progress {
    const { err, env } = this.terminal;
    return new Progress(err, progressMode(err, env, this.flags.quiet === true), this.clock);
  }

  /** Writes the replay of a violation; where it cannot be written in its folder, somewhere else. */
  private keep(done: Run, steps: readonly string[] | undefined): string | undefined {
    const { err } = this.terminal;
    const name = traceFileName(done);
    const pieces = steps ?? seedTrace(done, this.checkpoints, version);
    const path = join(this.flags.reports, name);
    try {
      writeWhole(path, pieces);
      return path;
    } catch (error) {
      err.line(`raft-sim: cannot write ${path}: ${troubleText(error)}`);
    }
    try {
      const other = join(mkdtempSync(join(tmpdir(), 'raft-sim-')), name);
      writeWhole(other, pieces);
      err.line(`the replay is in ${other} instead`);
      return other;
    } catch (error) {
      err.line(`nor can it be written to ${tmpdir()}: ${troubleText(error)}; the finding stands above, and`);
      err.line(`this repeats it: ${this.command(argumentsOf(this.plan))}`);
      return undefined;
    }
  }

  private printCommands(isLong: boolean, replayFile: string | undefined, done: Run): void {
    const { out } = this.terminal;
    const shape = shapeOf(out);
    if (replayFile !== undefined) out.lines(rowWhole(shape, 'replay', this.command(['replay', replayFile])));
    if (!isLong) return;
    const more = `(--until ${done.violation?.step} shows every server, --show every step)`;
    if (replayFile !== undefined) out.lines(row(shape, '', more));
    if (this.flags.html !== undefined) out.lines(rowWhole(shape, 'page', this.flags.html));
    if (this.flags.states !== undefined) out.lines(rowWhole(shape, 'states', this.flags.states));
    out.lines(rowWhole(shape, 'repeat', this.command(argumentsOf(this.plan))));
  }

  /** What `--html` asks for. */
  private async writePage(done: Run): Promise<void> {
    const { html } = this.flags;
    if (html === undefined) return;
    const [{ writePage }, { seenRun }] = await Promise.all([
      import('../view/report-page.ts'),
      import('../view/view-input.ts'),
    ]);
    writePage(html, seenRun(done));
  }

  /** What `--states` asks for: the run once more, with all that a page needs. */
  private async writeStates(done: Run): Promise<void> {
    const { states } = this.flags;
    if (states === undefined) return;
    const [{ writeText }, { seenRun, withStates }] = await Promise.all([
      import('../view/report-page.ts'),
      import('../view/view-input.ts'),
    ]);
    const { trace, title } = seenRun(done);
    writeText(states, done.plan.system === undefined ? withStates(trace, title) : trace);
  }

  private command(words: readonly string[]): string {
    return shellText([...this.program, ...words]);
  }

  private json(done: Run, realMillis: number, replayFile: string | undefined): object {
    const { signal } = this.interruption;
    const command = shellText(['raft-sim', ...argumentsOf(this.plan)]);
    return runJson({ run: done, realMillis, signal, replayFile, command });
  }

  private printDifference(done: Run, again: ReRecorded): void {
    this.terminal.err.lines([
      `raft-sim: two runs of this plan differ: after ${done.steps} steps the fingerprint was ${done.fingerprint}, then`,
      `${again.fingerprint}. That is a defect of raft-sim, and nothing above can be relied on. Please open an issue`,
      `with this text, the command and the version, raft-sim ${version} on Node ${process.version}.`,
    ]);
  }

  private exitCode(done: Run, isSame: boolean): ExitCode {
    const { signal } = this.interruption;
    if (!isSame) return exits.differs;
    if (signal !== undefined) return exitCodeOfSignal(signal);
    const broken = done.verdicts.filter(({ outcome }) => outcome === 'fail').map(({ property }) => property);
    const code = exitCodeOfBroken(broken);
    if (code === exits.violated) return code;
    const isUndecided = done.flood !== undefined || done.verdicts.some(({ outcome }) => outcome === 'unknown');
    if (isUndecided && this.flags.failOn === 'unknown') return exits.violated;
    if (code !== exits.kept) return code;
    return this.trace?.trouble === undefined ? exits.kept : exits.mistake;
  }
}

/** The trace of a run, written while it goes on; when the disk gives up, the run does not. */
class StreamedTrace {
  readonly recorder = new TraceRecorder({ lines: false });
  trouble: string | undefined;
  private readonly file: WholeFile;
  private readonly writer: TraceWriter;

  constructor(path: string, plan: Plan) {
    this.writer = new TraceWriter({ kind: 'steps', version, plan });
    try {
      this.file = WholeFile.open(path);
    } catch (error) {
      throw new UsageError(`cannot write ${path}: ${troubleText(error)}`);
    }
    this.try(() => this.file.write(this.writer.header()));
  }

  flush(): void {
    const text = this.recorder
      .drain()
      .map((step) => (this.trouble === undefined ? this.writer.step(step) : ''))
      .join('');
    this.try(() => this.file.write(text));
  }

  finish(done: Run): void {
    this.try(() => {
      this.file.write(this.writer.end(traceEnd(done)));
      this.file.finish();
    });
  }

  abandon(): void {
    this.file.abandon();
  }

  printTrouble({ err }: Terminal): void {
    if (this.trouble !== undefined)
      err.line(`raft-sim: cannot write ${this.file.path}: ${this.trouble}; there is no trace`);
  }

  private try(write: () => void): void {
    if (this.trouble !== undefined) return;
    try {
      write();
    } catch (error) {
      this.trouble = troubleText(error);
      this.file.abandon();
    }
  }
}
