// The words in which the JSON Schemas of documents are written: draft-7, as far as documents need it.
//
// A key that is named is always there; further keys are allowed, because new ones may come within a schema.

export type JsonSchema = Readonly<Record<string, unknown>>;

export const text: JsonSchema = { type: 'string' };
export const flag: JsonSchema = { type: 'boolean' };
export const natural: JsonSchema = { type: 'integer', minimum: 0 };
export const position: JsonSchema = { type: 'integer', minimum: 1 };
export const texts: JsonSchema = { type: 'array', items: text };
export const fingerprint: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{16}$' };

export const about = (schema: JsonSchema, description: string): JsonSchema => ({ ...schema, description });
export const arrayOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
export const enumOf = (...values: readonly string[]): JsonSchema => ({ enum: values });
export const constant = (value: string): JsonSchema => ({ const: value });
export const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
export const either = (...schemas: readonly JsonSchema[]): JsonSchema => ({ anyOf: schemas });
/** Any keys, all with such values. */
export const mapOf = (values: JsonSchema): JsonSchema => ({ type: 'object', additionalProperties: values });

export function object(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) };
}

/** The same keys, each a number, as deep as the example goes. */
export function countsLike(example: object): JsonSchema {
  const entries = Object.entries(example) as [string, unknown][];
  return object(
    Object.fromEntries(
      entries.map(([key, value]) => [key, typeof value === 'object' && value !== null ? countsLike(value) : natural]),
    ),
  );
}
