// damage: a record on the disk of a crashed node goes bad, by hand.
//
// The record is named by the index of its entry, from the front or from the end, or as that of term and vote.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { damageKinds } from '../../protocol/recovered.ts';
import { nodes, whole } from '../syntax/values.ts';
import { checkNodes, verb } from './verb.ts';

/** How the record of term and vote is called in a story. */
const TERM_AND_VOTE = 'term and vote';

export const damage = verb({
  group: 'timers and disks',
  schema: z.strictObject({
    node: nodes,
    record: z
      .union([z.enum([TERM_AND_VOTE, 'last']), whole(1, 1_000_000)])
      .describe('the index of an entry, the last one, or term and vote'),
    how: z
      .enum(damageKinds)
      .optional()
      .describe('flipped (default): bits of it; misplaced: another record lies over it; lost: it never got there'),
  }),
  as: 'nodes',
  meaning:
    'A synced record on the disk of a crashed node goes bad. A node that finds one stays away; the last one, if ' +
    'lost, is gone without a trace.',
  example: '- damage: { node: n2, record: 1 }',
  before: '- crash: n2',
  checkNames: checkNodes,
  play(context, { node, record, how = 'flipped' }, { step }) {
    const hit = context.someNodes(node);
    context.give(step.as, { nodes: hit });
    for (const id of hit) {
      const last = context.world.host(id).disk.lastIndex;
      const index = record === TERM_AND_VOTE ? 0 : record === 'last' ? last : record;
      context.take({ kind: 'damage', at: context.world.now, node: id, record: index, how });
    }
  },
  render: {
    damage({ node, record, how }) {
      const name: number | typeof TERM_AND_VOTE = record === 0 ? TERM_AND_VOTE : record;
      return { node: nodeName(node), record: name, ...(how === 'flipped' ? {} : { how }) };
    },
  },
});
