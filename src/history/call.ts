// A call of a client, as the models of histories take it.
//
// What was asked and what was answered are texts that are equal if and only if the values are (`value.ts`).

import type { TimedCall } from '../check/linearizability/model.ts';

/** What a call does, in one word for all formats. */
export type ClientAction =
  | 'read'
  | 'write'
  | 'cas'
  | 'add'
  | 'append'
  | 'delete'
  | 'insert'
  | 'remove'
  | 'contains'
  | 'acquire'
  | 'release'
  | 'enqueue'
  | 'dequeue';

/** One call on one key. */
export interface JudgedCall extends TimedCall {
  /** Who made it. */
  readonly process: string;
  /** What was asked. */
  readonly action: ClientAction;
  /** The empty text where there is one object only. */
  readonly key: string;
  /** What is written, added or looked for; the empty text for nothing. */
  readonly argument: string;
  /** What a swap expects to find. */
  readonly expected: string;
  /** What was answered; undefined if nothing is known of it, though the call may be known to have been carried out. */
  readonly result: string | undefined;
  /** The line of the file on which it was made. */
  readonly line: number;
}
