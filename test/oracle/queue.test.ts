// The event queue against a list that is sorted anew: by time, then by the order in which events were queued.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../src/sim/queue.ts';
import { runs, seeded } from '../support/seed.ts';

interface Event {
  readonly at: number;
  readonly kind: number;
  readonly subject: number;
  readonly number: number;
  readonly payload: object | undefined;
}

class SortedList {
  readonly #events: Event[] = [];

  get size(): number {
    return this.#events.length;
  }

  push(event: Event): void {
    this.#events.push(event);
  }

  peekTime(): number {
    return this.#events.toSorted((a, b) => a.at - b.at)[0]?.at ?? -1;
  }

  /** A stable sort keeps the order of insertion among equals. */
  pop(): Event | undefined {
    const [first] = this.#events.toSorted((a, b) => a.at - b.at);
    if (first !== undefined) this.#events.splice(this.#events.indexOf(first), 1);
    return first;
  }
}

function pushTo(queue: EventQueue, { at, kind, subject, number, payload }: Event): void {
  queue.push(at, kind, subject, number, payload);
}

function popFrom(queue: EventQueue): Event | undefined {
  if (!queue.pop()) return undefined;
  const { at, kind, subject, number, payload } = queue;
  return { at, kind, subject, number, payload };
}

/** Few different times, so that most are ties; now and then one that needs more than 32 bits. */
const time = fc.oneof(
  { weight: 6, arbitrary: fc.nat(4) },
  { weight: 2, arbitrary: fc.nat(1_000) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 31, 2 ** 32, 31_536_000_000_000) },
);
const event: fc.Arbitrary<Event> = fc.record({
  at: time,
  kind: fc.nat(255),
  subject: fc.integer(),
  number: fc.maxSafeInteger(),
  payload: fc.option(fc.object({ maxKeys: 1 }), { nil: undefined }),
});
/** A push of an event, or a pop. */
const commands = fc.array(fc.oneof({ weight: 3, arbitrary: event }, { weight: 2, arbitrary: fc.constant('pop') }), {
  maxLength: 120,
});

describe(seeded('the event queue pops what a sorted list pops'), () => {
  it('whatever is pushed and popped in between', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const queue = new EventQueue();
        const sorted = new SortedList();
        for (const command of list) {
          if (typeof command === 'string') {
            const popped = popFrom(queue);
            expect(popped).toEqual(sorted.pop());
          } else {
            pushTo(queue, command);
            sorted.push(command);
          }
          expect([queue.size, queue.peekTime()]).toEqual([sorted.size, sorted.peekTime()]);
        }
        while (sorted.size > 0) expect(popFrom(queue)).toEqual(sorted.pop());
        expect(popFrom(queue)).toBeUndefined();
      }),
      runs(500),
    );
  });

  it('the very same object, not a copy', () => {
    const queue = new EventQueue();
    const payload = {};
    queue.push(1, 2, 3, 4, payload);
    queue.pop();
    expect(queue.payload).toBe(payload);
  });

  it('also when it grows, several times, with places that were free before', () => {
    const queue = new EventQueue();
    const sorted: Event[] = [];
    for (let number = 0; number < 3_000; number++) {
      const pushed = { at: (number * 7_919) % 37, kind: number % 256, subject: 9 - number, number, payload: undefined };
      pushTo(queue, pushed);
      sorted.push(pushed);
      if (number % 5 === 4) {
        sorted.sort((a, b) => a.at - b.at);
        expect(popFrom(queue)).toEqual(sorted.shift());
      }
    }
    sorted.sort((a, b) => a.at - b.at);
    for (const expected of sorted) expect(popFrom(queue)).toEqual(expected);
    expect(queue.size).toBe(0);
  });
});

describe('ties', () => {
  it.each([
    [1, 1_000],
    [2, 1_000],
    [3, 1_000],
    [256, 2_000],
    [257, 2_000],
  ])('%i different times, %i events: those of one time come in the order in which they were queued', (times, events) => {
    const queue = new EventQueue();
    for (let number = 0; number < events; number++) queue.push(number % times, 0, 0, number, undefined);
    let before = { at: -1, number: -1 };
    for (let popped = popFrom(queue); popped !== undefined; popped = popFrom(queue)) {
      const inOrder = popped.at > before.at || (popped.at === before.at && popped.number > before.number);
      expect(inOrder, `${popped.at}/${popped.number} after ${before.at}/${before.number}`).toBe(true);
      before = popped;
    }
  });

  it('an event that is queued again while its time is being worked off comes last of that time', () => {
    const queue = new EventQueue();
    for (const number of [1, 2, 3]) queue.push(5, 0, 0, number, undefined);
    const order: number[] = [];
    while (queue.pop()) {
      order.push(queue.number);
      if (queue.number < 10) queue.push(5, 0, 0, queue.number + 10, undefined);
    }
    expect(order).toEqual([1, 2, 3, 11, 12, 13]);
  });
});

describe('an empty queue', () => {
  it('has no next time, and nothing to pop', () => {
    const queue = new EventQueue();
    expect([queue.size, queue.peekTime(), queue.pop()]).toEqual([0, -1, false]);
    queue.push(0, 1, 2, 3, 'x');
    expect([queue.size, queue.peekTime(), queue.pop(), queue.size, queue.pop()]).toEqual([1, 0, true, 0, false]);
  });
});
