// The shapes in which a network breaks: each a set of directed links that no message passes.
//
// Which nodes are hit is drawn; the shape and the links are what a trace keeps.

import { nodeId, type NodeId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { LinkEnds } from '../step.ts';

export interface CutShape {
  readonly meaning: string;
  /** Fewer nodes than this have no such shape. */
  readonly nodesMin: number;
  links(order: readonly NodeId[], random: Random): LinkEnds[];
}

/** Blocks every link between nodes for which `joined` is false; `order` is a random order of the nodes. */
function keep(order: readonly NodeId[], joined: (a: number, b: number) => boolean): LinkEnds[] {
  const links: LinkEnds[] = [];
  for (let a = 0; a < order.length; a++) {
    for (let b = 0; b < order.length; b++) {
      if (a !== b && !joined(a, b)) links.push([order[a] as NodeId, order[b] as NodeId]);
    }
  }
  return links;
}

const groupsOf = (order: readonly NodeId[], size: number): LinkEnds[] => keep(order, (a, b) => a < size === b < size);

export const cutTable = {
  'two-way': {
    meaning: 'two nodes cannot reach each other',
    nodesMin: 2,
    links: (order) => keep(order, (a, b) => a > 1 || b > 1),
  },
  'one-way': {
    meaning: 'one node cannot reach another, which can still reach it',
    nodesMin: 2,
    links: (order) => keep(order, (a, b) => a !== 0 || b !== 1),
  },
  isolate: {
    meaning: 'one node is cut off from all others',
    nodesMin: 2,
    links: (order) => groupsOf(order, 1),
  },
  deaf: {
    meaning: 'one node hears nobody, but is heard',
    nodesMin: 2,
    links: (order) => keep(order, (_, b) => b !== 0),
  },
  mute: {
    meaning: 'one node is heard by nobody, but hears',
    nodesMin: 2,
    links: (order) => keep(order, (a) => a !== 0),
  },
  halves: {
    meaning: 'the nodes fall into two random groups',
    nodesMin: 2,
    links: (order, random) => groupsOf(order, random.between(1, order.length - 1)),
  },
  'majority-minority': {
    meaning: 'a bare majority on one side, all others on the other',
    nodesMin: 3,
    links: (order) => groupsOf(order, (order.length >>> 1) + 1),
  },
  bridge: {
    meaning: 'two halves that meet in one node only',
    nodesMin: 3,
    links: (order) => {
      const middle = order.length >>> 1;
      return keep(order, (a, b) => a === middle || b === middle || a < middle === b < middle);
    },
  },
  ring: {
    meaning: 'every node reaches its two neighbours only',
    nodesMin: 4,
    links: (order) => {
      const n = order.length;
      return keep(order, (a, b) => (a + 1) % n === b || (b + 1) % n === a);
    },
  },
  chain: {
    meaning: 'the nodes stand in a line, each reaches its neighbours only',
    nodesMin: 3,
    links: (order) => keep(order, (a, b) => a + 1 === b || b + 1 === a),
  },
} as const satisfies Record<string, CutShape>;

export type CutName = keyof typeof cutTable;

export const cutNames: readonly CutName[] = Object.keys(cutTable) as CutName[];

/** A random order of the nodes (Fisher and Yates). */
export function shuffledNodes(nodes: number, random: Random): NodeId[] {
  const order: NodeId[] = [];
  for (let i = 0; i < nodes; i++) order.push(nodeId(i));
  for (let i = nodes - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const other = order[i] as NodeId;
    order[i] = order[j] as NodeId;
    order[j] = other;
  }
  return order;
}

/** Draws a shape that a cluster of this size can have, and the links that it blocks; `first` may be whom it strikes. */
export function drawCut(
  nodes: number,
  random: Random,
  first: NodeId | undefined,
): { shape: CutName; links: LinkEnds[] } {
  const possible = cutNames.filter((name) => cutTable[name].nodesMin <= nodes);
  const shape = possible[random.below(possible.length)] as CutName;
  const order = shuffledNodes(nodes, random);
  if (first !== undefined) {
    order[order.indexOf(first)] = order[0] as NodeId;
    order[0] = first;
  }
  return { shape, links: cutTable[shape].links(order, random) };
}
