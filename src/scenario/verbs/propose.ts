// propose: a client sends a command, or several clients one each.
//
// Without `to` it asks the leader of the newest term, as clients that know it do.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { commandText } from '../syntax/grammar.ts';
import { command, whole } from '../syntax/values.ts';
import { ask, newCall, operationOf, session, target } from './calls.ts';
import { verb } from './verb.ts';

export const propose = verb({
  group: 'clients',
  schema: z.union([
    command,
    z.strictObject({
      command: command.optional().describe('a put of a key of its own if it is left out'),
      to: target,
      client: session,
      times: whole(1, 100_000).optional().describe('so many calls, each of a fresh client'),
    }),
  ]),
  main: 'command',
  as: 'call',
  meaning: 'A client sends a command to the leader, or to whom it believes to lead.',
  example: '- { propose: put x 2, as: my write }',
  moreNames(name, value) {
    const times = typeof value === 'object' && 'times' in value ? (value.times ?? 0) : 0;
    return Array.from({ length: times }, (_, i) => `${name} ${i + 1}`);
  },
  checkNames(names, value, path) {
    if (typeof value === 'object' && 'to' in value) names.nodes(value.to, [...path, 'to']);
  },
  play(context, value, place) {
    const isCommand = typeof value === 'string' || 'kind' in value;
    const { command: written, to, client, times } = isCommand ? { command: value } : value;
    const { as } = place.step;
    if (times === undefined) return ask(context, place, newCall(context, client, operationOf(context, written)), to);
    for (let i = 1; i <= times; i++) {
      const call = newCall(context, client, operationOf(context, written));
      context.give(as, { call });
      ask(context, place, call, to, as === undefined ? undefined : `${as} ${i}`);
    }
  },
  render: {
    call({ operation, node }, world) {
      if (world.areCallsInFull) return undefined;
      return { command: commandText(operation) ?? operation, to: nodeName(node) };
    },
  },
});
