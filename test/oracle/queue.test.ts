// The event queue against a list that is sorted anew: by time, then by the order in which events were queued.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/errors.ts';
import { EventQueue } from '../../src/sim/schedule/queue.ts';
import { runs, seeded } from '../support/seed.ts';

interface Event {
  readonly at: number;
  readonly kind: number;
  readonly subject: number;
  readonly number: number;
  readonly payload: unknown;
}

/** How many microseconds ahead the queue keeps events in its wheel; what lies further ahead takes another way. */
const WHEEL = 16_384;

class SortedList {
  private readonly events: Event[] = [];

  get size(): number {
    return this.events.length;
  }

  push(event: Event): void {
    this.events.push(event);
  }

  peekTime(): number {
    return this.events.toSorted((a, b) => a.at - b.at)[0]?.at ?? -1;
  }

  /** A stable sort keeps the order of insertion among equals. */
  pop(): Event | undefined {
    const [first] = this.events.toSorted((a, b) => a.at - b.at);
    if (first !== undefined) this.events.splice(this.events.indexOf(first), 1);
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

/** How far ahead events are queued: mostly ties, near and far, just within and just beyond the reach of the wheel. */
const ahead = fc.oneof(
  { weight: 6, arbitrary: fc.nat(4) },
  { weight: 2, arbitrary: fc.nat(40_000) },
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }).map((n) => WHEEL + n) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }).map((n) => 2 * WHEEL + n) },
  { weight: 1, arbitrary: fc.nat(2 ** 31) },
);
const event: fc.Arbitrary<Event> = fc.record({
  at: ahead,
  kind: fc.nat(255),
  subject: fc.integer(),
  number: fc.maxSafeInteger(),
  payload: fc.constantFrom({}, undefined),
});
/** An event that is queued, or a pop, or a look at the time of the next one. */
const commands = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: event },
    { weight: 4, arbitrary: fc.constant('pop' as const) },
    { weight: 2, arbitrary: fc.constant('peek' as const) },
  ),
  { maxLength: 120, size: 'max' },
);

describe(seeded('the event queue pops what a sorted list pops'), () => {
  // The later the start, the more bits a time needs.
  it.each([0, 1, WHEEL - 1, 2 ** 31 - 5, 2 ** 32 - 5, 31_536_000_000_000])('from time %i on', (start) => {
    fc.assert(
      fc.property(commands, (list) => {
        const queue = new EventQueue();
        const sorted = new SortedList();
        let now = start;
        for (const command of list) {
          if (command === 'peek') expect(queue.peekTime()).toBe(sorted.peekTime());
          else if (command === 'pop') {
            const popped = popFrom(queue);
            expect(popped).toEqual(sorted.pop());
            now = popped?.at ?? now;
          } else {
            const pushed = { ...command, at: now + command.at };
            pushTo(queue, pushed);
            sorted.push(pushed);
          }
          expect(queue.size).toBe(sorted.size);
        }
        while (sorted.size > 0) expect(popFrom(queue)).toEqual(sorted.pop());
        expect([popFrom(queue), queue.size, queue.peekTime()]).toEqual([undefined, 0, -1]);
      }),
      runs(200),
    );
  });

  it('the very same object, not a copy', () => {
    const queue = new EventQueue();
    const payload = {};
    queue.push(1, 2, 3, 4, payload);
    queue.pop();
    expect(queue.payload).toBe(payload);
  });

  it.each([1, 37, 5_000, 100_000])('also when it grows, several times: up to %i ahead', (reach) => {
    const queue = new EventQueue();
    const sorted: Event[] = [];
    let now = 0;
    for (let number = 0; number < 3_000; number++) {
      const at = now + ((number * 7_919) % reach);
      const pushed = { at, kind: number % 256, subject: 9 - number, number, payload: undefined };
      pushTo(queue, pushed);
      sorted.push(pushed);
      if (number % 5 !== 4) continue;
      sorted.sort((a, b) => a.at - b.at);
      expect(popFrom(queue)).toEqual(sorted.shift());
      now = queue.at;
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
  ])(
    '%i different times, %i events: those of one time come in the order in which they were queued',
    (times, events) => {
      const queue = new EventQueue();
      for (let number = 0; number < events; number++) queue.push(number % times, 0, 0, number, undefined);
      let before = { at: -1, number: -1 };
      for (let popped = popFrom(queue); popped !== undefined; popped = popFrom(queue)) {
        const inOrder = popped.at > before.at || (popped.at === before.at && popped.number > before.number);
        expect(inOrder, `${popped.at}/${popped.number} after ${before.at}/${before.number}`).toBe(true);
        before = popped;
      }
    },
  );

  it('an event that waited for long comes before one that was queued for its time later', () => {
    const queue = new EventQueue();
    const late = 10 * WHEEL;
    queue.push(late, 0, 0, 1, undefined);
    queue.push(late - WHEEL, 0, 0, 0, undefined);
    queue.push(late, 0, 0, 2, undefined);
    queue.pop();
    queue.push(late, 0, 0, 3, undefined);
    queue.push(late - 1, 0, 0, -1, undefined);
    const order: number[] = [];
    while (queue.pop()) order.push(queue.number);
    expect(order).toEqual([-1, 1, 2, 3]);
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

it('nothing is queued for the past', () => {
  const queue = new EventQueue();
  queue.push(7, 0, 0, 0, undefined);
  queue.pop();
  expect(() => queue.push(6, 0, 0, 0, undefined)).toThrow(InvariantError);
});

describe('an empty queue', () => {
  it('has no next time, and nothing to pop', () => {
    const queue = new EventQueue();
    expect([queue.size, queue.peekTime(), queue.pop()]).toEqual([0, -1, false]);
    queue.push(0, 1, 2, 3, 'x');
    expect([queue.size, queue.peekTime(), queue.pop(), queue.size, queue.pop()]).toEqual([1, 0, true, 0, false]);
  });
});
