// Faults of disks: what a power loss takes, and writes and syncs that fail.
//
// Each write draws its own fate, and each crash its own, in the scheduler; nothing here strikes by itself.

import { PERCENT } from '../../base/units.ts';
import { odds } from '../parameter.ts';
import { between, fault } from './fault.ts';

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
