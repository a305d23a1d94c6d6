// Clocks: fast and slow ones, jumps, and what both do to the deadlines of timers.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src/base/ids.ts';
import { Clock } from '../../../src/sim/clock.ts';
import { Timer } from '../../../src/protocol/timers.ts';
import type { Host } from '../../../src/sim/host.ts';
import { World } from '../../../src/sim/world.ts';
import { runs, seeded } from '../../support/seed.ts';
import { Puppet } from '../../support/stage.ts';
import { taped } from '../../support/tape.ts';

const SECOND = 1_000_000;

function clockAt(ratePpm: number): Clock {
  const clock = new Clock();
  clock.ratePpm = ratePpm;
  return clock;
}

describe('a clock', () => {
  it.each([
    // rate, local time, true time that passes meanwhile
    [0, 0, 0],
    [0, 123_457, 123_457],
    [200_000, 120_000, 100_000],
    [200_000, 1, 0],
    [-200_000, 80_000, 100_000],
    [-200_000, 100_000, 125_000],
    [500_000, 150_000, 100_000],
    [-500_000, 50_000, 100_000],
    [1, 1_000_001, 1_000_000],
    [-1, 1_000_000, 1_000_001],
    [100_000, 100_000, 90_909],
  ])('%i ppm off true counts %i while %i pass', (rate, local, passed) => {
    expect(clockAt(rate).toTrue(local)).toBe(passed);
  });

  it.each([
    [0, 7, 7],
    [200_000, 100_000, 120_000],
    [-200_000, 100_000, 80_000],
    [-500_000, 3, 1],
    [333_333, 3, 3],
  ])('%i ppm off true, %i pass while it counts %i', (rate, passed, local) => {
    expect(clockAt(rate).toLocal(passed)).toBe(local);
  });
});

describe(seeded('any clock'), () => {
  const rate = fc.integer({ min: -500_000, max: 500_000 });
  const length = fc.integer({ min: 0, max: 1_000 * SECOND });

  it('gives whole microseconds, rounded down by less than one, and back again', () => {
    fc.assert(
      fc.property(rate, length, (ratePpm, n) => {
        const clock = clockAt(ratePpm);
        const [passed, local] = [clock.toTrue(n), clock.toLocal(n)];
        expect(Number.isSafeInteger(passed) && Number.isSafeInteger(local)).toBe(true);
        const exact = (n * SECOND) / (SECOND + ratePpm);
        expect(passed <= exact && exact - passed < 1.001).toBe(true);
        expect(Math.abs(clock.toLocal(passed) - n)).toBeLessThanOrEqual(2);
      }),
      runs(500),
    );
  });

  it('goes forward', () => {
    fc.assert(
      fc.property(rate, length, length, (ratePpm, a, b) => {
        const clock = clockAt(ratePpm);
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(clock.toTrue(low)).toBeLessThanOrEqual(clock.toTrue(high));
        expect(clock.toLocal(low)).toBeLessThanOrEqual(clock.toLocal(high));
      }),
      runs(300),
    );
  });
});

describe('a change of the clock moves the deadline of every timer that is armed', () => {
  const NOW = 1_000_000;

  /** A host whose election timer has so much true time left; its clock ran at a rate before. */
  function hostWith(left: number, before = 0): { readonly world: World; readonly host: Host } {
    const world = new World([new Puppet()]);
    const host = world.hosts[0] as Host;
    world.now = micros(NOW);
    host.clock.ratePpm = before;
    host.setDeadline(Timer.election, NOW + left);
    return { world, host };
  }

  it.each([
    // time left, rate before, rate after, jump, time left after
    [100_000, 0, 0, 0, 100_000],
    [120_000, 0, 200_000, 0, 100_000],
    [80_000, 0, -200_000, 0, 100_000],
    [100_000, 200_000, 0, 0, 120_000],
    [100_000, -200_000, 200_000, 0, 66_666],
    [100_000, 0, 0, 30_000, 70_000],
    [100_000, 0, 0, -30_000, 130_000],
    [100_000, 0, 200_000, 40_000, 50_000],
    // Never before now: a jump beyond a deadline makes it due at once.
    [100_000, 0, 0, 100_000, 0],
    [100_000, 0, 0, 500_000, 0],
    [100_000, 200_000, -200_000, 500_000, 0],
    [0, 0, 0, 10, 0],
  ])('%i left, from %i ppm to %i, jump %i: %i left', (left, before, after, jump, expected) => {
    const { world, host } = hostWith(left, before);
    world.setClock(host, after, jump);
    expect(host.deadline(Timer.election) - NOW).toBe(expected);
    expect(host.deadline(Timer.heartbeat)).toBe(Infinity);
    expect([host.clock.ratePpm, host.clock.offset]).toEqual([after, jump]);
  });

  it('both timers, if both are armed, and none that is not', () => {
    const { world, host } = hostWith(100_000);
    host.setDeadline(Timer.heartbeat, NOW + 10_000);
    world.setClock(host, 0, -5_000);
    expect([host.deadline(Timer.election) - NOW, host.deadline(Timer.heartbeat) - NOW]).toEqual([105_000, 15_000]);
    host.setDeadline(Timer.election, Infinity);
    world.setClock(host, 100_000, 0);
    expect([host.deadline(Timer.election), host.deadline(Timer.heartbeat) - NOW]).toEqual([Infinity, 13_636]);
  });

  it('jumps add up, and a deadline that passed in a pause is due now', () => {
    const { world, host } = hostWith(-50_000);
    world.setClock(host, 0, 300);
    world.setClock(host, 0, -1_000);
    expect(host.clock.offset).toBe(-700);
    expect(host.deadline(Timer.election) - NOW).toBeGreaterThanOrEqual(0);
  });

  it('counts as a fault, unless it only sets the clock right', () => {
    const { world, host } = hostWith(1);
    world.setClock(host, 0, 0);
    expect(world.counters.faults.clock).toBe(0);
    world.setClock(host, 5, 0);
    world.setClock(host, 0, 5);
    expect([world.counters.faults.clock, world.steps]).toEqual([2, 3]);
  });
});

describe('timers run on the clock of their process', () => {
  it('a fast leader sends its heartbeats more often, a slow one less', () => {
    const { tape } = taped({
      seed: '3',
      nodes: 1,
      profile: 'calm',
      parameters: { clockEvery: 400_000, clockJumpMax: 0, clients: 0, settle: 1 },
      length: { micros: 20 * SECOND },
    });
    let rate = 0;
    let since = Infinity;
    const seen = new Set<string>();
    for (const step of tape.steps) {
      if (step.kind === 'clock') {
        rate = step.ratePpm;
        since = Infinity;
      }
      if (step.kind !== 'timer' || step.timer !== 'heartbeat') continue;
      if (since !== Infinity) {
        expect(step.at - since).toBe(clockAt(rate).toTrue(50_000));
        seen.add(rate > 0 ? 'fast' : rate < 0 ? 'slow' : 'true');
      }
      since = step.at;
    }
    expect([...seen].toSorted()).toEqual(['fast', 'slow', 'true']);
  });

  it('a jump forward makes a timer go off early, at once if need be; a jump back late', () => {
    const { tape } = taped({
      seed: '5',
      nodes: 1,
      profile: 'calm',
      parameters: { clockEvery: 300_000, clockRateMax: 0, clockJumpMax: 120_000, clients: 0, settle: 1 },
      length: { micros: 20 * SECOND },
    });
    const seen = new Set<string>();
    let since = Infinity;
    let jumped = 0;
    for (const step of tape.steps) {
      if (step.kind === 'clock') {
        // What is left of the 50 ms, or nothing.
        const left = 50_000 - (step.at - since) - jumped;
        jumped += Math.min(step.jump, left);
      }
      if (step.kind !== 'timer' || step.timer !== 'heartbeat') continue;
      if (since !== Infinity) {
        expect(step.at - since).toBe(50_000 - jumped);
        if (jumped !== 0) seen.add(jumped > 0 ? 'early' : 'late');
      }
      since = step.at;
      jumped = 0;
    }
    expect([...seen].toSorted()).toEqual(['early', 'late']);
  });
});
