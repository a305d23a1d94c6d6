// What a schema says is told in words of the user: what was found, what was expected, and where.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nearest } from '../../../../src/run/nearest.ts';
import { expectations, problemsOf, validate, type Names } from '../../../../src/scenario/syntax/issues.ts';
import { ScenarioError, ScenarioSource, type Path } from '../../../../src/scenario/syntax/source.ts';

const names: Names = {
  knownKeys: (path) => (path.at(-1) === 'steps' ? ['crash', 'restart', 'run'] : ['name', 'nodes', 'profile']),
  nounOf: (path) => (path.at(-1) === 'steps' ? 'step' : 'key'),
};

const sourceOf = (text: string): ScenarioSource => ScenarioSource.read(text, 'a.yaml', nearest);

/** What is told about a text; nothing if the schema takes it. */
function complaint(schema: z.ZodType, text: string, words: Names = names): string {
  try {
    validate(schema, sourceOf(text), words);
    return '';
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
}

/** Each of the problems, without its file, excerpt and suggestion. */
const told = (schema: z.ZodType, text: string, words: Names = names): string[] =>
  complaint(schema, text, words)
    .split('\n')
    .filter((line) => line.startsWith('a.yaml:'))
    .map((line) => line.slice('a.yaml:'.length));

const under = (key: string, schema: z.ZodType) => z.strictObject({ [key]: schema });
const lines = (...all: readonly string[]): string => all.join('\n');

const whole = z.int().min(1).max(9);
const cluster = z.strictObject({ nodes: whole, profile: z.enum(['calm', 'lossy', 'chaos']).optional() });

describe('validate', () => {
  it('returns what the schema makes of the data', () => {
    const schema = z.strictObject({ nodes: whole.default(3), name: z.string() });
    expect(validate(schema, sourceOf('name: x'), names)).toEqual({ nodes: 3, name: 'x' });
  });

  it('tells all that is wrong at once, in file order', () => {
    const schema = z.strictObject({ cluster, name: z.string(), why: z.string() });
    const text = lines('name: 5', 'cluster:', '  profile: kalm', '  ndes: 3', '');
    expect(complaint(schema, text, { ...names, knownKeys: () => ['nodes', 'profile'] })).toBe(
      lines(
        'a.yaml:1:1: why is missing, expected a text',
        'name: 5',
        '^',
        'a.yaml:1:7: name is 5, expected a text',
        'name: 5',
        '      ^',
        'a.yaml:2:1: nodes is missing, expected a whole number',
        'cluster:',
        '^',
        'a.yaml:3:12: unknown profile "kalm", expected one of calm, lossy, chaos',
        '  profile: kalm',
        '           ^',
        'did you mean calm?',
        'a.yaml:4:3: unknown key "ndes", expected one of nodes, profile',
        '  ndes: 3',
        '  ^',
        'did you mean nodes?',
      ),
    );
  });
});

describe('a key', () => {
  it('that is unknown is told where it stands, with what it is called there', () => {
    const schema = z.strictObject({ steps: z.strictObject({ crash: z.string().optional() }) });
    expect(complaint(schema, 'steps:\n  crash: n1\n  crsh: n1')).toBe(
      lines(
        'a.yaml:3:3: unknown step "crsh", expected one of crash, restart, run',
        '  crsh: n1',
        '  ^',
        'did you mean crash?',
      ),
    );
  });

  it('that is unknown is told wherever there are several', () => {
    expect(told(under('a', z.int()), 'b: 1\na: 1\n1: 2\n<<: {}')).toEqual([
      '1:1: unknown key "b", expected one of name, nodes, profile',
      '3:1: unknown key "1", expected one of name, nodes, profile',
      '4:1: unknown key "<<", expected one of name, nodes, profile',
    ]);
  });

  it('that is missing is told at the key of the mapping', () => {
    const schema = z.strictObject({ a: z.array(z.strictObject({ name: z.string(), kind: z.enum(['x', 'y']) })) });
    expect(told(schema, 'a:\n  - name: b\n  - kind: x')).toEqual([
      '2:5: kind is missing, expected one of x, y',
      '3:5: name is missing, expected a text',
    ]);
    expect(told(schema, '# nothing\nb: 1')[0]).toBe('2:1: a is missing, expected a list');
  });

  it('of a record is judged by the schema of its keys', () => {
    const byName = z.record(z.string().regex(/^n\d$/, 'expected a node such as n1'), z.int());
    expect(told(under('a', byName), 'a:\n  n1: 1\n  m2: 2')).toEqual([
      '3:3: unknown key "m2", expected a node such as n1',
    ]);
    const listed = z.partialRecord(z.enum(['n1', 'n2']), z.int());
    expect(told(under('a', listed), 'a: {n1: 1, n3: x}')).toEqual([
      '1:12: unknown key "n3", expected one of name, nodes, profile',
    ]);
  });

  it('of a record may be judged by a check with words of its own', () => {
    const checked = z.record(
      z.string().refine((key) => key !== 'b', 'b is no name for a node'),
      z.int(),
    );
    expect(told(under('a', checked), 'a: {b: 1}')).toEqual(['1:5: b is no name for a node']);
  });
});

describe('a value', () => {
  it.each<[string, z.ZodType, string, string]>([
    ['a text for a whole number', whole, 'five', 'nodes is "five", expected a whole number'],
    ['a text for a number', z.number(), 'five', 'nodes is "five", expected a number'],
    ['a fraction', whole, '5.5', 'nodes is 5.5, expected a whole number'],
    ['not a number', z.number(), '.nan', 'nodes is NaN, expected a number'],
    ['a number for a text', z.string(), '5', 'nodes is 5, expected a text'],
    ['a word for true or false', z.boolean(), 'yes', 'nodes is "yes", expected true or false'],
    ['true for a text', z.string(), 'true', 'nodes is true, expected a text'],
    ['a list', whole, '[1]', 'nodes is a list, expected a whole number'],
    ['a mapping', whole, '{a: 1}', 'nodes is a mapping, expected a whole number'],
    ['nothing', whole, '', 'nodes is nothing, expected a whole number'],
    ['null', z.string(), '~', 'nodes is nothing, expected a text'],
    ['a date for a number', whole, '2020-01-01', 'nodes is "2020-01-01", expected a whole number'],
    ['a text for a list', z.array(z.int()), 'x', 'nodes is "x", expected a list'],
    ['a text for a mapping', z.strictObject({}), 'x', 'nodes is "x", expected a mapping'],
    ['a list for a record', z.record(z.string(), z.int()), '[]', 'nodes is a list, expected a mapping'],
    ['anything for never', z.never(), '1', 'nodes is 1, expected nothing'],
    ['too much', whole, '12', 'nodes is 12, expected 1 to 9'],
    ['too little', whole, '0', 'nodes is 0, expected 1 to 9'],
    ['too little without an upper bound', z.int().min(1), '0', 'nodes is 0, expected at least 1'],
    ['too much without a lower bound', z.number().max(0.5), '1', 'nodes is 1, expected at most 0.5'],
    ['a bound that is left out', z.number().gt(0), '0', 'nodes is 0, expected more than 0'],
    ['a number that is not exact', z.int(), '1e300', 'nodes is 1e+300, expected at most 9007199254740991'],
    ['no multiple', z.int().multipleOf(5), '3', 'nodes is 3, expected a multiple of 5'],
    ['no items', z.array(z.int()).min(1), '[]', 'nodes has 0 items, expected at least 1 item'],
    ['too many items', z.array(z.int()).max(2), '[1, 2, 3]', 'nodes has 3 items, expected at most 2 items'],
    ['too few of a pair', z.tuple([z.int(), z.int()]), '[1]', 'nodes has 1 item, expected at least 2 items'],
    ['a short text', z.string().min(1), '""', 'nodes has 0 characters, expected at least 1 character'],
    ['an exact length', z.string().length(3), 'ab', 'nodes has 2 characters, expected exactly 3 characters'],
    ['a pattern', z.string().regex(/^n\d$/), 'm1', 'nodes is "m1", expected a text like /^n\\d$/'],
    ['a pattern with words', z.string().regex(/^n\d$/, 'expected a node'), 'm1', 'nodes is "m1", expected a node'],
    ['a literal', z.literal(2), '3', 'nodes is 3, expected 2'],
    ['a word', z.enum(['a', 'b']), 'c', 'unknown nodes "c", expected one of a, b'],
    ['a number for a word', z.enum(['a', 'b']), '5', 'nodes is 5, expected one of a, b'],
    ['a list for a word', z.enum(['a', 'b']), '[a]', 'nodes is a list, expected one of a, b'],
    ['words and numbers', z.literal(['all', 5, null]), 'any', 'unknown nodes "any", expected one of all, 5, nothing'],
    ['control characters', whole, '"\\e[31m\\u202e"', 'nodes is "\\u001b[31m\\u{202e}", expected a whole number'],
  ])('of the wrong kind: %s', (_title, schema, text, message) => {
    expect(told(under('nodes', schema), `nodes: ${text}`)).toEqual([`1:${text === '' ? 1 : 8}: ${message}`]);
  });

  it('in a list is named by the key of the list and its place', () => {
    const schema = under('steps', z.array(z.array(z.enum(['run', 'crash']))));
    expect(complaint(schema, 'steps:\n  - [run]\n  - [run, crsh]')).toBe(
      lines(
        'a.yaml:3:11: steps[1][1] is "crsh", expected one of run, crash',
        '  - [run, crsh]',
        '          ^',
        'did you mean crash?',
      ),
    );
  });

  it('with an odd key is named by the quoted key', () => {
    expect(told(z.record(z.string(), z.int()), 'for each: x')).toEqual([
      '1:11: "for each" is "x", expected a whole number',
    ]);
  });

  it('of the whole file is called the scenario', () => {
    expect(told(z.array(z.int()), 'a: 1')).toEqual(['1:1: the scenario is a mapping, expected a list']);
  });

  it('of very many words is told with the first of them', () => {
    const all = Array.from({ length: 100 }, (_, i) => `word-${i}`);
    const [message = ''] = told(under('a', z.enum(all)), 'a: wrong');
    expect(message).toMatch(/^1:4: unknown a "wrong", expected one of word-0, word-1, .* and \d+ more$/);
    expect(message.length).toBeLessThan(310);
  });

  it('that is very long is cut', () => {
    const [message = ''] = told(under('a', z.int()), `a: ${'x'.repeat(5000)}`);
    expect(message).toBe(`1:4: a is "${'x'.repeat(40)}…", expected a whole number`);
  });
});

describe('a check of the schema', () => {
  const check = (message: string, params?: Record<string, unknown>): z.ZodType =>
    under(
      'to',
      z.string().superRefine((_value, context) => context.addIssue({ code: 'custom', message, params })),
    );

  it('is told as it is', () => {
    expect(told(check('n1 cannot cut itself off'), 'to: n1')).toEqual(['1:5: n1 cannot cut itself off']);
  });

  it('is told with what was found if it says only what is expected', () => {
    expect(told(check('expected another node'), 'to: n1')).toEqual(['1:5: to is "n1", expected another node']);
  });

  it('may pass on a wrong word and the right ones', () => {
    const text = complaint(check('no node is called leadr', { word: 'leadr', known: ['leader', 'n1'] }), 'to: leadr');
    expect(text).toBe(lines('a.yaml:1:5: no node is called leadr', 'to: leadr', '    ^', 'did you mean leader?'));
  });

  it('has a message that is cut', () => {
    const [message = ''] = told(check('x'.repeat(5000)), 'to: n1');
    expect(message).toBe(`1:5: ${'x'.repeat(299)}…`);
  });

  it('is not heard about a mapping with an unknown key, of which it is mostly a consequence', () => {
    const step = z
      .strictObject({ crash: z.string().optional() })
      .superRefine((_step, context) => context.addIssue({ code: 'custom', message: 'no verb' }));
    expect(told(under('steps', step), 'steps: {crsh: n1}')).toEqual([
      '1:9: unknown step "crsh", expected one of crash, restart, run',
    ]);
    expect(told(under('steps', step), 'steps: {}')).toEqual(['1:8: no verb']);
  });
});

describe('a union', () => {
  const target = z.union([z.string().max(5), z.strictObject({ name: z.string(), nodes: whole })]);
  const either = (schema: z.ZodType, text: string, words?: Names): string[] =>
    told(under('to', schema), `to: ${text}`, words);

  it('tells what all branches expect if none is of the kind that was written', () => {
    expect(either(target, '5')).toEqual(['1:5: to is 5, expected a text or a mapping']);
    expect(either(target, '[]')).toEqual(['1:5: to is a list, expected a text or a mapping']);
    expect(either(z.union([z.enum(['a', 'b']), z.union([z.int(), z.array(z.int())])]), '{}')).toEqual([
      '1:5: to is a mapping, expected a whole number, a list or one of a, b',
    ]);
    expect(told(under('to', target), 'a: 1')).toContain('1:1: to is missing, expected a text or a mapping');
  });

  it('tells the issues of the branch of that kind', () => {
    expect(either(target, 'abcdefg')).toEqual(['1:5: to has 7 characters, expected at most 5 characters']);
    expect(either(target, '{name: x, nodes: 12}')).toEqual(['1:22: nodes is 12, expected 1 to 9']);
    expect(either(target, '{nme: x, nodes: 1}')).toEqual([
      '1:1: name is missing, expected a text',
      '1:6: unknown key "nme", expected one of name, nodes, profile',
    ]);
    expect(either(z.union([z.enum(['a']), z.int()]), '5.5')).toEqual(['1:5: to is 5.5, expected a whole number']);
    expect(either(z.union([z.int(), z.array(whole).min(1)]), '[1, 12]')).toEqual(['1:9: to[1] is 12, expected 1 to 9']);
  });

  it('of words tells all of them', () => {
    const words = z.union([z.literal('nobody'), z.enum(['leader', 'followers'])]);
    expect(complaint(under('to', words), 'to: folowers')).toBe(
      lines(
        'a.yaml:1:5: unknown to "folowers", expected one of nobody, leader, followers',
        'to: folowers',
        '    ^',
        'did you mean followers?',
      ),
    );
  });

  it('of words and texts with a form tells the form', () => {
    const words = z.union([z.literal('nobody'), z.string().regex(/^n\d$/, 'expected a node such as n1')]);
    expect(either(words, 'nobdy')).toEqual(['1:5: to is "nobdy", expected a node such as n1']);
  });

  it('of several ranges tells them all', () => {
    const ranges = z.union([z.int().max(5), z.int().min(10), z.literal(['any', 'all'])]);
    expect(either(ranges, '7')).toEqual(['1:5: to is 7, expected at most 5 or at least 10']);
    expect(either(ranges, 'al')).toEqual(['1:5: unknown to "al", expected one of any, all']);
  });

  it('of words and texts with a check tells what the check says', () => {
    const checked = z.string().superRefine((_value, context) => {
      context.addIssue({ code: 'custom', message: 'there is no such node' });
    });
    expect(either(z.union([z.literal('nobody'), checked]), 'nobdy')).toEqual(['1:5: there is no such node']);
  });

  const steps = z.union([
    z.strictObject({ crash: z.string(), torn: z.boolean().optional() }),
    z.strictObject({ restart: z.string() }),
    z.strictObject({ run: z.int() }),
  ]);
  const step = (text: string): string[] => told(under('steps', steps), `steps: ${text}`);

  it('of mappings tells the issues of the one with the fewest unknown keys', () => {
    expect(step('{run: x}')).toEqual(['1:14: run is "x", expected a whole number']);
    expect(step('{crash: n1, tron: true}')).toEqual(['1:20: unknown step "tron", expected one of crash, restart, run']);
  });

  it('of mappings tells the unknown keys if no branch can be told from the others', () => {
    expect(step('{crsh: n1}')).toEqual(['1:9: unknown step "crsh", expected one of crash, restart, run']);
  });

  it('of mappings tells the known keys for an empty one', () => {
    expect(step('{}')).toEqual(['1:8: steps is empty, expected one of crash, restart, run']);
  });

  it('of mappings with a kind tells the kinds', () => {
    const kinds = z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('get'), key: z.string() }),
      z.strictObject({ kind: z.literal('put'), key: z.string(), value: z.string() }),
    ]);
    expect(complaint(under('to', kinds), 'to: {kind: pt}')).toBe(
      lines(
        'a.yaml:1:12: unknown kind "pt", expected one of get, put',
        'to: {kind: pt}',
        '           ^',
        'did you mean put?',
      ),
    );
    expect(either(kinds, '{}')).toEqual(['1:1: kind is missing, expected one of get, put']);
    expect(either(kinds, '{kind: get}')).toEqual(['1:1: key is missing, expected a text']);
    expect(either(kinds, '5')).toEqual(['1:5: to is 5, expected a mapping']);
  });

  it('inside of a union inside of a list keeps its places', () => {
    const schema = under('steps', z.array(z.union([z.enum(['run']), z.strictObject({ to: target })])));
    expect(told(schema, 'steps:\n  - run\n  - to: {name: 5, nodes: 1}\n  - 7')).toEqual([
      '3:16: name is 5, expected a text',
      '4:5: steps[2] is 7, expected run or a mapping',
    ]);
  });
});

describe('problemsOf', () => {
  it('is right, if less exact, about a schema that was not given the expectations', () => {
    const source = sourceOf('nodes: five\nname: 12');
    const schema = z.strictObject({ nodes: whole, name: whole });
    const { error } = schema.safeParse(source.data);
    expect(problemsOf(error ?? { issues: [] }, source, names)).toEqual([
      { line: 1, column: 8, message: 'nodes is "five", expected a number' },
      { line: 2, column: 7, message: 'name is 12, expected at most 9' },
    ]);
  });

  it('passes on paths as they are to the words of the language', () => {
    const paths: Path[] = [];
    const knownKeys = (path: Path): readonly string[] => (paths.push(path) > 0 ? ['a'] : []);
    const spy: Names = { knownKeys, nounOf: () => 'key' };
    const source = sourceOf('steps: [{b: 1}]');
    const schema = z.strictObject({ steps: z.array(z.strictObject({})) });
    const { error } = schema.safeParse(source.data, { error: expectations });
    problemsOf(error ?? { issues: [] }, source, spy);
    expect(paths).toEqual([['steps', 0]]);
  });
});
