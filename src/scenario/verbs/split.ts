// split: the cluster falls into groups that do not reach each other.
//
// Groups that are given by name are known by it from then on. Nodes that are in none of them form one more.

import * as z from 'zod';
import { UsageError } from '../../base/errors.ts';
import { nodeName, type NodeId } from '../../base/ids.ts';
import { nodeNumber } from '../conditions/selector.ts';
import { placed, type Path } from '../syntax/source.ts';
import { name, nodes } from '../syntax/values.ts';
import { cutLinks, linksWhere } from './links.ts';
import { checkNamedNodes } from './let.ts';
import { verb, type VerbNameScope } from './verb.ts';

type Sides = Readonly<Record<string, string | readonly string[]>>;

/** A node that is named on two sides is found here; a group may turn out to hold one when the step runs. */
function checkSides(names: VerbNameScope, value: Sides, path: Path): void {
  const taken = new Set<string>();
  for (const [side, members] of Object.entries(value)) {
    for (const { item, path: place } of placed<string>(members, [...path, side])) {
      if (nodeNumber(item) === undefined) continue;
      if (taken.has(item)) names.report(new UsageError(`${item} is on two sides`), place);
      taken.add(item);
    }
  }
}

export const split = verb({
  group: 'links',
  schema: z.union([z.array(nodes).min(1), z.record(name, nodes)]),
  as: 'fault',
  meaning: 'Splits the cluster into groups, by name or as a list of lists; who is in none forms one more.',
  example: '- split: { left: [leader, n2], right: [n3, n4, n5] }',
  checkNames(names, value, path) {
    checkSides(names, value as Sides, path);
    if (Array.isArray(value)) value.forEach((side, i) => names.nodes(side, [...path, i]));
    else checkNamedNodes(names, value, path);
  },
  play(context, value, place) {
    const sides = Object.values(value).map((side: string | string[]) => context.someNodes(side));
    if (!Array.isArray(value)) Object.keys(value).forEach((key, i) => context.give(key, { nodes: sides[i] ?? [] }));
    const all = sides.flat();
    const twice = all.find((id, i) => all.indexOf(id) !== i);
    if (twice !== undefined) context.mistake('every node on one side', `${nodeName(twice)} is on two`);
    const sideOf = (id: NodeId): number => sides.findIndex((side) => side.includes(id));
    const links = linksWhere(context.plan.nodes, (from, to) => sideOf(from) !== sideOf(to));
    cutLinks(context, place, { shape: 'split', links, nodes: all });
  },
});
