// The sequential specification of the key-value machine, for one key: what a copy that never fails does.
//
// Written from the comments in base/operation.ts alone, with all that the checker must know of operations.
// It must never share code with the machine in `sut/`: a mistake that both make would pass every check.
// Everything here is pure; a state is the text under the key.

import { assert } from '../base/assert.ts';
import { clientName } from '../base/ids.ts';
import type { HistoryCall, Operation } from '../base/operation.ts';

export interface Outcome {
  readonly state: string;
  readonly result: string;
}

/** A key that was never written. */
export const INITIAL_STATE = '';

/** The time of an answer that never came. */
const UNKNOWN = -1;

export const isAnswered = (call: HistoryCall): boolean => call.completedAt !== UNKNOWN;

/** What an operation makes of a state, and what it answers. */
export function apply(state: string, operation: Operation): Outcome {
  switch (operation.kind) {
    case 'get':
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
  }
}

const written = (state: string): Outcome => ({ state, result: state });

/** A text that is not a whole number counts as 0, as the empty text does. */
const wholeNumber = (text: string): number => (isWholeNumber(text) ? Number(text) : 0);
const isWholeNumber = (text: string): boolean => /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text));

/** The one state that explains this answer; undefined if several do, or none. */
export function stateBefore(operation: Operation, result: string): string | undefined {
  switch (operation.kind) {
    case 'get':
      return result;
    case 'append':
      if (!result.endsWith(operation.value)) return undefined;
      return result.slice(0, result.length - operation.value.length);
    case 'cas':
      return result === 'yes' ? operation.expected : undefined;
    case 'put':
    case 'add':
      return undefined;
  }
}

/** The same text for operations on a key that do the same, and only for those. */
export function effectText(operation: Operation): string {
  switch (operation.kind) {
    case 'get':
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

/** False for an unknown get: it says nothing and does nothing. */
export const matters = (call: HistoryCall): boolean => isAnswered(call) || call.operation.kind !== 'get';

/** True if the call leaves every state as it was from which it can give its answer. */
export const changesNothing = ({ operation, result }: HistoryCall): boolean =>
  operation.kind === 'get' || (operation.kind === 'cas' && result === 'no');

/** The same call as if its answer had not come. */
export function forgotten({ client, sequence, operation, invokedAt }: HistoryCall): HistoryCall {
  return { client, sequence, operation, invokedAt, completedAt: UNKNOWN, result: '' };
}

/** What was known at a moment: later calls are not there, and those open then are unknown. */
export function cutAfter(calls: readonly HistoryCall[], at: number): readonly HistoryCall[] {
  return calls
    .filter((call) => call.invokedAt < at)
    .map((call) => (call.completedAt > at ? forgotten(call) : call))
    .filter(matters)
    .sort((a, b) => a.invokedAt - b.invokedAt);
}

/** Must the first call have taken effect before the second was made? */
export const endsBefore = (first: HistoryCall, second: HistoryCall): boolean =>
  isAnswered(first) && first.completedAt < second.invokedAt;

/**
 * May a call be left out without making up a violation? Calls are in the order of invocation. True only if
 * what is left is linearizable whenever all was, and no answer that a write explained is left without one.
 *
 * A call that changes nothing may always go. A write may go if no call that is left could have come right
 * after it and looked at what it wrote. For take any valid order of all. The next call behind the write that
 * has an effect or an answer to explain does not look, so it is a put. Thus the same order without the write
 * is valid: up to that put nobody looks, and from it on the state is the same. (A pending cas that misses has
 * no effect; in the new order it never happens.)
 *
 * A call cannot come right after the write if it ended before it, or if an answered call lies entirely between
 * the two. It may be a stale read all the same: then the write stays unless another one left the same text.
 */
export const mayDrop = (calls: readonly HistoryCall[], index: number): boolean =>
  whyKept(calls, index) === undefined;

/** Leaves out as many of these calls as may go, one after the other; a call that goes may set others free. */
export function withoutThose(
  calls: readonly HistoryCall[],
  unwanted: readonly HistoryCall[],
): readonly HistoryCall[] {
  let left = calls;
  const kept = new Map<HistoryCall, HistoryCall[]>();
  const open = unwanted.toReversed();
  for (let call = open.pop(); call !== undefined; call = open.pop()) {
    const index = left.indexOf(call);
    const reason = whyKept(left, index);
    if (reason === undefined) {
      left = left.toSpliced(index, 1);
      for (const free of kept.get(call) ?? []) open.push(free);
    } else {
      kept.set(reason, (kept.get(reason) ?? []).concat(call));
    }
  }
  return left;
}

/** A call that stands against leaving this one out: it may have looked at what this one wrote. */
function whyKept(calls: readonly HistoryCall[], index: number): HistoryCall | undefined {
  const call = calls[index];
  assert(call !== undefined, 'the call to drop is there');
  if (changesNothing(call)) return undefined;
  const nextEnd = firstEndBehind(calls, index, call);
  for (let distance = 1; distance < calls.length; distance++) {
    const reader = calls[(index + distance) % calls.length]; // most often the one that looked is close behind
    if (reader === undefined || endsBefore(reader, call) || !couldHaveSeen(reader, call)) continue;
    if (reader.invokedAt < nextEnd || !hasOtherSource(calls, reader, call)) return reader;
  }
  return undefined;
}

/** The first end of an answered call that lies entirely behind this one; what begins later is not next to it. */
function firstEndBehind(calls: readonly HistoryCall[], index: number, call: HistoryCall): number {
  let end = Number.MAX_SAFE_INTEGER;
  for (let i = index + 1; i < calls.length; i++) {
    const later = calls[i];
    if (later === undefined || later.invokedAt > end) break;
    if (isAnswered(later) && endsBefore(call, later)) end = Math.min(end, later.completedAt);
  }
  return end;
}

/** Is there another write that left what this call found? A call without an answer tells of nothing found. */
function hasOtherSource(calls: readonly HistoryCall[], reader: HistoryCall, write: HistoryCall): boolean {
  const couldBe = (other: HistoryCall): boolean =>
    other !== write && other !== reader && !changesNothing(other) && !endsBefore(reader, other);
  return (
    !isAnswered(reader) ||
    calls.some((other) => couldBe(other) && stateAfter(other) !== undefined && couldHaveSeen(reader, other))
  );
}

/** Could a call right after this write have answered what it did, or have an effect if it is pending? */
function couldHaveSeen(reader: HistoryCall, write: HistoryCall): boolean {
  const { operation, result } = reader;
  if (operation.kind === 'put' || !matters(reader)) return false;
  const left = stateAfter(write);
  if (left !== undefined) {
    const outcome = apply(left, operation);
    return isAnswered(reader) ? outcome.result === result : outcome.state !== left;
  }
  const found = isAnswered(reader) ? stateBefore(operation, result) : undefined;
  if (found === undefined) return true;
  return write.operation.kind === 'append' ? found.endsWith(write.operation.value) : isWholeNumber(found);
}

/** What a write left if it took effect; undefined if that depends on what an unanswered one found. */
function stateAfter(write: HistoryCall): string | undefined {
  const { operation } = write;
  if (operation.kind === 'put' || operation.kind === 'cas') return operation.value;
  return isAnswered(write) ? write.result : undefined;
}

/** An answered call as a part of a sentence: `c2 read x=4`, or `c2 had read x=4`. */
export function told(call: HistoryCall, had: '' | 'had '): string {
  const { operation, result } = call;
  const who = `${clientName(call.client)} ${had}`;
  const { key } = operation;
  switch (operation.kind) {
    case 'get':
      return `${who}read ${key}=${shown(result)}`;
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
  }
}

/** A long text is told by its end: that is where appends make the difference. */
const shown = (text: string): string => (text.length > 24 ? `…${text.slice(-23)}` : text || '∅');
