// What the schemas of the language say of themselves: the fields of a mapping and what each of them means.
//
// Behind the reference page, and behind what `list` and `explain` say of verbs and conditions.

import * as z from 'zod';
import { conditionNames } from '../conditions/conditions.ts';
import { patternFields } from '../conditions/pattern.ts';

/** A field, or a sentence that stands for many of them. */
export interface FieldText {
  readonly name: string;
  readonly meaning: string;
  /** The name is no key that can be written. */
  readonly standsForMany: boolean;
}

type Fields = readonly (readonly [name: string, schema: z.ZodType])[];

/** A schema without what is wrapped around it; each branch of a union. */
function branches(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodLazy) return branches(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]).flatMap(branches) : [schema];
}

/** What a schema says of itself, or the words that it knows. */
export function meaningOf(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  if (schema instanceof z.ZodOptional) return meaningOf(schema.unwrap() as z.ZodType);
  const all = branches(schema);
  const words = all.flatMap((one) => (one instanceof z.ZodEnum ? one.options : []));
  if (words.length > 0) return words.join(', ');
  const inner = all.find((one) => one.description !== undefined)?.description;
  if (inner !== undefined) return inner;
  if (all.some((one) => one instanceof z.ZodBoolean)) return 'true or false';
  return all.some((one) => one instanceof z.ZodNumber) ? 'a whole number' : '';
}

/** The fields of every mapping that a schema allows. */
export function fieldsOf(schema: z.ZodType): Fields {
  return branches(schema).flatMap((one) =>
    one instanceof z.ZodObject ? Object.entries(one.shape as Readonly<Record<string, z.ZodType>>) : [],
  );
}

/** Fields with their meanings; those of conditions and of messages stand together. */
export function fieldTexts(fields: Fields): FieldText[] {
  const known = new Map(fields);
  const texts: FieldText[] = [];
  const together = (names: readonly string[], name: string, meaning: string): void => {
    if (!names.every((one) => known.has(one))) return;
    for (const one of names) known.delete(one);
    texts.push({ name, meaning, standsForMany: true });
  };
  together(conditionNames, 'any condition', 'see [conditions](#conditions)');
  together(Object.keys(patternFields), 'the fields of a message', 'see [messages](#which-message)');
  return texts.concat(
    Array.from(known, ([name, schema]) => ({ name, meaning: meaningOf(schema), standsForMany: false })),
  );
}
