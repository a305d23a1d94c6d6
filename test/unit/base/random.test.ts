// Seeded streams: equal seeds are equal, different seeds differ, and no draw shifts one of another stream.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedBelow, keyedChance, Random } from '../../../src/base/random.ts';
import { MILLION } from '../../../src/base/units.ts';
import { runs, seeded } from '../../support/seed.ts';

const draws = (random: Random, n = 8): number[] => Array.from({ length: n }, () => random.next());
const text = (random: Random, n = 4): string => draws(random, n).join(' ');

describe(seeded('seeds'), () => {
  it('equal seeds give equal streams', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 100 }), fc.string(), fc.nat(1_000), (seed, purpose, index) => {
        expect(draws(Random.fromSeed(seed))).toEqual(draws(Random.fromSeed(seed)));
        const stream = Random.fromSeed(seed).stream(purpose, index);
        expect(draws(stream)).toEqual(draws(Random.fromSeed(seed).stream(purpose, index)));
      }),
      runs(200),
    );
  });

  // A stream cipher's key is repeated until it fills its table: seeds that are repetitions of each other would be one.
  it.each([
    ['7', '77', '777', '7777777777'],
    ['a', 'aa', 'aaa', 'aaaa'],
    ['ab', 'abab', 'ababab'],
    ['1', '01', '1 ', ' 1', '1.0', '1\0', '\x001'],
    ['x'.repeat(99), 'x'.repeat(100)],
    ['ä', 'ae', 'a\u0308', 'A', 'Ä'],
    ['\ud83d\ude42', '\ud83d', '\ude42', '🙃'],
  ])('%j and the like are different seeds', (...seeds) => {
    expect(new Set(seeds.map((seed) => text(Random.fromSeed(seed)))).size).toBe(seeds.length);
    expect(new Set(seeds.map((seed) => text(Random.fromSeed(seed).stream('x')))).size).toBe(seeds.length);
  });

  it('the numbers 0 to 2000 are different seeds, in their first draws and in those of their streams', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed <= 2_000; seed++) {
      const root = Random.fromSeed(String(seed));
      for (const stream of [root, root.stream('link', 3), root.stream('timer')]) seen.add(text(stream));
    }
    expect(seen.size).toBe(3 * 2_001);
  });

  it('the numbers 0 to 2000 do not begin alike either', () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed <= 2_000; seed++) firsts.add(Random.fromSeed(String(seed)).next());
    // Two of two thousand 32-bit numbers are the same by chance once in two thousand times.
    expect(firsts.size).toBeGreaterThanOrEqual(2_000);
  });

  it('gives these numbers, on every engine', () => {
    const root = Random.fromSeed('42');
    expect(draws(root, 3)).toEqual(PINNED.root);
    expect(draws(root.stream('crash'), 3)).toEqual(PINNED.crash);
    expect(draws(root.stream('link', 7), 3)).toEqual(PINNED.link);
  });
});

const PINNED = {
  root: [1_482_368_515, 3_780_389_490, 1_827_391_459],
  crash: [3_156_159_759, 3_121_654_416, 601_538_947],
  link: [486_698_333, 1_837_197_632, 816_565_230],
};

describe(seeded('streams'), () => {
  const purposes = ['crash', 'cuts', 'timer', 'link', 'disk', 'client', 'keys', ''];

  it('do not depend on what was drawn from their root, or from each other', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.array(fc.constantFrom(...purposes), { maxLength: 20 }),
        (seed, order) => {
          const root = Random.fromSeed(seed);
          const streams = new Map(purposes.map((purpose) => [purpose, root.stream(purpose)]));
          const drawn = new Map(purposes.map((purpose) => [purpose, [] as number[]]));
          for (const purpose of order) {
            root.next();
            drawn.get(purpose)?.push(streams.get(purpose)?.next() ?? -1);
          }
          for (const purpose of purposes) {
            const list = drawn.get(purpose) ?? [];
            expect(list).toEqual(draws(Random.fromSeed(seed).stream(purpose), list.length));
            expect(draws(root.stream(purpose))).toEqual(draws(Random.fromSeed(seed).stream(purpose)));
          }
        },
      ),
      runs(200),
    );
  });

  it('have different numbers for every purpose and index', () => {
    const root = Random.fromSeed('42');
    const seen = new Set<string>([text(root)]);
    for (const purpose of purposes) for (let i = 0; i < 500; i++) seen.add(text(root.stream(purpose, i)));
    expect(seen.size).toBe(1 + purposes.length * 500);
  });

  it('an index left out is 0', () => {
    expect(draws(Random.fromSeed('1').stream('x'))).toEqual(draws(Random.fromSeed('1').stream('x', 0)));
  });

  it('streams of streams are streams of their own', () => {
    const root = Random.fromSeed('42');
    const seen = [root.stream('a'), root.stream('b'), root.stream('a').stream('b'), root.stream('b').stream('a')];
    expect(new Set(seen.map((stream) => text(stream))).size).toBe(4);
  });
});

describe(seeded('numbers'), () => {
  const random = Random.fromSeed('numbers');

  it('next gives whole numbers of 32 bits, every bit of which is sometimes set and sometimes not', () => {
    let ones = 0;
    let zeros = 0;
    for (const n of draws(random, 2_000)) {
      expect(Number.isInteger(n) && n >= 0 && n <= 0xffff_ffff).toBe(true);
      ones |= n;
      zeros |= ~n;
    }
    expect([ones, zeros]).toEqual([-1, -1]);
  });

  it.each([1, 2, 3, 5, 10, 1_000])('below(%i) gives each number from 0 on, and none else', (n) => {
    const counts = Array.from({ length: n }, () => 0);
    for (let i = 0; i < n * 100; i++) {
      const drawn = random.below(n);
      expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n, String(drawn)).toBe(true);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // A hundred are expected of each; four to sixteen standard deviations off would be a bias.
    for (const count of counts) expect(count).toBeGreaterThan(40);
    for (const count of counts) expect(count).toBeLessThan(180);
  });

  it('below and between are whole and within their bounds, up to a year of microseconds', () => {
    const bound = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 31_536_000_000_000 }));
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        bound,
        fc.string({ minLength: 1 }),
        (low, n, seed) => {
          const drawn = Random.fromSeed(seed);
          for (let i = 0; i < 20; i++) {
            const below = drawn.below(n);
            expect(Number.isSafeInteger(below) && below >= 0 && below < n, `${below} below ${n}`).toBe(true);
            const between = drawn.between(low, low + n - 1);
            const within = Number.isSafeInteger(between) && between >= low && between < low + n;
            expect(within, `${between} from ${low} to ${low + n - 1}`).toBe(true);
          }
        },
      ),
      runs(300),
    );
  });

  it.each([
    [0, 0],
    [5, 5],
    [-3, -3],
    [-2, 2],
    [0, 1],
  ])('between(%i, %i) reaches both ends', (low, high) => {
    const seen = new Set(Array.from({ length: 500 }, () => random.between(low, high)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual(Array.from({ length: high - low + 1 }, (_, i) => low + i));
  });

  it('chance(0) is never true, chance(1000000) always', () => {
    for (let i = 0; i < 5_000; i++) {
      expect(random.chance(0)).toBe(false);
      expect(random.chance(MILLION)).toBe(true);
    }
  });

  it('also where a draw in a million would tell', () => {
    const key = random.key();
    for (let i = 0; i < 8_000_000; i++) {
      if (random.chance(0) || keyedChance(key, i, 0)) expect.fail(`true at draw ${i}`);
    }
  });

  it.each([1_000, 50_000, 500_000, 950_000])('chance(%i) is about as often true as it says', (ppm) => {
    const n = 20_000;
    let hits = 0;
    for (let i = 0; i < n; i++) if (random.chance(ppm)) hits++;
    const expected = (n * ppm) / MILLION;
    const deviation = Math.sqrt(expected * (1 - ppm / MILLION));
    expect(Math.abs(hits - expected)).toBeLessThan(5 * deviation);
  });

  it('a draw is a draw: below, between, chance and key take one number each, also when the answer is certain', () => {
    const other = Random.fromSeed('numbers');
    const one = Random.fromSeed('numbers');
    const takes = [
      () => one.below(1),
      () => one.below(9),
      () => one.between(4, 4),
      () => one.chance(0),
      () => one.chance(MILLION),
      () => one.key(),
    ];
    for (const take of takes) {
      take();
      other.next();
      expect(one.next()).toBe(other.next());
    }
  });
});

describe(seeded('keyed draws'), () => {
  const anyKey = fc.integer();
  const anyNumber = fc.oneof(fc.nat(10_000), fc.integer());

  it('depend on key and number only, whole and within their bounds', () => {
    fc.assert(
      fc.property(anyKey, anyNumber, fc.integer({ min: 1, max: 5_000_000 }), (key, number, n) => {
        const drawn = keyedBelow(key, number, n);
        random.next();
        keyedBelow(number, key, n);
        expect(keyedBelow(key, number, n)).toBe(drawn);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n).toBe(true);
        expect(keyedChance(key, number, 500_000)).toBe(keyedBelow(key, number, MILLION) < 500_000);
        expect([keyedChance(key, number, 0), keyedChance(key, number, MILLION)]).toEqual([false, true]);
      }),
      runs(500),
    );
  });
  const random = Random.fromSeed('keyed');

  it('the numbers of a key are spread evenly', () => {
    const key = random.key();
    const counts = Array.from({ length: 10 }, () => 0);
    for (let number = 1; number <= 10_000; number++) {
      const drawn = keyedBelow(key, number, 10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('two keys, and two numbers of a key, agree no more often than by chance', () => {
    const [a, b] = [random.key(), random.key()];
    let keys = 0;
    let neighbours = 0;
    for (let number = 1; number <= 10_000; number++) {
      if (keyedBelow(a, number, 10) === keyedBelow(b, number, 10)) keys++;
      if (keyedBelow(a, number, 10) === keyedBelow(a, number + 1, 10)) neighbours++;
    }
    expect(Math.abs(keys - 1_000)).toBeLessThan(150);
    expect(Math.abs(neighbours - 1_000)).toBeLessThan(150);
  });

  it('a key is a whole number of 32 bits', () => {
    for (let i = 0; i < 100; i++) {
      const key = random.key();
      expect(key).toBe(key | 0);
    }
  });
});
