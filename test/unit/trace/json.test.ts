// The scanner that names the place of an error agrees with JSON.parse on what an error is.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiJson, findSyntaxProblem, offsetOf } from '../../../src/trace/json.ts';
import { runs, SEED } from '../../support/seed.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('asciiJson', () => {
  it('is JSON without a single character outside of ASCII', () => {
    const value = { ü: ['🙂', '\ufffd\u2028', '\ud800', '\u007f', 'a"\\\n'] };
    const text = asciiJson(value);
    expect(text).toMatch(/^[ -~]*$/);
    expect(JSON.parse(text)).toEqual(value);
  });
});

describe('findSyntaxProblem', () => {
  it.each([
    ['', 0, 'a value'],
    ['{', 1, 'a key in double quotes'],
    ['{"a"', 4, 'a colon'],
    ['{"a" 1}', 5, 'a colon'],
    ['{"a":', 5, 'a value'],
    ['{"a":}', 5, 'a value'],
    ['{"a":1 "b":2}', 7, 'a comma or }'],
    ['{"a":1,}', 7, 'a key in double quotes'],
    ["{'a':1}", 1, 'a key in double quotes'],
    ['[1,2', 4, 'a comma or ]'],
    ['[1 2]', 3, 'a comma or ]'],
    ['[1,]', 3, 'a value'],
    ['{"a":1}x', 7, 'nothing more on this line'],
    ['"abc', 4, 'a closing quote'],
    ['"a\tb"', 2, 'no control character inside quotes'],
    ['"\\x"', 2, 'one of "\\/bfnrtu behind a backslash'],
    ['"\\u00g0"', 5, 'four hexadecimal digits'],
    ['"\\', 2, 'the rest of an escape'],
    ['tru', 3, 'a value'],
    ['[truth]', 1, 'a value'],
    ['nul]', 0, 'a value'],
    ['-', 1, 'a value'],
    ['1.', 2, 'a digit'],
    ['1e', 2, 'a digit'],
    ['1e+', 3, 'a digit'],
    ['01', 1, 'nothing more on this line'],
    ['+1', 0, 'a value'],
    ['NaN', 0, 'a value'],
  ])('%j is wrong at %i: %s', (text, offset, expected) => {
    expect(isJson(text)).toBe(false);
    expect(findSyntaxProblem(text)).toEqual({ offset, expected });
  });

  it(`finds a problem exactly if JSON.parse does (seed ${SEED})`, () => {
    const marks = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      ' ',
      '0',
      '1',
      '-',
      '.',
      'e',
      'u',
      'null',
    );
    const broken = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(3), marks).map(([text, at, length, mark]) => {
      const i = at % (text.length + 1);
      return text.slice(0, i) + mark + text.slice(i + length);
    });
    fc.assert(
      fc.property(broken, (text) => {
        const problem = findSyntaxProblem(text);
        expect(problem === undefined).toBe(isJson(text));
        if (problem !== undefined) expect(problem.offset).toBeLessThanOrEqual(text.length);
      }),
      runs(3_000),
    );
  });

  it(`calls every text that only ends too early wrong at its end (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.object(), fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        const cut = text.slice(0, at % text.length);
        expect(findSyntaxProblem(cut)?.offset).toBe(cut.length);
      }),
      runs(1_000),
    );
  });

  it('does not follow a text into the deep', () => {
    expect(findSyntaxProblem('['.repeat(1_000_000))).toEqual({ offset: 201, expected: 'at most 200 levels' });
  });
});

describe('offsetOf', () => {
  const text = ' {"a": [10, {"b" :true}], "\\u0063": null}';

  it.each([
    [[], 'value', '{'],
    [['a'], 'value', '[10'],
    [['a'], 'key', '"a"'],
    [['a', 0], 'value', '10'],
    [['a', 1, 'b'], 'value', 'true'],
    [['a', 1, 'b'], 'key', '"b"'],
    [['c'], 'value', 'null'],
    [['c'], 'key', '"\\u0063"'],
  ] as const)('%j, the %s', (path, part, expected) => {
    expect(text.slice(offsetOf(text, path, part)).startsWith(expected)).toBe(true);
  });

  it('is 0 for what is not there', () => expect(offsetOf(text, ['d'], 'value')).toBe(0));
});
