// One call, one answer: compared for every answer that is given, but not for what is executed anew each time.

import { describe, expect, it } from 'vitest';
import { clientId, logIndex, nodeId } from '../../../../src/base/ids.ts';
import { answersAgree } from '../../../../src/check/properties/answers-agree.ts';
import { makeCall, type Operation } from '../../../../src/protocol/operation.ts';
import type { Host } from '../../../../src/sim/host.ts';
import { promise } from '../../../support/stage.ts';

const get: Operation = { kind: 'get', key: 'k' };

/** `[server, sequence, result]` of one client, in this order: what is found at the last. */
function found(
  answers: readonly (readonly [number, number, string])[],
  operation: Operation = get,
): string | undefined {
  const property = answersAgree();
  let last: string | undefined;
  for (const [server, sequence, result] of answers) {
    const call = makeCall(clientId(0), sequence, operation);
    const answer = { client: clientId(0), sequence, outcome: 'ok', result, leader: nodeId(server) } as const;
    const applied = { call, executed: true, isExpired: false, stateHash: 0, answer };
    last = property.applied?.({ id: nodeId(server) } as Host, logIndex(1), applied);
  }
  return last;
}

describe('answers-agree', () => {
  it('speaks of two answers to one call, whoever gives them, also behind newer calls', () => {
    expect(
      found([
        [0, 3, '5'],
        [0, 4, '7'],
        [1, 3, '7'],
      ]),
    ).toBe('n2 answers call 3 of c1 with "7", but n1 answered "5"');
  });

  it('does not speak of the same answer twice, nor of two calls', () => {
    expect(
      found([
        [0, 3, '5'],
        [1, 3, '5'],
      ]),
    ).toBeUndefined();
    expect(
      found([
        [0, 3, '5'],
        [1, 4, '7'],
      ]),
    ).toBeUndefined();
  });

  it('does not compare sessions that are opened', () => {
    expect(
      found(
        [
          [0, 3, '1'],
          [1, 3, '2'],
        ],
        { kind: 'open', key: '' },
      ),
    ).toBeUndefined();
  });

  it('remembers the latest calls of a client, and no more', () => {
    const newer = Array.from({ length: 100 }, (_, i) => [0, 10 + i, 'ok'] as const);
    expect(found([[0, 3, '5'], ...newer.slice(0, 50), [0, 3, '7']])).toContain('answers call 3');
    expect(found([[0, 3, '5'], ...newer, [0, 3, '7']])).toBeUndefined();
  });
});

promise('answers-agree', [
  [
    'a command that nobody is answered is not compared',
    `n1 executes c1#3 at 4
     n1 repeats c1#3 at 5
     n2 executes c1#3 at 4`,
    undefined,
  ],
]);
