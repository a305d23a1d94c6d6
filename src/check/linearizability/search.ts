// The search for an order of calls that explains every answer, for any model.
//
// It is Wing and Gong's with Lowe's improvements ("Testing for linearizability", 2017): calls get their places just in
// time, in a linked list of events, and no configuration is ever entered twice. Calls of unknown outcome come last, and
// only as many as are needed. It counts steps, not seconds: it must never look at a clock.

import { assert } from '../../base/errors.ts';
import { ListTable, NO_STATE, NumberSets } from './interned.ts';
import type { Machine } from './machine.ts';
import { hasAnswer, type TimedCall } from './model.ts';

/** A purse of search steps, shared by all who hold it. */
export type StepBudget = { left: number };

/** A write that may take effect or not: one without an answer, or one that was left out; one of its meanings. */
interface Pending<Call> {
  readonly call: Call;
  readonly kind: number;
  /** Its place in the sets of what is spent; meanings of one call share it. */
  readonly place: number;
  readonly invokedAt: number;
  /** It cannot take effect after a call that was made later than this. */
  readonly end: number;
  /** The place of an equal one made before, or -1; it goes first, as it may come whenever this one may. */
  readonly twin: number;
  readonly overwrites: boolean;
}

/** Fields of a decision on the stack: a call that got its place, and where to go on if that was wrong. */
const PLACED = 0;
const STATE = 1;
const SPENT = 2;
const FLAGS = 3;
const EVENT = 4;
const PENDING = 5;
const DECISION_SIZE = 6;

const AFTER_PENDING = 1;
/** The call changes nothing wherever it stands: what can come instead of it can come after it as well. */
const FORCED = 2;

export class CallSearch<Call extends TimedCall> {
  private readonly machine: Machine<Call>;
  private readonly budget: StepBudget;
  // ---- The answered calls, and a list of their events in time; an event is its place in time
  private readonly kindOf: Int32Array;
  private readonly callOf: Int32Array;
  /** The event of the answer of an invocation; 0 on an answer. */
  private readonly answerOf: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly head: number;
  private readonly timeOf: Float64Array;
  // ---- Reads that come, for states that only grow: by event, the first read from there on, and breaks up to there
  private readonly nextRead: Int32Array;
  private readonly breaks: Int32Array;
  private readonly isGrowing: boolean;
  // ---- What may have happened
  private readonly pending: readonly Pending<Call>[];
  private readonly sets: NumberSets;
  private readonly hasDeadlines: boolean;
  // ---- States and configurations
  private readonly entered = new ListTable();
  private readonly spentOf: number[] = [];
  private readonly spentNext: number[] = [];
  private list = new Int32Array(64);
  // ---- Where it stands
  private stack = new Int32Array(256 * DECISION_SIZE);
  private depth = 0;
  private state: number;
  private spent = 0;
  private afterPending = false;
  private event: number;
  private nextPending = 0;
  private _furthest = -1;

  constructor(machine: Machine<Call>, budget: StepBudget, calls: readonly Call[], omitted: readonly Call[] = []) {
    const { model } = machine;
    this.machine = machine;
    this.budget = budget;
    const answered = calls.filter(hasAnswer);
    const count = answered.length;
    this.kindOf = new Int32Array(count);
    this.callOf = new Int32Array(2 * count);
    this.answerOf = new Int32Array(2 * count);
    this.head = 2 * count;
    this.next = new Int32Array(2 * count + 1);
    this.previous = new Int32Array(2 * count + 1);
    this.timeOf = new Float64Array(2 * count);
    answered.forEach((call, i) => (this.kindOf[i] = machine.kindOf(call)));
    this.fillEvents(answered);
    const unanswered = calls.filter((call) => !hasAnswer(call) && !model.isRead(call));
    this.pending = this.pendingOf(unanswered.concat(omitted), calls);
    this.sets = new NumberSets(this.pending.length === 0 ? 0 : (this.pending.at(-1)?.place ?? 0) + 1);
    this.hasDeadlines = omitted.length > 0;
    this.nextRead = new Int32Array(2 * count + 1);
    this.breaks = new Int32Array(2 * count + 1);
    this.isGrowing = model.growth !== undefined && !this.pending.some(({ kind }) => machine.isBreak[kind]);
    if (this.isGrowing) this.fillReads();
    this.state = machine.initial;
    this.event = this.next[this.head] ?? this.head;
  }

  /** The latest moment up to which the answers could be explained in some way; -1 before any search. */
  get furthest(): number {
    return this._furthest < 0 ? -1 : (this.timeOf[this._furthest] ?? -1);
  }

  /** Goes on for a share of the budget. Passes as soon as all answered calls have a place. */
  run(share: number): 'pass' | 'unknown' | 'fail' {
    const floor = Math.max(0, this.budget.left - share);
    while (this.event !== this.head) {
      if (this.budget.left <= floor) return 'unknown';
      if (this.answerOf[this.event] !== 0) {
        if (!this.place(this.event)) this.event = this.next[this.event] ?? this.head;
      } else {
        if (this.event > this._furthest) this._furthest = this.event;
        if (!this.placePending(this.event) && !this.goBack()) return 'fail';
      }
    }
    return 'pass';
  }

  /** Lets an answered call take effect now, if its answer fits and that leads to something new. */
  private place(event: number): boolean {
    this.budget.left--;
    const kind = this.kindOf[this.callOf[event] ?? 0] ?? 0;
    const changed = this.machine.step(this.state, kind);
    if (changed === NO_STATE) return false;
    // No read would ever see the pending writes just before: the same call without them was or will be tried.
    if (this.afterPending && this.machine.isBlind[kind] === true) return false;
    const { state, spent, afterPending } = this;
    this.unlink(event);
    this.unlink(this.answerOf[event] ?? 0);
    const late = this.hasDeadlines ? this.lateAt(this.timeOf[event] ?? 0, spent) : spent;
    if (this.enter(changed, late)) {
      const forced = this.machine.isIdle[kind] === true && late === spent ? FORCED : 0;
      const flags = (afterPending ? AFTER_PENDING : 0) | forced;
      this.decide(event, state, spent, flags, this.next[event] ?? this.head, 0);
      this.begin(changed, late, false);
      return true;
    }
    this.relink(this.answerOf[event] ?? 0);
    this.relink(event);
    return false;
  }

  /** No answered call fits before the first answer: try the pending writes, always last. */
  private placePending(barrier: number): boolean {
    const { state, spent, afterPending } = this;
    const at = this.timeOf[barrier] ?? 0;
    for (let i = this.nextPending; i < this.pending.length; i++) {
      const write = this.pending[i];
      if (write === undefined || write.invokedAt > at) break;
      this.budget.left--;
      if (this.sets.has(spent, write.place)) continue;
      if ((afterPending && write.overwrites) || (write.twin >= 0 && !this.sets.has(spent, write.twin))) continue;
      const changed = this.machine.step(state, write.kind);
      if (changed === NO_STATE || changed === state) continue;
      const added = this.sets.adding(spent, write.place);
      const late = this.hasDeadlines ? this.lateAt(write.invokedAt, added) : added;
      if (!this.enter(changed, late)) continue;
      this.decide(-1, state, spent, afterPending ? AFTER_PENDING : 0, barrier, i + 1);
      this.begin(changed, late, true);
      return true;
    }
    return false;
  }

  /** A call that was made at this time has its place: it is too late for pending writes that ended before. */
  private lateAt(at: number, spent: number): number {
    let late = spent;
    for (const { place, end, invokedAt } of this.pending) {
      if (invokedAt > at) break;
      if (end < at && !this.sets.has(late, place)) late = this.sets.adding(late, place);
    }
    return late;
  }

  /**
   * True if the configuration is new. The candidates before the first answer tell which calls have their
   * place: all others that began before it. It is not new either if it was entered with fewer pending writes
   * spent: nothing forces the others to come. Its size counts, so that the budget bounds memory.
   */
  private enter(state: number, spent: number): boolean {
    let length = 1;
    let hasBreak = !this.isGrowing;
    this.list[0] = state;
    let event = this.next[this.head] ?? this.head;
    while (event !== this.head && this.answerOf[event] !== 0) {
      if (length === this.list.length) this.list = grown(this.list);
      this.list[length++] = event;
      hasBreak ||= this.machine.isBreak[this.kindOf[this.callOf[event] ?? 0] ?? 0] === true;
      event = this.next[event] ?? this.head;
    }
    if (!hasBreak && this.isTooFar(state, length, event)) return false;
    const at = this.entered.find(this.list, length);
    const first = this.entered.noteOf(at);
    let known = 0;
    for (let i = first; i >= 0; i = this.spentNext[i] ?? -1) {
      if (this.sets.isSubset(this.spentOf[i] ?? 0, spent)) return false;
      known++;
    }
    this.budget.left -= (length >>> 3) + known;
    this.spentOf.push(spent);
    this.spentNext.push(first);
    this.entered.setNote(at, this.spentOf.length - 1);
    return true;
  }

  /**
   * Has a state grown beyond what a read found that still has to come? It must be one that nothing breaks with before:
   * one of the candidates, or the first one to be made after the first answer.
   */
  private isTooFar(state: number, length: number, barrier: number): boolean {
    const before = this.breaks[barrier] ?? 0;
    for (let i = 1; i <= length; i++) {
      const event = i < length ? (this.list[i] ?? 0) : (this.nextRead[barrier] ?? this.head);
      if (event === this.head) continue;
      const kind = this.kindOf[this.callOf[event] ?? 0] ?? 0;
      if (this.machine.isRead[kind] !== true) continue;
      if (this.breaks[this.answerOf[event] ?? 0] !== before) continue;
      this.budget.left--;
      if (!this.machine.canReach(state, kind)) return true;
    }
    return false;
  }

  private decide(placed: number, state: number, spent: number, flags: number, event: number, pending: number): void {
    const at = DECISION_SIZE * this.depth++;
    if (at === this.stack.length) this.stack = grown(this.stack);
    const { stack } = this;
    stack[at + PLACED] = placed;
    stack[at + STATE] = state;
    stack[at + SPENT] = spent;
    stack[at + FLAGS] = flags;
    stack[at + EVENT] = event;
    stack[at + PENDING] = pending;
  }

  /** All candidates are still to be tried. */
  private begin(state: number, spent: number, afterPending: boolean): void {
    this.state = state;
    this.spent = spent;
    this.afterPending = afterPending;
    this.event = this.next[this.head] ?? this.head;
    this.nextPending = 0;
  }

  /** Takes back the last decision that had an alternative; false if there is none left. */
  private goBack(): boolean {
    const { stack } = this;
    while (this.depth > 0) {
      const at = DECISION_SIZE * --this.depth;
      const placed = stack[at + PLACED] ?? 0;
      if (placed >= 0) {
        this.relink(this.answerOf[placed] ?? 0);
        this.relink(placed);
      }
      const flags = stack[at + FLAGS] ?? 0;
      if ((flags & FORCED) !== 0) continue;
      this.state = stack[at + STATE] ?? 0;
      this.spent = stack[at + SPENT] ?? 0;
      this.afterPending = (flags & AFTER_PENDING) !== 0;
      this.event = stack[at + EVENT] ?? 0;
      this.nextPending = stack[at + PENDING] ?? 0;
      return true;
    }
    return false;
  }

  // ---- Setting up

  private fillEvents(answered: readonly Call[]): void {
    const order = answered.flatMap((call, i) => {
      assert(call.completedAt > call.invokedAt, 'a call is answered after it was made');
      return [
        { at: call.invokedAt, call: i, isAnswer: false },
        { at: call.completedAt, call: i, isAnswer: true },
      ];
    });
    order.sort((a, b) => a.at - b.at);
    const invocation = new Int32Array(answered.length);
    order.forEach(({ at, call, isAnswer }, event) => {
      this.timeOf[event] = at;
      this.callOf[event] = call;
      if (isAnswer) this.answerOf[invocation[call] ?? 0] = event;
      else invocation[call] = event;
      this.previous[event] = event === 0 ? this.head : event - 1;
      this.next[event] = event + 1;
    });
    this.next[this.head] = order.length === 0 ? this.head : 0;
    this.previous[this.head] = order.length === 0 ? this.head : order.length - 1;
  }

  private fillReads(): void {
    const { machine, head } = this;
    let breaks = 0;
    for (let event = 0; event < head; event++) {
      const isBreak = machine.isBreak[this.kindOf[this.callOf[event] ?? 0] ?? 0] === true;
      if (this.answerOf[event] !== 0 && isBreak) breaks++;
      this.breaks[event] = breaks;
    }
    this.breaks[head] = breaks;
    this.nextRead[head] = head;
    for (let event = head - 1; event >= 0; event--) {
      const isRead = machine.isRead[this.kindOf[this.callOf[event] ?? 0] ?? 0] === true;
      this.nextRead[event] = this.answerOf[event] !== 0 && isRead ? event : (this.nextRead[event + 1] ?? head);
    }
  }

  private pendingOf(writes: readonly Call[], all: readonly Call[]): Pending<Call>[] {
    const { machine } = this;
    const { model } = machine;
    const last = new Map<string, number>();
    const ordered = writes.toSorted((a, b) => a.invokedAt - b.invokedAt);
    return ordered.flatMap((call, place) => {
      const asked = hasAnswer(call) ? model.forgotten(call) : call;
      const end = hasAnswer(call) ? call.completedAt : Number.MAX_SAFE_INTEGER;
      const name = model.nameOf(asked);
      const twin = hasAnswer(call) ? -1 : (last.get(name) ?? -1);
      if (!hasAnswer(call)) last.set(name, place);
      return (model.alternatives?.(call, all) ?? [asked]).map((meaning) => ({
        call,
        kind: machine.kindOf(meaning),
        place,
        invokedAt: call.invokedAt,
        end,
        twin,
        overwrites: model.overwrites(meaning),
      }));
    });
  }

  // ---- The list of events: the last one taken out comes back first

  private unlink(event: number): void {
    const before = this.previous[event] ?? 0;
    const after = this.next[event] ?? 0;
    this.next[before] = after;
    this.previous[after] = before;
  }

  private relink(event: number): void {
    this.next[this.previous[event] ?? 0] = event;
    this.previous[this.next[event] ?? 0] = event;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
