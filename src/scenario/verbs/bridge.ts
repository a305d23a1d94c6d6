// bridge, star: nodes that reach each other only over the one in the middle.
//
// A star cuts all links but those of the middle, a bridge those between two halves.

import type { NodeId } from '../../base/ids.ts';
import { selector } from '../syntax/values.ts';
import { cutLinks, linksWhere } from './links.ts';
import { verb } from './verb.ts';

export const bridge = verb({
  group: 'links',
  schema: selector,
  as: 'fault',
  meaning: 'Two halves that meet in this node only.',
  example: '- bridge: n3',
  checkNames: (names, value, path) => names.nodes(value, path),
  play(context, value, place) {
    const middle = context.oneNode(value);
    const rest = context.nodesOf('all').filter((id) => id !== middle);
    const half = Math.ceil(rest.length / 2);
    const isLeft = (id: NodeId): boolean => rest.indexOf(id) < half;
    const isCut = (from: NodeId, to: NodeId): boolean =>
      from !== middle && to !== middle && isLeft(from) !== isLeft(to);
    cutLinks(context, place, { shape: 'bridge', links: linksWhere(context.plan.nodes, isCut), nodes: [middle] });
  },
});

export const star = verb({
  group: 'links',
  schema: selector,
  as: 'fault',
  meaning: 'Everybody reaches this node, and only this node.',
  example: '- star: n1',
  checkNames: (names, value, path) => names.nodes(value, path),
  play(context, value, place) {
    const middle = context.oneNode(value);
    const links = linksWhere(context.plan.nodes, (from, to) => from !== middle && to !== middle);
    cutLinks(context, place, { shape: 'star', links, nodes: [middle] });
  },
});
