// Is a client history linearizable? Checked key by key, which is as good as the whole (Herlihy and Wing).
//
// The search is Wing and Gong's with Lowe's improvements ("Testing for linearizability", 2017): calls get
// their places just in time, in a linked list of events, and no configuration is ever entered twice. It
// counts steps, not seconds: it must never look at a clock, nor call a search that ran out a pass or a fail.

import { assert } from '../base/assert.ts';
import type { HistoryCall } from '../base/operation.ts';
import {
  apply,
  changesNothing,
  cutAfter,
  effectText,
  endsBefore,
  forgotten,
  INITIAL_STATE,
  isAnswered,
  matters,
  stateBefore,
  told,
  withoutThose,
} from './key-value-model.ts';

export type LinearizabilityVerdict =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'unknown'; readonly key: string; readonly why: string }
  | {
      readonly outcome: 'fail';
      readonly key: string;
      /** The minimal violating part by invocation; calls that were open at its end are of unknown outcome. */
      readonly calls: readonly HistoryCall[];
      readonly why: string;
    };

export interface LinearizabilityOptions {
  /** Search steps for all keys together; as many again may be spent on making a violation small. */
  readonly budget?: number;
}

/** A few seconds at worst; a history of 300 000 calls with some overlap needs about a million steps. */
export const DEFAULT_LINEARIZABILITY_BUDGET = 5_000_000;

type Calls = readonly HistoryCall[];

/** A shared purse of search steps. */
interface Budget {
  left: number;
}

/** The calls on one key. */
interface Part {
  readonly key: string;
  readonly calls: Calls;
  /** Of a key that was not decided in its first round. */
  readonly search?: Search;
}

/** Checks every key, in the order of first appearance; one failing key outweighs all that is unknown. */
export function checkLinearizability(
  history: readonly HistoryCall[],
  options: LinearizabilityOptions = {},
): LinearizabilityVerdict {
  const steps = options.budget ?? DEFAULT_LINEARIZABILITY_BUDGET;
  const budget: Budget = { left: steps };
  let undecided = partsOf(history);
  // Each round gives all open keys the same share: a hard key must not starve a failing one behind it.
  while (undecided.length > 0 && budget.left > 0) {
    const share = Math.ceil(budget.left / undecided.length);
    const open: Part[] = [];
    for (const { key, calls, search = new Search(calls) } of undecided) {
      const outcome = search.run(budget, share);
      if (outcome === 'fail') return violation(key, calls, { left: steps });
      if (outcome === 'unknown') open.push({ key, calls, search });
    }
    undecided = open;
  }
  const [first] = undecided;
  if (first === undefined) return { outcome: 'pass' };
  const { key, calls } = first;
  const why = `${steps} steps did not decide about the ${calls.length} calls on ${key}`;
  return { outcome: 'unknown', key, why };
}

function partsOf(history: Calls): Part[] {
  const callsByKey = new Map<string, HistoryCall[]>();
  for (const call of history) {
    const calls = callsByKey.get(call.operation.key);
    if (calls === undefined) callsByKey.set(call.operation.key, [call]);
    else calls.push(call);
  }
  return Array.from(callsByKey, ([key, calls]) => ({ key, calls }));
}

// ---- The search for an order of the calls on one key

interface Link {
  next: Event | undefined;
}

/** An invocation or an answer, in a list ordered by time; calls that have their place are not in it. */
interface Event extends Link {
  readonly at: number;
  readonly call: HistoryCall;
  /** The answer of an invocation; undefined on the answer itself. */
  readonly answer: Event | undefined;
  /** Names the call in a configuration. */
  readonly mark: string;
  previous: Link;
}

/** A write of unknown outcome: it may take effect at any time from its invocation on, or never. */
interface PendingWrite {
  readonly call: HistoryCall;
  /** An equal write made before, or -1; it goes first, as it may come whenever the later one may. */
  readonly twin: number;
}

/** A set of pending writes, as bits. */
type PendingSet = readonly number[];

/** Where the search stands: what has its place so far, and what to try next. */
interface Position {
  readonly state: string;
  readonly used: PendingSet;
  /** The last one placed was a pending write. */
  readonly afterPending: boolean;
  event: Event | undefined;
  readonly nextPending: number;
}

/** A call that got its place, with the position to go on from if that was wrong. */
interface Decision {
  /** Undefined if it is a pending write. */
  readonly placed: Event | undefined;
  /** The call changes nothing wherever it stands: what can come instead of it can come after it as well. */
  readonly forced: boolean;
  readonly otherwise: Position;
}

class Search {
  readonly #head: Link = { next: undefined };
  readonly #pending: readonly PendingWrite[];
  /** For each configuration entered: the sets of pending writes that were used up on the way to it. */
  readonly #entered = new Map<string, PendingSet[]>();
  /** Short names for states, so that a long text is kept once and not in every configuration. */
  readonly #names = new Map<string, number>();
  readonly #decisions: Decision[] = [];
  #at: Position;
  #steps = 0;

  constructor(calls: Calls) {
    this.#pending = pendingWrites(calls);
    link(this.#head, eventsOf(calls));
    const event = this.#head.next;
    this.#at = { state: INITIAL_STATE, used: [], afterPending: false, event, nextPending: 0 };
  }

  /** Goes on for a share of the budget. Passes as soon as all answered calls have a place. */
  run(budget: Budget, share: number): 'pass' | 'unknown' | 'fail' {
    const before = this.#steps;
    const outcome = this.#search(before + Math.min(share, budget.left));
    budget.left = Math.max(0, budget.left - (this.#steps - before));
    return outcome;
  }

  #search(limit: number): 'pass' | 'unknown' | 'fail' {
    let event = this.#at.event;
    while (event !== undefined) {
      if (this.#steps >= limit) {
        this.#at.event = event;
        return 'unknown';
      }
      if (event.answer !== undefined) {
        event = this.#place(event, event.answer) ? this.#at.event : event.next;
      } else {
        if (!this.#placePending(event) && !this.#goBack()) return 'fail';
        event = this.#at.event;
      }
    }
    return 'pass';
  }

  /** Lets an answered call take effect now, if its answer fits and that leads to something new. */
  #place(event: Event, answer: Event): boolean {
    this.#steps++;
    const { operation, result } = event.call;
    const { state, used, afterPending } = this.#at;
    const outcome = apply(state, operation);
    if (outcome.result !== result) return false;
    // Nobody would ever see the pending writes just before: the same put without them was or will be tried.
    if (afterPending && operation.kind === 'put') return false;
    unlink(event);
    unlink(answer);
    if (this.#enter(outcome.state, used)) {
      const otherwise = { state, used, afterPending, event: event.next, nextPending: 0 };
      this.#decide({ placed: event, forced: changesNothing(event.call), otherwise }, outcome.state, used);
      return true;
    }
    relink(answer);
    relink(event);
    return false;
  }

  /** No answered call fits before the first answer: try the pending writes, always last. */
  #placePending(barrier: Event): boolean {
    const { state, used, afterPending, nextPending } = this.#at;
    for (let i = nextPending; i < this.#pending.length; i++) {
      const write = this.#pending[i];
      if (write === undefined || write.call.invokedAt > barrier.at) break;
      this.#steps++;
      if (contains(used, i) || (write.twin >= 0 && !contains(used, write.twin))) continue;
      if (afterPending && write.call.operation.kind === 'put') continue;
      const changed = apply(state, write.call.operation).state;
      if (changed === state || !this.#mayHelp(changed)) continue;
      const usedNow = including(used, i);
      if (!this.#enter(changed, usedNow)) continue;
      const otherwise = { state, used, afterPending, event: barrier, nextPending: i + 1 };
      this.#decide({ placed: undefined, forced: false, otherwise }, changed, usedNow);
      return true;
    }
    return false;
  }

  /**
   * Can a state that a pending write made become one that a candidate has seen? Only an answered call other
   * than a put makes a pending write useful; until that call, others can append to it, match a cas, or add.
   */
  #mayHelp(state: string): boolean {
    for (let event = this.#head.next; event?.answer; event = event.next) {
      const { operation, result } = event.call;
      const needed = stateBefore(operation, result);
      if (needed === undefined ? operation.kind !== 'put' : needed.startsWith(state)) return true;
    }
    return this.#pending.some(({ call: { operation } }) =>
      operation.kind === 'cas' ? operation.expected.startsWith(state) : operation.kind === 'add',
    );
  }

  /**
   * True if the configuration is new. The candidates before the first answer tell which calls have their
   * place: all others that began before it. A configuration is not new either if it was entered with fewer
   * pending writes used: nothing forces the others to come. Its size counts, so that the budget bounds memory.
   */
  #enter(state: string, used: PendingSet): boolean {
    let configuration = '';
    for (let event = this.#head.next; event?.answer; event = event.next) configuration += event.mark;
    configuration += `=${this.#nameOf(state)}`;
    const known = this.#entered.get(configuration) ?? [];
    if (known.length === 0) this.#entered.set(configuration, known);
    this.#steps += ((configuration.length + state.length) >>> 6) + known.length;
    if (known.some((fewer) => isSubset(fewer, used))) return false;
    known.push(used);
    return true;
  }

  #nameOf(state: string): number {
    const name = this.#names.get(state) ?? this.#names.size;
    if (name === this.#names.size) this.#names.set(state, name);
    return name;
  }

  #decide(decision: Decision, state: string, used: PendingSet): void {
    this.#decisions.push(decision);
    const afterPending = decision.placed === undefined;
    this.#at = { state, used, afterPending, event: this.#head.next, nextPending: 0 };
  }

  /** Takes back the last decision that had an alternative; false if there is none left. */
  #goBack(): boolean {
    for (let last = this.#decisions.pop(); last !== undefined; last = this.#decisions.pop()) {
      const { placed, forced, otherwise } = last;
      if (placed?.answer !== undefined) {
        relink(placed.answer);
        relink(placed);
      }
      this.#at = otherwise;
      if (!forced) return true;
    }
    return false;
  }
}

function eventsOf(calls: Calls): Event[] {
  const events: Event[] = [];
  const none: Link = { next: undefined };
  for (const call of calls.filter(isAnswered)) {
    assert(call.completedAt > call.invokedAt, 'a call is answered after it was made');
    const mark = `${events.length / 2},`;
    const answer = { at: call.completedAt, call, answer: undefined, mark, previous: none, next: undefined };
    events.push({ at: call.invokedAt, call, answer, mark, previous: none, next: undefined }, answer);
  }
  return events.sort((a, b) => a.at - b.at);
}

/** The calls of unknown outcome that may have changed something, by invocation. */
function pendingWrites(calls: Calls): PendingWrite[] {
  const pending = calls.filter((call) => !isAnswered(call) && matters(call));
  pending.sort((a, b) => a.invokedAt - b.invokedAt);
  const last = new Map<string, number>();
  return pending.map((call, i) => {
    const effect = effectText(call.operation);
    const twin = last.get(effect) ?? -1;
    last.set(effect, i);
    return { call, twin };
  });
}

function link(head: Link, events: readonly Event[]): void {
  let previous = head;
  for (const event of events) {
    event.previous = previous;
    previous.next = event;
    previous = event;
  }
}

function unlink(event: Event): void {
  event.previous.next = event.next;
  if (event.next !== undefined) event.next.previous = event.previous;
}

/** Undoes an `unlink`; the last one taken out comes back first. */
function relink(event: Event): void {
  event.previous.next = event;
  if (event.next !== undefined) event.next.previous = event;
}

const contains = (set: PendingSet, i: number): boolean => ((set[i >>> 5] ?? 0) & (1 << (i & 31))) !== 0;
const isSubset = (a: PendingSet, b: PendingSet): boolean => a.every((word, i) => (word & ~(b[i] ?? 0)) === 0);

function including(set: PendingSet, i: number): PendingSet {
  const larger = set.slice();
  while (larger.length <= i >>> 5) larger.push(0);
  larger[i >>> 5] = (larger[i >>> 5] ?? 0) | (1 << (i & 31));
  return larger;
}

// ---- The minimal violating part

function violation(key: string, all: Calls, budget: Budget): LinearizabilityVerdict {
  const part = minimalPart(all, budget);
  return { outcome: 'fail', key, calls: part, why: contradiction(part, budget) };
}

/**
 * The shortest prefix that fails already, less every call that may go (`mayDrop`) and is not needed for
 * failing: none of those that are left may go as well. If the budget runs out, it is what was reached.
 */
function minimalPart(calls: Calls, budget: Budget): Calls {
  let part = shortestFailingPrefix(calls, budget);
  let before = part;
  do {
    before = part;
    for (let size = before.length; size > 0; size >>>= 1)
      part = withoutChunks(part, reads(part), size, budget);
    for (let size = before.length; size > 0; size >>>= 1)
      part = withoutChunks(part, writes(part), size, budget);
  } while (part !== before);
  return part;
}

/** Old reads go first, so that the latest remain as evidence. */
const reads = (calls: Calls): HistoryCall[] => calls.filter(changesNothing);

/** Late writes go first: a write often may go only when what came after it has gone. */
const writes = (calls: Calls): HistoryCall[] => calls.filter((call) => !changesNothing(call)).reverse();

/** Linearizability is closed under prefixes, so that a binary search finds the answer that breaks it. */
function shortestFailingPrefix(calls: Calls, budget: Budget): Calls {
  const answered = calls.filter(isAnswered).sort((a, b) => a.completedAt - b.completedAt);
  const upTo = (i: number): Calls => cutAfter(calls, answered[i]?.completedAt ?? 0);
  let passes = -1;
  let fails = answered.length - 1;
  while (fails - passes > 1) {
    const middle = (passes + fails) >>> 1;
    if (isViolation(upTo(middle), budget)) fails = middle;
    else passes = middle;
  }
  return upTo(fails);
}

const isViolation = (calls: Calls, budget: Budget): boolean =>
  new Search(calls).run(budget, budget.left) === 'fail';

/** Tries to leave out chunk after chunk of the candidates. */
function withoutChunks(all: Calls, candidates: Calls, size: number, budget: Budget): Calls {
  let part = all;
  for (let start = 0; start < candidates.length && budget.left > 0; start += size) {
    const smaller = withoutThose(part, candidates.slice(start, start + size));
    if (smaller !== part && isViolation(smaller, budget)) part = smaller;
  }
  return part;
}

/** The last answer, and the latest one before it without which it could be explained. */
function contradiction(part: Calls, budget: Budget): string {
  const earlier = part.filter(isAnswered).sort((a, b) => b.completedAt - a.completedAt);
  const last = earlier.shift();
  assert(last !== undefined, 'a history without answers is linearizable');
  const without = (call: HistoryCall) => part.map((other) => (other === call ? forgotten(call) : other));
  const isNeeded = (call: HistoryCall): boolean => !isViolation(without(call), budget);
  const before = earlier.filter((call) => endsBefore(call, last)).find(isNeeded);
  if (before !== undefined) return `${told(last, '')} after ${told(before, 'had ')}`;
  const beside = earlier.filter((call) => !endsBefore(call, last)).find(isNeeded);
  if (beside !== undefined) return `${told(last, '')} while ${told(beside, '')}`;
  return `${told(last, '')}, which no write on ${last.operation.key} explains`;
}
