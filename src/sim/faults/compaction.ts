// Compaction at any moment (section 7): an operator, or a policy of the machine, lets a server take a snapshot now.
//
// What this server's own options say about compaction makes no difference. It must never change anything else.

import { MILLISECOND, SECOND } from '../../base/units.ts';
import { duration } from '../parameter.ts';
import { noSnapshot } from '../steps/processes.ts';
import { between, fault } from './fault.ts';

export const compaction = fault({
  meaning: 'a server takes a snapshot at any moment, and the log before it is gone',
  parameters: {
    compactionEvery: duration('disk', 0, 'mean time between two snapshots that are taken at any moment (section 7)'),
  },
  switch: 'compactionEvery',
  shapedBy: ['snapshotDelayMax'],
  steps: ['compact'],
  profiles: { whole: { compactionEvery: 2 * SECOND } },
  campaign: {
    stream: 'compaction',
    odds: 250_000,
    draw: (random) => ({ compactionEvery: between(random, 20 * MILLISECOND, 2 * SECOND) }),
  },
  strike: {
    stream: 'compactions',
    every: 'compactionEvery',
    begin(striker, random) {
      const host = striker.victim(random);
      if (host.crashPending || noSnapshot(host) !== undefined) return undefined;
      striker.world.compact(host);
      return undefined;
    },
  },
});
