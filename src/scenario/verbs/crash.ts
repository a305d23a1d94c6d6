// crash: a node stops, and may lose what was not synced.
//
// How many of the cached writes survive is said by number, as a trace has it, or with a word.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { nodes, whole } from '../syntax/values.ts';
import { checkNodes, verb } from './verb.ts';

export const crash = verb({
  group: 'processes',
  schema: z.union([
    nodes,
    z.strictObject({
      node: nodes,
      keep: z
        .union([z.enum(['all', 'none']), whole(0, 1_000_000)])
        .optional()
        .describe('how many of the writes that are not synced survive (default: all)'),
      torn: z.boolean().optional().describe('the first write that is lost leaves a torn piece'),
    }),
  ]),
  main: 'node',
  as: 'nodes',
  meaning: 'A node stops; its disk stays, what was not synced may go.',
  example: '- crash: { node: leader, keep: none }',
  checkNames: checkNodes,
  play(context, value, { step }) {
    const {
      node,
      keep = 'all',
      torn = false,
    } = typeof value === 'string' || Array.isArray(value) ? { node: value } : value;
    const hit = context.someNodes(node);
    context.give(step.as, { nodes: hit });
    for (const id of hit) {
      const cached = context.world.host(id).disk.cachedWrites;
      const kept = keep === 'all' ? cached : keep === 'none' ? 0 : keep;
      context.take({ kind: 'crash', at: context.world.now, node: id, kept, torn });
    }
  },
  render: {
    crash({ node, kept, torn }, world) {
      if (kept >= world.cachedWrites(node) && !torn) return nodeName(node);
      return { node: nodeName(node), keep: kept === 0 ? ('none' as const) : kept, ...(torn ? { torn: true } : {}) };
    },
  },
});
