// The queue with a head against an array: short and long, and one that never runs empty.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/errors.ts';
import { Fifo } from '../../../src/base/fifo.ts';
import { runs, seeded } from '../../support/seed.ts';

const contents = (fifo: Fifo<number>): (number | undefined)[] =>
  Array.from({ length: fifo.length }, (_, i) => fifo.at(i));

describe(seeded('first in, first out'), () => {
  it('as an array does it', () => {
    const move = fc.oneof(
      { weight: 30, arbitrary: fc.constant('push' as const) },
      { weight: 28, arbitrary: fc.constant('shift' as const) },
      { weight: 1, arbitrary: fc.constant('clear' as const) },
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 600, size: 'max' }), (moves) => {
        const fifo = new Fifo<number>();
        const array: number[] = [];
        moves.forEach((one, i) => {
          if (one === 'push') {
            fifo.push(i);
            array.push(i);
          } else if (one === 'clear') {
            fifo.clear();
            array.length = 0;
          } else if (array.length > 0) expect(fifo.shift()).toBe(array.shift());
          expect([fifo.length, fifo.at(0), fifo.at(array.length)]).toEqual([array.length, array[0], undefined]);
        });
        expect(contents(fifo)).toEqual(array);
      }),
      runs(200),
    );
  });

  it('one that never runs empty gives everything back, in order', () => {
    const fifo = new Fifo<number>();
    let next = 0;
    fifo.push(-1);
    for (let i = 0; i < 1_000; i++) {
      fifo.push(i);
      expect(fifo.shift()).toBe(next === 0 ? -1 : next - 1);
      next++;
    }
    expect(contents(fifo)).toEqual([999]);
  });

  it('an empty one has nothing to give', () => {
    expect(() => new Fifo<number>().shift()).toThrow(InvariantError);
  });
});
