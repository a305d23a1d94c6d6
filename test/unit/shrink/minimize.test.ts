// Delta debugging against predicates whose answer is known: 1-minimal, never larger, and not too many questions.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimize, type Direction, type Holds } from '../../../src/shrink/minimize.ts';
import { runs, seeded } from '../../support/seed.ts';

const DIRECTIONS: readonly Direction[] = ['latest first', 'earliest first'];

function minimized(items: readonly number[], holds: Holds<number>, direction?: Direction): readonly number[] {
  const steps = minimize(items, holds, direction);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A predicate that wants all items of one of some sets, and answers with the list or with less of it. */
const wishes = fc.array(fc.uniqueArray(fc.nat(29), { maxLength: 6 }), { minLength: 1, maxLength: 4 });
const lists = fc.uniqueArray(fc.nat(29), { maxLength: 30 });

describe.each(DIRECTIONS)('minimize, %s', (direction) => {
  it(seeded('is 1-minimal, part of the list, and asks a bounded number of times'), () => {
    fc.assert(
      fc.property(lists, wishes, fc.boolean(), (list, sets, tidies) => {
        const isFine = (items: readonly number[]): boolean =>
          sets.some((set) => set.every((item) => items.includes(item)));
        fc.pre(isFine(list));
        let asked = 0;
        const holds: Holds<number> = (items) => {
          asked++;
          if (!isFine(items)) return undefined;
          // What had no effect may be missing from the answer.
          return tidies ? items.filter((item) => sets.some((set) => set.includes(item))) : items;
        };
        const found = minimized(list, holds, direction);
        expect(isFine(found)).toBe(true);
        for (const item of found) expect(isFine(found.filter((other) => other !== item))).toBe(false);
        expect(list.filter((item) => found.includes(item))).toEqual(found);
        const n = list.length + 1;
        expect(asked).toBeLessThanOrEqual(n * (n + 1));
      }),
      runs(500),
    );
  });

  it(seeded('is 1-minimal for predicates in which less may hold where more does not'), () => {
    const tables = fc.array(fc.boolean(), { minLength: 256, maxLength: 256 });
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 8 }), (table, length) => {
        const bitsOf = (items: readonly number[]): number => items.reduce((bits, item) => bits | (1 << item), 0);
        const list = Array.from({ length }, (_, i) => i);
        const isFine = (items: readonly number[]): boolean => items.length === length || table[bitsOf(items)] === true;
        const found = minimized(list, (items) => (isFine(items) ? items : undefined), direction);
        expect(isFine(found)).toBe(true);
        for (const item of found) expect(isFine(found.filter((other) => other !== item))).toBe(false);
      }),
      runs(500),
    );
  });

  it(seeded('finds the only minimum of a predicate that has one, as brute force does'), () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(9), { maxLength: 10 }),
        fc.uniqueArray(fc.nat(9), { maxLength: 4 }),
        (list, set) => {
          fc.pre(set.every((item) => list.includes(item)));
          const isFine = (items: readonly number[]): boolean => set.every((item) => items.includes(item));
          const found = minimized(list, (items) => (isFine(items) ? items : undefined), direction);
          expect(found).toEqual(shortest(list, isFine));
        },
      ),
      runs(300),
    );
  });

  it('asks little where little is needed', () => {
    const list = Array.from({ length: 1024 }, (_, i) => i);
    let asked = 0;
    const found = minimized(
      list,
      (items) => {
        asked++;
        return items.includes(300) && items.includes(700) ? items : undefined;
      },
      direction,
    );
    expect(found).toEqual([300, 700]);
    expect(asked).toBeLessThan(100);
  });
});

/** The shortest part of a list that is fine, by trying all. */
function shortest(list: readonly number[], isFine: (items: readonly number[]) => boolean): number[] {
  let best: number[] | undefined;
  for (let bits = 0; bits < 1 << list.length; bits++) {
    const part = list.filter((_, i) => (bits & (1 << i)) !== 0);
    if (isFine(part) && (best === undefined || part.length < best.length)) best = part;
  }
  return best ?? [];
}
