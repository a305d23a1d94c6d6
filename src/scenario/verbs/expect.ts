// expect: what must be so at this point of the story.
//
// The same conditions as `expect` of the file, which speaks of the end.

import { conditionsSchema } from '../conditions/conditions.ts';
import { leaderOf } from '../conditions/selector.ts';
import { verb } from './verb.ts';

export const expectNow = verb({
  group: 'story',
  schema: conditionsSchema,
  as: 'nodes',
  meaning: 'What must be so at this point.',
  example: '- expect: { leader: n1, term: 1 }',
  checkNames: (names, value, path) => names.conditions(value, path),
  play(context, value, { path, step }) {
    context.expect(value, [...path, 'expect']);
    const leader = leaderOf(context.world);
    if (leader !== undefined) context.give(step.as, { nodes: [leader.id] });
  },
});
