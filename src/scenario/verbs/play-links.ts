// Links by hand: which are cut or slow, in which shape, and healed again.
//
// Every shape ends up as a list of directed links, cut under a number of its own until it is healed.

import { nodeId, nodeName, type NodeId } from '../../base/ids.ts';
import type { LinkEnds } from '../../sim/step.ts';
import { parseEnds } from '../syntax/grammar.ts';
import type { VerbContext, Spot, Verbs } from '../interpreter/context.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';

/** Every link for which this is true, in the order of the nodes. */
function linksWhere(nodes: number, isCut: (from: NodeId, to: NodeId) => boolean): LinkEnds[] {
  const links: LinkEnds[] = [];
  for (let from = 0; from < nodes; from++) {
    for (let to = 0; to < nodes; to++) {
      if (from !== to && isCut(nodeId(from), nodeId(to))) links.push([nodeId(from), nodeId(to)]);
    }
  }
  return links;
}

function linksOf(stage: Interpreter, texts: string | readonly string[]): LinkEnds[] {
  return [texts].flat().flatMap((text) => {
    const { from, to, both } = parseEnds(text);
    const [sources, targets] = [stage.someNodes(from), stage.someNodes(to)];
    const there = sources.flatMap((a) => targets.filter((b) => a !== b).map((b): LinkEnds => [a, b]));
    return both ? there.concat(there.map(([a, b]): LinkEnds => [b, a])) : there;
  });
}

function cut(
  stage: Interpreter,
  { step }: Spot,
  shape: string,
  links: readonly LinkEnds[],
  nodes: readonly NodeId[],
  number?: number,
): void {
  const fault = number ?? stage.world.network.nextFault();
  stage.give(step.as, { fault, nodes });
  stage.take({ kind: 'cut', at: stage.world.now, fault, shape, links });
}

/** Cuts every link of these nodes that is told apart by who is on which end. */
function around(shape: string, isCut: (hit: readonly NodeId[], from: NodeId, to: NodeId) => boolean) {
  return ({ stage }: VerbContext, value: string | readonly string[], spot: Spot): void => {
    const hit = stage.someNodes(value);
    cut(
      stage,
      spot,
      shape,
      linksWhere(stage.plan.nodes, (from, to) => isCut(hit, from, to)),
      hit,
    );
  };
}

/** Cuts all links but those between neighbours in an order. */
function neighbours(shape: 'ring' | 'chain') {
  return ({ stage }: VerbContext, value: string | readonly string[], spot: Spot): void => {
    const order = stage.someNodes(value);
    const n = order.length;
    const areNeighbours = (a: number, b: number): boolean =>
      a + 1 === b || (shape === 'ring' && a === n - 1 && b === 0);
    const links = linksWhere(stage.plan.nodes, (from, to) => {
      const [a, b] = [order.indexOf(from), order.indexOf(to)];
      return a < 0 || b < 0 || !(areNeighbours(a, b) || areNeighbours(b, a));
    });
    cut(stage, spot, shape, links, order);
  };
}

/** The group that each node is in; who is in none of them is in one more. */
function split(stage: Interpreter, spot: Spot, sides: readonly (readonly NodeId[])[]): void {
  const sideOf = (id: NodeId): number => sides.findIndex((side) => side.includes(id));
  const all = sides.flat();
  const twice = all.find((id, i) => all.indexOf(id) !== i);
  if (twice !== undefined) stage.mistake('every node on one side', `${nodeName(twice)} is on two`);
  cut(
    stage,
    spot,
    'split',
    linksWhere(stage.plan.nodes, (from, to) => sideOf(from) !== sideOf(to)),
    all,
  );
}

export const linkVerbs: Verbs<
  'cut' | 'isolate' | 'deafen' | 'mute' | 'split' | 'bridge' | 'ring' | 'chain' | 'star' | 'slow' | 'heal'
> = {
  cut({ stage }, value, spot) {
    if (typeof value === 'string' || Array.isArray(value)) {
      const links = linksOf(stage, value);
      return cut(stage, spot, 'cut', links, links.flat());
    }
    const links = linksOf(stage, value.links);
    return cut(stage, spot, value.shape ?? 'cut', links, links.flat(), value.fault);
  },
  isolate: around('isolate', (hit, from, to) => hit.includes(from) || hit.includes(to)),
  deafen: around('deaf', (hit, _from, to) => hit.includes(to)),
  mute: around('mute', (hit, from) => hit.includes(from)),
  split({ stage }, value, spot) {
    if (Array.isArray(value))
      return split(
        stage,
        spot,
        value.map((side: string | string[]) => stage.someNodes(side)),
      );
    const sides = Object.entries(value).map(([name, side]) => ({ name, nodes: stage.someNodes(side) }));
    for (const { name, nodes } of sides) stage.give(name, { nodes });
    return split(
      stage,
      spot,
      sides.map((side) => side.nodes),
    );
  },
  bridge({ stage }, value, spot) {
    const middle = stage.oneNode(value);
    const rest = stage.nodesOf('all').filter((id) => id !== middle);
    const half = Math.ceil(rest.length / 2);
    const isLeft = (id: NodeId): boolean => rest.indexOf(id) < half;
    const isCut = (from: NodeId, to: NodeId): boolean =>
      from !== middle && to !== middle && isLeft(from) !== isLeft(to);
    cut(stage, spot, 'bridge', linksWhere(stage.plan.nodes, isCut), [middle]);
  },
  ring: neighbours('ring'),
  chain: neighbours('chain'),
  star({ stage }, value, spot) {
    const middle = stage.oneNode(value);
    cut(
      stage,
      spot,
      'star',
      linksWhere(stage.plan.nodes, (from, to) => from !== middle && to !== middle),
      [middle],
    );
  },
  slow({ stage }, { links, factor, fault: number }, { step }) {
    const ends = linksOf(stage, links);
    const fault = number ?? stage.world.network.nextFault();
    stage.give(step.as, { fault, nodes: ends.flat() });
    stage.take({ kind: 'slow', at: stage.world.now, fault, factor, links: ends });
  },
  heal({ stage }, value) {
    const { network, now } = stage.world;
    const named = typeof value === 'string' ? stage.fault(value) : value.fault;
    if (value !== 'all' && named === undefined) return stage.skip('the fault of links has not begun');
    const faults = named === undefined ? network.activeFaults : [named];
    for (const fault of faults)
      stage.take({ kind: network.isCutFault(fault) === false ? 'mend' : 'heal', at: now, fault });
  },
};
