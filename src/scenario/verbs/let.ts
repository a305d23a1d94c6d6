// let: names for the nodes that are meant now.
//
// A name keeps its answer, whatever becomes of the nodes.

import * as z from 'zod';
import type { Path } from '../syntax/source.ts';
import { name, nodes } from '../syntax/values.ts';
import { verb, type VerbNameScope } from './verb.ts';

/** Groups of nodes, each under a name that is known from here on. */
export function checkNamedNodes(
  names: VerbNameScope,
  value: Readonly<Record<string, string | readonly string[]>>,
  path: Path,
): void {
  for (const [key, members] of Object.entries(value)) {
    names.free(key, [...path, key], 'key');
    names.nodes(members, [...path, key]);
  }
  for (const key of Object.keys(value)) names.give('node', key);
}

export const letName = verb({
  group: 'story',
  schema: z.record(name, nodes),
  meaning: 'Gives names to the nodes that are meant now.',
  example: '- let: { old: leader, rest: followers }',
  checkNames: checkNamedNodes,
  play(context, value) {
    for (const [key, members] of Object.entries(value)) context.give(key, { nodes: context.someNodes(members) });
  },
});
