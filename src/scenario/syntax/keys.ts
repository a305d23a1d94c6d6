// Which keys a mapping of a scenario may have, what such a key is called, where an unknown one belongs: for mistakes.
//
// Read from the schema itself, so that a new verb or condition needs nothing here.

import * as z from 'zod';
import { parse } from 'yaml';
import { conditionNames, conditionTable } from '../conditions/conditions.ts';
import { pattern, patternOf } from '../conditions/pattern.ts';
import { scenarioSchema, verbsOf } from '../schema/schema.ts';
import type { Path } from './source.ts';
import { QUOTES } from './yaml-errors.ts';
import { verbTable, type VerbName } from '../verbs/verbs.ts';
import { flowText, stepText } from './write.ts';

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

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What to do with an unknown key of a mapping that has its place elsewhere; undefined for any other. */
export function remedyFor(key: string, path: Path, mapping: unknown): string | undefined {
  if (!isMapping(mapping)) return undefined;
  if (path.length === 0 && knownKeys(['cluster']).includes(key)) {
    return `${JSON.stringify(key)} is a field of cluster: write cluster: ${flowText({ [key]: mapping[key] })}`;
  }
  const noun = nounOf(path);
  const [verb] = verbsOf(mapping);
  if (noun === 'verb' && verb !== undefined) return remedyInStep(key, path, verb, mapping);
  const condition = conditionAt(path);
  const { instead } = condition === undefined ? { instead: undefined } : conditionTable[condition];
  return instead && `unknown key ${JSON.stringify(key)}, expected one of ${knownKeys(path).join(', ')}; ${instead}`;
}

/** A field of the verb that was written beside the verb. */
function remedyInStep(key: string, path: Path, verb: VerbName, step: Mapping): string | undefined {
  const inStep = knownKeys(path);
  const inVerb = knownKeys([...path, verb]).filter((field) => !inStep.includes(field));
  if (!inVerb.includes(key))
    return step[key] === null ? `${JSON.stringify(key)} without a value: ${QUOTES}` : undefined;
  const fields = Object.entries(step);
  const moved = fields.filter(([field]) => inVerb.includes(field));
  const kept = fields.filter(([field]) => inStep.includes(field) && field !== verb);
  const right = { [verb]: { ...inFull(verb, step[verb]), ...Object.fromEntries(moved) }, ...Object.fromEntries(kept) };
  return `${JSON.stringify(key)} is a field of ${verb}, not of the step: write ${stepText(right)}`;
}

/** The value of a verb as a mapping, also where its short form was written. */
function inFull(verb: VerbName, value: unknown): object {
  if (isMapping(value)) return value;
  const { main, group } = verbTable[verb];
  if (main !== undefined) return { [main]: value };
  const read = group === 'messages' ? pattern.safeParse(value) : undefined;
  return read?.success === true ? patternOf(read.data) : {};
}

const conditionAt = (path: Path) =>
  nounOf(path.slice(0, -1)) === 'condition' ? conditionNames.find((word) => word === path.at(-1)) : undefined;

/** A value that is right at a path, from the tables of the language; undefined where they have none. */
export function exampleAt(path: Path): string | undefined {
  const condition = conditionAt(path);
  if (condition !== undefined) return conditionTable[condition].example;
  const [top] = path;
  if (top === 'expect' || (top === 'never' && path.length < 3)) return verbExample('expect');
  const word = String(path.at(-1));
  const isVerb = nounOf(path.slice(0, -1)) === 'verb' && Object.hasOwn(verbTable, word);
  return isVerb ? verbExample(word as VerbName) : undefined;
}

function verbExample(verb: VerbName): string | undefined {
  const [step] = parse(verbTable[verb].example) as readonly unknown[];
  return isMapping(step) ? flowText(step[verb]) : undefined;
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
