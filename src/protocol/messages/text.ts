// Messages of any kind, read as their rows say: the value of a field, their form, texts, entries and size.
//
// The texts of a row are taken apart once. How entries read differs from place to place (in a line, in a sentence), so
// each place gives the words for them.

import { nodeName } from '../../base/ids.ts';
import type { Entry, Message, MessageKind } from '../message.ts';
import type { AnyMessageRow, FieldName, FieldRow, FormRow } from './row.ts';
import { messageKinds, messageRows, type MessageName } from './table.ts';

export type FieldValue = number | boolean | string | readonly Entry[];

/** The fields of a kind, in their order. */
export const messageFields = (kind: MessageKind): readonly (readonly [name: FieldName, row: FieldRow])[] =>
  Object.entries(messageRows[kind].fields) as [FieldName, FieldRow][];

export const rowOf = (message: Message): AnyMessageRow => messageRows[message.kind];

/** What a message holds in a field; undefined if its kind does not have it. */
export const valueOf = (message: Message, field: FieldName | 'term'): FieldValue | undefined =>
  (message as { readonly [name in FieldName | 'term']?: FieldValue })[field];

/** Whether what decides about a message is true, or there; of a kind with one form always. */
export function verdictOf(message: Message): boolean {
  const { verdict } = rowOf(message);
  if (verdict === null) return true;
  const value = valueOf(message, verdict);
  return typeof value === 'object' ? value.length > 0 : value === true;
}

export function formOf(message: Message): FormRow {
  const { forms } = rowOf(message);
  return forms[verdictOf(message) ? 0 : forms.length - 1] as FormRow;
}

/** The names of forms, with what they mean. */
export const aliases: readonly NonNullable<FormRow['alias']>[] = messageKinds.flatMap((kind) =>
  messageRows[kind].forms.flatMap(({ alias }) => alias ?? []),
);

/** All that a message can be called: kinds, then names of forms. */
export const messageNames: readonly MessageName[] = [messageKinds, aliases.map(({ name }) => name)].flat();

/** What a message is called, the name of its form first. */
export function namesOf(message: Message): readonly MessageName[] {
  const { alias } = formOf(message);
  return alias === undefined ? [message.kind] : [alias.name, message.kind];
}

export const isCalled = (message: Message, name: MessageName): boolean =>
  message.kind === name || formOf(message).alias?.name === name;

// ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The field of a kind that holds entries. */
const entriesFields = new Map(
  messageKinds.map((kind) => [kind, messageFields(kind).find(([, { type }]) => type === 'entries')]),
);

const NONE: readonly Entry[] = [];

/** The entries that a message carries, and the index of the first. */
export function entriesIn(message: Message): { readonly first: number; readonly entries: readonly Entry[] } {
  const [name, row] = entriesFields.get(message.kind) ?? [];
  const behind = row?.behind === undefined ? 0 : valueOf(message, row.behind);
  const entries = name === undefined ? NONE : valueOf(message, name);
  return { first: Number(behind) + 1, entries: typeof entries === 'object' ? entries : NONE };
}

// ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How entries read, the first of which has this index. */
export type EntriesText = (first: number, entries: readonly Entry[]) => string;

/** By text of a row: its pieces; every second one is the name of a field. */
const pieces = new Map<string, readonly string[]>();

export function piecesOf(text: string): readonly string[] {
  let found = pieces.get(text);
  if (found === undefined) {
    found = text.split(/\{(\w+)\}/);
    pieces.set(text, found);
  }
  return found;
}

/** A text of a row with the values of a message in their places. */
export function filled(text: string, message: Message, entriesText: EntriesText): string {
  const parts = piecesOf(text);
  let result = parts[0] as string;
  for (let i = 1; i < parts.length; i += 2) {
    result += fieldText(message, parts[i] as FieldName | 'from' | 'to' | 'term', entriesText);
    result += parts[i + 1] as string;
  }
  return result;
}

/** By form: its notation without entries. */
const withoutEntries = new Map<FormRow, string>();
for (const kind of messageKinds) {
  for (const form of messageRows[kind].forms) withoutEntries.set(form, form.notation.replace(' {entries}', ''));
}

/** The notation of what a message says besides its entries: as if it carried none. */
export const notationWithoutEntries = (message: Message): string =>
  filled(withoutEntries.get(formOf(message)) as string, message, noText);

const noText = (): string => '';

function fieldText(message: Message, field: FieldName | 'from' | 'to' | 'term', entriesText: EntriesText): string {
  if (field === 'from' || field === 'to') return nodeName(message[field]);
  const value = valueOf(message, field);
  if (typeof value !== 'object') return String(value);
  const { first, entries } = entriesIn(message);
  return entriesText(first, entries);
}

// ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const FIELD_BYTES = 8;
/** Sender, receiver and term. */
const HEAD_FIELDS = 3;

/** The size of a message of a kind without entries. */
export const bytesOfKind = (kind: MessageKind): number =>
  FIELD_BYTES *
  (HEAD_FIELDS + messageFields(kind).filter(([, row]) => row.type !== 'entries' && !sharesItsPlace(row)).length);

const sharesItsPlace = ({ insteadOf, isBit }: FieldRow): boolean => insteadOf !== undefined || isBit === true;

const fixedBytes = new Map(messageKinds.map((kind) => [kind, bytesOfKind(kind)]));

/**
 * How large a message would be on the wire: eight bytes for each field and each entry, what the commands hold, and the
 * bytes of a snapshot.
 */
export function bytesOf(message: Message): number {
  let bytes = fixedBytes.get(message.kind) as number;
  for (const entry of entriesIn(message).entries) bytes += FIELD_BYTES + entry.command.bytes;
  return message.kind === 'InstallSnapshot' ? bytes + message.length : bytes;
}
