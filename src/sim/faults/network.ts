// Faults of single messages: lost, doubled, out of order, very late, too many.
//
// Each message draws its own fate in `network/delivery.ts`; nothing here strikes by itself.

import { MILLION, MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import { count, duration, odds } from '../parameter.ts';
import { between, fault } from './fault.ts';

export const loss = fault({
  parameters: {
    loss: odds('network', 0, 'a message is lost'),
    lossCorrelation: odds('network', 0, 'a message behind a lost one of its link is lost as well, in bursts'),
  },
  switch: 'loss',
  shapedBy: [],
  steps: ['drop'],
  profiles: { lossy: { loss: 5 * PERCENT } },
  campaign: {
    stream: 'loss',
    odds: 500_000,
    draw: (random) => ({
      loss: between(random, 5_000, 30 * PERCENT),
      lossCorrelation: random.chance(300_000) ? between(random, 10 * PERCENT, 90 * PERCENT) : 0,
    }),
  },
});

export const duplicate = fault({
  parameters: { duplicate: odds('network', 0, 'a message arrives twice') },
  switch: 'duplicate',
  shapedBy: [],
  steps: ['duplicate'],
  profiles: { lossy: { duplicate: 2 * PERCENT } },
  campaign: {
    stream: 'duplicate',
    odds: 500_000,
    draw: (random) => ({ duplicate: between(random, 5_000, 30 * PERCENT) }),
  },
});

export const reorder = fault({
  parameters: { reorder: odds('network', 0, 'a message may overtake, or be overtaken by, others of its link') },
  switch: 'reorder',
  shapedBy: ['delayMin', 'delayMax'],
  steps: ['deliver'],
  profiles: { lossy: { reorder: 20 * PERCENT } },
  campaign: { stream: 'reorder', odds: 400_000, draw: (random) => ({ reorder: between(random, PERCENT, MILLION) }) },
});

export const longDelay = fault({
  parameters: {
    longDelay: odds('network', 0, 'a single message is held up for very long'),
    longDelayMax: duration('network', 3 * SECOND, 'longest time that such a message is held up'),
  },
  switch: 'longDelay',
  shapedBy: [],
  steps: ['deliver'],
  profiles: { lossy: { longDelay: 5_000 } },
  campaign: {
    stream: 'long delay',
    odds: 400_000,
    draw: (random) => ({
      longDelay: between(random, 2_000, 10 * PERCENT),
      longDelayMax: between(random, 100 * MILLISECOND, 3 * SECOND),
    }),
  },
});

export const capacity = fault({
  meaning: 'a link holds only so many messages at once; more are lost',
  parameters: { capacity: count('network', 0, 'messages that fit on a link at once; more are lost (0: no limit)') },
  switch: 'capacity',
  shapedBy: [],
  steps: ['drop'],
  profiles: { lossy: { capacity: 400 } },
  campaign: { stream: 'capacity', odds: 100_000, draw: (random) => ({ capacity: between(random, 4, 400) }) },
});
