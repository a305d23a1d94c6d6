// Conditions about log compaction (section 7): what a snapshot stands for, and what is left of a log.
//
// They only look, as all conditions do.

import { checkKeys, conditionRow } from './condition.ts';
import { baseOf, snapshotIndexOf } from './facts.ts';
import { numbers, numbersSchema } from './numbers.ts';

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
} as const;
