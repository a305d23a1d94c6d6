// The fault of clocks: one runs fast or slow from now on, and perhaps jumps.
//
// A clock keeps its rate until it changes again, or until all faults end.

import type { Host } from '../host.ts';
import { MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import { duration, odds } from '../parameter.ts';
import { between, fault } from './fault.ts';

/** How often a clock jumps when it changes, in parts per million. */
const JUMPS = 500_000;

export const clock = fault({
  meaning: 'the clock of a process runs fast or slow, or jumps',
  parameters: {
    clockEvery: duration('clocks', 0, 'mean time between two changes of a clock'),
    clockRateMax: odds('clocks', 200_000, 'how much faster or slower than true a clock may run'),
    clockJumpMax: duration('clocks', 500 * MILLISECOND, 'how far a clock may jump, forwards or back'),
  },
  switch: 'clockEvery',
  shapedBy: [],
  steps: ['clock'],
  profiles: { clocks: { clockEvery: 1 * SECOND }, chaos: { clockEvery: 4 * SECOND } },
  campaign: {
    stream: 'clock',
    odds: 250_000,
    draw: (random) => ({
      clockEvery: between(random, 200 * MILLISECOND, 4 * SECOND),
      clockRateMax: between(random, PERCENT, 40 * PERCENT),
      clockJumpMax: between(random, MILLISECOND, SECOND),
    }),
  },
  strike: {
    stream: 'clocks',
    every: 'clockEvery',
    begin(striker, random, p) {
      const { world } = striker;
      const host = world.hosts[random.below(world.nodes)] as Host;
      const rate = random.between(-p.clockRateMax, p.clockRateMax);
      const jump = random.between(-p.clockJumpMax, p.clockJumpMax);
      const jumps = random.chance(JUMPS);
      if (host.status !== 'up') return undefined;
      striker.strike(host);
      world.setClock(host, rate, jumps ? jump : 0);
      striker.scheduler.requeueTimers(host);
      return undefined;
    },
  },
  mend: ({ world }, host) => (host.clock.ratePpm === 0 ? undefined : (): void => world.setClock(host, 0, 0)),
});
