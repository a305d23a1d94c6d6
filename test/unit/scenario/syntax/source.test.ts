// Any text is read or refused, and what is refused is told with its place, its line and plain words.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/base/errors.ts';
import { nearest } from '../../../../src/run/nearest.ts';
import { quote, ScenarioError, ScenarioSource } from '../../../../src/scenario/syntax/source.ts';
import { runs, seeded } from '../../../support/seed.ts';

const read = (text: string): ScenarioSource => ScenarioSource.read(text, 'a.yaml', nearest);
const dataOf = (text: string): unknown => read(text).data;

function errorOf(act: () => unknown): ScenarioError {
  try {
    act();
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error('expected a ScenarioError');
}

const complaint = (text: string): string => errorOf(() => read(text)).message;
const headline = (text: string): string => complaint(text).split('\n')[0] ?? '';
const lines = (...all: readonly string[]): string => all.join('\n');

describe('what is read', () => {
  it('is plain data, as YAML 1.2 has it', () => {
    const text = lines(
      'a: 1',
      'b: 1.5',
      'c: yes',
      'd: true',
      'e: ~',
      'f:',
      'g: 2020-01-01',
      'h: 0x10',
      'i: [on, {j: k}]',
    );
    expect(dataOf(text)).toStrictEqual({
      a: 1,
      b: 1.5,
      c: 'yes',
      d: true,
      e: null,
      f: null,
      g: '2020-01-01',
      h: 16,
      i: ['on', { j: 'k' }],
    });
  });

  it('has texts as keys, also where they look like something else', () => {
    expect(dataOf('1: a\ntrue: b\n"": c\n"null": d\n1.50: e')).toStrictEqual({
      '1': 'a',
      true: 'b',
      '': 'c',
      null: 'd',
      '1.50': 'e',
    });
  });

  it('knows no merge keys, no dates and no YAML 1.1, even if the file asks for them', () => {
    expect(dataOf('%YAML 1.1\n---\na: yes\n<<: {b: 2020-01-01}\n')).toStrictEqual({
      a: 'yes',
      '<<': { b: '2020-01-01' },
    });
  });

  it('may have a tag that only says that a text is a text', () => {
    expect(dataOf('a: !!str 1')).toStrictEqual({ a: '1' });
  });

  it('may begin with a byte order mark and a document mark, and end with a document mark', () => {
    expect(dataOf('\ufeff---\na: 1\n...\n')).toStrictEqual({ a: 1 });
  });

  it('may use aliases', () => {
    expect(dataOf('a: &x [1, &y z]\nb: *x\nc: {d: *y, e: *x}\n')).toStrictEqual({
      a: [1, 'z'],
      b: [1, 'z'],
      c: { d: 'z', e: [1, 'z'] },
    });
    expect(dataOf('&k a: 1\nb: *k')).toStrictEqual({ a: 1, b: 'a' });
    expect(dataOf('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toStrictEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  it('may use one alias very often', () => {
    const text = lines('a: &x [1, 2]', 'b:', ...Array.from({ length: 1000 }, () => '  - *x'));
    expect((dataOf(text) as { b: unknown[] }).b).toHaveLength(1000);
  });

  it('may be 60 levels deep', () => {
    expect(() => read(`a: ${'['.repeat(59)}${']'.repeat(59)}`)).not.toThrow();
  });
});

describe('a mistake', () => {
  it('is told with its place, its line, a caret and the nearest word', () => {
    expect(complaint('a: &leader n1\nb: [n2, *leadr]\n')).toBe(
      lines(
        'a.yaml:2:9: the alias "*leadr" has no anchor before it',
        'b: [n2, *leadr]',
        '        ^',
        'did you mean leader?',
      ),
    );
  });

  it('is a mistake of the user and carries the file and the problems', () => {
    const error = errorOf(() => read('a: 1\na: 2'));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.name).toBe('ScenarioError');
    expect(error.file).toBe('a.yaml');
    expect(error.problems).toStrictEqual([
      { line: 2, column: 1, message: 'duplicate key "a", the first one is in line 1' },
    ]);
  });

  it.each([
    ['a: 1\nb:\n  c: 2\n  c: 3\n', '4:3: duplicate key "c", the first one is in line 3'],
    ['{a: 1, a: 2}', '1:8: duplicate key "a", the first one is in line 1'],
    ['true: 1\n"true": 2', '2:1: duplicate key "true", the first one is in line 1'],
    ['1: x\n1: y', '2:1: duplicate key "1", the first one is in line 1'],
    ['\ufeffa: 1\na: 2', '2:1: duplicate key "a", the first one is in line 1'],
    ['\ufeff{a: 1, a: 2}', '1:8: duplicate key "a", the first one is in line 1'],
    ['a: 1\r\nb: 2\r\nb: 3\r\n', '3:1: duplicate key "b", the first one is in line 2'],
    ['a: 1\r\nb: {c: 2, c: 3}\r\n', '2:11: duplicate key "c", the first one is in line 2'],
    ['\ta: 1', '1:1: a tab, expected spaces'],
    ['a:\n\tb: 1', '2:1: a tab, expected spaces'],
    ['a: 1\n  \tb: 2', '2:3: a tab, expected spaces'],
    ['a: {\n\tb: 1}', '2:1: a tab, expected spaces'],
    ['a:\n  - b\n\t- c', '3:1: a tab, expected spaces'],
    ['', '1:1: the file is empty, expected a scenario'],
    [' \n\n', '1:1: the file is empty, expected a scenario'],
    ['# only\n# comments\n', '1:1: the file is empty, expected a scenario'],
    ['---\n', '1:1: the file is empty, expected a scenario'],
    ['- a', '1:1: the file is a list, expected a mapping: "key: value"'],
    ['# x\nhello', '2:1: the file is "hello", expected a mapping: "key: value"'],
    ['a:1', '1:1: the file is "a:1", expected a mapping: "key: value"'],
    ['~', '1:1: the file is nothing, expected a mapping: "key: value"'],
    ['5', '1:1: the file is 5, expected a mapping: "key: value"'],
    ['a: \0', '1:4: this is no text: found binary data, expected a scenario'],
    ['a: b\nc: \ufffd', '2:4: this is no text: found bytes that are not UTF-8, expected a scenario'],
    ['a: \x07', '1:4: this is no text: found the character U+0007, expected a scenario'],
    ['a: \ud800', '1:4: this is no text: found the character U+D800, expected a scenario'],
    ['a: 1\rb: 2', '1:5: this is no text: found the character U+000D, expected a scenario'],
    ['a: 1\n---\nb: 2', '2:1: a second document begins here, expected one in a file'],
    ['a: 1\n---\n', '2:1: a second document begins here, expected one in a file'],
    ['a: 1\n...\nb: 2', '3:1: a second document begins here, expected one in a file'],
    ['? [a]\n: 1', '1:3: this is no key, expected a word'],
    ['{[a]: 1}', '1:2: this is no key, expected a word'],
    ['? {a: b}\n: 1', '1:3: this is no key, expected a word'],
    ['null: 1', '1:1: this is no key, expected a word'],
    ['a: 1\n~: 1', '2:1: this is no key, expected a word'],
    [': 1', '1:1: this is no key, expected a word'],
    ['&a b: 1\n*a : 2', '2:1: this is no key, expected a word'],
    ['__proto__: {a: 1}', '1:1: no key may be called __proto__'],
    ['a: {"__proto__": 1}', '1:5: no key may be called __proto__'],
    ['a: !foo 1', '1:4: unknown tag "!foo", expected a value without a tag'],
    ['a: !!timestamp 2020-01-01', '1:4: unknown tag "!!timestamp", expected a value without a tag'],
    ['a: !!binary aaaa', '1:4: unknown tag "!!binary", expected a value without a tag'],
    ['a: !!set {b}', '1:4: unknown tag "!!set", expected a value without a tag'],
    ['a: !!js/function x', '1:4: unknown tag "!!js/function", expected a value without a tag'],
    ['a: !!int x', '1:4: unknown tag "!!int", expected a value without a tag'],
    ['a: *x', '1:4: the alias "*x" has no anchor before it: put quotes around text with , : # [ ] { } * &'],
    ['a: &a [*a]', '1:8: the alias "*a" stands inside of what it stands for'],
    ['a: &x &y 1', '1:7: broken YAML: A node can have at most one anchor'],
    ['a: &\nb: 1', '1:4: an anchor or alias without a name, expected one like &name or *name'],
  ])('%j', (text, told) => {
    expect(headline(text)).toBe(`a.yaml:${told}`);
  });
});

describe('a mistake of the syntax', () => {
  it.each([
    ['a: [1, 2\nb: 3', '1:4: this [ is not closed, expected a ] before a line that is indented less'],
    ['a: [\n1\n]', '1:4: this [ is not closed, expected a ] before a line that is indented less'],
    ['a: {b: [1}', '1:8: this [ is not closed, expected a ] before a line that is indented less'],
    ['a: {b: 1', '1:4: this { is not closed, expected a } before a line that is indented less'],
    ['a: "x\nb: 1\n', '1:4: this " is never closed'],
    ["a: 'x", "1:4: this ' is never closed"],
    ["a: 'it's'", '1:8: more text behind a value, expected a new line'],
    ['a: @x', '1:4: a text that begins with @, expected quotes around it'],
    ['a: `x', '1:4: a text that begins with `, expected quotes around it'],
    ['a: b: c', '1:4: a second ": " in one line, expected a new line, or quotes around the text'],
    ['a: 1\n b: 2', '2:2: this line is indented like a part of the value above, but has a key of its own'],
    ['a: 1\nkey\nb: 2', '2:1: a line without a colon, expected "key: value"'],
    ['a:\n  - b\n c: 1', '3:2: this line is indented differently from the keys beside it'],
    ['a: "x"\n  b: 2', '2:3: this line is indented differently from the keys beside it'],
    [
      's:\n  - a: 1\n    b: 2\n   c: 3',
      '4:4: this line is neither an item of the list nor indented like a part of the item above',
    ],
    ['a:\n- b\n-c', '3:1: a line without a colon, expected "key: value"'],
    ['a: - b', '1:4: a list behind its key, expected it to begin on a new line'],
    ['a: 1\n- b: 2', '2:1: this line does not fit the lines around it, expected "key: value"'],
    ['a: {b: 1}}', '1:10: a } that closes nothing'],
    ['a: 1\n]', '2:1: a ] that closes nothing'],
    ['a: [,]', '1:5: a comma without a value before it'],
    ['a: "x" y', '1:8: more text behind a value, expected a new line'],
    ['a: "x"#c', '1:7: a "#" right behind a value, expected a space before a comment'],
    ['a: "\\q"', '1:5: unknown escape \\q, expected one like \\n, or single quotes around the text'],
    ['a: |x\n b', '1:5: a text behind | or >, expected it to begin on a new line'],
    ['%FOO\n', '2:1: a line that begins with %, expected "key: value"'],
  ])('%j', (text, told) => {
    expect(headline(text)).toBe(`a.yaml:${told}`);
  });

  it('is told alone: those behind it are its consequences', () => {
    expect(complaint('a: [\n1\n]\nb: 1\n@: 2')).toBe(
      lines('a.yaml:1:4: this [ is not closed, expected a ] before a line that is indented less', 'a: [', '   ^'),
    );
  });
});

describe('a file that is too much', () => {
  it('is refused before anything looks at it', () => {
    expect(headline('x'.repeat(10_000_000))).toBe(
      'a.yaml:1:1: the file has 10 000 000 characters, expected at most 1 000 000',
    );
    expect(headline('a: 1\n'.repeat(200_001))).toBe(
      'a.yaml:1:1: the file has 1 000 005 characters, expected at most 1 000 000',
    );
    expect(headline('[\n'.repeat(5_000_000))).toContain('10 000 000 characters');
  });

  it.each([
    ['[', '1:61'],
    ['{a: ', '1:241'],
    ['- ', '1:121'],
    ['[\n', '61:1'],
  ])('is refused where %j nests too deep', (piece, place) => {
    expect(headline(piece.repeat(10_000))).toBe(`a.yaml:${place}: nested too deep, expected at most 60 levels`);
  });

  it('is refused where blocks nest too deep', () => {
    const stairs = Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(headline(stairs)).toBe('a.yaml:61:61: nested too deep, expected at most 60 levels');
  });

  it('is refused where aliases nest too deep', () => {
    const chain = Array.from({ length: 100 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}`}]`);
    expect(headline(chain.join('\n'))).toBe('a.yaml:59:12: nested too deep, expected at most 60 levels');
  });

  it('is refused where aliases of aliases blow up', () => {
    const bomb = Array.from({ length: 30 }, (_, i) => {
      const item = i === 0 ? 'x' : `*a${i - 1}`;
      return `a${i}: &a${i} [${Array.from({ length: 10 }, () => item).join(', ')}]`;
    });
    expect(headline(bomb.join('\n'))).toMatch(
      /^a\.yaml:6:\d+: too much with aliases written out, expected at most 1 000 000 characters$/,
    );
  });

  it('is refused where one long text is meant too often', () => {
    const text = lines(`a: &x ${'y'.repeat(10_000)}`, 'b:', ...Array.from({ length: 100 }, () => '- *x'));
    expect(headline(text)).toBe(
      'a.yaml:101:3: too much with aliases written out, expected at most 1 000 000 characters',
    );
  });
});

describe('several mistakes', () => {
  const source = read('a: 1\nb: {c: 2, d: 3}\n');

  it('are told in file order, and none twice', () => {
    const problems = [
      source.problem(['b', 'd'], 'key', 'third'),
      source.problem(['b', 'c'], 'value', 'second', 'secnd', ['second']),
      source.problem(['a'], 'key', 'first'),
      source.problem(['a'], 'key', 'first'),
    ];
    const error = errorOf(() => source.fail(problems));
    expect(error.problems.map(({ message }) => message)).toEqual(['first', 'second', 'third']);
    expect(error.message).toBe(
      lines(
        'a.yaml:1:1: first',
        'a: 1',
        '^',
        'a.yaml:2:8: second',
        'b: {c: 2, d: 3}',
        '       ^',
        'did you mean second?',
        'a.yaml:2:11: third',
        'b: {c: 2, d: 3}',
        '          ^',
      ),
    );
  });

  it('are counted from the 21st on', () => {
    const text = Array.from({ length: 31 }, (_, i) => `a: ${i}`).join('\n');
    const error = errorOf(() => read(text));
    expect(error.problems).toHaveLength(30);
    expect(error.message.split('\n')).toHaveLength(61);
    expect(error.message).toMatch(/\na: 20\n\^\nand 10 more mistakes$/);
    expect(complaint('a: 1\n'.repeat(22))).toMatch(/\nand 1 more mistake$/);
  });

  it('have messages that are cut', () => {
    expect(source.problem(['a'], 'key', 'x'.repeat(1000)).message).toBe(`${'x'.repeat(299)}…`);
  });
});

describe('a place', () => {
  const source = read(
    lines(
      '# a comment',
      'name: story',
      'cluster:',
      '  nodes: 3 # servers',
      '  empty:',
      'steps:',
      '  - crash: &who n1',
      '  - {cut: [n1, "n2"], 5: six}',
      '  -',
      'again: *who',
    ),
  );

  it.each([
    [[], '2:1', '2:1'],
    [['name'], '2:1', '2:7'],
    [['cluster'], '3:1', '4:3'],
    [['cluster', 'nodes'], '4:3', '4:10'],
    [['cluster', 'empty'], '5:3', '5:3'],
    [['steps'], '6:1', '7:3'],
    [['steps', 0], '7:5', '7:5'],
    [['steps', 0, 'crash'], '7:5', '7:17'],
    [['steps', 1], '8:5', '8:5'],
    [['steps', 1, 'cut'], '8:6', '8:11'],
    [['steps', 1, 'cut', 1], '8:16', '8:16'],
    [['steps', 1, '5'], '8:23', '8:26'],
    [['steps', 1, 5], '8:23', '8:26'],
    [['steps', 2], '9:4', '9:4'],
    [['again'], '10:1', '10:8'],
  ])('of %j', (path, key, value) => {
    expect([source.where(path, 'key'), source.where(path)]).toEqual([`a.yaml:${key}`, `a.yaml:${value}`]);
  });

  it('is that of the nearest ancestor for what does not exist', () => {
    expect(source.where(['seed'])).toBe('a.yaml:2:1');
    expect(source.where(['cluster', 'timing', 'x'])).toBe('a.yaml:3:1');
    expect(source.where(['name', 'length'])).toBe('a.yaml:2:1');
    expect(source.where(['steps', 7])).toBe('a.yaml:6:1');
    expect(source.where(['constructor'])).toBe('a.yaml:2:1');
  });

  it('inside of an alias is that of what it stands for', () => {
    const shared = read('a: &x {b: 1}\nc: *x\n');
    expect(shared.where(['c'])).toBe('a.yaml:2:4');
    expect(shared.where(['c', 'b'])).toBe('a.yaml:1:11');
  });

  it('has columns that line ends of CR LF and a byte order mark do not shift', () => {
    const odd = read('\ufeffa: 1\r\nb:\r\n  c: 2\r\n');
    expect(odd.place(['a'], 'value')).toEqual({ line: 1, column: 4 });
    expect(odd.place(['b', 'c'], 'value')).toEqual({ line: 3, column: 6 });
    expect(odd.excerpt(3, 6)).toEqual(['  c: 2', '     ^']);
  });

  it('leads to its data', () => {
    expect(source.at(['steps', 1, 'cut', 1])).toBe('n2');
    expect(source.at(['cluster', 'empty'])).toBeNull();
    expect(source.at(['again'])).toBe('n1');
    expect(source.at(['steps', 'length'])).toBeUndefined();
    expect(source.at(['toString'])).toBeUndefined();
  });
});

describe('an excerpt', () => {
  it('makes visible what a terminal would hide or obey', () => {
    expect(read('a:\t"\u202e\u200b" # x').excerpt(1, 4)).toEqual(['a:→"\ufffd\ufffd" # x', '   ^']);
  });

  it('has its caret below the column, also behind wide characters', () => {
    expect(read('日本: x').excerpt(1, 5)).toEqual(['日本: x', '      ^']);
    expect(read('é🙂: x').excerpt(1, 7)[1]).toBe('      ^');
  });

  it('is clipped around the caret', () => {
    const source = read(`a: ${'b'.repeat(100)}C${'d'.repeat(100)}`);
    const [line = '', caret = ''] = source.excerpt(1, 104);
    expect(line).toBe(`…${'b'.repeat(50)}C${'d'.repeat(49)}…`);
    expect(line[caret.indexOf('^')]).toBe('C');
    expect(source.excerpt(1, 1)).toEqual([`a: ${'b'.repeat(97)}…`, '^']);
    expect(source.excerpt(1, 204)[0]).toBe(`…${'d'.repeat(100)}`);
    expect(source.excerpt(1, 9999)[1]).toBe(`${' '.repeat(101)}^`);
  });

  it('is nothing for a line that shows nothing', () => {
    expect(read('a: 1\n  \n').excerpt(2, 1)).toEqual([]);
    expect(read('a: 1\n').excerpt(99, 1)).toEqual([]);
  });
});

describe('quote', () => {
  it('is short and harmless', () => {
    expect(quote('a"b\n')).toBe('"a\\"b\\n"');
    expect(quote('\u001b[31m\u0085\u202e')).toBe('"\\u001b[31m\\u{85}\\u{202e}"');
    expect(quote('x'.repeat(50))).toBe(`"${'x'.repeat(40)}…"`);
  });
});

describe(seeded('any text'), () => {
  const words =
    'a|b: |: |- |\n|\n  |\n    |\t|[|]|{|}|, |"|#|# c|&x |*x|!t |!!str |>-\n|? |---\n|...\n|%YAML 1.1\n|\\|1|~|<<: ';
  const oddities = ["'", '|\n', '\r\n', '\r', '\0', '\ufeff', '@', '`', '__proto__: ', '🙂', '\u2028'];
  const pieces = fc.constantFrom(...words.split('|'), ...oddities);
  const anyText = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
    fc.array(pieces, { maxLength: 40 }).map((all) => `a: 1\n${all.join('')}`),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );

  it('is read, or refused with a ScenarioError that shows each mistake where it is', () => {
    const refusal = (text: string): ScenarioError | undefined => {
      try {
        expect(read(text).data).toBeTypeOf('object');
        return undefined;
      } catch (error) {
        expect(error).toBeInstanceOf(ScenarioError);
        return error as ScenarioError;
      }
    };
    fc.assert(
      fc.property(anyText, (text) => {
        const error = refusal(text);
        if (error === undefined) return;
        const all = text.replace(/^\ufeff/, '').split('\n');
        for (const { line, column } of error.problems) {
          expect(line).toBeLessThanOrEqual(all.length);
          expect(column).toBeLessThanOrEqual((all[line - 1]?.length ?? 0) + 1);
        }
        expect(error.message).toMatch(/^a\.yaml:\d+:\d+: /);
        expect(error.message).not.toMatch(/[^\P{Cc}\n]/u);
        expect(error.message).not.toMatch(/undefined|NaN|\[object/);
      }),
      runs(5000),
    );
  });
});
