// cut: some links carry nothing, until they are healed.
//
// The full form says what a trace calls the fault and which number it has, so that a recorded run repeats itself.

import * as z from 'zod';
import { link, oneOrMore } from '../syntax/values.ts';
import { checkLinks, cutLinks, faultNumber, linksOf, linkTexts } from './links.ts';
import { verb } from './verb.ts';

export const cut = verb({
  group: 'links',
  schema: z.union([
    oneOrMore(link),
    z.strictObject({
      links: oneOrMore(link),
      shape: z.string().max(100).optional().describe('what a trace calls it (default: cut)'),
      fault: faultNumber.optional(),
    }),
  ]),
  main: 'links',
  as: 'fault',
  meaning: 'Cuts links, one way or both ways, until they are healed.',
  example: '- cut: leader -> n2',
  checkNames(names, value, path) {
    checkLinks(names, typeof value === 'string' || Array.isArray(value) ? value : value.links, path);
  },
  play(context, value, place) {
    const written = typeof value === 'string' || Array.isArray(value) ? { links: value } : value;
    const links = linksOf(context, written.links);
    cutLinks(context, place, { shape: written.shape ?? 'cut', links, nodes: links.flat(), fault: written.fault });
  },
  render: { cut: ({ links, shape, fault }) => ({ links: linkTexts(links), shape, fault }) },
});
