// isolate, deafen, mute: nodes that neither hear nor are heard, do not hear, are not heard.
//
// Each cuts every link of these nodes that is told apart by which end they are on.

import type { NodeId } from '../../base/ids.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { nodes } from '../syntax/values.ts';
import { cutLinks, linksWhere } from './links.ts';
import { verb } from './verb.ts';

const around =
  (shape: string, isCut: (hit: readonly NodeId[], from: NodeId, to: NodeId) => boolean) =>
  (context: VerbContext, value: string | readonly string[], place: StepPlace): void => {
    const hit = context.someNodes(value);
    const links = linksWhere(context.plan.nodes, (from, to) => isCut(hit, from, to));
    cutLinks(context, place, { shape, links, nodes: hit });
  };

export const isolate = verb({
  group: 'links',
  schema: nodes,
  as: 'fault',
  meaning: 'Cuts each of these nodes off from everybody else.',
  example: '- { isolate: leader, as: old }',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: around('isolate', (hit, from, to) => hit.includes(from) || hit.includes(to)),
});

export const deafen = verb({
  group: 'links',
  schema: nodes,
  as: 'fault',
  meaning: 'These nodes hear nobody, but are heard.',
  example: '- deafen: n2',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: around('deaf', (hit, _from, to) => hit.includes(to)),
});

export const mute = verb({
  group: 'links',
  schema: nodes,
  as: 'fault',
  meaning: 'These nodes are heard by nobody, but hear.',
  example: '- mute: leader',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: around('mute', (hit, from) => hit.includes(from)),
});
