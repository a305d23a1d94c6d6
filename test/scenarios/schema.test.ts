// The JSON Schema that ships for editors agrees with the reader: it takes every file of the library, and no nonsense.

import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioJsonSchema } from '../../src/scenario/schema/json-schema.ts';
import { story } from '../support/scenario.ts';

const root = new URL('../../', import.meta.url).pathname;
const schema = JSON.parse(readFileSync(join(root, 'schema/scenario.schema.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);
const files = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

describe('the JSON Schema of scenarios', () => {
  it('is the one that the program prints', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });

  it.each(files)('takes %s', (file) => {
    validate(parse(readFileSync(join(root, 'scenarios', file), 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each([
    ['an unknown verb', '- exchnage: all'],
    ['a verb alone that needs a value', '- run'],
    ['an unknown condition', '- expect: { laeder: n1 }'],
    ['a wrong type', '- repeat: many\n  do: [heal]'],
    ['an unknown profile', '- run: { for: 1s, faults: kaos }'],
    ['an until without a limit', '- until: { leader: any }'],
    ['an unknown message kind', '- deliver: { kind: RequestVotes }'],
  ])('refuses %s', (_what, step) => {
    expect(validate(parse(story({ nodes: 3, steps: ['- timeout: n1'] })))).toBe(true);
    expect(validate(parse(story({ nodes: 3, steps: [step] })))).toBe(false);
  });

  it('wants a name and a why', () => {
    expect(validate({ name: 'x' })).toBe(false);
    expect(validate({ why: 'it says something' })).toBe(false);
  });
});
