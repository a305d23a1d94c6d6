// Provenance: a message belongs to the move behind it, a write to the move that issued it until it is durable or lost.

import { expect, it } from 'vitest';
import { nodeId } from '../../../src/base/ids.ts';
import { Provenance } from '../../../src/shrink/provenance.ts';

it('messages belong to the move that was taken when they left', () => {
  const provenance = new Provenance(2);
  provenance.sent();
  provenance.cause = 5;
  provenance.sent();
  expect([1, 2, 3].map((sequence) => provenance.originOf({ sequence }))).toEqual([0, 5, 0]);
});

it('writes belong to their moves, oldest first, for each node alone', () => {
  const provenance = new Provenance(2);
  const [first, second] = [nodeId(0), nodeId(1)];
  for (const [cause, node] of [
    [3, first],
    [4, first],
    [5, second],
  ] as const) {
    provenance.cause = cause;
    provenance.issued(node);
  }
  expect([provenance.writerOf(first), provenance.writerOf(second), provenance.cachedWrites]).toEqual([3, 5, 3]);
  provenance.written(first);
  expect([provenance.writerOf(first), provenance.cachedWrites]).toEqual([4, 2]);
  provenance.lost(first);
  provenance.written(first);
  expect([provenance.writerOf(first), provenance.writerOf(second), provenance.cachedWrites]).toEqual([undefined, 5, 1]);
});
