// ring, chain: nodes that reach only their neighbours in an order.
//
// The ends of a chain have one neighbour each; a node that is not in the order reaches no other.

import type { NodeId } from '../../base/ids.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { nodes } from '../syntax/values.ts';
import { cutLinks, linksWhere } from './links.ts';
import { verb } from './verb.ts';

const neighbours =
  (shape: 'ring' | 'chain') =>
  (context: VerbContext, value: string | readonly string[], place: StepPlace): void => {
    const order = context.someNodes(value);
    const last = order.length - 1;
    const areNeighbours = (a: number, b: number): boolean => a + 1 === b || (shape === 'ring' && a === last && b === 0);
    const isCut = (from: NodeId, to: NodeId): boolean => {
      const [a, b] = [order.indexOf(from), order.indexOf(to)];
      return a < 0 || b < 0 || !(areNeighbours(a, b) || areNeighbours(b, a));
    };
    cutLinks(context, place, { shape, links: linksWhere(context.plan.nodes, isCut), nodes: order });
  };

export const ring = verb({
  group: 'links',
  schema: nodes,
  as: 'fault',
  meaning: 'Each node reaches only its two neighbours in this order.',
  example: '- ring: all',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: neighbours('ring'),
});

export const chain = verb({
  group: 'links',
  schema: nodes,
  as: 'fault',
  meaning: 'The nodes stand in a line in this order; each reaches only its neighbours.',
  example: '- chain: [n1, n2, n3, n4, n5]',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: neighbours('chain'),
});
