// Conditions about log compaction (section 7): what a snapshot stands for, what is left of a log, who is sent one.
//
// They only look, as all conditions do.

import { z } from 'zod';
import { checkKeys, conditionRow, eachNode, perNode } from './condition.ts';
import { baseOf, snapshotIndexOf } from './facts.ts';
import { numbers, numbersSchema } from './numbers.ts';
import { leaderOf } from './selector.ts';

export const snapshotConditions = {
  snapshot: conditionRow({
    schema: numbersSchema,
    meaning: 'The last entry that a snapshot stands for, the highest or that of each node; 0 without one.',
    example: '0',
    checkNames: checkKeys,
    check: numbers('snapshot index', snapshotIndexOf),
  }),
  base: conditionRow({
    schema: numbersSchema,
    meaning:
      'The place before the first entry of a log, the highest or that of each node: the entries up to there are gone.',
    example: '{ all: 0 }',
    checkNames: checkKeys,
    check: numbers('log base', baseOf),
  }),
  progress: conditionRow({
    schema: perNode(z.enum(['probe', 'replicate', 'snapshot', 'none'])),
    meaning:
      'What the leader of the newest term sends to nodes: probes, entries ahead of answers, a snapshot, or nothing.',
    example: '{ n2: replicate }',
    checkNames: checkKeys,
    check: (value, context) =>
      eachNode(value, context, (host, wanted) => {
        const found = leaderOf(context.world)?.process.probe.followerOf(host.id)?.mode ?? 'none';
        return { isSo: found === wanted, expected: `is sent: ${wanted}`, found: `is sent: ${found}` };
      }),
  }),
} as const;
