// change members: someone asks a node for other members (section 6; thesis 4.1).
//
// By default the leader is asked. What the node makes of it may be said too: a story that needs the change to be taken,
// or refused, fails where it is not.

import * as z from 'zod';
import { nodeName, type NodeId } from '../../base/ids.ts';
import type { MembershipChange } from '../../protocol/configuration.ts';
import type { VerbContext } from '../interpreter/context.ts';
import { nodes, selector } from '../syntax/values.ts';
import { verb } from './verb.ts';

const OUTCOMES = 'expected accepted, refused, or refused: REASON';

const schema = z.strictObject({
  at: selector.optional().describe('who is asked; left out: the leader'),
  add: nodes.optional().describe('who is to vote'),
  promote: nodes.optional().describe('the same, of learners'),
  learn: nodes.optional().describe('who is to receive entries and not to count'),
  demote: nodes.optional().describe('the same, of voters'),
  remove: nodes.optional().describe('who is to leave'),
  replace: z.record(selector, selector).optional().describe('who is to leave: who is to vote instead'),
  outcome: z
    .string(OUTCOMES)
    .regex(/^(accepted|refused(: .+)?)$/, OUTCOMES)
    .optional()
    .describe('accepted, refused, or refused: REASON; left out: either'),
});

type Wish = z.infer<typeof schema>;

export const changeMembers = verb({
  group: 'members',
  schema,
  needs: ['membership'],
  meaning: 'A node is asked for other members: the leader, unless another one is named.',
  example: '- change members: { add: n4, remove: n2, outcome: accepted }',
  checkNames(names, value, path) {
    for (const key of ['at', 'add', 'promote', 'learn', 'demote', 'remove'] as const) {
      if (value[key] !== undefined) names.nodes(value[key], [...path, key]);
    }
    for (const [old, fresh] of Object.entries(value.replace ?? {})) {
      names.nodes(old, [...path, 'replace', old], 'key');
      names.nodes(fresh, [...path, 'replace', old]);
    }
  },
  play(context, value, { step }) {
    const node = context.oneNode(value.at ?? 'leader');
    const change = changeOf(context, value);
    const { world } = context;
    const before = world.counters.changesAsked;
    const asked = { kind: 'change-members', at: world.now, node, change } as const;
    context.take(step.effects === undefined ? asked : { ...asked, effects: step.effects });
    if (value.outcome === undefined || world.counters.changesAsked === before) return;
    const refusal = world.changeRefusal;
    const found = refusal === '' ? 'accepted' : `refused: ${refusal}`;
    const isSo = value.outcome === found || (value.outcome === 'refused' && refusal !== '');
    if (!isSo) context.failed(`the change to be ${value.outcome}`, `it is ${found}`);
  },
  render: {
    'change-members': ({ node, change: { voters, learners, removed } }) => ({
      at: nodeName(node),
      ...(voters.length === 0 ? {} : { add: voters.map(nodeName) }),
      ...(learners.length === 0 ? {} : { learn: learners.map(nodeName) }),
      ...(removed.length === 0 ? {} : { remove: removed.map(nodeName) }),
    }),
  },
});

/** The change that is meant; a server that is to be two things is a mistake of the story. */
function changeOf(context: VerbContext, { add, promote, learn, demote, remove, replace = {} }: Wish): MembershipChange {
  const meant = (...values: (string | readonly string[] | undefined)[]): NodeId[] =>
    values.flatMap((value) => (value === undefined ? [] : context.someNodes(value))).toSorted((a, b) => a - b);
  const change = {
    voters: meant(add, promote, ...Object.values(replace)),
    learners: meant(learn, demote),
    removed: meant(remove, ...Object.keys(replace)),
  };
  const named = [...change.voters, ...change.learners, ...change.removed];
  const twice = named.find((id, i) => named.indexOf(id) !== i);
  if (twice !== undefined) context.mistake('each node to be named once', `${nodeName(twice)} is named twice`);
  return change;
}
