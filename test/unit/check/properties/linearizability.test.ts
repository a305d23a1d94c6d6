// The property linearizability: the history that it judges, and how it tells of the verdict. The search has tests of
// its own.

import { describe, expect, it, vi } from 'vitest';
import { clientId } from '../../../../src/base/ids.ts';
import { makeCall, type Operation } from '../../../../src/protocol/operation.ts';
import { makePlan } from '../../../../src/run/plan.ts';
import { World } from '../../../../src/sim/world.ts';
import { Stage } from '../../../support/stage.ts';

const put = (value: string, key = 'k'): Operation => ({ kind: 'put', key, value });
const get = (key = 'k'): Operation => ({ kind: 'get', key });

/** A call: client, operation, the step of its first send, the step of its answer (or -1), the answer. */
type Row = readonly [client: number, operation: Operation, invokedAt: number, completedAt: number, result: string];

/** What the property says of a run in which these calls were made. */
function judge(rows: readonly Row[]): unknown {
  const stage = new Stage('linearizability');
  const { sessions } = stage.world;
  const events = rows.flatMap(([client, operation, invokedAt, completedAt, result], i) => {
    const sequence = rows.slice(0, i + 1).filter(([other]) => other === client).length;
    const call = makeCall(clientId(client - 1), sequence, operation);
    return [
      { at: invokedAt, act: () => void sessions.called(call, invokedAt) },
      { at: completedAt, act: () => void sessions.answered(call.client, sequence, result, completedAt) },
    ];
  });
  for (const { at, act } of events.toSorted((a, b) => a.at - b.at)) if (at >= 0) act();
  return stage.property.finish?.(stage.world);
}

const PASS = { outcome: 'pass', why: '' };

describe('linearizability is kept', () => {
  it.each<[string, readonly Row[]]>([
    ['nobody called', []],
    [
      'a read after a write sees it',
      [
        [1, put('a'), 1, 2, 'ok'],
        [2, get(), 3, 4, 'a'],
      ],
    ],
    [
      'a read beside a write sees it or not',
      [
        [1, put('a'), 1, 9, 'ok'],
        [2, get(), 2, 3, ''],
        [2, get(), 4, 5, 'a'],
      ],
    ],
    [
      'a write without an answer took effect late',
      [
        [1, put('a'), 1, -1, ''],
        [2, get(), 2, 3, ''],
        [2, get(), 4, 5, 'a'],
      ],
    ],
    [
      'a client went on after a write without an answer',
      [
        [1, put('a'), 1, -1, ''],
        [1, get(), 2, 3, ''],
        [1, get(), 4, 5, 'a'],
      ],
    ],
    [
      'keys are independent',
      [
        [1, put('a', 'x'), 1, 2, 'ok'],
        [2, get('y'), 3, 4, ''],
      ],
    ],
    [
      'a command that came again was counted once',
      [
        [1, { kind: 'add', key: 'n', amount: 2 }, 1, 6, '2'],
        [2, { kind: 'add', key: 'n', amount: 3 }, 2, 5, '5'],
      ],
    ],
  ])('%s', (_what, rows) => {
    expect(judge(rows)).toEqual(PASS);
  });
});

describe('linearizability is broken', () => {
  it.each<[string, readonly Row[], string]>([
    [
      'a read misses a write that was answered before',
      [
        [1, put('a'), 1, 2, 'ok'],
        [2, get(), 3, 4, ''],
      ],
      `  steps 1…2  c1 put k=a  → ok
  steps 3…4  c2 get k  → nothing`,
    ],
    [
      'a read goes back behind another read',
      [
        [1, put('a'), 1, 9, 'ok'],
        [2, get(), 2, 3, 'a'],
        [3, get(), 4, 5, ''],
      ],
      `  steps 1…?  c1 put k=a  no answer
  steps 2…3  c2 get k  → a
  steps 4…5  c3 get k  → nothing`,
    ],
    [
      'a value that nobody wrote',
      [
        [1, put('a', 'other'), 1, 2, 'ok'],
        [2, get(), 3, 4, 'a'],
      ],
      '  steps 3…4  c2 get k  → a',
    ],
    [
      'a command was counted twice',
      [
        [1, { kind: 'add', key: 'n', amount: 2 }, 1, 2, '2'],
        [2, { kind: 'add', key: 'n', amount: 3 }, 3, 4, '7'],
      ],
      '  steps 3…4  c2 add n+3  → 7',
    ],
  ])('%s', (_what, rows, calls) => {
    const judgement = judge(rows) as { outcome: string; why: string };
    const [sentence = '', ...told] = judgement.why.split('\n');
    expect([judgement.outcome, told.join('\n')]).toEqual(['fail', calls]);
    expect(sentence).toMatch(/^c\d /);
  });

  it('the sentence names the call and what it contradicts', () => {
    const judgement = judge([
      [1, put('a'), 1, 2, 'ok'],
      [2, put('b'), 3, 4, 'ok'],
      [3, get(), 5, 6, 'a'],
    ]) as { why: string };
    expect(judgement.why.split('\n')[0]).toBe('c3 read k=a after c2 had put k=b');
  });
});

it('a search that runs out of its budget is neither', async () => {
  const why = '5000000 steps did not decide about the 70 calls on k1';
  vi.resetModules();
  vi.doMock('../../../../src/check/linearizability/linearizability.ts', () => ({
    *searchLinearization() {
      yield;
      return { outcome: 'unknown', key: 'k1', why };
    },
  }));
  const { linearizability } = await import('../../../../src/check/properties/linearizability.ts');
  vi.doUnmock('../../../../src/check/linearizability/linearizability.ts');
  const plan = makePlan({});
  expect(linearizability(new World([]), plan).finish?.(new World([]))).toEqual({ outcome: 'unknown', why });
});
