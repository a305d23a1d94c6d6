// A message of any kind, made from its row: every field holds a value of its own, so that none passes for another.

import { nodeId, term } from '../../src/base/ids.ts';
import type { Message, MessageKind } from '../../src/protocol/message.ts';
import type { FieldName } from '../../src/protocol/messages/row.ts';
import { messageKinds, messageRows } from '../../src/protocol/messages/table.ts';
import { messageFields, type FieldValue } from '../../src/protocol/messages/text.ts';
import { entriesOf, snapshotAt } from './text.ts';

/** The kinds that our own node sends: a foreign message is read by nobody here. */
export const ownKinds: readonly MessageKind[] = messageKinds.filter((kind) => kind !== 'Foreign');

export type Contents = { readonly [field in FieldName | 'term']?: FieldValue };

/** A message of this kind that says yes or no, from n1 to n2 in term 7; a field without a meaning there is 0. */
export function messageOf(kind: MessageKind, verdict: boolean, contents: Contents = {}): Message {
  const { verdict: decides } = messageRows[kind];
  const shown = shownFields(kind, verdict);
  const values = messageFields(kind).map(([name, { type }], i) => {
    if (type === 'flag') return [name, name === decides && verdict];
    if (type === 'entries') return [name, verdict ? entriesOf('5 6', i + 2) : []];
    return [name, shown.includes(name) ? i + 1 : 0];
  });
  const head = { kind, from: nodeId(0), to: nodeId(1), term: term(7) };
  const made = { ...head, ...Object.fromEntries(values), ...contents } as Message;
  if (made.kind !== 'InstallSnapshot') return made;
  return { ...made, snapshot: snapshotAt(made.lastIncludedIndex, made.lastIncludedTerm) };
}

/** The fields that the form of a message shows. */
export function shownFields(kind: MessageKind, verdict: boolean): FieldName[] {
  const { forms } = messageRows[kind];
  const notation = forms[verdict ? 0 : forms.length - 1]?.notation ?? '';
  return Array.from(notation.matchAll(/\{(\w+)\}/g), ([, name]) => name as FieldName);
}

/** Each kind in each of its forms. */
export const allForms: readonly { readonly kind: MessageKind; readonly verdict: boolean }[] = ownKinds.flatMap((kind) =>
  (messageRows[kind].forms.length === 1 ? [true] : [true, false]).map((verdict) => ({ kind, verdict })),
);
