// Properties that a caller of the library brings: made as safe as our own before the monitor has them.
//
// The monitor calls hooks as they are and lets nothing go wrong inside one. A caller's property may be an object of a
// class, whose hooks need their `this`, and may throw, which must be told as what it is and not as a fault of a node.

import { UsageError } from '../base/errors.ts';
import type { Finding, Judgement, Mood, Property } from '../check/property.ts';

const hooks = [
  'started',
  'sent',
  'voted',
  'elected',
  'logChanged',
  'committed',
  'installed',
  'snapshotChanged',
  'compacted',
  'applied',
  'turned',
  'uncommitted',
  'stepped',
  'threw',
] as const satisfies readonly (keyof Property)[];

const moods: readonly Mood[] = ['always', 'eventually'];

/** The same properties with hooks that can be called alone; refuses names that are taken. */
export function guarded(properties: readonly Property[], taken: readonly string[]): readonly Property[] {
  const names = new Set(taken);
  return properties.map((property) => {
    const { name, mood } = property;
    if (typeof name !== 'string' || name === '') {
      throw new UsageError(`the name of a property is ${JSON.stringify(name)}, expected a text such as "my-property"`);
    }
    if (names.has(name)) throw new UsageError(`two properties are called ${name}, expected a name for each`);
    if (!moods.includes(mood)) {
      throw new UsageError(`the mood of ${name} is ${JSON.stringify(mood)}, expected one of ${moods.join(', ')}`);
    }
    names.add(name);
    return guardedOne(property);
  });
}

function guardedOne(property: Property): Property {
  const calls: Record<string, (...facts: never[]) => Finding> = {};
  for (const hook of hooks) {
    const call = property[hook];
    if (call === undefined) continue;
    calls[hook] = (...facts) => {
      try {
        return Reflect.apply(call, property, facts) as Finding;
      } catch (error) {
        return threwText(error);
      }
    };
  }
  const { name, mood } = property;
  return {
    ...calls,
    name,
    mood,
    begin: (world) => property.begin?.(world),
    finish: (world, flood): Judgement => {
      try {
        return property.finish?.(world, flood) ?? { outcome: 'pass', why: '' };
      } catch (error) {
        return { outcome: 'fail', why: threwText(error) };
      }
    },
  };
}

const threwText = (error: unknown): string =>
  `the property itself threw: ${error instanceof Error ? error.message : String(error)}`;
