// Faults of disks: what a power loss takes, writes and syncs that fail, a disk that is full or slow for a while.
//
// Each write draws its own fate, and each crash its own, in the scheduler; only what lasts for a while strikes by
// itself.

import { MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import type { Host } from '../host.ts';
import { count, duration, odds } from '../parameter.ts';
import { around, between, fault } from './fault.ts';

export const powerLoss = fault({
  parameters: {
    powerLoss: odds('disk', 0, 'a crash is a power loss: unsynced writes vanish from some write on'),
  },
  switch: 'powerLoss',
  shapedBy: ['crashEvery', 'syncDelayMax'],
  steps: ['crash'],
  profiles: { disk: { powerLoss: 70 * PERCENT }, chaos: { powerLoss: 50 * PERCENT } },
});

export const tornWrite = fault({
  parameters: {
    tornWrite: odds('disk', 0, 'the first write that a power loss takes leaves a torn piece behind'),
  },
  switch: 'tornWrite',
  shapedBy: ['crashEvery', 'powerLoss'],
  steps: ['crash'],
  profiles: { disk: { tornWrite: 40 * PERCENT } },
});

export const writeError = fault({
  parameters: { writeError: odds('disk', 0, 'a write fails; the process stops and restarts') },
  switch: 'writeError',
  shapedBy: [],
  steps: ['write-failed'],
  profiles: { disk: { writeError: 300 } },
  campaign: {
    stream: 'disk errors',
    odds: 150_000,
    draw: (random) => ({
      writeError: between(random, 100, 2 * PERCENT),
      syncError: between(random, 100, 2 * PERCENT),
    }),
  },
});

export const syncError = fault({
  parameters: {
    syncError: odds('disk', 0, 'a sync fails and drops what was cached; the process stops and restarts'),
  },
  switch: 'syncError',
  shapedBy: [],
  steps: ['write-failed'],
  profiles: { disk: { syncError: 300 } },
});

export const diskFull = fault({
  meaning: 'a disk is full: each write fails, and its server stops and restarts, until there is room again',
  parameters: {
    fullEvery: duration('disk', 0, 'mean time between two disks that become full'),
    fullFor: duration('disk', 500 * MILLISECOND, 'mean time until there is room again'),
  },
  switch: 'fullEvery',
  shapedBy: ['downFor'],
  steps: ['write-failed'],
  profiles: {},
  campaign: {
    stream: 'disk full',
    odds: 80_000,
    draw: (random) => ({
      fullEvery: between(random, 300 * MILLISECOND, 4 * SECOND),
      fullFor: between(random, 50 * MILLISECOND, 2 * SECOND),
    }),
  },
  strike: {
    stream: 'full disks',
    every: 'fullEvery',
    begin(striker, random, p) {
      const host = striker.victim(random);
      const after = around(random, p.fullFor);
      if (host.disk.isFull) return undefined;
      striker.strike(host);
      host.disk.isFull = true;
      return { after, subject: host.id, number: 0 };
    },
  },
  end({ world }, subject) {
    (world.hosts[subject] as Host).disk.isFull = false;
  },
  mend: (_striker, { disk }) =>
    disk.isFull
      ? (): void => {
          disk.isFull = false;
        }
      : undefined,
});

export const slowDisk = fault({
  meaning: 'the writes of a disk take many times longer for a while',
  parameters: {
    slowDiskEvery: duration('disk', 0, 'mean time between two slow spells of a disk'),
    slowDiskFor: duration('disk', 1 * SECOND, 'mean length of a slow spell of a disk'),
    slowDiskFactor: count('disk', 20, 'how many times longer a write takes on a slow disk'),
  },
  switch: 'slowDiskEvery',
  shapedBy: [],
  steps: ['durable'],
  profiles: {},
  campaign: {
    stream: 'slow disk',
    odds: 120_000,
    draw: (random) => ({
      slowDiskEvery: between(random, 200 * MILLISECOND, 4 * SECOND),
      slowDiskFor: between(random, 100 * MILLISECOND, 2 * SECOND),
      slowDiskFactor: between(random, 3, 100),
    }),
  },
  strike: {
    stream: 'slow disks',
    every: 'slowDiskEvery',
    begin(striker, random, p) {
      const host = striker.victim(random);
      const after = around(random, p.slowDiskFor);
      if (host.disk.slowness > 1) return undefined;
      striker.strike(host);
      host.disk.slowness = p.slowDiskFactor;
      return { after, subject: host.id, number: 0 };
    },
  },
  end({ world }, subject) {
    (world.hosts[subject] as Host).disk.slowness = 1;
  },
  mend: (_striker, { disk }) =>
    disk.slowness > 1
      ? (): void => {
          disk.slowness = 1;
        }
      : undefined,
});
