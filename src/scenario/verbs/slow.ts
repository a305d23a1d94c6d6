// slow: messages of some links take longer, until they are healed.
//
// Only time shows it: by hand a message arrives when a step delivers it.

import * as z from 'zod';
import { link, oneOrMore, whole } from '../syntax/values.ts';
import { checkLinks, faultNumber, linksOf, linkTexts } from './links.ts';
import { verb } from './verb.ts';

export const slow = verb({
  group: 'links',
  schema: z.strictObject({
    links: oneOrMore(link),
    factor: whole(1, 1_000_000).describe('so many times longer'),
    fault: faultNumber.optional(),
  }),
  as: 'fault',
  meaning: 'Messages of these links take so many times longer, until they are healed.',
  example: '- slow: { links: n1 <-> n2, factor: 30 }',
  checkNames: (names, { links }, path) => checkLinks(names, links, path),
  play(context, { links, factor, fault }, { step }) {
    const ends = linksOf(context, links);
    const number = fault ?? context.world.network.nextFault();
    context.give(step.as, { fault: number, nodes: ends.flat() });
    context.take({ kind: 'slow', at: context.world.now, fault: number, factor, links: ends });
  },
  render: { slow: ({ links, factor, fault }) => ({ links: linkTexts(links), factor, fault }) },
});
