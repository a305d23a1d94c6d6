// `raft-sim scenario run`: plays files side by side, prints the result of each in their order, and how many passed.
//
// What a file does wrong never stops the others. The first signal lets run what runs and prints what came of it; the
// second one stops at once.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { UsageError } from '../../base/errors.ts';
import { reporterTable } from '../../report/reporters.ts';
import { countOutcomes, type DefectFacts, type ScenarioReport, type ScenarioResult } from '../../report/result.ts';
import { defectLines } from '../defect.ts';
import { type ExitCode, exitCodeOfSignal, exits } from '../exit-code.ts';
import { readText, troubleText, writeWhole } from '../ui/files.ts';
import type { OutputFlags } from '../run/flags.ts';
import { Interruption } from '../ui/interrupt.ts';
import { columnsOf } from '../ui/laned.ts';
import { chooseReporters, type Reporter } from '../ui/reporters.ts';
import { STANDARD_INPUT, type ScenarioFile } from './files.ts';
import type { ScenarioJob } from './job.ts';
import { noteFailed } from './last-failed.ts';
import { ScenarioPool } from './pool.ts';
import { selectedFiles } from './selection.ts';
import type { SelectionFlags } from './selection-flags.ts';
import { ScenarioPage } from './text.ts';
import { watchScenarios } from './watch.ts';
import { Terminal, type Stream } from '../ui/terminal.ts';
import { version } from '../version.ts';
import { planOf, programWords } from '../run/input.ts';
import { isLivenessOnly } from '../../run/properties.ts';

export interface ScenarioRunFlags extends OutputFlags, SelectionFlags {
  readonly watch?: boolean;
  readonly reporter?: readonly Reporter[];
  readonly bail?: boolean;
  readonly variant?: string;
  readonly system?: string;
  readonly seed?: string;
  readonly repeat?: number;
  readonly nodes?: number;
  readonly show?: boolean;
  readonly trace?: string;
  readonly html?: string;
  readonly workers?: number;
}

const WORKERS_MAX = 256;
const REPEAT_MAX = 1_000_000;

export async function runScenarios(
  words: readonly string[],
  flags: ScenarioRunFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  checkFlags(flags);
  const reporters = chooseReporters(flags.reporter ?? [], flags.json === true, { 'the file of --trace': flags.trace });
  if (flags.show === true && !reporters.some(({ name, file }) => name === 'text' && file === undefined)) {
    throw new UsageError('--show prints text to standard output, expected the reporter text there');
  }
  const play = (files: readonly ScenarioFile[]): Promise<ExitCode> => {
    if (flags.trace !== undefined && files.length > 1) {
      throw new UsageError(`--trace is for one scenario, found ${files.length}`);
    }
    if (flags.html !== undefined && files.length > 1) {
      throw new UsageError(`--html is for one scenario, found ${files.length}`);
    }
    return new ScenarioRun(files, flags, reporters, terminal).perform();
  };
  const find = (): Promise<ScenarioFile[]> => selectedFiles(words, flags);
  if (flags.watch !== true) return play(await find());
  if (words.includes('-')) throw new UsageError('--watch is for files, found - for standard input');
  return watchScenarios({ find, play }, terminal);
}

/** What no file could allow is reported before any is read. */
function checkFlags({ variant, system, seed, nodes, repeat = 1, workers = 1 }: ScenarioRunFlags): void {
  if (seed !== undefined && /\.ya?ml$/.test(seed) && existsSync(seed)) {
    throw new UsageError(`--seed is followed by the file ${seed}, expected a whole number or any other text`);
  }
  const wished = variant === 'none' ? undefined : variant;
  planOf({
    color: true,
    reports: '',
    ...(wished !== undefined && { variant: wished }),
    ...(system !== undefined && { system }),
    ...(seed !== undefined && { seed }),
    ...(nodes !== undefined && { nodes }),
  });
  inRange('--repeat', repeat, REPEAT_MAX);
  inRange('--workers', workers, WORKERS_MAX);
}

function inRange(flag: string, value: number, most: number): void {
  if (value < 1 || value > most) {
    throw new UsageError(`${flag} is ${value}, expected a whole number from 1 to ${most}`);
  }
}

class ScenarioRun {
  private readonly files: readonly ScenarioFile[];
  private readonly flags: ScenarioRunFlags;
  private readonly reporters: readonly Reporter[];
  private readonly terminal: Terminal;
  /** The pages that grow while the files are played, and the sheet behind each that goes to a file. */
  private readonly pages: readonly ScenarioPage[];
  private readonly sheets = new Map<Reporter, Sheet>();

  constructor(
    files: readonly ScenarioFile[],
    flags: ScenarioRunFlags,
    reporters: readonly Reporter[],
    terminal: Terminal,
  ) {
    this.files = files;
    this.flags = flags;
    this.reporters = reporters;
    this.terminal = terminal;
    const shape = {
      files: files.map(({ path }) => path),
      isQuiet: flags.quiet === true,
      isLong: flags.show === true,
      program: programWords(process.argv[1], process.cwd(), process.env['npm_command']),
    };
    this.pages = reporters
      .filter(({ name }) => name === 'text')
      .map((reporter) => new ScenarioPage(this.terminalOf(reporter), shape));
  }

  async perform(): Promise<ExitCode> {
    const begun = performance.now();
    const pool = new ScenarioPool(this.jobs(), this.flags.workers ?? availableParallelism(), {
      printed: (output) => this.pages.forEach((page) => page.printed(output)),
      result: (result) => {
        this.pages.forEach((page) => page.result(result));
        if (result.defect !== null) this.terminal.err.lines(linesOfDefect(result.defect));
        return this.flags.bail !== true || result.outcome === 'passed';
      },
    });
    const interruption = new Interruption((signal) => {
      this.terminal.err.line(`\n${signal}: no further scenario begins. Once more stops at once.`);
      pool.stop();
    });
    try {
      const results = await pool.play();
      this.noteFailed(results);
      const { signal } = interruption;
      const report = { results, realMillis: performance.now() - begun, interrupted: signal !== undefined };
      const isWritten = this.report(report);
      await this.writePage(results);
      const code = exitCodeOfResults(results);
      if (code === exits.defect || signal === undefined)
        return code === exits.kept && !isWritten ? exits.mistake : code;
      return exitCodeOfSignal(signal);
    } finally {
      interruption.release();
    }
  }

  /** What `--html` asks for: the page of the one scenario that was played. */
  private async writePage(results: readonly ScenarioResult[]): Promise<void> {
    const { html } = this.flags;
    const [file] = this.files;
    const [job] = this.jobs();
    const seed = results[0]?.play?.seed;
    if (html === undefined || file === undefined || job === undefined || seed === undefined) return;
    const [{ writePage }, { playedRun }] = await Promise.all([
      import('../view/report-page.ts'),
      import('../view/view-input.ts'),
    ]);
    const text = file.text ?? (await readText(file.path));
    writePage(html, playedRun(text, file.path, { ...job.input, seed }));
  }

  /** Where nothing can be kept, the run is no worse for it. */
  private noteFailed(results: readonly ScenarioResult[]): void {
    try {
      noteFailed(results.filter(({ file }) => file !== STANDARD_INPUT));
    } catch (error) {
      this.terminal.err.line(`raft-sim: --last-failed will not know of this run: ${troubleText(error)}`);
    }
  }

  private jobs(): ScenarioJob[] {
    const { variant, system, seed, nodes, repeat = 1, show, trace } = this.flags;
    const isText = this.reporters.some(({ name, file }) => name === 'text' && file === undefined);
    const isShown = isText && this.flags.quiet !== true && this.files.length === 1;
    return this.files.map(({ path, text }) => ({
      file: path,
      word: path === STANDARD_INPUT && text !== undefined ? '-' : path,
      text,
      input: { seed, nodes, variant: variant === 'none' ? null : variant, system },
      repeat,
      output: show === true ? 'steps' : isShown ? 'shown' : 'nothing',
      columns: isText && this.pages.length === 1 ? columnsOf(this.terminal.out) : 0,
      trace,
    }));
  }

  /** Where a text goes: to the terminal, or to a sheet that becomes a file. */
  private terminalOf(reporter: Reporter): Terminal {
    if (reporter.file === undefined) return this.terminal;
    const sheet = new Sheet();
    this.sheets.set(reporter, sheet);
    return new Terminal(sheet, new Sheet(), {});
  }

  /** Tells the whole to every reporter; false if a file could not be written. */
  private report(report: ScenarioReport): boolean {
    this.pages.forEach((page) => page.end(report));
    let isWritten = true;
    for (const reporter of this.reporters) {
      const { name, file } = reporter;
      const text =
        name === 'text' ? (this.sheets.get(reporter)?.text ?? '') : reporterTable[name].scenarios(report, { version });
      if (file === undefined) {
        this.terminal.out.write(text);
        continue;
      }
      try {
        writeWhole(file, [text]);
      } catch (error) {
        isWritten = false;
        this.terminal.err.line(`raft-sim: cannot write ${file}: ${troubleText(error)}`);
        if (name === 'text') this.terminal.err.write(text); // or it would be said nowhere what failed
      }
    }
    return isWritten;
  }
}

/** A text that is kept until it is complete. */
class Sheet implements Stream {
  text = '';

  write(text: string): boolean {
    this.text += text;
    return true;
  }

  on(): void {
    // nothing goes wrong in memory
  }
}

function linesOfDefect({ message, stack, command }: DefectFacts): string[] {
  return defectLines(Object.assign(new Error(message), { stack }), command);
}

/** The gravest of what happened; 4 only if nothing else did. */
export function exitCodeOfResults(results: readonly ScenarioResult[]): ExitCode {
  if (countOutcomes(results, 'defect') > 0) return exits.defect;
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  const isLiveness = ({ failure }: ScenarioResult): boolean =>
    isLivenessOnly([failure?.promise?.property ?? []].flat());
  if (!failed.every(isLiveness)) return exits.violated;
  if (countOutcomes(results, 'mistake') > 0) return exits.mistake;
  return failed.length > 0 ? exits.liveness : exits.kept;
}
