// The smallest part of a history that cannot be explained, and the two facts in it that contradict each other.
//
// Some calls stay, the writes among the others are left out: all that is known of one of those is when it can have
// happened, so that no omission makes up a violation. A violation stays one when a call comes back, so that it is
// enough to try the calls one after the other.

import { assert } from '../../base/errors.ts';
import type { Machine } from './machine.ts';
import { precedes, hasAnswer, type Model, type TimedCall } from './model.ts';
import { CallSearch, type StepBudget } from './search.ts';

interface Evidence<Call> {
  readonly calls: readonly Call[];
  readonly omitted: readonly Call[];
}

/** A part of a history that fails, and a sentence about it. */
export interface ViolatingPart<Call> {
  /** By invocation; calls that were open at its end are of unknown outcome. */
  readonly calls: readonly Call[];
  readonly why: string;
}

/** Makes a failing history small, from the latest moment up to which it could be explained. */
export function* violationOf<Call extends TimedCall>(
  machine: Machine<Call>,
  all: readonly Call[],
  furthest: number,
  steps: number,
): Generator<undefined, ViolatingPart<Call>> {
  const work = new Reduction(machine, { left: steps });
  const part = yield* work.minimalPart(all, furthest);
  return { calls: part.calls, why: yield* work.contradiction(part) };
}

/** Search steps for one part, and as many more for each of its calls. */
const SHARE_MIN = 20_000;
const SHARE_OF_CALL = 20;

class Reduction<Call extends TimedCall> {
  private readonly machine: Machine<Call>;
  private readonly model: Model<Call>;
  private readonly budget: StepBudget;
  /** For each call that found something: the writes that may have left it. */
  private sources: ReadonlyMap<Call, readonly Call[]> = new Map();

  constructor(machine: Machine<Call>, budget: StepBudget) {
    this.machine = machine;
    this.model = machine.model;
    this.budget = budget;
  }

  /**
   * The shortest prefix that fails already, less every call that is not needed for failing; but what a read
   * found keeps a write that left it. If the budget runs out, it is what was reached, which fails as well.
   */
  *minimalPart(all: readonly Call[], furthest: number): Generator<undefined, Evidence<Call>> {
    const prefix = { calls: yield* this.failingPrefix(all, furthest), omitted: [] };
    this.sources = this.sourcesIn(prefix.calls);
    let part = yield* this.reduced(prefix, (call) => this.model.isRead(call));
    for (;;) {
      const smaller = yield* this.reduced(part, (call) => !this.model.isRead(call));
      if (smaller === part) return part;
      part = smaller;
    }
  }

  /** The search came as far as `furthest`, so that no shorter prefix fails; a later answer may be needed, though. */
  private *failingPrefix(all: readonly Call[], furthest: number): Generator<undefined, readonly Call[]> {
    const answers = all.filter((call) => call.completedAt >= furthest).map(({ completedAt }) => completedAt);
    answers.sort((a, b) => a - b);
    for (let i = 0, step = 1; i < answers.length; i += step, step *= 2) {
      const calls = this.cutAfter(all, answers[i] ?? furthest);
      yield;
      if (this.isViolation({ calls, omitted: [] })) return calls;
    }
    return this.cutAfter(all, answers.at(-1) ?? furthest);
  }

  /** What was known at a moment: later calls are not there, and those open then are unknown. */
  private cutAfter(calls: readonly Call[], at: number): Call[] {
    return calls
      .filter((call) => call.invokedAt < at)
      .map((call) => (call.completedAt > at ? this.model.forgotten(call) : call))
      .sort((a, b) => a.invokedAt - b.invokedAt);
  }

  /**
   * To set up a search costs some steps for each call; one hard search must not eat up all that is left. What fails for
   * a simple reason fails soon, and a part that is hard to judge would not be easy to read.
   */
  private isViolation({ calls, omitted }: Evidence<Call>): boolean {
    const count = calls.length + omitted.length;
    this.budget.left -= 4 * count;
    if (this.budget.left <= 0) return false;
    const share = Math.min(Math.ceil(this.budget.left / 8), SHARE_MIN + SHARE_OF_CALL * count);
    return new CallSearch(this.machine, this.budget, calls, omitted).run(share) === 'fail';
  }

  /** Leaves out calls of a kind in ever smaller chunks; old ones first, so that the latest remain. */
  private *reduced(all: Evidence<Call>, isCandidate: (call: Call) => boolean): Generator<undefined, Evidence<Call>> {
    let part = all;
    for (let size = all.calls.length; size > 0; size >>>= 1) {
      const candidates = part.calls.filter(isCandidate);
      for (let start = 0; start < candidates.length && this.budget.left > 0; start += size) {
        const unwanted = this.droppable(part.calls, candidates.slice(start, start + size));
        const calls = part.calls.filter((call) => !unwanted.has(call));
        const writes = Array.from(unwanted).filter((call) => !this.model.isRead(call));
        const smaller = { calls, omitted: part.omitted.concat(writes) };
        yield;
        if (unwanted.size > 0 && this.isViolation(smaller)) part = smaller;
      }
    }
    return part;
  }

  /** Which of these calls can go, so that what a read found keeps a write that may have left it? */
  private droppable(calls: readonly Call[], unwanted: readonly Call[]): ReadonlySet<Call> {
    const left = new Set(calls);
    const gone = new Set<Call>();
    for (const call of unwanted) {
      left.delete(call);
      const isMissed = Array.from(this.sources).some(
        ([reader, writes]) => left.has(reader) && writes.includes(call) && !writes.some((write) => left.has(write)),
      );
      if (isMissed) left.add(call);
      else gone.add(call);
    }
    return gone;
  }

  private sourcesIn(calls: readonly Call[]): ReadonlyMap<Call, readonly Call[]> {
    const writes = calls.filter((call) => !this.model.changesNothing(call));
    const sources = new Map<Call, readonly Call[]>();
    for (const reader of calls.filter(hasAnswer)) {
      const found = writes.filter(
        (write) => write !== reader && !precedes(reader, write) && this.model.isSource(write, reader),
      );
      if (found.length > 0) sources.set(reader, found);
    }
    return sources;
  }

  /** The last answer, and the latest one before it without which it could be explained. */
  *contradiction(part: Evidence<Call>): Generator<undefined, string> {
    const { model } = this;
    const earlier = part.calls.filter(hasAnswer).sort((a, b) => b.completedAt - a.completedAt);
    const last = earlier.shift();
    assert(last !== undefined, 'a history without answers is linearizable');
    const before = yield* this.firstNeeded(
      part,
      earlier.filter((call) => precedes(call, last)),
    );
    if (before !== undefined) return `${model.textOf(last, '')} after ${model.textOf(before, 'had ')}`;
    const beside = yield* this.firstNeeded(
      part,
      earlier.filter((call) => !precedes(call, last)),
    );
    if (beside !== undefined) return `${model.textOf(last, '')} while ${model.textOf(beside, '')}`;
    return `${model.textOf(last, '')}, which the other calls cannot explain`;
  }

  private *firstNeeded(part: Evidence<Call>, among: readonly Call[]): Generator<undefined, Call | undefined> {
    for (const call of among) {
      const calls = part.calls.map((other) => (other === call ? this.model.forgotten(call) : other));
      yield;
      if (!this.isViolation({ calls, omitted: part.omitted })) return call;
    }
    return undefined;
  }
}
