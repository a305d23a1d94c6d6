// Messages that nobody sent: made by hand from a kind, two ends, a term and whatever fields are said.
//
// A field that is not said is 0, false or empty, so that any message can be written, also one that no correct server
// would send. Its entries have terms and change nothing; a snapshot is never made by hand.

import { term, type NodeId } from '../../base/ids.ts';
import { NO_OP, type Entry, type HandWritten } from '../message.ts';
import type { FieldName, FieldRow } from './row.ts';
import { messageKinds } from './table.ts';
import { messageFields, valueOf } from './text.ts';

/** The kinds that can be written by hand. */
export const handWrittenKinds: readonly HandWritten['kind'][] = messageKinds.filter(
  (kind): kind is HandWritten['kind'] => kind !== 'Foreign' && kind !== 'InstallSnapshot',
);

/** What may be said of a field: a flag, a number, or the terms of entries. */
export type SaidField = boolean | number | readonly number[] | undefined;

const entryOf = (of: number): Entry => ({ term: term(of), command: NO_OP });

/** The message of a kind whose fields are what was said of them. */
export function writtenMessage(
  head: { readonly kind: HandWritten['kind']; readonly from: NodeId; readonly to: NodeId; readonly term: number },
  said: (name: FieldName, row: FieldRow) => SaidField,
): HandWritten {
  const { kind, from, to } = head;
  const message: Record<string, unknown> = { kind, from, to, term: head.term };
  for (const [name, row] of messageFields(kind)) {
    const value = said(name, row);
    if (row.type === 'entries') message[name] = (Array.isArray(value) ? (value as number[]) : []).map(entryOf);
    else message[name] = value ?? (row.type === 'flag' ? false : 0);
  }
  // The fields of each kind go with it, which no type can say of all kinds at once.
  const made: object = message;
  return made as HandWritten;
}

/** What is said of the fields of a message: the way back. */
export function saidOf(message: HandWritten): readonly (readonly [name: FieldName, value: SaidField])[] {
  return messageFields(message.kind).map(([name]) => {
    const value = valueOf(message, name);
    if (typeof value === 'string') return [name, undefined];
    return [name, typeof value === 'object' ? value.map((entry) => entry.term) : value];
  });
}
