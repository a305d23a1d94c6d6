// retry: a client sends a call again, with the same session and number.
//
// What the state machine must execute once only (dissertation, 6.3).

import * as z from 'zod';
import { name } from '../syntax/values.ts';
import { ask, target } from './calls.ts';
import { verb } from './verb.ts';

export const retry = verb({
  group: 'clients',
  schema: z.union([name, z.strictObject({ call: name.describe('the name that `as` gave the call'), to: target })]),
  main: 'call',
  as: 'call',
  meaning: 'A client sends a call again: the same session and number, here or elsewhere.',
  example: '- retry: { call: my call, to: n2 }',
  checkNames(names, value, path) {
    if (typeof value === 'string') return names.known('call', value, path);
    names.known('call', value.call, [...path, 'call']);
    names.nodes(value.to, [...path, 'to']);
  },
  play(context, value, place) {
    const { call: wanted, to } = typeof value === 'string' ? { call: value } : value;
    const call = context.call(wanted);
    if (call === undefined) return context.skip(`no call ${wanted} was made`);
    return ask(context, place, call, to);
  },
});
