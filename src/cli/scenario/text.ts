// Scenarios as a page: a line for each, in full what went wrong, and how many passed.
//
// Nothing before the last line depends on the machine: two runs print the same, whatever the number of workers.

import { clockText, micros } from '../../base/ids.ts';
import {
  countOutcomes,
  folderOf,
  skippedTexts,
  virtualMicrosOf,
  type FailureFacts,
  type ScenarioReport,
  type ScenarioResult,
} from '../../report/result.ts';
import { lastStepsLines, mistakeLines, stepLines, violationLines } from '../ui/failure.ts';
import {
  factLines,
  messageLines,
  packed,
  padded,
  printable,
  row,
  rowWhole,
  widthOf,
  type RowShape,
} from '../ui/layout.ts';
import { nodeTable } from '../ui/node-table.ts';
import { paintWith, type Paint } from '../ui/paint.ts';
import { labelOf } from './files.ts';
import type { StoryOutput } from './story.ts';
import type { Channel, Terminal } from '../ui/terminal.ts';
import { bytesText, countText, groupDigits, realTimeText, virtualTimeText } from '../ui/units.ts';
import { shellText } from '../run/input.ts';

const LABEL_WIDTH = 10;
const NAME_WIDTH_MIN = 24;
const NAME_WIDTH_MAX = 52;
const MARGIN = '  ';

export interface PageShape {
  /** All files that are played. */
  readonly files: readonly string[];
  readonly isQuiet: boolean;
  /** Every step is printed before the result. */
  readonly isLong: boolean;
  /** How this program is started. */
  readonly program: readonly string[];
}

export class ScenarioPage {
  private readonly terminal: Terminal;
  private readonly shape: PageShape;
  private readonly row: RowShape;
  private readonly nameWidth: number;
  private readonly hasFolders: boolean;
  private folder: string | undefined;
  private lastLine = '';

  constructor(terminal: Terminal, shape: PageShape) {
    this.terminal = terminal;
    this.shape = shape;
    this.row = { width: terminal.out.width, labelWidth: LABEL_WIDTH, paint: terminal.out.paint };
    const widest = Math.max(...shape.files.map((file) => widthOf(printable(labelOf(file)))));
    this.nameWidth = Math.min(NAME_WIDTH_MAX, Math.max(NAME_WIDTH_MIN, widest));
    this.hasFolders = new Set(shape.files.map(folderOf)).size > 1;
  }

  printed(output: StoryOutput): void {
    const { out } = this.terminal;
    if (output.kind === 'lines') return this.say(stepLines(output.lines, out));
    const { where, step, at, nodes } = output;
    const title = `show at ${where}, after step ${groupDigits(step)}, ${clockText(micros(at))}`;
    return this.say(['', `${MARGIN}${out.paint.faint(title)}`, ...nodeTable(nodes, out.paint, out.width), '']);
  }

  result(result: ScenarioResult): void {
    const { out } = this.terminal;
    const { isQuiet, isLong } = this.shape;
    if (result.outcome === 'not run' || (isQuiet && result.outcome === 'passed')) return;
    if (!isQuiet) this.printFolder(folderOf(result.file));
    this.say([
      ...(isLong ? [''] : []),
      ...linesOf(result, this.nameWidth, out),
      ...skippedLines(result, out.paint),
      ...this.troubleLines(result),
    ]);
  }

  /** The last line, and before it, where there were many, what did not pass. */
  end(report: ScenarioReport): void {
    const { out } = this.terminal;
    const { results } = report;
    const bad = results.filter(({ outcome }) => !['passed', 'not run'].includes(outcome));
    if (!this.shape.isQuiet && bad.length > 0 && results.length > bad.length + MANY) {
      this.say(['', ...bad.map((result) => `${out.paint.bad('✗')} ${printable(placeOf(result))}`)]);
    }
    this.say([...(this.shape.isQuiet ? [] : ['']), ...summaryLines(report, out)]);
  }

  private printFolder(folder: string): void {
    const { out } = this.terminal;
    if (!this.hasFolders || folder === this.folder) return;
    this.folder = folder;
    this.say(['', out.paint.strong(folder)]);
  }

  /** Prints lines; never two empty ones below each other, and none at the top. */
  private say(lines: readonly string[]): void {
    const kept = lines.filter((line, i) => line !== '' || (lines[i - 1] ?? this.lastLine) !== '');
    this.terminal.out.lines(kept);
    this.lastLine = kept.at(-1) ?? this.lastLine;
  }

  private troubleLines({ mistakes, failure, file, play }: ScenarioResult): string[] {
    const { lineWidth } = this.terminal.out;
    if (mistakes !== null) {
      const lines = mistakeLines(mistakes.lines, lineWidth - MARGIN.length);
      return ['', ...lines.map((line) => `${MARGIN}${line}`), ''];
    }
    if (failure === null || play === null) return [];
    const { program, isQuiet, isLong } = this.shape;
    const command = `${shellText(program)}${play.command.slice('raft-sim'.length)}`;
    const { line, column, what, excerpt } = failure;
    return [
      '',
      ...messageLines(`${MARGIN}${file}:${line}:${column}: ${what}`, lineWidth).map((text) =>
        this.row.paint.strong(text),
      ),
      ...excerpt.map((text) => `${MARGIN}${text}`),
      ...failureRows(failure, play.companions, this.row),
      ...(play.plays > 1 ? row(this.row, 'seed', `${play.seed}, the first of ${play.plays} that fails`) : []),
      ...(isQuiet || isLong || failure.lastSteps.length === 0
        ? []
        : ['', ...lastStepsLines(failure.lastSteps, this.terminal.out), '']),
      ...(isQuiet ? [] : ['', `${MARGIN}${this.row.paint.faint('the servers')}`, ...this.serverLines(failure), '']),
      ...rowWhole(this.row, 'repeat', command),
      ...(isQuiet ? [] : row(this.row, '', '(--show tells every step, --trace FILE keeps them)')),
      '',
    ];
  }

  private serverLines({ nodes }: FailureFacts): string[] {
    return nodeTable(nodes, paintWith(false), this.row.width);
  }
}

/** Passing scenarios between the failures and the last line, so many that the failures are printed again. */
const MANY = 10;

function failureRows(failure: FailureFacts, companions: readonly string[], shape: RowShape): string[] {
  const { promise, expected, found } = failure;
  if (promise !== null) return violationLines(promise, companions, shape);
  return [...row(shape, 'expected', expected), ...row(shape, 'found', found)];
}

/** A scenario on one line; on a terminal that is too narrow its facts wrap beside its name, or below it. */
function linesOf(result: ScenarioResult, nameWidth: number, { lineWidth, paint }: Channel): string[] {
  const { outcome, file, play } = result;
  const mark = outcome === 'passed' ? paint.good('✓') : paint.bad('✗');
  const name = padded(printable(labelOf(file)), nameWidth);
  if (outcome === 'defect') return [`${mark} ${name}  ${paint.bad('a defect of raft-sim')}`];
  if (play === null) return [`${mark} ${name}  ${paint.bad('a mistake in the file')}`];
  const facts = [
    `${virtualTimeText(play.virtualMicros)} virtual`,
    countText(play.nodes, 'peer'),
    countText(play.messages, 'message'),
    bytesText(play.bytes),
    `${groupDigits(play.entriesCommitted)} committed`,
    ...(play.plays > 1 ? [countText(play.plays, 'seed')] : []),
    ...(play.notApplicable.length > 0 ? [`not applicable: ${play.notApplicable.join(', ')}`] : []),
  ];
  const isBeside = lineWidth - nameWidth - MARK_WIDTH >= FACTS_WIDTH_MIN;
  const indent = isBeside ? nameWidth + MARK_WIDTH : MARK_WIDTH;
  const lines = packed(facts, ' · ', lineWidth - indent).map((line) => `${' '.repeat(indent)}${paint.faint(line)}`);
  if (!isBeside) return [`${mark} ${name.trimEnd()}`, ...lines];
  return [`${mark} ${name}  ${lines[0]?.slice(indent)}`, ...lines.slice(1)];
}

/** The mark before a name and the spaces around the name. */
const MARK_WIDTH = 4;
/** Facts stand beside the name if this much of a line is left for them. */
const FACTS_WIDTH_MIN = 56;

function skippedLines({ play, file }: ScenarioResult, paint: Paint): string[] {
  return skippedTexts(file, play).map((text) => `${MARGIN}${paint.unsure('skipped:')} ${text}`);
}

function placeOf({ file, failure, mistakes }: ScenarioResult): string {
  const [first] = mistakes?.inFile ?? [];
  const place = failure ?? first;
  const what = failure?.what ?? first?.message ?? '';
  return place === undefined ? file : `${file}:${place.line}:${place.column}: ${what}`;
}

/** How it went, on one line if it fits; all else depends on the files alone. */
function summaryLines(
  { results, realMillis, interrupted }: ScenarioReport,
  { lineWidth, paint }: Pick<Channel, 'lineWidth' | 'paint'>,
): string[] {
  const [failed, mistakes, defects] = [
    countOutcomes(results, 'failed'),
    countOutcomes(results, 'mistake'),
    countOutcomes(results, 'defect'),
  ];
  const [passed, left] = [countOutcomes(results, 'passed'), countOutcomes(results, 'not run')];
  const counts = [
    ...(failed > 0 ? [`${groupDigits(failed)} failed`] : []),
    ...(mistakes > 0 ? [`${groupDigits(mistakes)} with mistakes`] : []),
    ...(defects > 0 ? [countText(defects, 'defect')] : []),
    `${groupDigits(passed)} passed`,
    ...(left > 0 ? [`${groupDigits(left)} not run`] : []),
  ].join(', ');
  const times = [`${virtualTimeText(virtualMicrosOf(results))} virtual`, `${realTimeText(realMillis)} real`];
  const ending = (text: string, painted: (text: string) => string): string[] =>
    factLines([text, ...times], lineWidth, painted);
  if (failed + mistakes + defects > 0) return ending(`✗ ${counts}`, (text) => paint.bad(text));
  if (interrupted) return ending(`? interrupted: ${counts}`, (text) => paint.unsure(text));
  return ending(`✓ ${counts}`, (text) => paint.good(text));
}
