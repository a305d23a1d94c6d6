// Is a client history linearizable? Checked key by key, which is as good as the whole (Herlihy and Wing).
//
// The search is Wing and Gong's with Lowe's improvements ("Testing for linearizability", 2017): calls get
// their places just in time, in a linked list of events, and no configuration is ever entered twice. It
// counts steps, not seconds: it must never look at a clock, nor call a search that ran out a pass or a fail.

import { assert } from '../../base/errors.ts';
import { withoutRest } from '../../base/rest.ts';
import type { HistoryCall } from '../../protocol/operation.ts';
import * as model from './key-value-model.ts';

/** What a history came to: linearizable, undecided, or not, with the smallest violating part. */
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

/** How a history of a run is to be judged. */
export interface LinearizabilityOptions {
  /** Search steps for all keys together; as many again may be spent on making a violation small. */
  readonly budget?: number;
}

/** A few seconds at worst; a history of 300 000 calls with some overlap needs about a million steps. */
const DEFAULT_LINEARIZABILITY_BUDGET = 5_000_000;

/** Search steps between two rests. */
const PIECE = 20_000;

type Calls = readonly HistoryCall[];

/** A shared purse of search steps. */
type Budget = { left: number };

/** The calls on one key, and the search that has not decided about them yet. */
interface Part {
  readonly key: string;
  readonly calls: Calls;
  readonly search?: Search;
}

/**
 * Judges the calls of a simulated run on the key-value machine: are they linearizable (Herlihy and Wing, 1990)? Every
 * key is checked, in the order of first appearance; one failing key outweighs all that is unknown. Moments are step
 * numbers, no two of them equal. The verdict depends on the history and the budget alone, since it counts steps.
 */
export function checkLinearizability(
  history: readonly HistoryCall[],
  options: LinearizabilityOptions = {},
): LinearizabilityVerdict {
  return withoutRest(searchLinearization(history, options));
}

/** The same in pieces. */
export function* searchLinearization(
  history: readonly HistoryCall[],
  options: LinearizabilityOptions = {},
): Generator<undefined, LinearizabilityVerdict> {
  const steps = options.budget ?? DEFAULT_LINEARIZABILITY_BUDGET;
  const budget: Budget = { left: steps };
  let undecided = partsOf(history);
  // Each round gives all open keys the same share: a hard key must not starve a failing one behind it.
  while (undecided.length > 0 && budget.left > 0) {
    const share = Math.ceil(budget.left / undecided.length);
    const open: Part[] = [];
    for (const { key, calls, search = new Search(budget, calls) } of undecided) {
      const floor = budget.left - share;
      let outcome = search.run(Math.min(share, PIECE));
      for (yield; outcome === 'unknown' && budget.left > Math.max(0, floor); yield) {
        outcome = search.run(Math.min(budget.left - floor, PIECE));
      }
      if (outcome === 'fail') return violation(key, calls, { left: steps });
      if (outcome === 'unknown') open.push({ key, calls, search });
    }
    undecided = open;
  }
  const [first] = undecided;
  if (first === undefined) return { outcome: 'pass' };
  const why = `${steps} steps did not decide about the ${first.calls.length} calls on ${first.key}`;
  return { outcome: 'unknown', key: first.key, why };
}

function partsOf(history: Calls): Part[] {
  const callsByKey = new Map<string, HistoryCall[]>();
  for (const call of history) {
    if (call.operation.kind === 'open') continue; // it is about no key
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

/** A set of pending writes, as bits. */
type PendingSet = readonly number[];

/** Where the search stands: what has its place so far, and what to try next. */
interface Position {
  readonly state: string;
  /** The pending writes that cannot come any more: they have their place, or it is too late for them. */
  readonly spent: PendingSet;
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
  private readonly budget: Budget;
  private readonly head: Link = { next: undefined };
  private readonly pending: readonly model.PendingWrite[];
  /** For each configuration entered: the sets of pending writes that were spent on the way to it. */
  private readonly entered = new Map<string, PendingSet[]>();
  /** Short names for states, so that a long text is kept once and not in every configuration. */
  private readonly names = new Map<string, number>();
  private readonly decisions: Decision[] = [];
  private at: Position;

  constructor(budget: Budget, calls: Calls, omitted: Calls = []) {
    this.budget = budget;
    this.pending = model.pendingWrites(calls.filter((call) => !model.isAnswered(call)).concat(omitted));
    this.head.next = firstEventOf(calls, this.head);
    const spent = this.pending.filter((_, i) => i % 32 === 0).map(() => 0);
    this.at = startOf(this.head, model.INITIAL_STATE, spent, false);
  }

  /** Goes on for a share of the budget. Passes as soon as all answered calls have a place. */
  run(share: number): 'pass' | 'unknown' | 'fail' {
    const floor = Math.max(0, this.budget.left - share);
    let event = this.at.event;
    while (event !== undefined) {
      if (this.budget.left <= floor) {
        this.at.event = event;
        return 'unknown';
      }
      if (event.answer !== undefined) event = this.place(event, event.answer) ? this.at.event : event.next;
      else if (this.placePending(event) || this.goBack()) event = this.at.event;
      else return 'fail';
    }
    return 'pass';
  }

  /** Lets an answered call take effect now, if its answer fits and that leads to something new. */
  private place(event: Event, answer: Event): boolean {
    this.budget.left--;
    const { operation, result } = event.call;
    const { state, spent, afterPending } = this.at;
    const outcome = model.apply(state, operation);
    if (outcome.result !== result) return false;
    // No read would ever see the pending writes just before: the same put without them was or will be tried.
    if (afterPending && operation.kind === 'put') return false;
    unlink(event);
    unlink(answer);
    const late = this.lateAt(event.at, spent);
    if (this.enter(outcome.state, late, false)) {
      const forced = model.changesNothing(event.call) && late === spent;
      const otherwise = { state, spent, afterPending, event: event.next, nextPending: 0 };
      this.decide({ placed: event, forced, otherwise }, outcome.state, late);
      return true;
    }
    relink(answer);
    relink(event);
    return false;
  }

  /** No answered call fits before the first answer: try the pending writes, always last. */
  private placePending(barrier: Event): boolean {
    const { state, spent, afterPending, nextPending } = this.at;
    const open = this.pendingBefore(barrier.at);
    this.budget.left -= open.length;
    const goals = model.goalsOf(this.candidates(), open);
    for (const { call, place, twin } of open) {
      if (place < nextPending) continue;
      if ((afterPending && call.operation.kind === 'put') || (twin >= 0 && !contains(spent, twin))) continue;
      const changed = model.apply(state, call.operation).state;
      this.budget.left -= 1 + (changed.length >>> 6);
      const use = changed === state ? 'none' : model.useOf(changed, call.operation, goals);
      if (use === 'none') continue;
      const late = this.lateAt(call.invokedAt, adding(spent, place));
      if (!this.enter(changed, late, use === 'reset')) continue;
      const otherwise = { state, spent, afterPending, event: barrier, nextPending: place + 1 };
      this.decide({ placed: undefined, forced: false, otherwise }, changed, late);
      return true;
    }
    return false;
  }

  /** The pending writes that were made before a time and are not spent. */
  private pendingBefore(at: number): model.PendingWrite[] {
    const { spent } = this.at;
    const open: model.PendingWrite[] = [];
    for (let i = nextFree(spent, 0); i < this.pending.length; i = nextFree(spent, i + 1)) {
      const write = this.pending[i];
      if (write === undefined || write.call.invokedAt >= at) break;
      open.push(write);
    }
    return open;
  }

  /** A call that was made at this time has its place: it is too late for pending writes that ended before. */
  private lateAt(at: number, spent: PendingSet): PendingSet {
    let late = spent;
    for (const { place, end } of this.pendingBefore(at)) {
      if (end < at && !contains(late, place)) late = adding(late, place);
    }
    return late;
  }

  /**
   * True if the configuration is new. The candidates before the first answer tell which calls have their
   * place: all others that began before it. It is not new either if it was entered with fewer pending writes
   * spent: nothing forces the others to come. Its size counts, so that the budget bounds memory.
   */
  private enter(state: string, spent: PendingSet, anyText: boolean): boolean {
    let configuration = '';
    for (let event = this.head.next; event?.answer; event = event.next) configuration += event.mark;
    configuration += anyText ? '?' : `=${this.nameOf(state)}`;
    const known = this.entered.get(configuration) ?? [];
    if (known.length === 0) this.entered.set(configuration, known);
    this.budget.left -= ((configuration.length + state.length) >>> 6) + known.length;
    if (known.some((fewer) => isSubset(fewer, spent))) return false;
    known.push(spent);
    return true;
  }

  /** The answered calls that may come next. */
  private candidates(): HistoryCall[] {
    const calls: HistoryCall[] = [];
    for (let event = this.head.next; event?.answer; event = event.next) calls.push(event.call);
    return calls;
  }

  private nameOf(state: string): number {
    const name = this.names.get(state) ?? this.names.size;
    if (name === this.names.size) this.names.set(state, name);
    return name;
  }

  private decide(decision: Decision, state: string, spent: PendingSet): void {
    this.decisions.push(decision);
    this.at = startOf(this.head, state, spent, decision.placed === undefined);
  }

  /** Takes back the last decision that had an alternative; false if there is none left. */
  private goBack(): boolean {
    for (let last = this.decisions.pop(); last !== undefined; last = this.decisions.pop()) {
      const { placed, forced, otherwise } = last;
      if (placed?.answer !== undefined) {
        relink(placed.answer);
        relink(placed);
      }
      this.at = otherwise;
      if (!forced) return true;
    }
    return false;
  }
}

/** All candidates are still to be tried. */
function startOf(head: Link, state: string, spent: PendingSet, afterPending: boolean): Position {
  return { state, spent, afterPending, event: head.next, nextPending: 0 };
}

/** Makes the list of the answered calls. */
function firstEventOf(calls: Calls, head: Link): Event | undefined {
  const events: Event[] = [];
  for (const call of calls.filter(model.isAnswered)) {
    assert(call.completedAt > call.invokedAt, 'a call is answered after it was made');
    const mark = `${events.length / 2},`;
    const answer = { at: call.completedAt, call, answer: undefined, mark, previous: head, next: undefined };
    events.push({ at: call.invokedAt, call, answer, mark, previous: head, next: undefined }, answer);
  }
  let previous = head;
  for (const event of events.sort((a, b) => a.at - b.at)) {
    event.previous = previous;
    previous.next = event;
    previous = event;
  }
  return head.next;
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

const wordOf = (set: PendingSet, i: number): number => set[i >>> 5] ?? 0;
const contains = (set: PendingSet, i: number): boolean => (wordOf(set, i) & (1 << (i & 31))) !== 0;
const isSubset = (a: PendingSet, b: PendingSet): boolean => a.every((word, i) => (word & ~(b[i] ?? 0)) === 0);
const adding = (set: PendingSet, i: number): number[] => set.with(i >>> 5, wordOf(set, i) | (1 << (i & 31)));

/** The first place from here on that is not in the set. */
function nextFree(set: PendingSet, from: number): number {
  let i = from;
  while (contains(set, i)) i += (i & 31) === 0 && wordOf(set, i) === -1 ? 32 : 1;
  return i;
}

// ---- The minimal violating part

/**
 * Some of the calls on a key, and the writes that were left out. All that is known of an omitted write is
 * when it can have happened: it took effect between its invocation and its answer, or not at all.
 *
 * If the rest still fails, it does so whatever the omitted writes did: no omission makes up a violation. A
 * violation stays one when a call comes back, so that it is enough to try the calls one after the other.
 */
interface Evidence {
  readonly calls: Calls;
  readonly omitted: Calls;
}

function violation(key: string, all: Calls, budget: Budget): LinearizabilityVerdict {
  const part = minimalPart(all, budget);
  return { outcome: 'fail', key, calls: part.calls, why: contradiction(part, budget) };
}

/**
 * The shortest prefix that fails already, less every call that is not needed for failing; but what a read
 * found keeps a write that left it. If the budget runs out, it is what was reached, which fails as well.
 */
function minimalPart(calls: Calls, budget: Budget): Evidence {
  const prefix = { calls: shortestFailingPrefix(calls, budget), omitted: [] };
  let part = reduced(prefix, model.isRead, budget);
  for (;;) {
    const smaller = reduced(part, model.isWrite, budget);
    if (smaller === part) return part;
    part = smaller;
  }
}

/** Linearizability is closed under prefixes, so that a binary search finds the answer that breaks it. */
function shortestFailingPrefix(calls: Calls, budget: Budget): Calls {
  const answered = calls.filter(model.isAnswered).sort((a, b) => a.completedAt - b.completedAt);
  const upTo = (i: number): Calls => model.cutAfter(calls, answered[i]?.completedAt ?? 0);
  let passes = -1;
  let fails = answered.length - 1;
  while (fails - passes > 1) {
    const middle = (passes + fails) >>> 1;
    if (isViolation({ calls: upTo(middle), omitted: [] }, budget)) fails = middle;
    else passes = middle;
  }
  return upTo(fails);
}

/** To set up a search costs some steps for each call; one hard search must not eat up all that is left. */
function isViolation({ calls, omitted }: Evidence, budget: Budget): boolean {
  budget.left -= 4 * (calls.length + omitted.length);
  return budget.left > 0 && new Search(budget, calls, omitted).run(Math.ceil(budget.left / 8)) === 'fail';
}

/** Leaves out calls of a kind in ever smaller chunks; old ones first, so that the latest remain. */
function reduced(all: Evidence, isCandidate: (call: HistoryCall) => boolean, budget: Budget): Evidence {
  let part = all;
  for (let size = all.calls.length; size > 0; size >>>= 1) {
    const candidates = part.calls.filter(isCandidate);
    for (let start = 0; start < candidates.length && budget.left > 0; start += size) {
      const unwanted = model.droppable(part.calls, candidates.slice(start, start + size));
      const calls = part.calls.filter((call) => !unwanted.has(call));
      const smaller = { calls, omitted: part.omitted.concat(Array.from(unwanted).filter(model.isWrite)) };
      if (unwanted.size > 0 && isViolation(smaller, budget)) part = smaller;
    }
  }
  return part;
}

/** The last answer, and the latest one before it without which it could be explained. */
function contradiction(part: Evidence, budget: Budget): string {
  const earlier = part.calls.filter(model.isAnswered).sort((a, b) => b.completedAt - a.completedAt);
  const last = earlier.shift();
  assert(last !== undefined, 'a history without answers is linearizable');
  const isNeeded = (call: HistoryCall): boolean => {
    const calls = part.calls.map((other) => (other === call ? model.forgotten(call) : other));
    return !isViolation({ calls, omitted: part.omitted }, budget);
  };
  const before = earlier.filter((call) => model.endsBefore(call, last)).find(isNeeded);
  if (before !== undefined) return `${model.callText(last, '')} after ${model.callText(before, 'had ')}`;
  const beside = earlier.filter((call) => !model.endsBefore(call, last)).find(isNeeded);
  if (beside !== undefined) return `${model.callText(last, '')} while ${model.callText(beside, '')}`;
  return `${model.callText(last, '')}, which the writes on ${last.operation.key} cannot explain`;
}
