// The search for all models against a dumb one: every order of every choice of what may have happened.
//
// Both use the same rows of the table of models, whose verdicts test/unit/history judges by eye; what is held against
// each other is the search, with its shortcuts for reads, pending writes and states that grow.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutRest } from '../../src/base/rest.ts';
import { hasAnswer } from '../../src/check/linearizability/model.ts';
import { searchParts } from '../../src/check/linearizability/parts.ts';
import type { ClientAction, JudgedCall } from '../../src/history/call.ts';
import { isReadAction, modelOfRow } from '../../src/history/models/model-row.ts';
import { historyModelTable } from '../../src/history/models/model-table.ts';
import { historyModels, type HistoryModel } from '../../src/history/models/names.ts';
import { runs, SEED_NOTE } from '../support/seed.ts';

type Calls = readonly JudgedCall[];

function* ordersOf(calls: Calls): Generator<Calls> {
  if (calls.length === 0) yield [];
  for (const first of calls) {
    const rest = calls.filter((call) => call !== first);
    if (rest.some((call) => hasAnswer(call) && call.completedAt < first.invokedAt)) continue;
    for (const order of ordersOf(rest)) yield [first, ...order];
  }
}

const subsetsOf = (calls: Calls): Calls[] =>
  calls.reduce<Calls[]>((subsets, call) => subsets.flatMap((subset) => [subset, [...subset, call]]), [[]]);

function isLinearizable(model: HistoryModel, calls: Calls): boolean {
  const machine = modelOfRow(historyModelTable[model]);
  const reached = (states: readonly string[], call: JudgedCall): string[] =>
    states.flatMap((state) =>
      (hasAnswer(call) ? [call] : (machine.alternatives?.(call, calls) ?? [call])).flatMap(
        (meaning) => machine.step(state, meaning) ?? [],
      ),
    );
  for (const happened of subsetsOf(calls.filter((call) => !hasAnswer(call)))) {
    for (const order of ordersOf(calls.filter(hasAnswer).concat(happened))) {
      if (order.reduce(reached, [machine.initial]).length > 0) return true;
    }
  }
  return false;
}

const number = fc.constantFrom('1', '2', '3');
const results: Readonly<
  Partial<Record<ClientAction, Readonly<Partial<Record<HistoryModel, fc.Arbitrary<string | undefined>>>>>>
> = {
  read: {
    counter: fc.constantFrom('0', '1', '2', '3', '4'),
    'append-list': fc.constantFrom('[]', '[1]', '[2]', '[1,2]', '[2,1]', '[1,1]', '[1,2,1]'),
    set: fc.constantFrom('', '1', '2', '1\n2'),
    'key-value': fc.constantFrom('null', '""', '1', '"1"', '"12"', '"21"', '"11"'),
  },
};

function callOf(model: HistoryModel): fc.Arbitrary<Pick<JudgedCall, 'action' | 'argument' | 'expected' | 'result'>> {
  const actions = Object.keys(historyModelTable[model].actions) as ClientAction[];
  return fc.constantFrom(...actions).chain((action) =>
    fc.record({
      action: fc.constant(action),
      argument:
        action === 'append' && model === 'key-value'
          ? fc.constantFrom('"1"', '"2"')
          : ['read', 'acquire', 'release', 'dequeue', 'delete'].includes(action)
            ? fc.constant('')
            : action === 'add'
              ? fc.constantFrom('1', '2', '-1')
              : number,
      expected: action === 'cas' ? fc.constantFrom('null', '1', '2') : fc.constant(''),
      result: resultOf(model, action),
    }),
  );
}

function resultOf(model: HistoryModel, action: ClientAction): fc.Arbitrary<string | undefined> {
  const own = results[action]?.[model];
  if (own !== undefined) return own;
  if (action === 'read') return fc.constantFrom('null', '1', '2', '3');
  if (action === 'contains') return fc.constantFrom('true', 'false');
  if (action === 'cas') return fc.constantFrom(undefined, 'true', 'false');
  if (action === 'dequeue') return fc.constantFrom('null', '1', '2');
  if (action === 'add') return fc.constantFrom(undefined, undefined, '1', '2', '3');
  return fc.constant(undefined);
}

/** Calls at moments that are all different; some ends never came. */
const history = (model: HistoryModel): fc.Arbitrary<Calls> =>
  fc
    .array(
      fc.record({
        call: callOf(model),
        moments: fc.tuple(fc.nat(999), fc.nat(999)),
        isLost: fc.nat(3).map((n) => n === 0),
      }),
      {
        minLength: 2,
        maxLength: 6,
      },
    )
    .map((drawn) => {
      const order = drawn.flatMap(({ moments: [a, b] }, i) => [
        { at: Math.min(a, b), i, end: 0 },
        { at: Math.max(a, b), i, end: 1 },
      ]);
      order.sort((a, b) => a.at - b.at || a.end - b.end || a.i - b.i);
      return drawn.flatMap(({ call, isLost }, i): JudgedCall[] => {
        if (isLost && isReadAction(call.action)) return [];
        const invokedAt = order.findIndex((one) => one.i === i && one.end === 0);
        const completedAt = isLost ? -1 : order.findIndex((one) => one.i === i && one.end === 1);
        return [
          {
            ...call,
            process: String(i),
            key: '',
            line: i + 1,
            invokedAt,
            completedAt,
            result: isLost ? undefined : call.result,
          },
        ];
      });
    });

describe(`the search of histories ${SEED_NOTE}`, () => {
  it.each(historyModels)('%s agrees with a dumb search', (model) => {
    let failed = 0;
    fc.assert(
      fc.property(history(model), (calls) => {
        const verdict = withoutRest(
          searchParts(new Map([['', calls]]), modelOfRow(historyModelTable[model]), 1_000_000),
        );
        const isRight = isLinearizable(model, calls);
        if (!isRight) failed++;
        expect(verdict.outcome).toBe(isRight ? 'pass' : 'fail');
        if (verdict.outcome === 'fail')
          expect(isLinearizable(model, verdict.calls.concat(omittedFrom(calls, verdict.calls)))).toBe(false);
      }),
      runs(300),
    );
    expect(failed).toBeGreaterThan(20);
  });
});

/** The writes that a violating part leaves out may have happened or not: put back as such, it stays one. */
const omittedFrom = (all: Calls, part: Calls): Calls => {
  const shown = new Set(part.map(({ line }) => line));
  const end = Math.max(...part.map(({ completedAt, invokedAt }) => Math.max(completedAt, invokedAt)));
  return all.filter(
    (call) => !shown.has(call.line) && !isReadAction(call.action) && call.invokedAt < end && !hasAnswer(call),
  );
};
