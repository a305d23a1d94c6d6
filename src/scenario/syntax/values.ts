// What stands behind the keys of a scenario: the zod schemas of its values, each used in many places.
//
// A text with a grammar of its own is read here once to find mistakes, and again by its user; the data stays as
// the user wrote it. Descriptions end up in the JSON Schema and the docs.

import { readPaths } from '../../protocol/operation.ts';
import * as z from 'zod';
import { UsageError } from '../../base/errors.ts';
import { UnknownWordError } from '../../run/checked.ts';
import { parseDuration, parseOdds, parseQuantity } from '../../run/quantity.ts';
import { parameterTable, type ParameterName } from '../../sim/parameters.ts';
import { parseAmount, parseCommand, parseEnds, parseLog } from './grammar.ts';
import { parseSelector } from '../conditions/selector.ts';

/** Makes a mistake that a parser takes for a mistake of the schema. */
export function read<Value>(parse: (value: Value) => unknown) {
  return (value: Value, context: z.RefinementCtx): void => {
    try {
      parse(value);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const { word, known } = error instanceof UnknownWordError ? error : { word: undefined, known: undefined };
      context.addIssue({ code: 'custom', message: error.message, params: { word, known } });
    }
  };
}

const text = z.string().max(2000);

/** A value, or a list of such values. */
export const oneOrMore = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.array(schema).min(1)]);

export const name = z
  .string()
  .regex(/^[A-Za-z][\w -]{0,39}$/, 'expected a name of letters, digits and spaces')
  .describe('a name that later steps may use');

export const durationValue = z
  .union([z.string(), z.number()])
  .superRefine(read((value) => parseDuration('the time', String(value))))
  .meta({ id: 'duration', description: 'a time such as 500us, 20ms, 1.5s or 2m' });

export const oddsValue = z
  .union([z.string(), z.number()])
  .superRefine(read((value) => parseOdds('it', String(value))))
  .meta({ id: 'odds', description: 'odds such as 5%, 0.1% or 300ppm' });

export const amount = z
  .union([z.number().int().min(0), z.string().superRefine(read(parseAmount))])
  .meta({ id: 'amount', description: 'a number, `at least 3`, `at most 5`, `3 to 5` or `none`' });

export const whole = (least: number, most: number) => z.number().int().min(least).max(most);

export const selector = text
  .superRefine(read(parseSelector))
  .meta({ id: 'selector', description: 'a node such as n1, a group such as followers, or a name that was given' });

export const nodes = z
  .union([selector, z.array(selector).min(1).max(100)])
  .meta({ id: 'nodes', description: 'one or several nodes' });

export const link = text
  .superRefine(read(parseEnds))
  .meta({ id: 'link', description: 'a link: `leader -> n2` one way, `n1 <-> n2` both ways' });

export const log = z
  .union([z.number().int().min(1), text.superRefine(read(parseLog))])
  .meta({ id: 'log', description: 'the terms of a log from index 1 on, such as 1 1 2 3, or empty' });

const key = z.string().min(1).max(200).describe('of a command in full');
const value = z.string().max(2000);
const full = value.describe('of a command in full: of put, append and cas');
const kind = <Kind extends string>(word: Kind) =>
  z.literal(word).describe('a command in full: get, read, put, append, cas, add, open');

export const command = z
  .union([
    text.superRefine(read(parseCommand)),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: kind('get'), key }),
      z.strictObject({ kind: kind('read'), key, path: z.enum(readPaths).describe('of read') }),
      z.strictObject({ kind: kind('put'), key, value: full }),
      z.strictObject({ kind: kind('append'), key, value: full }),
      z.strictObject({ kind: kind('cas'), key, expected: value.describe('of cas: the value before'), value: full }),
      z.strictObject({ kind: kind('open'), key: z.literal('') }),
      z.strictObject({ kind: kind('add'), key, amount: z.number().int().describe('of add') }),
    ]),
  ])
  .meta({
    id: 'command',
    description: 'what a client asks: put x 1, append x 1, add n 2, cas x 1 2, get x, read x by index or open',
  });

/** One parameter of the simulator, in its unit. */
function parameter(parameterName: ParameterName) {
  const { unit, meaning } = parameterTable[parameterName];
  const schema = unit === 'duration' ? durationValue : unit === 'odds' ? oddsValue : whole(0, 1_000_000);
  return schema.optional().describe(meaning);
}

/** Several parameters, each by its name. */
export function parameters(names: readonly ParameterName[]) {
  return Object.fromEntries(names.map((one) => [one, parameter(one)])) as Record<string, ReturnType<typeof parameter>>;
}

/** Parameters as they were written, in their units. */
export function quantities(written: Readonly<Record<string, string | number | undefined>>): {
  readonly [parameterName in ParameterName]?: number;
} {
  const values: { [parameterName in ParameterName]?: number } = {};
  for (const [word, one] of Object.entries(written)) {
    if (one === undefined) continue;
    const known = word as ParameterName;
    values[known] = parseQuantity(parameterTable[known].unit, word, String(one));
  }
  return values;
}
