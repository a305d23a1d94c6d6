// Which keys a mapping of a scenario may have, and what such a key is called: for mistakes about unknown ones.
//
// Read from the schema itself, so that a new verb or condition needs nothing here.

import { z } from 'zod';
import { conditionNames } from './conditions.ts';
import { scenarioSchema } from './schema.ts';
import type { Path } from './source.ts';

/** The keys that may stand in the mapping at a path; none where any key may. */
export function knownKeys(path: Path): readonly string[] {
  const keys = new Set<string>();
  for (const schema of schemasAt(path)) {
    if (schema instanceof z.ZodObject) for (const key of Object.keys(schema.shape)) keys.add(key);
  }
  return Array.from(keys);
}

export function nounOf(path: Path): string {
  const keys = knownKeys(path);
  if (keys.includes('deliver')) return 'verb';
  return conditionNames.every((word) => keys.includes(word)) ? 'condition' : 'key';
}

/** Every schema that the value at a path may have. */
function schemasAt(path: Path): z.ZodType[] {
  let schemas = unwrapped(scenarioSchema);
  for (const part of path) schemas = schemas.flatMap((schema) => inner(schema, part));
  return schemas;
}

function inner(schema: z.ZodType, part: string | number): z.ZodType[] {
  if (schema instanceof z.ZodArray) return unwrapped(schema.element as z.ZodType);
  if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType as z.ZodType);
  if (!(schema instanceof z.ZodObject)) return [];
  const field = (schema.shape as Readonly<Record<string, z.ZodType>>)[String(part)];
  return field === undefined ? [] : unwrapped(field);
}

/** A schema without what is wrapped around it; each branch of a union. */
function unwrapped(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodLazy) return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as readonly z.ZodType[]).flatMap(unwrapped);
  return [schema];
}
