// transfer: a leader is asked to hand over its lead (thesis 3.10).
//
// Whoever is asked and does not lead takes no notice; that is no mistake of the story.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { selector } from '../syntax/values.ts';
import { verb } from './verb.ts';

export const transfer = verb({
  group: 'processes',
  schema: z.union([
    selector,
    z.strictObject({
      to: selector.describe('who is to take over'),
      from: selector.optional().describe('who is asked to hand over (default: leader)'),
    }),
  ]),
  main: 'to',
  meaning: 'Somebody asks the leader to hand over its lead to another node; one that does not lead takes no notice.',
  example: '- transfer: n2',
  checkNames(names, value, path) {
    if (typeof value === 'string') return names.nodes(value, path);
    names.nodes(value.to, [...path, 'to']);
    names.nodes(value.from, [...path, 'from']);
  },
  play(context, value, { step }) {
    const { to, from = 'leader' } = typeof value === 'string' ? { to: value } : value;
    const target = context.oneNode(to);
    const taken = { kind: 'transfer', at: context.world.now, node: context.oneNode(from), target } as const;
    context.take(step.effects === undefined ? taken : { ...taken, effects: step.effects });
  },
  render: {
    transfer: ({ node, target }) => ({ from: nodeName(node), to: nodeName(target) }),
  },
});
