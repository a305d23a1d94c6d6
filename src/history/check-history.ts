// Judges a history: text in, a verdict out. Neither a file nor a clock is known here.
//
// `HistoryReading` takes lines as they come; `checkHistory` does all at once.

import { withoutRest } from '../base/rest.ts';
import { DEFAULT_CALLS_BUDGET, searchParts, type PartsVerdict } from '../check/linearizability/parts.ts';
import type { JudgedCall } from './call.ts';
import { HistoryError, type LineReader } from './event.ts';
import { formatBegunBy, historyFormatTable } from './formats/formats.ts';
import { historyFormats, type HistoryFormat } from './formats/names.ts';
import { partsOf, guessModel, Pairing } from './interpret.ts';
import { historyModel } from './models/model-table.ts';
import type { HistoryModel } from './models/names.ts';

/** How a history is to be read and judged. */
export interface HistoryOptions {
  /** What errors call the file; `history` by default. */
  readonly file?: string;
  /** By default what the first line says. */
  readonly format?: HistoryFormat;
  /** By default the simplest one that knows all words. */
  readonly model?: HistoryModel;
  /** Search steps for all keys together; as many again may be spent on making a violation small. */
  readonly budget?: number;
}

/** A history that was read. */
export interface ClientHistory {
  /** How it was written. */
  readonly format: HistoryFormat;
  /** What the clients talked to. */
  readonly model: HistoryModel;
  /** Calls by key, in the order of their first appearance. */
  readonly parts: ReadonlyMap<string, readonly JudgedCall[]>;
  /** How many there are, without those left out. */
  readonly calls: number;
  /** Calls whose answer never came. */
  readonly unknown: number;
  /** Calls that were refused or read nothing, and say nothing. */
  readonly refused: number;
}

/** What a history came to, and what was read. */
export type HistoryVerdict = PartsVerdict<JudgedCall> & { readonly history: ClientHistory };

/** Reads a history line by line. */
export class HistoryReading {
  private readonly options: HistoryOptions;
  private readonly file: string;
  private readonly pairing: Pairing;
  private format: HistoryFormat | undefined;
  private reader: LineReader | undefined;
  private count = 0;

  constructor(options: HistoryOptions = {}) {
    this.options = options;
    this.file = options.file ?? 'history';
    this.pairing = new Pairing(this.file);
    this.format = options.format;
  }

  /** The next line, without its end. Throws a `HistoryError` that names its place. */
  line(text: string): void {
    this.count++;
    if (this.reader === undefined) {
      if (text.trim() === '') return;
      this.format ??= formatBegunBy(text);
      if (this.format === undefined) {
        const found = JSON.stringify(text.trim().slice(0, 30));
        throw new HistoryError(
          this.file,
          this.count,
          1,
          `found ${found}, expected one of ${historyFormats.join(', ')}`,
        );
      }
      this.reader = historyFormatTable[this.format].reader(this.file);
    }
    for (const event of this.reader.line(text, this.count)) this.pairing.take(event);
  }

  /** All lines were read. */
  end(): ClientHistory {
    const { file, format } = this;
    if (this.reader === undefined || format === undefined) {
      throw new HistoryError(file, 1, 1, 'found nothing, expected the calls of clients');
    }
    for (const event of this.reader.end(this.count)) this.pairing.take(event);
    const exchanges = this.pairing.end();
    if (exchanges.length === 0) throw new HistoryError(file, this.count, 1, 'found no call of a client');
    const model = this.options.model ?? guessModel(exchanges, file);
    const { parts, refused } = partsOf(exchanges, model, file);
    let calls = 0;
    let unknown = 0;
    for (const part of parts.values()) {
      calls += part.length;
      for (const { completedAt } of part) if (completedAt < 0) unknown++;
    }
    return { format, model, parts, calls, unknown, refused };
  }
}

/** Searches in pieces, so that its caller can look at a clock between two. */
export function* searchHistory(
  history: ClientHistory,
  budget = DEFAULT_CALLS_BUDGET,
): Generator<undefined, HistoryVerdict> {
  const verdict = yield* searchParts(history.parts, historyModel(history.model), budget);
  return { ...verdict, history };
}

/**
 * Judges the history of the clients of a real system, given as the text of a file in any of the formats: is there an
 * order of its calls, each between its begin and its end, that explains every answer (Herlihy and Wing, 1990)?
 *
 * Throws a `HistoryError` with `file:line:column` for a text that is none. The verdict depends on the text and the
 * budget alone.
 */
export function checkHistory(text: string, options: HistoryOptions = {}): HistoryVerdict {
  const reading = new HistoryReading(options);
  for (const line of text.split('\n')) reading.line(line.endsWith('\r') ? line.slice(0, -1) : line);
  return withoutRest(searchHistory(reading.end(), options.budget));
}
