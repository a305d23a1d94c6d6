// calm: the moment from which bounded liveness counts.
//
// It mends nothing: a story says so where it has mended everything itself.

import * as z from 'zod';
import { noNames, verb } from './verb.ts';

export const calm = verb({
  group: 'time',
  schema: z.literal(true),
  draws: true,
  meaning: 'Says that the faults are over: what bounded liveness counts from. Mends nothing.',
  example: '- calm',
  alone: true,
  checkNames: noNames,
  play(context) {
    context.take({ kind: 'calm', at: context.world.now });
  },
  render: { calm: () => true as const },
});
