// Hashes, fingerprints and integer vectors: what they tell apart, and the numbers that every engine must give.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../../src/base/fingerprint.ts';
import { extendPrefixHash, hashText, hex, mix, mixText, scramble } from '../../../src/base/hash.ts';
import { IntVector } from '../../../src/base/int-vector.ts';
import { runs, seeded } from '../../support/seed.ts';

const printOf = (...values: readonly number[]): string => {
  const fingerprint = new Fingerprint();
  for (const value of values) fingerprint.add(value);
  return fingerprint.toString();
};

/** The fingerprint of pairs, one number for each half. */
const printOfPairs = (...pairs: readonly (readonly [number, number])[]): string => {
  const fingerprint = new Fingerprint();
  for (const [left, right] of pairs) fingerprint.fold(left, right);
  return fingerprint.toString();
};

describe(seeded('hashes'), () => {
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('hashText(%j) is the FNV-1a of the published tables', (text, expected) => {
    expect(hashText(text) >>> 0).toBe(expected);
  });

  it('mixText goes on where hashText ended', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(mixText(hashText(a), b)).toBe(hashText(a + b));
      }),
      runs(200),
    );
  });

  it('are whole numbers of 32 bits: mix, chain and hashText signed, scramble unsigned', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.string(), (a, b, text) => {
        for (const h of [mix(a, b), extendPrefixHash(a, b, b), hashText(text)]) expect(h).toBe(h | 0);
        expect(scramble(a)).toBe(scramble(a) >>> 0);
      }),
      runs(300),
    );
  });

  it('tell the order of what was folded in, and zeros', () => {
    expect(mix(mix(0, 1), 2)).not.toBe(mix(mix(0, 2), 1));
    expect(new Set([0, mix(0, 0), mix(mix(0, 0), 0)]).size).toBe(3);
    expect(extendPrefixHash(7, 1, 2)).not.toBe(extendPrefixHash(7, 2, 1));
    expect(extendPrefixHash(0, 0, 0)).not.toBe(0);
  });

  it.each([
    ['mix', (i: number) => mix(0, i)],
    ['scramble', scramble],
    ['chain', (i: number) => extendPrefixHash(0, i % 100, Math.floor(i / 100))],
  ])('%s gives small numbers different hashes', (_name, hash) => {
    expect(new Set(Array.from({ length: 20_000 }, (_, i) => hash(i))).size).toBe(20_000);
  });

  it('the logs of up to three entries with terms and commands from 0 to 3 have different chains', () => {
    const seen = new Set<number>([0]);
    let logs = [0];
    let count = 1;
    for (let length = 1; length <= 3; length++) {
      logs = logs.flatMap((prefix) =>
        [0, 1, 2, 3].flatMap((term) => [0, 1, 2, 3].map((command) => extendPrefixHash(prefix, term, command))),
      );
      count += logs.length;
      for (const hash of logs) seen.add(hash);
    }
    expect(seen.size).toBe(count);
  });

  it.each([
    [0, '00000000'],
    [1, '00000001'],
    [-1, 'ffffffff'],
    [0x1234abcd, '1234abcd'],
    [-0x8000_0000, '80000000'],
  ])('hex(%i) is %s', (n, text) => {
    expect(hex(n)).toBe(text);
  });

  it('gives these numbers, on every engine', () => {
    expect([mix(1, 2), extendPrefixHash(1, 2, 3), scramble(1), scramble(-1)].map(hex)).toEqual(PINNED_HASHES);
  });
});

const PINNED_HASHES = ['47d35254', '5ae5504c', '514e28b7', '81f16f39'];

describe(seeded('fingerprints'), () => {
  const numbers = fc.array(fc.integer(), { maxLength: 20 });

  it('equal lists have equal ones, of sixteen hexadecimal digits', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        expect(printOf(...list)).toBe(printOf(...list));
        expect(printOf(...list)).toMatch(/^[0-9a-f]{16}$/);
      }),
      runs(200),
    );
  });

  it('a number more, one changed in one bit, or two that changed places make another', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), fc.nat(31), fc.integer(), (list, where, bit, more) => {
        const print = printOf(...list);
        expect(printOf(...list, more)).not.toBe(print);
        expect(printOf(more, ...list)).not.toBe(print);
        if (list.length === 0) return;
        const i = where % list.length;
        const value = list[i] ?? 0;
        expect(printOf(...list.with(i, value ^ (1 << bit)))).not.toBe(print);
        const next = list[i + 1] ?? value;
        if (next !== value) expect(printOf(...list.with(i, next).with(i + 1, value))).not.toBe(print);
      }),
      runs(300),
    );
  });

  it('both halves change with every number', () => {
    fc.assert(
      fc.property(numbers, fc.integer(), (list, more) => {
        const [before, after] = [printOf(...list), printOf(...list, more)];
        expect(after.slice(0, 8)).not.toBe(before.slice(0, 8));
        expect(after.slice(8)).not.toBe(before.slice(8));
      }),
      runs(200),
    );
  });

  it('pairs are told apart by either number, and from their exchange', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.integer()), { maxLength: 10 }), fc.nat(31), (pairs, bit) => {
        const [left, right] = [7, 70];
        const print = printOfPairs(...pairs, [left, right]);
        for (const other of [[left ^ (1 << bit), right] as const, [left, right ^ (1 << bit)] as const]) {
          expect(printOfPairs(...pairs, other)).not.toBe(print);
          expect(printOfPairs(...pairs, other, [1, 2])).not.toBe(printOfPairs(...pairs, [left, right], [1, 2]));
        }
        expect(printOfPairs(...pairs, [right, left])).not.toBe(print);
        expect(printOf(...pairs.flat())).toBe(
          printOfPairs(
            ...pairs.flatMap(
              ([a, b]) =>
                [
                  [a, a],
                  [b, b],
                ] as const,
            ),
          ),
        );
      }),
      runs(300),
    );
  });

  it('of twenty thousand short lists no two are alike, in either half', () => {
    const halves = [new Set<string>(), new Set<string>()];
    for (let a = 0; a < 100; a++) {
      for (let b = 0; b < 200; b++) {
        const print = printOf(a, b);
        halves[0]?.add(print.slice(0, 8));
        halves[1]?.add(print.slice(8));
      }
    }
    // By chance a pair or so collides in 32 bits.
    for (const half of halves) expect(half.size).toBeGreaterThan(19_990);
  });
});

describe(seeded('integer vectors'), () => {
  type Move = { readonly push: number } | { readonly cutTo: number } | { readonly set: number; readonly place: number };
  const move: fc.Arbitrary<Move> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ push: fc.integer() }) },
    { weight: 1, arbitrary: fc.record({ cutTo: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ set: fc.integer(), place: fc.nat(60) }) },
  );

  it('hold what an array holds', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 100 }), fc.integer({ min: 1, max: 20 }), (moves, capacity) => {
        const vector = new IntVector(capacity);
        const array: number[] = [];
        for (const one of moves) {
          if ('push' in one) {
            vector.push(one.push);
            array.push(one.push);
          } else if ('cutTo' in one) {
            vector.cutTo(one.cutTo);
            array.length = Math.min(array.length, one.cutTo);
          } else if (one.place < array.length) {
            vector.set(one.place, one.set);
            array[one.place] = one.set;
          }
          expect(vector.length).toBe(array.length);
        }
        expect(array.map((_, place) => vector.at(place))).toEqual(array);
        // What was cut is gone, not hidden.
        expect([vector.at(array.length), vector.at(array.length + 100)]).toEqual([0, 0]);
      }),
      runs(300),
    );
  });
});
