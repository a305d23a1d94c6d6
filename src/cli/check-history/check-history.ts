// `raft-sim check-history`: a history is read as a stream, searched in pieces, and judged within time and memory.
//
// Only this file looks at the clock: the search counts steps. A search that was ended early is undecided, never kept.

import { setImmediate } from 'node:timers/promises';
import { HistoryReading, searchHistory, type ClientHistory, type HistoryVerdict } from '../../history/check-history.ts';
import type { JudgedCall } from '../../history/call.ts';
import type { HistoryFormat } from '../../history/formats/names.ts';
import { answerText, askedText } from '../../history/models/model-row.ts';
import type { HistoryModel } from '../../history/models/names.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import type { OutputFlags } from '../run/flags.ts';
import { messageLines, printable, wrapped } from '../ui/layout.ts';
import { linesOf } from '../ui/lines.ts';
import type { Terminal } from '../ui/terminal.ts';
import { countText, groupDigits, realTimeText } from '../ui/units.ts';
import { version } from '../version.ts';

export interface CheckHistoryFlags extends OutputFlags {
  readonly model?: HistoryModel;
  readonly format?: HistoryFormat;
  readonly steps?: number;
  readonly maxTime?: number;
  readonly maxMemory?: number;
  readonly failOn?: string;
}

const MAX_MILLIS = 60_000;
const MAX_MEGABYTES = 2000;

/** How a search was ended from outside. */
interface Ended {
  readonly why: string;
}

type Outcome = 'linearizable' | 'violated' | 'undecided';

interface Judged {
  readonly outcome: Outcome;
  readonly verdict: HistoryVerdict | undefined;
  readonly why: string;
  readonly searchMillis: number;
}

export async function checkHistoryFile(file: string, flags: CheckHistoryFlags, terminal: Terminal): Promise<ExitCode> {
  const begun = performance.now();
  const history = await readHistory(file, flags);
  const readMillis = performance.now() - begun;
  const judged = await judge(history, flags, begun);
  const report = { file, history, judged, readMillis };
  if (flags.json === true) terminal.out.line(JSON.stringify(documentOf(report)));
  else terminal.out.lines(textOf(report, flags, terminal));
  if (judged.outcome === 'violated') return exits.violated;
  return judged.outcome === 'undecided' && flags.failOn === 'unknown' ? exits.violated : exits.kept;
}

interface Report {
  readonly file: string;
  readonly history: ClientHistory;
  readonly judged: Judged;
  readonly readMillis: number;
}

async function readHistory(file: string, flags: CheckHistoryFlags): Promise<ClientHistory> {
  const { model, format } = flags;
  const reading = new HistoryReading({
    file: file === '-' ? 'standard input' : file,
    ...(model === undefined ? {} : { model }),
    ...(format === undefined ? {} : { format }),
  });
  for await (const lines of linesOf(file)) for (const line of lines) reading.line(line);
  return reading.end();
}

async function judge(history: ClientHistory, flags: CheckHistoryFlags, begun: number): Promise<Judged> {
  const { steps = Number.MAX_SAFE_INTEGER, maxTime, maxMemory = MAX_MEGABYTES } = flags;
  const maxMillis = maxTime === undefined ? MAX_MILLIS : maxTime / 1000;
  const from = performance.now();
  const search = searchHistory(history, steps);
  const endedBy = (): Ended | undefined => {
    if (performance.now() - begun > maxMillis)
      return { why: `${realTimeText(maxMillis)} (--max-time) were not enough` };
    const { rss } = process.memoryUsage();
    if (rss > maxMemory * 1_000_000) return { why: `${maxMemory} MB (--max-memory) were not enough` };
    return undefined;
  };
  for (let pieces = 0; ; pieces++) {
    const piece = search.next();
    const searchMillis = performance.now() - from;
    if (piece.done === true) return { ...outcomeOf(piece.value), verdict: piece.value, searchMillis };
    if (pieces % 8 !== 0) continue;
    const ended = endedBy();
    if (ended !== undefined) return { outcome: 'undecided', verdict: undefined, why: ended.why, searchMillis };
    await setImmediate(); // a signal is heard
  }
}

function outcomeOf(verdict: HistoryVerdict): { readonly outcome: Outcome; readonly why: string } {
  if (verdict.outcome === 'pass') return { outcome: 'linearizable', why: '' };
  return verdict.outcome === 'fail'
    ? { outcome: 'violated', why: verdict.why }
    : { outcome: 'undecided', why: verdict.why };
}

function textOf({ file, history, judged, readMillis }: Report, flags: CheckHistoryFlags, terminal: Terminal): string[] {
  const { paint, width } = terminal.out;
  const { outcome, verdict, why, searchMillis } = judged;
  const word =
    outcome === 'linearizable'
      ? paint.good(outcome)
      : outcome === 'violated'
        ? paint.bad('not linearizable')
        : paint.unsure(outcome);
  const keys = history.parts.size;
  const facts = [
    countText(history.calls, 'call'),
    ...(keys > 1 ? [countText(keys, 'key')] : []),
    ...(history.unknown > 0 ? [`${groupDigits(history.unknown)} of unknown outcome`] : []),
    ...(history.refused > 0 ? [`${groupDigits(history.refused)} refused, left out`] : []),
    `${history.model}, ${history.format}`,
    `read in ${realTimeText(readMillis)}, searched in ${realTimeText(searchMillis)}`,
  ];
  const lines = [`${word}: ${printable(file)}`];
  if (flags.quiet !== true) lines.push(...wrapped(facts.join(' · '), width - 2).map((line) => `  ${line}`));
  if (why !== '') lines.push(...messageLines(`  ${why}`, width));
  if (verdict?.outcome === 'fail' && flags.quiet !== true) {
    const { calls } = verdict;
    lines.push('', `${countText(calls.length, 'call')} that no order explains, by line of the file:`);
    if (calls.length > SHOWN_MAX) lines.push(`  … ${countText(calls.length - SHOWN_MAX, 'earlier call')}: see --json`);
    lines.push(...calls.slice(-SHOWN_MAX).map((call) => printable(callLine(call))));
  }
  return lines;
}

/** A reader looks at the latest calls; what needs more is for a program. */
const SHOWN_MAX = 40;

const callLine = (call: JudgedCall): string =>
  `  line ${call.line}  process ${call.process}  ${askedText(call)}  ${answerText(call)}`;

function documentOf({ file, history, judged, readMillis }: Report): object {
  const { outcome, verdict, why, searchMillis } = judged;
  return {
    schema: 'raft-sim/check-history@1',
    version,
    file,
    format: history.format,
    model: history.model,
    calls: history.calls,
    keys: history.parts.size,
    unknownOutcomes: history.unknown,
    refused: history.refused,
    outcome,
    why,
    steps: verdict?.steps ?? null,
    readMillis: Math.round(readMillis * 1000) / 1000,
    searchMillis: Math.round(searchMillis * 1000) / 1000,
    key: verdict?.outcome === 'fail' ? verdict.key : null,
    part: verdict?.outcome === 'fail' ? verdict.calls.map(callJson) : null,
  };
}

const callJson = (call: JudgedCall): object => ({
  line: call.line,
  process: call.process,
  asked: askedText(call),
  answered: call.completedAt < 0 ? null : answerText(call),
});
