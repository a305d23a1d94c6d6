// The linearizability checker against a dumb one: all subsets of what may have happened, in all orders.
//
// The dumb one has a model of its own and knows neither keys nor caches. The rule by which calls are left out
// of a report is checked in its words as well: an omitted write may have happened in its time, or not at all.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientId } from '../../src/base/ids.ts';
import type { HistoryCall, Operation } from '../../src/protocol/operation.ts';
import { checkLinearizability } from '../../src/check/linearizability/linearizability.ts';
import { runs, SEED_NOTE } from '../support/seed.ts';

type Calls = readonly HistoryCall[];

/** A store that never fails; answers, and keeps what was written. */
function execute(store: Map<string, string>, operation: Operation): string {
  const { key, kind } = operation;
  const before = store.get(key) ?? '';
  if (kind === 'get' || kind === 'read' || kind === 'open') return before;
  if (kind === 'cas' && before !== operation.expected) return 'no';
  const number = /^-?[0-9]+$/.test(before) ? parseInt(before, 10) : 0;
  const after =
    kind === 'append'
      ? `${before}${operation.value}`
      : kind === 'add'
        ? `${number + operation.amount}`
        : operation.value;
  store.set(key, after);
  return kind === 'put' ? 'ok' : kind === 'cas' ? 'yes' : after;
}

const isAnswered = (call: HistoryCall): boolean => call.completedAt !== -1;
const endsBefore = (a: HistoryCall, b: HistoryCall): boolean => isAnswered(a) && a.completedAt < b.invokedAt;

/** Do the calls answer in this order what they answered? Of an omitted write the answer is not looked at. */
function answersFit(order: Calls, omitted: Calls): boolean {
  const store = new Map<string, string>();
  return order.every((call) => {
    const result = execute(store, call.operation);
    return !isAnswered(call) || omitted.includes(call) || result === call.result;
  });
}

/** All orders that end no call before one that ended before it began. */
function* ordersOf(calls: Calls): Generator<Calls> {
  if (calls.length === 0) yield [];
  for (const first of calls) {
    const rest = calls.filter((call) => call !== first);
    if (rest.some((call) => endsBefore(call, first))) continue;
    for (const order of ordersOf(rest)) yield [first, ...order];
  }
}

const subsetsOf = (calls: Calls): Calls[] =>
  calls.reduce<Calls[]>((subsets, call) => subsets.flatMap((subset) => [subset, [...subset, call]]), [[]]);

function isLinearizable(calls: Calls, omitted: Calls = []): boolean {
  const certain = calls.filter(isAnswered);
  for (const happened of subsetsOf([...calls.filter((call) => !isAnswered(call)), ...omitted])) {
    for (const order of ordersOf([...certain, ...happened])) if (answersFit(order, omitted)) return true;
  }
  return false;
}

const key = fc.constantFrom('2', '2', '1');
const value = fc.constantFrom('', '1', '2', 'a');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('get' as const), key }) },
  fc.record({ kind: fc.constant('put' as const), key, value }),
  fc.record({ kind: fc.constant('append' as const), key, value: fc.constantFrom('a', '1', '') }),
  fc.record({ kind: fc.constant('cas' as const), key, expected: value, value }),
  fc.record({ kind: fc.constant('add' as const), key, amount: fc.constantFrom(1, 1, 2, -1, 0) }),
);

/** What becomes of a call: unknown ones may have happened in time, when all else is over, or never. */
const fate = fc.constantFrom('answered', 'answered', 'answered', 'answered', 'unknown', 'late', 'never');

/** How the store goes wrong. */
const mistake = fc.constantFrom('none', 'none', 'old copy', 'twice', 'forgotten', 'nonsense');
const plan = fc.record({ operation, fate, mistake });
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

interface Open {
  readonly plan: Plan;
  readonly invokedAt: number;
  readonly result: string | undefined;
}

/** A store with mistakes, and copies of what it was. */
class Store {
  private readonly versions = [new Map<string, string>()];

  execute({ operation: asked, mistake: made }: Plan): string {
    const next = new Map(this.versions.at(-1));
    const result = execute(next, asked);
    if (made === 'old copy') return execute(new Map(this.versions.at(-3)), asked);
    if (made === 'forgotten') return result;
    if (made === 'twice') execute(next, asked);
    this.versions.push(next);
    return made === 'nonsense' ? `${result}1` : result;
  }
}

/**
 * Runs plans against a store. Each turn of a client begins its call, or lets it take effect, or ends it; so
 * calls overlap as the turns do, and without mistakes the history is linearizable.
 */
function run(plans: readonly Plan[], turns: readonly number[]): HistoryCall[] {
  const store = new Store();
  const open = new Map<number, Open>();
  const late: Plan[] = [];
  const waiting = [...plans];
  const history: HistoryCall[] = [];
  const end = (client: number, { plan: ended, invokedAt, result = '' }: Open, completedAt: number): void => {
    open.delete(client);
    const call = { client: clientId(client), sequence: history.length + 1, operation: ended.operation };
    history.push({ ...call, invokedAt, completedAt, result: completedAt === -1 ? 'no' : result });
  };
  turns.forEach((client, step) => {
    const current = open.get(client);
    if (current === undefined) {
      const next = waiting.shift();
      if (next !== undefined) open.set(client, { plan: next, invokedAt: step, result: undefined });
    } else if (current.result !== undefined) {
      end(client, current, current.plan.fate === 'answered' ? step : -1);
    } else if (current.plan.fate === 'never' || current.plan.fate === 'late') {
      if (current.plan.fate === 'late') late.push(current.plan);
      end(client, current, -1);
    } else {
      open.set(client, { ...current, result: store.execute(current.plan) });
    }
  });
  for (const forgotten of late) store.execute({ ...forgotten, mistake: 'none' });
  for (const [client, current] of open) end(client, current, -1);
  // The last reads see the late writes.
  for (const last of ['1', '2']) {
    if (history.length >= 6) continue;
    const invokedAt = turns.length + 2 * Number(last);
    const asked = { operation: { kind: 'get', key: last }, fate: 'answered', mistake: 'none' } as const;
    end(9, { plan: asked, invokedAt, result: store.execute(asked) }, invokedAt + 1);
  }
  return history;
}

const flawless = (plans: readonly Plan[]): Plan[] => plans.map((made) => ({ ...made, mistake: 'none' }));
const fewPlans = fc.array(plan, { minLength: 1, maxLength: 6 });
const turnsOf = (clients: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(clients - 1), { minLength: 6, maxLength: 24 });

const good = fc.tuple(fewPlans, turnsOf(3)).map(([plans, turns]) => run(flawless(plans), turns));
const doubtful = (clients: number): fc.Arbitrary<HistoryCall[]> =>
  fc.tuple(fewPlans, turnsOf(clients)).map(([plans, turns]) => run(plans, turns));

const anyCrowd = fc.oneof(doubtful(2), doubtful(3), doubtful(6));

describe(`linearizability against all orders ${SEED_NOTE}`, () => {
  it('says pass or fail as the dumb one does', () => {
    const seen = { pass: 0, fail: 0, unknown: 0 };
    fc.assert(
      fc.property(anyCrowd, (history) => {
        const { outcome } = checkLinearizability(history);
        seen[outcome]++;
        expect(outcome).toBe(isLinearizable(history) ? 'pass' : 'fail');
      }),
      runs(3000),
    );
    // The comparison is worth nothing if one of the two hardly ever happens.
    expect(Math.min(seen.pass, seen.fail)).toBeGreaterThan(600);
  });

  it('is never wrong on a small budget', () => {
    fc.assert(
      fc.property(anyCrowd, fc.nat(60), (history, budget) => {
        const { outcome } = checkLinearizability(history, { budget });
        if (outcome !== 'unknown') expect(outcome).toBe(isLinearizable(history) ? 'pass' : 'fail');
      }),
      runs(1500),
    );
  });

  it('passes what a store did, however many calls overlap', () => {
    const plans = fc.array(plan, { minLength: 50, maxLength: 120 });
    const turns = fc.array(fc.nat(4), { minLength: 200, maxLength: 400 });
    fc.assert(
      fc.property(plans, turns, (plansOfAll, turnsOfAll) => {
        expect(checkLinearizability(run(flawless(plansOfAll), turnsOfAll))).toEqual({ outcome: 'pass' });
      }),
      runs(300),
    );
  });
});

/** All calls on the key of these, as they were when the last of these was answered. */
function momentOf(history: Calls, part: Calls): HistoryCall[] {
  const now = Math.max(...part.map((call) => call.completedAt));
  return history
    .filter((call) => call.operation.key === part[0]?.operation.key && call.invokedAt < now)
    .map((call) => (call.completedAt > now ? { ...call, completedAt: -1, result: '' } : call));
}

/** The text that a read found; undefined if it does not tell. */
function foundBy({ operation: asked, result }: HistoryCall): string | undefined {
  if (asked.kind === 'get') return result;
  return asked.kind === 'cas' && result === 'yes' ? asked.expected : undefined;
}

function mayHaveLeft(write: HistoryCall, found: string): boolean {
  const { operation: asked, completedAt, result } = write;
  if (asked.kind === 'get' || (asked.kind === 'cas' && completedAt !== -1 && result === 'no')) return false;
  if (asked.kind === 'put' || asked.kind === 'cas') return asked.value === found;
  if (completedAt !== -1) return result === found;
  return asked.kind === 'append' ? found.endsWith(asked.value) : /^-?[0-9]+$/.test(found);
}

const readsWithoutSource = (calls: Calls): HistoryCall[] =>
  calls.filter((reader) => {
    const found = isAnswered(reader) ? foundBy(reader) : undefined;
    const isSource = (write: HistoryCall): boolean =>
      found !== undefined && write !== reader && !endsBefore(reader, write) && mayHaveLeft(write, found);
    return found !== undefined && !calls.some(isSource);
  });

const at = (call: HistoryCall): number => call.invokedAt;

const isIn = (call: HistoryCall, part: Calls): boolean => part.some((other) => at(other) === at(call));

/** All that is known of a failure: what is reported, and what was left out of it. */
const failures = anyCrowd
  .filter((history) => !isLinearizable(history))
  .map((history) => {
    const verdict = checkLinearizability(history);
    if (verdict.outcome !== 'fail') throw new Error(`${verdict.outcome} instead of fail`);
    const moment = momentOf(history, verdict.calls);
    const part = moment.filter((call) => isIn(call, verdict.calls));
    return { verdict, moment, part, left: moment.filter((call) => !isIn(call, verdict.calls)) };
  });

describe(`the minimal violating part ${SEED_NOTE}`, () => {
  const writes = (calls: Calls): Calls => calls.filter((call) => call.operation.kind !== 'get');

  it('is made of calls as they were at the last answer that it shows, in the order of invocation', () => {
    fc.assert(
      fc.property(failures, ({ verdict, part }) => {
        const ordered = part.toSorted((a, b) => a.invokedAt - b.invokedAt);
        expect(verdict.calls).toEqual(ordered);
      }),
      runs(400),
    );
  });

  it('is not linearizable by itself, nor with any of the omitted writes in their time', () => {
    fc.assert(
      fc.property(failures, ({ part, left }) => {
        expect(isLinearizable(part)).toBe(false);
        expect(isLinearizable(part, writes(left))).toBe(false);
      }),
      runs(400),
    );
  });

  it('loses its violation, or the source of a read, with each of its calls', () => {
    let calls = 0;
    fc.assert(
      fc.property(failures, ({ moment, part, left }) => {
        const orphans = readsWithoutSource(part);
        expect(orphans).toEqual(readsWithoutSource(moment).filter((reader) => part.includes(reader)));
        for (const call of part) {
          const rest = part.filter((other) => other !== call);
          const isExplained = isLinearizable(rest, writes([...left, call]));
          const hasOrphans = readsWithoutSource(rest).some((reader) => !orphans.includes(reader));
          expect(isExplained || hasOrphans, call.operation.kind).toBe(true);
        }
        calls += part.length;
      }),
      runs(400),
    );
    expect(calls).toBeGreaterThan(500);
  });

  it('cannot be made up by leaving out: whatever is omitted from a good history, the rest is good', () => {
    fc.assert(
      fc.property(good, fc.nat(63), (history, mask) => {
        const kept = history.filter((_, i) => (mask >> i) % 2 === 0);
        const left = history.filter((call) => !kept.includes(call));
        expect(isLinearizable(kept, writes(left))).toBe(true);
      }),
      runs(300),
    );
  });

  it('is told in one sentence that names the last answer', () => {
    const sentence = /^c\d+ [^.\n]+( after c\d+ had | while c\d+ |, which the writes on )[^.\n]+$/;
    fc.assert(
      fc.property(failures, ({ verdict }) => {
        expect(verdict.why).toMatch(sentence);
      }),
      runs(200),
    );
  });
});
