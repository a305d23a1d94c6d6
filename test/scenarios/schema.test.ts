// The JSON Schema that ships for editors agrees with the reader: it takes every file of the library, and no nonsense.

import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { conditionNames, conditionTable } from '../../src/scenario/conditions/conditions.ts';
import { scenarioJsonSchema } from '../../src/scenario/schema/json-schema.ts';
import { verbNames, verbTable } from '../../src/scenario/verbs/verbs.ts';
import { story } from '../support/scenario.ts';

const root = new URL('../../', import.meta.url).pathname;
const schema = JSON.parse(readFileSync(join(root, 'schema/scenario.schema.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);
const files = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

interface Node {
  readonly title?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly const?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

const definitions = (schema as { definitions: Readonly<Record<string, Node>> }).definitions;

describe('a hover in an editor', () => {
  const [bare, step] = definitions['steps']?.items?.anyOf ?? [];

  it.each(verbNames)('over %s says what it does, with an example', (verb) => {
    const { meaning, example, alone } = verbTable[verb];
    const words = {
      title: verb,
      description: meaning,
      markdownDescription: expect.stringContaining(example) as string,
    };
    expect(step?.properties?.[verb]).toMatchObject(words);
    const standing = bare?.anyOf?.find((one) => one.const === verb);
    if (alone === undefined) expect(standing).toBeUndefined();
    else expect(standing).toMatchObject(words);
  });

  it.each(conditionNames)('over %s says what it asks', (word) => {
    const shown = definitions['conditions']?.properties?.[word];
    expect(shown?.title).toBe(word);
    expect(shown?.description).toContain(conditionTable[word].meaning.slice(0, 20));
    expect(shown?.description).not.toContain('](#');
  });

  it('shows no generated name', () => {
    expect(Object.keys(definitions).toSorted()).toEqual([
      'amount',
      'command',
      'conditions',
      'duration',
      'link',
      'log',
      'message',
      'nodes',
      'odds',
      'selector',
      'steps',
    ]);
    expect(JSON.stringify(schema)).not.toContain('__schema');
  });
});

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
    ['a list without steps', '- repeat: 2\n  do: []'],
    ['an unknown message kind', '- deliver: { kind: RequestVotes }'],
  ])('refuses %s', (_what, step) => {
    expect(validate(parse(story({ nodes: 3, steps: ['- timeout: n1'] })))).toBe(true);
    expect(validate(parse(story({ nodes: 3, steps: [step] })))).toBe(false);
  });

  it('wants a name and a why', () => {
    expect(validate({ name: 'x' })).toBe(false);
    expect(validate({ why: 'it says something' })).toBe(false);
  });

  it('wants something to happen', () => {
    const head = { name: 'x', why: 'it says something' };
    expect(validate(head)).toBe(false);
    expect(validate({ ...head, steps: [] })).toBe(false);
    expect(validate({ ...head, steps: ['heal'] })).toBe(true);
    expect(validate({ ...head, eventually: { leader: 'any', within: '1s' } })).toBe(true);
  });
});
