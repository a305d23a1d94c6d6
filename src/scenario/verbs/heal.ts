// heal: faults of links end, all of them or one by its name.
//
// Links that were cut heal, links that were slow are mended: a trace tells the two apart, a story need not.

import * as z from 'zod';
import { selector } from '../syntax/values.ts';
import { faultNumber } from './links.ts';
import { verb } from './verb.ts';

export const heal = verb({
  group: 'links',
  schema: z.union([selector, z.strictObject({ fault: faultNumber })]),
  meaning: 'Heals all links, or one fault of links by the name that `as` gave it.',
  example: '- heal: storm',
  before: '- { isolate: n1, as: storm }',
  alone: 'all',
  checkNames(names, value, path) {
    if (typeof value === 'string' && value !== 'all') names.known('fault', value, path);
  },
  play(context, value) {
    const { network, now } = context.world;
    const named = typeof value === 'string' ? context.fault(value) : value.fault;
    if (value !== 'all' && named === undefined) return context.skip('the fault of links has not begun');
    for (const fault of named === undefined ? network.activeFaults : [named]) {
      context.take({ kind: network.isCutFault(fault) === false ? 'mend' : 'heal', at: now, fault });
    }
  },
  render: { heal: ({ fault }) => ({ fault }), mend: ({ fault }) => ({ fault }) },
});
