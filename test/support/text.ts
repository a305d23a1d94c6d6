// One short notation for logs, messages, events and effects, so that tests are tables and scripts of readable texts.
//
// A log is the terms of its entries: `1 1 2`. A place in a log is index@term. A message names its kind, its term and
// its fields; `n2 RequestVote@3 last 2@1` comes from n2, `send n2 RequestVote@3 last 2@1` goes to n2. Reading a text
// and writing it again gives the same text. A command is a function of its place, so that equal places hold equal entries.

import type { Effect } from './effects.ts';
import { EntryList } from '../../src/protocol/entry-list.ts';
import { hashText } from '../../src/base/hash.ts';
import { logIndex, nodeId, nodeName, NOBODY, term, type LogIndex, type NodeId, type Term } from '../../src/base/ids.ts';
import {
  ZERO_INDEX,
  ZERO_TERM,
  type Command,
  type Entry,
  type Message,
  type Write,
} from '../../src/protocol/message.ts';
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

export const logOf = (terms: string): Log => new Log(listOf(entriesOf(terms)));

export const termsOf = (entries: readonly Entry[]): string => entries.map((entry) => entry.term).join(' ');
export const logText = (log: Log): string => termsOf(log.tailFrom(logIndex(1)));

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
const FIELDS = {
  RequestVote: /^ last (\d+@\d+)$/,
  RequestVoteReply: /^ (granted|refused)$/,
  AppendEntries: /^(?: prev (\d+@\d+))?(?: \[([\d ]*)\])?(?: commit (\d+))?$/,
  AppendEntriesReply: /^ (?:ok prev (\d+) match (\d+)|no prev (\d+)(?: conflict (\d+@\d+))?)$/,
};

/** Reads '<sender> <message>'; an AppendEntries may leave out `prev 0@0`, `[]` and `commit 0`. */
export function readMessage(text: string, to: NodeId): Message {
  const [, sender = '', kind = '', at = '', rest = ''] = MESSAGE.exec(text) ?? [];
  const fields = Object.hasOwn(FIELDS, kind) ? FIELDS[kind as keyof typeof FIELDS].exec(rest) : null;
  if (fields === null) throw new Error(`'${text}' is no message`);
  const [, first, second, third, fourth] = fields;
  const head = { from: server(sender), to, term: term(Number(at)) };
  switch (kind as Message['kind']) {
    case 'RequestVote': {
      const last = place(first ?? '');
      return { kind: 'RequestVote', ...head, lastLogIndex: last.index, lastLogTerm: last.term };
    }
    case 'RequestVoteReply':
      return { kind: 'RequestVoteReply', ...head, granted: first === 'granted' };
    case 'AppendEntries': {
      const prev = place(first ?? '0@0');
      return {
        kind: 'AppendEntries',
        ...head,
        prevLogIndex: prev.index,
        prevLogTerm: prev.term,
        entries: entriesOf(second ?? '', prev.index + 1),
        leaderCommit: logIndex(Number(third ?? 0)),
      };
    }
    case 'AppendEntriesReply': {
      const success = first !== undefined;
      const conflict = place(fourth ?? '0@0');
      return {
        kind: 'AppendEntriesReply',
        ...head,
        success,
        prevLogIndex: logIndex(Number(success ? first : third)),
        matchIndex: success ? logIndex(Number(second)) : ZERO_INDEX,
        conflictTerm: conflict.term,
        conflictIndex: conflict.index,
      };
    }
  }
}

/** A message without its sender and receiver. */
export function messageText(message: Message): string {
  const head = `${message.kind}@${message.term}`;
  switch (message.kind) {
    case 'RequestVote':
      return `${head} last ${message.lastLogIndex}@${message.lastLogTerm}`;
    case 'RequestVoteReply':
      return `${head} ${message.granted ? 'granted' : 'refused'}`;
    case 'AppendEntries': {
      const prev = `prev ${message.prevLogIndex}@${message.prevLogTerm}`;
      return `${head} ${prev} [${termsOf(message.entries)}] commit ${message.leaderCommit}`;
    }
    case 'AppendEntriesReply': {
      const { success, prevLogIndex, matchIndex, conflictIndex, conflictTerm } = message;
      const conflict = conflictIndex === ZERO_INDEX ? '' : ` conflict ${conflictIndex}@${conflictTerm}`;
      const noConflict = conflictIndex === ZERO_INDEX && conflictTerm === ZERO_TERM;
      if (success ? !noConflict : matchIndex !== ZERO_INDEX) throw new Error('a field without a meaning is not zero');
      return success
        ? `${head} ok prev ${prevLogIndex} match ${matchIndex}`
        : `${head} no prev ${prevLogIndex}${conflict}`;
    }
  }
}

function writeText({ hardState, from, entries }: Write): string {
  const parts: string[] = [];
  if (hardState !== undefined) parts.push(`term ${hardState.term} vote ${nodeName(hardState.votedFor)}`);
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
    case 'halt':
      return `halt: ${effect.reason}`;
  }
}

export const effectsText = (effects: readonly Effect[]): string => effects.map(effectText).join('; ') || 'nothing';
