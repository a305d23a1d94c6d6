// The words of the one-line notation: messages, entries, answers, links and texts of clients, each as a short piece.
//
// A piece never breaks a line, whatever clients write or a file holds. Node n1, client c1, term 7 as @7, entry 13@7,
// call c2.5 (the fifth of client c2).

import { hex } from '../base/hash.ts';
import { configurationOf, configurationText } from '../protocol/configuration.ts';
import { clientName, nodeName, NOBODY, type ClientId, type NodeId } from '../base/ids.ts';
import type { Command, Entry, Message } from '../protocol/message.ts';
import { entriesIn, filled, formOf, rowOf } from '../protocol/messages/text.ts';
import { operationText, type Call, type Operation } from '../protocol/operation.ts';
import type { Answer } from '../sim/process.ts';
import type { LinkEnds } from '../sim/step.ts';

const TEXT_MAX = 40;
const ENTRIES_MAX = 3;
const LINKS_MAX = 8;

/** Controls, marks that turn the direction of writing, halves of pairs, and what some programs take for a line end. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of a client or of a file as a piece of one line: short, and without anything that moves the cursor. */
export function oneLine(text: string, lengthMax: number = TEXT_MAX): string {
  const points = Array.from(text);
  const short = points.length > lengthMax ? `${points.slice(0, lengthMax).join('')}…` : text;
  return short.replace(UNPRINTABLE, (point) => `\\u{${(point.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A node with the term that it is in, if it is in one. */
export const nodeAt = (node: NodeId, term: number | undefined): string =>
  term === undefined ? nodeName(node) : `${nodeName(node)}@${term}`;

export const callName = (call: { readonly client: ClientId; readonly sequence: number }): string =>
  `${clientName(call.client)}.${call.sequence}`;

export const operationWords = (operation: Operation): string => oneLine(operationText(operation));

export const signed = (n: number): string => (n > 0 ? `+${n}` : String(n));

/** What a message says besides its kind, its ends and its term. */
export const messageWords = (message: Message): string => filled(formOf(message).notation, message, entriesWords);

/** What a message is called: one of another Raft by its own name. */
export const kindWords = (message: Message): string =>
  message.kind === 'Foreign' ? oneLine(message.name) : message.kind;

/**
 * A message as its sender's line names it: a reply with what it says, a request with the range of its entries. Two
 * messages that differ in their receivers only read alike.
 */
export function sentWords(message: Message): string {
  if (message.kind === 'Foreign') return kindWords(message);
  if (rowOf(message).answers !== null) return `${message.kind} ${messageWords(message)}`;
  const { first, entries } = entriesIn(message);
  if (entries.length === 0) return message.kind;
  return `${message.kind} [${entries.length === 1 ? first : `${first}..${first + entries.length - 1}`}]`;
}

/** Each entry with its place, its term and its command; of many only the first and the last. */
function entriesWords(first: number, entries: readonly Entry[]): string {
  const parts: string[] = [];
  const last = entries.length - 1;
  entries.forEach((entry, i) => {
    if (entries.length <= ENTRIES_MAX || i === 0 || i === last) {
      parts.push(`${first + i}@${entry.term} ${commandWords(entry.command)}`);
    } else if (i === 1) parts.push(`… ${last - 1} more …`);
  });
  return `[${parts.join(', ')}]`;
}

function commandWords(command: Command): string {
  if (carriesCall(command)) return operationWords(command.operation);
  const configuration = configurationOf(command);
  if (configuration !== undefined) return `members ${configurationText(configuration)}`;
  return command.hash === 0 && command.bytes === 0 ? 'no-op' : `command ${hex(command.hash)}`;
}

function carriesCall(command: Command): command is Call {
  return 'operation' in command;
}

/** What an answer tells its client. */
export function answerWords(answer: Answer): string {
  if (answer.outcome === 'ok') return `"${oneLine(answer.result)}"`;
  if (answer.outcome === 'expired') return 'session expired';
  return answer.leader === NOBODY ? 'refused' : `refused, try ${nodeName(answer.leader)}`;
}

export function keptWords(kept: number, cached: number): string {
  return cached === 0 ? 'nothing cached' : `${Math.min(kept, cached)} of ${cached} cached writes kept`;
}

/** Links in the order given, both directions of one together; the last ones of a long list are only counted. */
export function linksWords(links: readonly LinkEnds[]): string {
  const keyOf = (from: NodeId, to: NodeId): string => `${from} ${to}`;
  const unnamed = new Set(links.map(([from, to]) => keyOf(from, to)));
  const parts: string[] = [];
  for (const [from, to] of links) {
    if (!unnamed.delete(keyOf(from, to))) continue;
    parts.push(`${nodeName(from)}${unnamed.delete(keyOf(to, from)) ? '↔' : '→'}${nodeName(to)}`);
  }
  const shown = parts.slice(0, LINKS_MAX).join(' ');
  return parts.length > LINKS_MAX ? `${shown} … ${parts.length - LINKS_MAX} more` : shown;
}
