// read: a client reads a key, through the log or by another path.
//
// Through the log it is a command like any other: the leader answers when it is committed and executed. The other paths
// are those of the dissertation (6.4).

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import { readPaths } from '../../protocol/operation.ts';
import { ask, newCall, session, target } from './calls.ts';
import { verb } from './verb.ts';

const key = z.string().min(1).max(200);

export const readKey = verb({
  group: 'clients',
  schema: z.union([
    key,
    z.strictObject({
      key: key.describe('the key that is read'),
      by: z
        .enum(['log', ...readPaths])
        .optional()
        .describe('the path of the read (default: log)'),
      to: target,
      client: session,
    }),
  ]),
  main: 'key',
  as: 'call',
  meaning: 'A client reads a key: through the log, by index, by lease, or at a follower.',
  example: '- { read: x, as: my read }',
  checkNames(names, value, path) {
    if (typeof value === 'object') names.nodes(value.to, [...path, 'to']);
  },
  play(context, value, place) {
    const { key: wanted, by = 'log', to, client } = typeof value === 'string' ? { key: value } : value;
    const operation =
      by === 'log' ? { kind: 'get' as const, key: wanted } : { kind: 'read' as const, key: wanted, path: by };
    ask(context, place, newCall(context, client, operation), to);
  },
  render: {
    call({ operation, node }, world) {
      if (world.areCallsInFull || operation.kind !== 'read') return undefined;
      return { key: operation.key, by: operation.path, to: nodeName(node) };
    },
  },
});
