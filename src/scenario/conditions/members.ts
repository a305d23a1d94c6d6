// members: which configuration is in force at a node (section 6), in a story's words.
//
// A list names the voters, and says that there is nothing else; a mapping says which servers are left and which learn.

import * as z from 'zod';
import { configurationText, isSameConfiguration, type Configuration } from '../../protocol/configuration.ts';
import type { ConditionContext } from '../interpreter/condition-context.ts';
import { nodes } from '../syntax/values.ts';
import { conditionRow, eachNode, perNode } from './condition.ts';
import type { NameScope } from './names.ts';

const members = z.union([
  z.literal('nobody'),
  nodes,
  z.strictObject({
    voters: nodes,
    leaving: nodes.optional().describe('the voters of the configuration that is left, in a joint one'),
    learners: nodes.optional(),
  }),
]);

type Members = z.infer<typeof members>;

const isList = (value: Members): value is string | string[] => typeof value === 'string' || Array.isArray(value);

function configurationOf(value: Members, context: ConditionContext): Configuration {
  if (value === 'nobody') return { voters: [], outgoing: [], learners: [] };
  const { voters, leaving = [], learners = [] } = isList(value) ? { voters: value } : value;
  const meant = (names: string | readonly string[]) => context.nodesOf(names).toSorted((a, b) => a - b);
  return { voters: meant(voters), outgoing: meant(leaving), learners: meant(learners) };
}

export const membersCondition = conditionRow({
  schema: perNode(members),
  meaning: 'The configuration in force at nodes: who votes; in a joint one also who is `leaving`; who learns.',
  example: '{ n1: [n1, n2, n3, n4, n5] }',
  checkNames(names: NameScope, value, path) {
    for (const [key, wanted] of Object.entries(value)) {
      names.nodes(key, [...path, key], 'key');
      if (wanted === 'nobody') continue;
      if (isList(wanted)) names.nodes(wanted, [...path, key]);
      else for (const [part, list] of Object.entries(wanted)) names.nodes(list, [...path, key, part]);
    }
  },
  check: (value, context) =>
    eachNode(value, context, (host, wanted) => {
      const expected = configurationOf(wanted, context);
      if (host.status === 'down')
        return { isSo: false, expected: `has the members ${configurationText(expected)}`, found: 'is down' };
      const found = host.process.probe.configuration;
      return {
        isSo: isSameConfiguration(expected, found),
        expected: `has the members ${configurationText(expected)}`,
        found: `has ${configurationText(found)}`,
      };
    }),
});
