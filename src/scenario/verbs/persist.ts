// persist, fail write: what becomes of a write on its way to the disk, by hand.
//
// Only for clusters whose writes are done by hand: in any other they complete by themselves.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { nodes, whole } from '../syntax/values.ts';
import { checkNodes, verb } from './verb.ts';

export const persist = verb({
  group: 'timers and disks',
  schema: z.union([
    nodes,
    z.strictObject({
      node: nodes,
      writes: z
        .union([z.literal('all'), whole(1, 1_000_000)])
        .optional()
        .describe('how many, or all (default: 1)'),
    }),
  ]),
  main: 'node',
  byHand: 'writes',
  meaning: 'The oldest write of a node, or several, become durable; for clusters whose writes are done by hand.',
  example: '- persist: { node: n2, writes: all }',
  checkNames: checkNodes,
  play(context, value, { step }) {
    const { node, writes = 1 } = typeof value === 'string' || Array.isArray(value) ? { node: value } : value;
    for (const id of context.someNodes(node)) {
      const { disk } = context.world.host(id);
      const count = writes === 'all' ? disk.cachedWrites : writes;
      if (count === 0) context.skip(`${nodeName(id)} has no write on its way`);
      for (let i = 0; i < count; i++) {
        const written = { kind: 'durable', at: context.world.now, node: id } as const;
        context.take(step.effects === undefined ? written : { ...written, effects: step.effects });
      }
    }
  },
  render: { durable: ({ node }) => nodeName(node) },
});

export const failWrite = verb({
  group: 'timers and disks',
  schema: z.union([
    nodes,
    z.strictObject({
      node: nodes,
      error: z.enum(['write', 'sync']).optional().describe('write (default) or sync: which of the two fails'),
      kept: whole(0, 1_000_000).optional().describe('how many cached writes reach the disk all the same (default: 0)'),
    }),
  ]),
  main: 'node',
  byHand: 'writes',
  meaning: 'The oldest write of a node fails, and the node stops; for clusters whose writes are done by hand.',
  example: '- fail write: n2',
  checkNames: checkNodes,
  play(context, value) {
    const {
      node,
      error = 'write',
      kept = 0,
    } = typeof value === 'string' || Array.isArray(value) ? { node: value } : value;
    for (const id of context.someNodes(node)) {
      context.take({ kind: 'write-failed', at: context.world.now, node: id, error, kept });
    }
  },
  render: { 'write-failed': ({ node, error, kept }) => ({ node: nodeName(node), error, kept }) },
});
