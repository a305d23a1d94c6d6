// The small texts inside of a scenario: logs in the paper's notation, amounts, commands, links.
//
// Each is read here and nowhere else; what is wrong with one is said as found and expected, without a place in the
// file, which the caller adds.

import { UsageError } from '../../base/errors.ts';
import { readPaths, type Operation } from '../../protocol/operation.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** `1 1 2 3`, the terms of a log from index 1 on; `empty` for none. */
export function parseLog(text: string): number[] {
  if (text.trim() === 'empty' || text.trim() === '') return [];
  const words = text.trim().split(/\s+/);
  const terms = words.map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : 0));
  terms.forEach((term, i) => {
    const found = words[i] ?? '';
    if (term === 0) throw new UsageError(`${quoted(found)} in a log, expected terms such as 1 1 2 3, or empty`);
    const before = terms[i - 1] ?? 0;
    if (term < before) throw new UsageError(`the terms of a log never fall, but ${found} follows ${before}`);
  });
  return terms;
}

export const logText = (terms: readonly number[]): string => (terms.length === 0 ? 'empty' : terms.join(' '));

/** A number that is expected, from the least to the most. */
export interface Amount {
  readonly least: number;
  readonly most: number;
}

const AMOUNT = 'expected a number, `at least 3`, `at most 5`, `3 to 5` or `none`';

/** `3`, `at least 3`, `at most 5`, `3 to 5`, `none`. */
export function parseAmount(value: string | number): Amount {
  const text = String(value).trim();
  const [, exact] = /^(\d{1,15})$/.exec(text) ?? [];
  if (exact !== undefined) return { least: Number(exact), most: Number(exact) };
  if (text === 'none') return { least: 0, most: 0 };
  const [, bound, number] = /^(at least|at most) (\d{1,15})$/.exec(text) ?? [];
  if (number !== undefined) {
    return bound === 'at least' ? { least: Number(number), most: Infinity } : { least: 0, most: Number(number) };
  }
  const [, low, high] = /^(\d{1,15}) to (\d{1,15})$/.exec(text) ?? [];
  if (low === undefined || high === undefined) throw new UsageError(`${quoted(text)}, ${AMOUNT}`);
  if (Number(low) > Number(high)) throw new UsageError(`${quoted(text)} is no range: ${low} is more than ${high}`);
  return { least: Number(low), most: Number(high) };
}

export const isAmount = (amount: Amount, n: number): boolean => n >= amount.least && n <= amount.most;

export function amountText({ least, most }: Amount): string {
  if (least === most) return String(least);
  if (most === Infinity) return `at least ${least}`;
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
}

const COMMANDS = 'put KEY VALUE, append KEY VALUE, add KEY N, cas KEY OLD NEW, get KEY, read KEY by PATH or open';

/** `put x 1`, `append x +1`, `add n 2`, `cas x 1 2`, `get x`. */
export function parseCommand(text: string): Operation {
  const [kind = '', key = '', ...rest] = text.trim().split(/\s+/);
  const [first, second] = rest;
  const isLong = (n: number): boolean => key !== '' && rest.length === n;
  if (kind === 'open' && key === '') return { kind, key: '' };
  if (kind === 'get' && isLong(0)) return { kind, key };
  const path = readPaths.find((word) => word === second);
  if (kind === 'read' && isLong(2) && first === 'by' && path !== undefined) return { kind, key, path };
  if ((kind === 'put' || kind === 'append') && isLong(1)) return { kind, key, value: first ?? '' };
  if (kind === 'cas' && isLong(2)) return { kind, key, expected: first ?? '', value: second ?? '' };
  if (kind === 'add' && isLong(1) && /^-?\d{1,9}$/.test(first ?? '')) return { kind, key, amount: Number(first) };
  throw new UsageError(`the command ${quoted(text)}, expected ${COMMANDS}`);
}

/** What `parseCommand` reads as this operation; undefined if no text of its kind does. */
export function commandText(operation: Operation): string | undefined {
  const { kind, key } = operation;
  if (kind === 'open') return kind;
  const words: string[] = [kind, key];
  if (kind === 'add') words.push(String(operation.amount));
  else if (kind === 'cas') words.push(operation.expected, operation.value);
  else if (kind === 'read') words.push('by', operation.path);
  else if (kind !== 'get') words.push(operation.value);
  return words.every((word) => /^[\w.+:-]+$/.test(word)) ? words.join(' ') : undefined;
}

/** Numbers of servers, from the least to the most; a run that asks for nothing else takes the least. */
export interface Sizes {
  readonly default: number;
  readonly from: number;
  readonly to: number;
}

/** `3 to 5`. */
export function parseSizes(text: string, most: number): Sizes {
  const [, from = 0, to = 0] = (/^\s*(\d)\s+to\s+(\d)\s*$/.exec(text) ?? []).map(Number);
  if (from < 1 || to < from || to > most) {
    throw new UsageError(`expected a number of servers such as 3, or a range such as 3 to 5, at most ${most}`);
  }
  return { default: from, from, to };
}

/** Two ends of a link as they were written, and whether the way back is meant, too. */
export interface Ends {
  readonly from: string;
  readonly to: string;
  readonly both: boolean;
}

/** `leader -> n2` or `n1 <-> followers`. */
export function parseEnds(text: string): Ends {
  const [, left, right] = /^\s*(.+?)\s*(?:=+>|--+>|—>)\s*(.+?)\s*$/.exec(text) ?? [];
  if (left !== undefined && right !== undefined) {
    throw new UsageError(`the link ${quoted(text)}, expected another arrow: ${left} -> ${right}`);
  }
  const [, from, arrow, to] = /^\s*(.+?)\s*(<->|->|↔|→)\s*(.+?)\s*$/.exec(text) ?? [];
  if (from === undefined || to === undefined || /<->|->|↔|→/.test(to)) {
    throw new UsageError(`the link ${quoted(text)}, expected FROM -> TO, or ONE <-> OTHER`);
  }
  return { from, to, both: arrow === '<->' || arrow === '↔' };
}

/** `2@1`: the entry with this index and term. */
export function parseEntryName(text: string): { readonly index: number; readonly term: number } | undefined {
  const [, index, term] = /^([1-9]\d{0,8})@([1-9]\d{0,8})$/.exec(text.trim()) ?? [];
  return index === undefined ? undefined : { index: Number(index), term: Number(term) };
}
