// One short notation for logs, messages, events and effects, so that tests are tables and scripts of readable texts.
//
// A log is the terms of its entries: `1 1 2`. A place in a log is index@term. A message names its kind, its term and
// its fields as its row in the table of messages does; `n2 RequestVote@3 last 2@1` comes from n2, `send n2 …` goes to
// it. Reading a text and writing it again gives the same text. A command is a function of its place, so that equal places hold equal entries.

import type { Effect } from './effects.ts';
import { EntryList } from '../../src/protocol/entry-list.ts';
import { hashText } from '../../src/base/hash.ts';
import { logIndex, nodeId, nodeName, NOBODY, term, type LogIndex, type NodeId, type Term } from '../../src/base/ids.ts';
import type { Command, Entry, Message, MessageKind, Write } from '../../src/protocol/message.ts';
import { makeSnapshot, type Snapshot } from '../../src/protocol/snapshot.ts';
import { initialConfiguration } from '../../src/protocol/configuration.ts';
import type { FieldName, MessageFieldType } from '../../src/protocol/messages/row.ts';
import { messageKinds, messageRows } from '../../src/protocol/messages/table.ts';
import { messageFields, filled, valueOf, verdictOf } from '../../src/protocol/messages/text.ts';
import { Log } from '../../src/raft/log.ts';

export const COMMAND_BYTES = 10;

export const server = (name: string): NodeId => {
  if (name === 'nobody') return NOBODY;
  if (!/^n[1-9]$/.test(name)) throw new Error(`'${name}' names no server`);
  return nodeId(Number(name.slice(1)) - 1);
};

export const commandAt = (index: number, entryTerm: number, bytes = COMMAND_BYTES): Command => ({
  hash: hashText(`${index}@${entryTerm}`),
  bytes,
});

/** '1 1 2' → [1, 1, 2]. */
export const numbers = (text: string): number[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);

/** Entries by their terms; the first one stands at `first`. */
export const entriesOf = (terms: string, first = 1): Entry[] =>
  numbers(terms).map((n, i) => ({ term: term(n), command: commandAt(first + i, n) }));

/** Entries as a list of one's own. */
export function listOf(entries: readonly Entry[]): EntryList {
  const list = new EntryList();
  for (const entry of entries) list.push(entry);
  return list;
}

/** How large snapshots are here. */
export const SNAPSHOT_BYTES = 100;

/** A snapshot behind the entry at a place, of a log whose other entries are of the same term unless told. */
export function snapshotAt(index: number, at: number, terms?: string): Snapshot {
  const entries = entriesOf(terms ?? Array.from({ length: index }, () => at).join(' '));
  const { prefixHash } = listOf(entries.slice(0, index));
  const label = { lastIndex: logIndex(index), lastTerm: term(at), prefixHash, configuration: initialConfiguration(3) };
  return makeSnapshot(label, { hash: index, bytes: SNAPSHOT_BYTES });
}

/** A log by the terms of its entries; dots in front are entries of term 1 that a snapshot stands for. */
export function logOf(terms: string): Log {
  const list = listOf(entriesOf(terms.replaceAll('.', '1')));
  list.compactTo(terms.split('.').length - 1);
  return new Log(list);
}

export const termsOf = (entries: readonly Entry[]): string => entries.map((entry) => entry.term).join(' ');
/** The terms of a log's entries, with a dot for each that is gone. */
export function logText(log: Log): string {
  const terms = termsOf(log.tailFrom(logIndex(log.base + 1)));
  return [...Array.from({ length: log.base }, () => '.'), terms].filter((word) => word !== '').join(' ');
}

/** The place '3@2' as index and term. */
export function place(text: string): { readonly index: LogIndex; readonly term: Term } {
  const [, index, at] = /^(\d+)@(\d+)$/.exec(text) ?? [];
  if (index === undefined) throw new Error(`'${text}' is no index@term`);
  return { index: logIndex(Number(index)), term: term(Number(at)) };
}

/** The place of a log's last entry. */
export const lastPlace = (terms: string): { readonly index: LogIndex; readonly term: Term } => {
  const all = numbers(terms);
  return { index: logIndex(all.length), term: term(all.at(-1) ?? 0) };
};

const MESSAGE = /^(n\d) (\w+)@(\d+)(.*)$/;

/** A piece of a text: a word, values, or both; `prev {prevLogIndex}@{prevLogTerm}`. */
interface Piece {
  readonly text: string;
  readonly fields: readonly FieldName[];
  /** Nothing is written for it where its values are 0. */
  readonly isOptional: boolean;
}

/** One way to write a message of a kind: its notation, where needed with `ok` or `no` in front, all entries as terms. */
interface Form {
  readonly verdict: boolean;
  readonly front: string;
  readonly pieces: readonly Piece[];
}

function formsOfKind(kind: MessageKind): Form[] {
  const { forms, verdict, fields } = messageRows[kind];
  const isFlag = verdict !== null && fields[verdict]?.type === 'flag';
  // Forms that begin with the same word are told apart by a word of ours.
  const areAlike = new Set(forms.map(({ notation }) => notation.split(' ')[0])).size < forms.length;
  // A message without entries is written like one with them.
  return (isFlag ? forms : forms.slice(0, 1)).map(({ notation }, i) => {
    const front = isFlag && areAlike ? ` ${i === 0 ? 'ok' : 'no'}` : '';
    const pieces = Array.from(notation.matchAll(/([a-z]+ )?\{\w+\}(@\{\w+\})?|[a-z]+/g), ([text]) => {
      const names = Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name as FieldName);
      const isOptional = names.length > 0 && names.every((name) => fields[name]?.when !== undefined);
      return { text, fields: names, isOptional };
    });
    return { verdict: i === 0, front, pieces };
  });
}

const PATTERNS: Readonly<Record<MessageFieldType, string>> = {
  term: String.raw`(\d+)`,
  index: String.raw`(\d+)`,
  number: String.raw`(\d+)`,
  flag: '(true|false)',
  text: String.raw`(\S*)`,
  entries: String.raw`\[([\d ]*)\]`,
};

const typeOf = (kind: MessageKind, field: FieldName): MessageFieldType =>
  messageRows[kind].fields[field]?.type ?? 'number';

/** A request may leave out what is 0, a reply only what says nothing then. */
function patternOf(kind: MessageKind, { front, pieces }: Form): RegExp {
  const isRequest = messageRows[kind].answers === null;
  const parts = pieces.map(({ text, fields, isOptional }) => {
    const pattern = ` ${text.replaceAll(/\{(\w+)\}/g, (_, field) => PATTERNS[typeOf(kind, field as FieldName)])}`;
    return isOptional || (isRequest && fields.length > 0) ? `(?:${pattern})?` : pattern;
  });
  return new RegExp(`^${front}${parts.join('')}$`);
}

/** Reads '<sender> <message>'; a request may leave out `prev 0@0`, `[]`, `commit 0`. */
export function readMessage(text: string, to: NodeId): Message {
  const [, sender = '', word = '', at = '', rest = ''] = MESSAGE.exec(text) ?? [];
  const kind = messageKinds.find((one) => one === word);
  for (const form of kind === undefined ? [] : formsOfKind(kind)) {
    const found = patternOf(kind as MessageKind, form).exec(rest);
    if (found === null) continue;
    const names = form.pieces.flatMap(({ fields }) => fields);
    const texts = new Map(names.map((name, i) => [name, found[i + 1]]));
    const head = { kind, from: server(sender), to, term: term(Number(at)) };
    const made = { ...head, ...contentsOf(kind as MessageKind, texts, form.verdict) } as Message;
    if (made.kind !== 'InstallSnapshot') return made;
    return { ...made, snapshot: snapshotAt(made.lastIncludedIndex, made.lastIncludedTerm) };
  }
  throw new Error(`'${text}' is no message`);
}

function contentsOf(kind: MessageKind, texts: ReadonlyMap<FieldName, string | undefined>, verdict: boolean): object {
  const values = messageFields(kind).map(([name, { type, behind }]) => {
    const text = texts.get(name);
    if (type === 'flag')
      return [name, text === undefined ? name === messageRows[kind].verdict && verdict : text === 'true'];
    if (type !== 'entries') return [name, Number(text ?? 0)];
    return [name, entriesOf(text ?? '', behind === undefined ? 1 : Number(texts.get(behind) ?? 0) + 1)];
  });
  return Object.fromEntries(values) as object;
}

/** A message without its sender and receiver. */
export function messageText(message: Message): string {
  const { kind } = message;
  const forms = formsOfKind(kind);
  const form = forms.length === 1 || verdictOf(message) ? forms[0] : forms[1];
  const { front, pieces } = form as Form;
  const shown = pieces.flatMap(({ fields }) => fields);
  const isZero = (field: FieldName): boolean => Number(valueOf(message, field)) === 0;
  const isSilent = messageFields(kind).every(
    ([name]) => shown.includes(name) || name === messageRows[kind].verdict || isZero(name),
  );
  if (!isSilent) throw new Error('a field without a meaning is not zero');
  const texts = pieces
    .filter(({ isOptional, fields }) => !isOptional || !fields.every(isZero))
    .map(({ text }) => ` ${filled(text, message, (_first, entries) => `[${termsOf(entries)}]`)}`);
  return `${kind}@${message.term}${front}${texts.join('')}`;
}

/** A snapshot as the place of the last entry that it stands for. */
const snapshotText = ({ lastIndex, lastTerm }: Snapshot): string => `snapshot ${lastIndex}@${lastTerm}`;

function writeText({ hardState, compaction, from, entries }: Write): string {
  const parts: string[] = [];
  if (hardState !== undefined) parts.push(`term ${hardState.term} vote ${nodeName(hardState.votedFor)}`);
  if (compaction !== undefined) {
    const { snapshot, base, restart } = compaction;
    parts.push(
      `${snapshot === undefined ? 'no snapshot' : snapshotText(snapshot)} base ${base}${restart ? ' anew' : ''}`,
    );
  }
  if (from > 0) parts.push(`log from ${from} [${termsOf(entries)}]`);
  return parts.join(' + ');
}

function effectText(effect: Effect): string {
  switch (effect.kind) {
    case 'send':
      return `send ${nodeName(effect.message.to)} ${messageText(effect.message)}`;
    case 'persist':
      return `persist ${writeText(effect.write)}`;
    case 'arm':
    case 'disarm':
      return `${effect.kind} ${effect.timer}`;
    case 'apply':
      return `apply ${effect.from}..${effect.to}`;
    case 'accept':
      return `accept ${effect.request} at ${effect.index}@${effect.term}`;
    case 'refuse':
      return `refuse ${effect.request}, leader ${nodeName(effect.leader)}`;
    case 'refuse change':
      return `refuse change: ${effect.reason}, leader ${nodeName(effect.leader)}`;
    case 'serve':
      return `serve ${effect.request} at ${effect.index}`;
    case 'halt':
      return `halt: ${effect.reason}`;
    case 'capture':
      return 'capture';
    case 'restore':
      return `restore ${snapshotText(effect.snapshot)}`;
  }
}

export const effectsText = (effects: readonly Effect[]): string => effects.map(effectText).join('; ') || 'nothing';
