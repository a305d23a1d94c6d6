// A queue with a head against a plain array, also when it is long, and when it never runs empty.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/errors.ts';
import { Fifo } from '../../src/base/fifo.ts';
import { runs, SEED_NOTE } from '../support/seed.ts';

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('push'), count: fc.nat(200) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('shift'), count: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear'), count: fc.constant(0) }) },
);

describe(`a queue behaves like a plain array ${SEED_NOTE}`, () => {
  it('through any pushes, shifts and clears', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
        const queue = new Fifo<number>();
        const plain: number[] = [];
        let next = 0;
        for (const { kind, count } of actions) {
          for (let i = 0; i < count; i++) {
            if (kind === 'push') {
              queue.push(++next);
              plain.push(next);
            } else if (plain.length > 0) {
              expect(queue.shift()).toBe(plain.shift());
            }
          }
          if (kind === 'clear') {
            queue.clear();
            plain.length = 0;
          }
          expect(Array.from({ length: queue.length + 2 }, (_, i) => queue.at(i))).toEqual([
            ...plain,
            undefined,
            undefined,
          ]);
        }
      }),
      runs(200),
    );
  });

  it('and gives nothing when it is empty', () => {
    const queue = new Fifo<number>();
    expect(() => queue.shift()).toThrow(InvariantError);
    queue.push(1);
    expect([queue.shift(), queue.length, queue.at(0)]).toEqual([1, 0, undefined]);
    expect(() => queue.shift()).toThrow(InvariantError);
  });
});
