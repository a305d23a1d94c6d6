// The sequential specification of the key-value machine, for one key: what a copy that never fails does.
//
// Written from the comments in base/operation.ts alone, with all that the checker must know of operations.
// It must never share code with the machine in `sut/`: a mistake that both make would pass every check.
// Everything here is pure; a state is the text under the key.

import { clientName } from '../../base/ids.ts';
import type { HistoryCall, Operation } from '../../protocol/operation.ts';

export interface ModelOutcome {
  readonly state: string;
  readonly result: string;
}

type Calls = readonly HistoryCall[];

/** A key that was never written. */
export const INITIAL_STATE = '';

/** The time of an answer that never came. */
const UNKNOWN = -1;

export const isAnswered = (call: HistoryCall): boolean => call.completedAt !== UNKNOWN;

/** What an operation makes of a state, and what it answers. */
export function apply(state: string, operation: Operation): ModelOutcome {
  switch (operation.kind) {
    case 'get':
    case 'read':
      return { state, result: state };
    case 'put':
      return { state: operation.value, result: 'ok' };
    case 'append':
      return written(state + operation.value);
    case 'cas':
      if (state !== operation.expected) return { state, result: 'no' };
      return { state: operation.value, result: 'yes' };
    case 'add':
      return written(String(wholeNumber(state) + operation.amount));
    case 'open':
      return { state, result: '' };
  }
}

const written = (state: string): ModelOutcome => ({ state, result: state });

/** A text that is not a whole number counts as 0, as the empty text does. */
const wholeNumber = (text: string): number => (isWholeNumber(text) ? Number(text) : 0);
const isWholeNumber = (text: string): boolean => /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text));

/** The one state that explains this answer; undefined if several do, or none. */
function stateBefore(operation: Operation, result: string): string | undefined {
  switch (operation.kind) {
    case 'get':
    case 'read':
      return result;
    case 'append':
      if (!result.endsWith(operation.value)) return undefined;
      return result.slice(0, result.length - operation.value.length);
    case 'cas':
      return result === 'yes' ? operation.expected : undefined;
    case 'put':
    case 'add':
    case 'open':
      return undefined;
  }
}

/** The same text for operations on a key that do the same, and only for those. */
function effectText(operation: Operation): string {
  switch (operation.kind) {
    case 'get':
    case 'read':
    case 'open':
      return 'get';
    case 'add':
      return `add ${operation.amount}`;
    case 'cas':
      return `cas ${operation.expected.length} ${operation.expected}${operation.value}`;
    case 'put':
    case 'append':
      return `${operation.kind} ${operation.value}`;
  }
}

export const isRead = ({ operation: { kind } }: HistoryCall): boolean => kind === 'get' || kind === 'read';
export const isWrite = (call: HistoryCall): boolean => !isRead(call);

/** True if the call leaves every state as it was from which it can give its answer. */
export const changesNothing = (call: HistoryCall): boolean =>
  isRead(call) || (call.operation.kind === 'cas' && isAnswered(call) && call.result === 'no');

/** The same call as if its answer had not come. */
export function forgotten({ client, sequence, operation, invokedAt }: HistoryCall): HistoryCall {
  return { client, sequence, operation, invokedAt, completedAt: UNKNOWN, result: '' };
}

/** What was known at a moment: later calls are not there, and those open then are unknown. */
export function cutAfter(calls: Calls, at: number): Calls {
  return calls
    .filter((call) => call.invokedAt < at)
    .map((call) => (call.completedAt > at ? forgotten(call) : call))
    .sort((a, b) => a.invokedAt - b.invokedAt);
}

/** Must the first call have taken effect before the second was made? */
export const endsBefore = (first: HistoryCall, second: HistoryCall): boolean =>
  isAnswered(first) && first.completedAt < second.invokedAt;

/** Which of these calls can go, so that what a read found keeps a write that may have left it? */
export function droppable(calls: Calls, unwanted: Calls): ReadonlySet<HistoryCall> {
  const readers = calls.filter((call) => isRead(call) || call.operation.kind === 'cas');
  const gone = new Set<HistoryCall>();
  const isOrphan = (reader: HistoryCall): boolean =>
    !gone.has(reader) && !calls.some((write) => !gone.has(write) && isSource(write, reader));
  for (const call of unwanted) {
    gone.add(call);
    if (readers.some((reader) => isSource(call, reader) && isOrphan(reader))) gone.delete(call);
  }
  return gone;
}

function isSource(write: HistoryCall, reader: HistoryCall): boolean {
  if (write === reader || !isAnswered(reader) || endsBefore(reader, write)) return false;
  const found = stateBefore(reader.operation, reader.result);
  return found !== undefined && !changesNothing(write) && mayLeave(write, found);
}

function mayLeave(write: HistoryCall, text: string): boolean {
  const { operation } = write;
  if (operation.kind === 'put' || operation.kind === 'cas') return operation.value === text;
  if (isAnswered(write)) return write.result === text;
  return operation.kind === 'append' ? text.endsWith(operation.value) : isWholeNumber(text);
}

/** A write that may take effect or not: one without an answer, or one that was omitted. */
export interface PendingWrite {
  readonly call: HistoryCall;
  /** Its place among the pending writes, by invocation. */
  readonly place: number;
  /** It cannot take effect after a call that was made later than this. */
  readonly end: number;
  /** The place of an equal one made before, or -1; it goes first, as it may come whenever this one may. */
  readonly twin: number;
}

export function pendingWrites(calls: Calls): PendingWrite[] {
  const last = new Map<string, number>();
  const ordered = calls.filter(isWrite).sort((a, b) => a.invokedAt - b.invokedAt);
  return ordered.map((call, place) => {
    if (isAnswered(call)) return { call, place, end: call.completedAt, twin: -1 };
    const effect = effectText(call.operation);
    const twin = last.get(effect) ?? -1;
    last.set(effect, place);
    return { call, place, end: Number.MAX_SAFE_INTEGER, twin };
  });
}

/** What makes a pending write worth a place: in the end, a candidate that shows its effect, so no put. */
export interface ModelGoals {
  /** Texts that a candidate must find, or a pending cas before it. */
  readonly texts: readonly string[];
  /** Numbers that they must find; undefined if nothing is added. */
  readonly numbers: readonly number[] | undefined;
  readonly isAnyTextGood: boolean;
  /** Can pending writes do more to a state than add to it? */
  readonly canRewrite: boolean;
  /** What they can add, all together: at least and at most. */
  readonly lowest: number;
  readonly highest: number;
}

export function goalsOf(candidates: Calls, pending: readonly PendingWrite[]): ModelGoals {
  const texts: string[] = [];
  const sums: number[] = [];
  let isAnyTextGood = false;
  let isAddedTo = false;
  let canRewrite = false;
  let lowest = 0;
  let highest = 0;
  for (const { operation, result } of candidates) {
    const needed = stateBefore(operation, result);
    if (needed !== undefined) texts.push(needed);
    isAnyTextGood ||= needed === undefined && operation.kind === 'cas';
    isAddedTo ||= operation.kind === 'add';
    if (operation.kind === 'add') sums.push(wholeNumber(result) - operation.amount);
  }
  for (const { operation } of pending.map(({ call }) => call)) {
    if (operation.kind === 'cas') texts.push(operation.expected);
    canRewrite ||= operation.kind === 'cas' || operation.kind === 'append';
    isAddedTo ||= operation.kind === 'add';
    lowest += operation.kind === 'add' ? Math.min(0, operation.amount) : 0;
    highest += operation.kind === 'add' ? Math.max(0, operation.amount) : 0;
  }
  const numbers = isAddedTo ? sums.concat(texts.filter(isWholeNumber).map(Number)) : undefined;
  return { texts, numbers, isAnyTextGood, canRewrite, lowest, highest };
}

/**
 * What is a state good for that one of the pending writes made? `reset`: only for adding to it, which starts
 * from 0, as with any text but a number.
 */
export function useOf(state: string, write: Operation, goals: ModelGoals): 'text' | 'reset' | 'none' {
  const { texts, numbers, isAnyTextGood, canRewrite } = goals;
  const leadsTo = (text: string): boolean => (canRewrite ? text.startsWith(state) : text === state);
  if (isAnyTextGood || texts.some(leadsTo)) return 'text';
  if (numbers === undefined) return 'none';
  if (!isWholeNumber(state) && state !== '-' && state !== '') return 'reset';
  const before = wholeNumber(state) - (write.kind === 'add' ? write.amount : 0);
  const low = before + goals.lowest;
  const high = before + goals.highest;
  return canRewrite || numbers.some((number) => low <= number && number <= high) ? 'text' : 'none';
}

/** An answered call as a part of a sentence: `c2 read x=4`, or `c2 had read x=4`. */
export function callText(call: HistoryCall, had: '' | 'had '): string {
  const { operation, result } = call;
  const who = `${clientName(call.client)} ${had}`;
  const { key } = operation;
  switch (operation.kind) {
    case 'get':
      return `${who}read ${key}=${shown(result)}`;
    case 'read':
      return `${who}read ${key}=${shown(result)} by ${operation.path}`;
    case 'put':
      return `${who}put ${key}=${shown(operation.value)}`;
    case 'append':
      return `${who}appended ${shown(operation.value)} to ${key} and got ${shown(result)}`;
    case 'cas':
      return result === 'yes'
        ? `${who}changed ${key} from ${shown(operation.expected)} to ${shown(operation.value)}`
        : `${who}found that ${key} was not ${shown(operation.expected)}`;
    case 'add':
      return `${who}added ${operation.amount} to ${key} and got ${shown(result)}`;
    case 'open':
      return `${who}opened a session`;
  }
}

/** A long text is told by its end: that is where appends make the difference. */
const shown = (text: string): string => (text.length > 24 ? `…${text.slice(-23)}` : text || '∅');
