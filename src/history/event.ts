// What a format is read into: one thing that a client did or heard, at a place of a file.
//
// A format knows nothing of models, and a model nothing of formats.

import { UsageError } from '../base/errors.ts';
import type { HistoryValue } from './value.ts';

/** What became of a call: answered, surely not carried out, or nobody knows. */
export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

export interface HistoryEvent {
  readonly process: string;
  readonly type: EventType;
  /** The word of the file: `read`, `cas`. */
  readonly action: string;
  /** The key, where the format has one of its own. */
  readonly key: string | undefined;
  readonly value: HistoryValue;
  /** What the server answered, where the format tells it apart from the value; undefined if it does not. */
  readonly result: HistoryValue | undefined;
  /** A refusal that says something of the state: the swap found another value. */
  readonly isMismatch: boolean;
  /** In a unit of the file's own; undefined where the order of the lines is the order of time. */
  readonly at: number | undefined;
  readonly line: number;
}

/** A mistake at a place of a history: `file:line:column`, what was found and what was expected. */
export class HistoryError extends UsageError {
  /** `HistoryError`. */
  override name = 'HistoryError';
  /** The line of the file, from 1. */
  readonly line: number;

  constructor(file: string, line: number, column: number, what: string) {
    super(`${file}:${line}:${column}: ${what}`);
    this.line = line;
  }
}

/** Reads lines one by one. */
export interface LineReader {
  /** The events that are complete with this line. */
  line(text: string, number: number): readonly HistoryEvent[];
  /** Throws if the file ended too early; the number is that of the last line. */
  end(number: number): readonly HistoryEvent[];
}

/** The place of the first letter of a line, counted from 1. */
export const columnOf = (text: string): number => text.length - text.trimStart().length + 1;
