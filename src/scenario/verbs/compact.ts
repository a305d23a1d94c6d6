// compact: a node takes a snapshot of its machine at once, whatever its options say (section 7).
//
// The snapshot stands for the log as soon as its write is durable, and not before.

import { nodeName } from '../../base/ids.ts';
import { nodes } from '../syntax/values.ts';
import { verb } from './verb.ts';

export const compactNow = verb({
  group: 'processes',
  schema: nodes,
  as: 'nodes',
  meaning: 'A node takes a snapshot of what its machine has executed; with its write the log up to there is gone.',
  example: '- compact: n1',
  checkNames: (names, value, path) => names.nodes(value, path),
  play(context, value, { step }) {
    const hit = context.someNodes(value);
    context.give(step.as, { nodes: hit });
    for (const node of hit) {
      const taken = { kind: 'compact', at: context.world.now, node } as const;
      context.take(step.effects === undefined ? taken : { ...taken, effects: step.effects });
    }
  },
  render: { compact: ({ node }) => nodeName(node) },
});
