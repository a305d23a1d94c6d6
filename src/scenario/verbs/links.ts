// Faults of links: which links a step means, and how they are cut.
//
// Every shape ends up as a list of directed links, cut under a number of its own until it is healed.

import { nodeId, nodeName, type NodeId } from '../../base/ids.ts';
import type { LinkEnds } from '../../sim/step.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { parseEnds } from '../syntax/grammar.ts';
import { placed, type Path } from '../syntax/source.ts';
import { whole } from '../syntax/values.ts';
import type { VerbNameScope } from './verb.ts';

export const faultNumber = whole(1, 1_000_000_000).describe('the number of the fault, which a trace shows');

/** Every link for which this is true, in the order of the nodes. */
export function linksWhere(nodes: number, isCut: (from: NodeId, to: NodeId) => boolean): LinkEnds[] {
  const links: LinkEnds[] = [];
  for (let from = 0; from < nodes; from++) {
    for (let to = 0; to < nodes; to++) {
      if (from !== to && isCut(nodeId(from), nodeId(to))) links.push([nodeId(from), nodeId(to)]);
    }
  }
  return links;
}

/** The links that texts such as `leader -> n2` mean now. */
export function linksOf(context: VerbContext, texts: string | readonly string[]): LinkEnds[] {
  return [texts].flat().flatMap((text) => {
    const { from, to, both } = parseEnds(text);
    const [sources, targets] = [context.someNodes(from), context.someNodes(to)];
    const there = sources.flatMap((a) => targets.filter((b) => a !== b).map((b): LinkEnds => [a, b]));
    return both ? there.concat(there.map(([a, b]): LinkEnds => [b, a])) : there;
  });
}

export const linkTexts = (links: readonly LinkEnds[]): string[] =>
  links.map(([from, to]) => `${nodeName(from)} -> ${nodeName(to)}`);

export function checkLinks(names: VerbNameScope, texts: string | readonly string[], path: Path): void {
  for (const { item, path: place } of placed(texts, path)) {
    const { from, to } = parseEnds(item);
    names.nodes(from, place);
    names.nodes(to, place);
  }
}

export interface Cut {
  /** What a trace calls it. */
  readonly shape: string;
  readonly links: readonly LinkEnds[];
  /** What the name of the fault stands for, as a group of nodes. */
  readonly nodes: readonly NodeId[];
  /** The next one if it is left out. */
  readonly fault?: number | undefined;
}

export function cutLinks(context: VerbContext, { step }: StepPlace, { shape, links, nodes, fault }: Cut): void {
  const number = fault ?? context.world.network.nextFault();
  context.give(step.as, { fault: number, nodes });
  context.take({ kind: 'cut', at: context.world.now, fault: number, shape, links });
}
