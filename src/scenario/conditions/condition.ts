// What a condition is, and what all of them share: how they ask every node of a mapping, and say what is not so.
//
// The table of conditions stands on it; nothing here changes the world.

import * as z from 'zod';
import { nodeName } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { ConditionContext } from '../interpreter/condition-context.ts';
import type { Path } from '../syntax/source.ts';
import { selector } from '../syntax/values.ts';
import type { NameScope } from './names.ts';

/** Something that was expected and is not so. */
export interface Mismatch {
  /** Where in the value of the condition, for its place in the file. */
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly found: string;
}

export interface Condition<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly meaning: string;
  /** What may stand behind the word, as YAML. */
  readonly example: string;
  /** What an unknown key in its mapping was probably meant for. */
  readonly instead?: string;
  /** Checks the names that the value speaks of, before anything is played; left out if it speaks of none. */
  readonly checkNames?: (names: NameScope, value: z.infer<Schema>, path: Path) => void;
  /** What of it is not so now. */
  readonly check: (value: z.infer<Schema>, context: ConditionContext) => Mismatch[];
}

export const conditionRow = <Schema extends z.ZodType>(condition: Condition<Schema>): Condition<Schema> => condition;

const holds: readonly Mismatch[] = [];
export const fails = (expected: string, found: string, path: Mismatch['path'] = []): Mismatch[] => [
  { path, expected, found },
];
export const unless = (isSo: boolean, expected: string, found: string, path: Mismatch['path'] = []): Mismatch[] =>
  isSo ? holds.slice() : fails(expected, found, path);

/** The keys of a mapping by node, or the number that is meant for all of them. */
export function checkKeys(names: NameScope, value: unknown, path: Path): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) names.nodes(key, [...path, key], 'key');
}

export const asList = <Item>(value: Item | readonly Item[]): readonly Item[] => [value].flat() as readonly Item[];
export const perNode = <Schema extends z.ZodType>(schema: Schema) => z.record(selector, schema);

/** Asks every node of every key of a mapping. */
export function eachNode<Wanted>(
  wanted: Readonly<Record<string, Wanted>>,
  context: ConditionContext,
  look: (host: Host, wanted: Wanted) => { readonly isSo: boolean; readonly expected: string; readonly found: string },
): Mismatch[] {
  return Object.entries(wanted).flatMap(([key, one]) => {
    const members = context.nodesOf(key);
    if (members.length === 0) return fails(`${key} to be somebody`, `there is no ${key} now`, [key]);
    return members.flatMap((id) => {
      const { isSo, expected, found } = look(context.world.host(id), one);
      return unless(isSo, `${nodeName(id)} ${expected}`, `${nodeName(id)} ${found}`, [key]);
    });
  });
}
