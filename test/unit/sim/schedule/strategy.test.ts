// The strategies: only who is ready is chosen, nobody is left out for good, and each has its own order.

import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { schedulerNames, type AdversaryName } from '../../../../src/sim/schedule/scheduler.ts';
import { strategyFor, type Strategy } from '../../../../src/sim/schedule/strategy.ts';

const THREADS = 70;
const adversaries = schedulerNames.filter((name): name is AdversaryName => name !== 'timed');
const fresh = (name: AdversaryName, seed: string): Strategy => strategyFor(name, THREADS, Random.fromSeed(seed));

function choices(strategy: Strategy, count: number): number[] {
  return Array.from({ length: count }, () => strategy.choose());
}

describe.each(adversaries)('%s', (name) => {
  it('chooses among the ready only, whoever comes and goes', () => {
    const strategy = fresh(name, '1');
    const dice = Random.fromSeed('dice');
    const ready = new Set<number>();
    for (let i = 0; i < 20_000; i++) {
      const thread = dice.below(THREADS);
      if (ready.delete(thread)) strategy.idle(thread);
      else {
        ready.add(thread);
        strategy.ready(thread);
      }
      if (ready.size === 0) continue;
      const chosen = strategy.choose();
      expect(ready.has(chosen)).toBe(true);
      if (dice.chance(300_000)) {
        ready.delete(chosen);
        strategy.idle(chosen);
      }
    }
  });

  it('leaves nobody out for good', () => {
    for (let seed = 0; seed < 10; seed++) {
      const strategy = fresh(name, String(seed));
      for (let thread = 0; thread < 5; thread++) strategy.ready(thread);
      const counts = [0, 0, 0, 0, 0];
      for (const thread of choices(strategy, 100_000)) counts[thread] = (counts[thread] as number) + 1;
      for (const count of counts) expect(count).toBeGreaterThan(500);
    }
  });

  it('chooses the only one that is ready', () => {
    const strategy = fresh(name, '3');
    strategy.ready(42);
    expect(new Set(choices(strategy, 5_000))).toEqual(new Set([42]));
  });

  it('is decided by its stream alone', () => {
    const [one, two] = [fresh(name, '7'), fresh(name, '7')];
    for (let thread = 0; thread < THREADS; thread += 3) {
      one.ready(thread);
      two.ready(thread);
    }
    expect(choices(one, 5_000)).toEqual(choices(two, 5_000));
  });
});

/** How often the choice is another one than before. */
const turns = (chosen: readonly number[]): number =>
  chosen.filter((thread, i) => i > 0 && thread !== chosen[i - 1]).length;

describe('the orders differ:', () => {
  const all = (name: AdversaryName, seed: string): number[] => {
    const strategy = fresh(name, seed);
    for (let thread = 0; thread < 10; thread++) strategy.ready(thread);
    return choices(strategy, 10_000);
  };

  it('pct stays with one thread until priorities change', () => {
    const counts = Array.from({ length: 20 }, (_, seed) => turns(all('pct', String(seed))));
    expect(Math.max(...counts)).toBeLessThan(2_000);
    expect(Math.max(...counts)).toBeGreaterThan(200);
    expect(Math.min(...counts)).toBeLessThan(100);
  });

  it('delay goes round, but for a few that are put off', () => {
    for (let seed = 0; seed < 10; seed++) {
      const chosen = all('delay', String(seed));
      const inOrder = chosen.filter((thread, i) => i > 0 && thread === ((chosen[i - 1] as number) + 1) % 10).length;
      expect(inOrder).toBeGreaterThan(500);
      expect(inOrder).toBeLessThan(9_990);
      expect(turns(chosen)).toBeGreaterThan(9_000);
    }
  });

  it('walk chooses evenly in some stretches and very unevenly in others', () => {
    const chosen = all('walk', '1');
    expect(turns(chosen)).toBeGreaterThan(5_000);
    const shares = Array.from({ length: 200 }, (_, i) => {
      const stretch = chosen.slice(i * 50, i * 50 + 50);
      return Math.max(...stretch.map((thread) => stretch.filter((other) => other === thread).length));
    });
    const even = shares.filter((share) => share <= 9).length;
    expect(even).toBeGreaterThan(40);
    expect(even).toBeLessThan(130);
    expect(Math.max(...shares)).toBeGreaterThan(20);
  });
});
