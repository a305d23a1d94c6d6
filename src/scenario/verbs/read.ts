// read: a client reads a key, through the log.
//
// It is a command like any other: the leader answers when it is committed and executed.

import { z } from 'zod';
import { ask, newCall, session, target } from './calls.ts';
import { verb } from './verb.ts';

const key = z.string().min(1).max(200);

export const readKey = verb({
  group: 'clients',
  schema: z.union([key, z.strictObject({ key: key.describe('the key that is read'), to: target, client: session })]),
  main: 'key',
  as: 'call',
  meaning: 'A client reads a key, through the log.',
  example: '- { read: x, as: my read }',
  checkNames(names, value, path) {
    if (typeof value === 'object') names.nodes(value.to, [...path, 'to']);
  },
  play(context, value, place) {
    const { key: wanted, to, client } = typeof value === 'string' ? { key: value } : value;
    ask(context, place, newCall(context, client, { kind: 'get', key: wanted }), to);
  },
});
