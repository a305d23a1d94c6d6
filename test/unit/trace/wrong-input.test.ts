// Everything that can be wrong with a trace file has a message of its own, with its place and the way out.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.ts';
import { stepKinds } from '../../../src/sim/step.ts';
import { decodeTrace } from '../../../src/trace/format.ts';
import { runs, SEED } from '../../support/seed.ts';
import { complaint, fileOf, seedFileOf } from './files.ts';
import { samples } from './steps.ts';

const good = fileOf(samples);
const lines = good.split('\n');
const head = `${lines[0]}\n`;
const LINES = samples.length + 2;

/** The good file with one line changed; lines count from 1. */
function changed(line: number, change: (text: string) => string): string {
  const before = lines[line - 1] ?? '';
  const after = change(before);
  if (before === after) throw new Error(`line ${line} has nothing to change: ${before}`);
  return lines.toSpliced(line - 1, 1, after).join('\n');
}

const swap = (line: number, found: string, instead: string): string =>
  changed(line, (text) => text.replace(found, instead));

/** The columns of a text in a line, from 1. */
const columnOf = (line: number, text: string): number => (lines[line - 1] ?? '').indexOf(text) + 1;

const FIRST = 'expected a first line like {"raft-sim":"trace","format":1,...}';

describe('a file that is no trace', () => {
  it.each([
    ['an empty file', '', `a.trace:1:1: the file is empty; ${FIRST}`],
    ['blank lines', ' \n\n', `a.trace:1:1: the file is empty; ${FIRST}`],
    [
      'a NUL byte',
      `${head}ab\0c`,
      'a.trace:2:3: found binary data or UTF-16 (a NUL byte); expected a raft-sim trace, which is plain text',
    ],
    [
      'bytes that are no UTF-8',
      'PK\ufffd',
      'a.trace:1:3: found bytes that are not UTF-8; expected a raft-sim trace, which is plain text',
    ],
    ['a text', 'seed: 42\n', `a.trace:1:1: this is not a raft-sim trace: the first line is not JSON; ${FIRST}`],
    [
      'JSON over several lines',
      '{\n  "a": 1\n}\n',
      `a.trace:1:1: this is not a raft-sim trace: the first line is not JSON; ${FIRST}`,
    ],
    [
      'JSON of something else',
      '{"name":"raft-sim"}\n',
      `a.trace:1:1: this is not a raft-sim trace: the first line is JSON of something else; ${FIRST}`,
    ],
    ['a list', '[1]\n', `a.trace:1:1: this is not a raft-sim trace: the first line is a list; ${FIRST}`],
    ['a number', '17\n', `a.trace:1:1: this is not a raft-sim trace: the first line is 17; ${FIRST}`],
    ['null', 'null\n', `a.trace:1:1: this is not a raft-sim trace: the first line is null; ${FIRST}`],
    [
      'another file of ours',
      '{"raft-sim":"replay"}\n',
      `a.trace:1:1: this is not a raft-sim trace: "raft-sim" is "replay"; ${FIRST}`,
    ],
  ])('%s', (_name, text, message) => expect(complaint(text)).toBe(message));
});

describe('a header that is wrong', () => {
  it.each([
    ['another format', '"format":1', '"format":3', 30, 'this raft-sim reads formats 1 and 2, the file is format 3'],
    ['a format that is no number', '"format":1', '"format":"1"', 30, '"format" is "1"; expected a whole number from 1'],
    ['no format', '"format":1,', '', 1, 'the first line has no "format"; expected a whole number from 1'],
    [
      'an unknown key',
      '"version"',
      '"versoin"',
      32,
      'unknown key "versoin" in the first line; expected one of raft-sim, format, version, kind, plan',
    ],
    ['a version that is no text', '"0.1.0"', '1', 42, '"version" is 1; expected a text in double quotes'],
    ['an unknown kind', '"kind":"steps"', '"kind":"step"', 57, 'unknown "kind" "step"; expected one of steps, seed'],
    ['a plan that is no object', /"plan":\{.*\}\}/, '"plan":[]}', 72, 'the plan is a list; expected an object'],
    ['no plan', /,"plan":\{.*\}\}/, '}', 1, 'the first line has no "plan"; expected an object'],
    ['a plan without nodes', ',"nodes":5', '', 72, 'the plan has no "nodes"; expected a whole number from 1'],
    ['a plan with 0 nodes', '"nodes":5', '"nodes":0', 103, '"nodes" is 0; expected a whole number from 1'],
  ])('%s', (_name, found, instead, column, message) => {
    expect(complaint(changed(1, (text) => text.replace(found, instead)))).toBe(`a.trace:1:${column}: ${message}`);
  });

  it('of another format is refused for its format, whatever else it has', () => {
    const other = '{"raft-sim":"trace","format":3,"more":true}\n{"unknown":1}\n';
    expect(complaint(other)).toBe('a.trace:1:30: this raft-sim reads formats 1 and 2, the file is format 3');
  });

  it('may be written by hand, with blanks', () => {
    const { steps, intact } = decodeTrace(good.replace('{"raft-sim":"trace",', '{ "raft-sim": "trace", '), 'a.trace');
    expect([steps.length, intact]).toEqual([samples.length, false]);
  });
});

describe('a file that was cut off', () => {
  const IN_LINE = 'the trace ends in the middle of this line: it was cut off';

  it('in the middle of a line', () => {
    const cut = good.slice(0, good.indexOf('"do":"timer"'));
    expect(complaint(cut)).toBe(`a.trace:6:${columnOf(6, '"do"')}: ${IN_LINE}`);
  });

  it('between lines', () => {
    const message = 'the trace ends at step 3 without its last line: it was cut off';
    expect(complaint(`${lines.slice(0, 4).join('\n')}\n`)).toBe(`a.trace:5:1: ${message}`);
    expect(complaint(lines.slice(0, 4).join('\n'))).toBe(`a.trace:5:1: ${message}`);
    expect(complaint(head)).toBe('a.trace:2:1: the trace ends at step 0 without its last line: it was cut off');
  });

  it('is known as such wherever it was cut', () => {
    for (let length = 1; length < good.length - 1; length++) {
      expect(complaint(good.slice(0, length)), String(length)).toContain('cut off');
    }
  });

  it('of kind seed', () => {
    const text = seedFileOf([1_000, 2_000], 2_600);
    const told = complaint(text.slice(0, text.indexOf('{"end"')));
    expect(told).toBe('a.trace:4:1: the trace ends at step 2000 without its last line: it was cut off');
  });
});

describe('broken JSON', () => {
  it.each([
    ['a comma too many', ',"print"', ',,"print"', 'found ","; expected a key in double quotes', '"print"'],
    ['a comma left out', ',"print"', ' "print"', 'found "\\""; expected a comma or }', '"print"'],
    ['single quotes', '"step"', "'step'", 'found "\'"; expected a key in double quotes', '"step"'],
  ])('%s', (_name, found, instead, message, at) => {
    expect(complaint(swap(3, found, instead))).toBe(`a.trace:3:${columnOf(3, at)}: broken JSON: ${message}`);
  });

  it('that ends early in the middle of the file', () => {
    const told = complaint(changed(3, (text) => text.slice(0, -1)));
    const column = lines[2]?.length;
    expect(told).toBe(`a.trace:3:${column}: broken JSON: found the end of the line; expected a comma or }`);
  });

  it('an empty line', () => {
    const told = complaint(changed(3, () => ''));
    expect(told).toBe('a.trace:3:1: broken JSON: found the end of the line; expected a value');
  });
});

describe('a step that is wrong', () => {
  const KINDS = stepKinds.join(', ');
  const DELIVER = 'step, at, do, from, to, number, effects, print';

  // In the samples: line 2 is a delivery, 10 a failed write, 11 a crash, 16 a cut, 18 a slow spell, 22 a call.
  // prettier-ignore
  const cases = [
    ['an unknown kind', 2, '"deliver"', '"delivr"', '"deliver"', `unknown "do" "delivr"; expected one of ${KINDS}`],
    ['a kind that is no text', 2, '"deliver"', '7', '"deliver"', `"do" is 7; expected one of ${KINDS}`],
    ['no kind', 2, '"do":"deliver",', '', '{', `the line has no "do"; expected one of ${KINDS}`],
    ['a list', 2, /^.*$/, '[1]', '{', 'the line is a list; expected an object'],
    ['an unknown key', 2, '"from"', '"form"', '"from"', `unknown key "form" in the line; expected one of ${DELIVER}`],
    ['a key of another kind', 4, '"from"', '"node"', '"from"', /^unknown key "node" in the line; expected one of step/],
    ['a missing key', 2, '"number":5,', '', '{', 'the line has no "number"; expected a whole number from 1'],
    ['a number in quotes', 2, '"number":5', '"number":"5"', '5,"print', '"number" is "5"; expected a whole number from 1'],
    ['a fraction', 2, '"number":5', '"number":5.5', '5,"print', '"number" is 5.5; expected a whole number from 1'],
    ['number 0', 2, '"number":5', '"number":0', '5,"print', '"number" is 0; expected a whole number from 1'],
    ['a number that is too large', 2, '1234', '9007199254740993', '1234', /expected a whole number from 0$/],
    ['a time before the start', 2, '1234', '-1', '1234', '"at" is -1; expected a whole number from 0'],
    ['effects below 0', 3, '"effects":0', '"effects":-1', '0,"print', '"effects" is -1; expected a whole number from 0'],
    ['effects where there are none', 13, '"print"', '"effects":1,"print"', '"print"', /^unknown key "effects" in the line/],
    ['a node that does not exist', 2, '"n5"', '"n6"', '"n5"', '"to" is "n6", which does not exist: the plan has the nodes n1 to n5'],
    ['node n0', 2, '"n5"', '"n0"', '"n5"', '"to" is "n0"; expected a node: n1 to n5'],
    ['a node by its number', 2, '"n5"', '5', '"n5"', '"to" is 5; expected a node: n1 to n5'],
    ['no node', 12, ',"node":"n2"', '', '{', 'the line has no "node"; expected a node: n1 to n5'],
    ['an unknown reason', 4, '"cut"', '"gone"', '"cut"', 'unknown "reason" "gone"; expected one of lost, cut, full, down'],
    ['an unknown timer', 6, '"election"', '"vote"', '"election"', /^unknown "timer" "vote"; expected one of election, heartbeat, leaderContact, /],
    ['an unknown error', 10, '"sync"', '"read"', '"sync"', 'unknown "error" "read"; expected one of write, sync'],
    ['a torn that is no flag', 11, 'true', '1', 'true', '"torn" is 1; expected true or false'],
    ['links that are no list', 16, /\[\[.*\]\]/, '{}', '[[', '"links" is an object; expected a list of links like ["n1","n2"]'],
    ['a link with one end', 16, '["n5","n1"]', '["n5"]', '["n5"', 'a link is a list; expected two names like ["n1","n2"]'],
    ['a link that is a text', 16, '["n5","n1"]', '"n5"', '["n5"', 'a link is "n5"; expected two names like ["n1","n2"]'],
    ['a link to nowhere', 16, '["n5","n1"]', '["n5","n9"]', '"n1"]]', 'an end of a link in "links" is "n9", which does not exist: the plan has the nodes n1 to n5'],
    ['a link to a number', 16, '["n5","n1"]', '[5,"n1"]', '"n5","n1"]]', 'an end of a link in "links" is 5; expected a node: n1 to n5'],
    ['a shape that is no text', 16, '"two-way"', 'null', '"two-way"', '"shape" is null; expected a text in double quotes'],
    ['factor 0', 18, '"factor":10', '"factor":0', '10,"links', '"factor" is 0; expected a whole number from 1'],
    ['a clock that runs backwards', 20, '-200', '-1000000', '-200', '"ratePpm" is -1000000; expected a whole number from -999999'],
    ['a jump of half a microsecond', 20, '-1500', '0.5', '-1500', '"jump" is 0.5; expected a whole number'],
    ['client c0', 22, '"c3"', '"c0"', '"c3"', '"client" is "c0"; expected a client: "c1", "c2", ...'],
    ['an operation that is a text', 22, /\{"kind".*?\}/, '"put"', '{"kind"', 'an operation is "put"; expected an object'],
    ['no operation', 22, /,"operation":\{.*?\}/, '', '{', 'the line has no "operation"; expected an object'],
    ['an unknown operation', 22, '"put"', '"set"', '"put"', 'unknown "kind" "set"; expected one of get, read, put, append, cas, add, open'],
    ['a key of another operation', 22, '"value"', '"amount"', '"value"', 'unknown key "amount" in an operation; expected one of kind, key, value'],
    ['an operation without a value', 22, ',"value":"3.1"', '', '{"kind"', 'an operation has no "value"; expected a text in double quotes'],
    ['a print of 15 digits', 2, /"print":"./, '"print":"', '"', /^"print" is "[0-9a-f]{15}"; expected 16 hexadecimal digits in double quotes$/],
    ['a print with other letters', 2, /"print":"./, '"print":"G', '"', /^"print" is "G[0-9a-f]{15}"; expected 16 hex/],
    ['no print', 2, /,"print":".*"/, '', '{', 'the line has no "print"; expected 16 hexadecimal digits in double quotes'],
    ['a step left out', 5, '"step":4', '"step":5', '4,"at"', '"step" is 5; expected step 4: steps stand in order and none is left out'],
    ['a very long word', 2, '"deliver"', `"${'x'.repeat(1_000)}"`, '"deliver"', /^unknown "do" "x{39}\.\.\.; expected one of/],
    ['a word with control characters', 2, '"deliver"', '"\\u001b[2J"', '"deliver"', /^unknown "do" "\\u001b\[2J"; expected/],
  ] as const;

  it.each(cases)('%s', (_name, line, found, instead, at, message) => {
    const told = complaint(changed(line, (text) => text.replace(found, instead)));
    const [, place, words = ''] = /^(a\.trace:\d+:\d+): (.*)$/.exec(told) ?? [];
    if (typeof message === 'string') expect(words).toBe(message);
    else expect(words).toMatch(message);
    const column = at === '"' ? columnOf(line, '"print":"') + '"print":'.length : columnOf(line, at);
    expect(place).toBe(`a.trace:${line}:${column}`);
  });

  it('a checkpoint in a trace of kind steps', () => {
    expect(complaint(changed(2, () => '{"step":1,"print":"0123456789abcdef"}'))).toContain('the line has no "do"');
  });

  it('is pointed to the nearest right word if the caller knows one', () => {
    const asked: unknown[] = [];
    const nearest = (word: string, candidates: readonly string[]): string | undefined => {
      asked.push([word, candidates.includes('deliver')]);
      return word === 'delivr' ? 'deliver' : undefined;
    };
    expect(complaint(swap(2, '"deliver"', '"delivr"'), { nearest })).toBe(
      `a.trace:2:${columnOf(2, '"deliver"')}: unknown "do" "delivr"; did you mean "deliver"? expected one of ${KINDS}`,
    );
    expect(complaint(swap(2, '"from"', '"form"'), { nearest })).toContain('in the line; expected one of');
    expect(asked).toEqual([
      ['delivr', true],
      ['form', false],
    ]);
  });
});

describe('a checkpoint that is wrong', () => {
  const text = seedFileOf([1_000, 2_000], 2_600);

  // prettier-ignore
  const cases = [
    ['out of order', '"step":2000', '"step":1000', '"step" is 1000; expected a step behind 1000: checkpoints stand in order'],
    ['with a key too many', '"step":2000', '"step":2000,"do":"calm"', 'unknown key "do" in the line; expected one of step, print'],
    ['without a print', /,"print":"[0-9a-f]+"\}\n\{"end"/, '}\n{"end"', 'the line has no "print"; expected 16 hexadecimal digits in double quotes'],
  ] as const;

  it.each(cases)('%s', (_name, found, instead, message) => {
    const told = complaint(text.replace(found, instead));
    expect(told.replace(/^a\.trace:3:\d+: /, '')).toBe(message);
  });
});

describe('a last line that is wrong', () => {
  // prettier-ignore
  const cases = [
    ['end that is not true', '"end":true', '"end":1', '"end" is 1; expected true'],
    ['an unknown key', '"at"', '"time"', 'unknown key "time" in the line; expected one of end, steps, at, fingerprint, violation, sum'],
    ['another number of steps', '"steps":23', '"steps":24', '"steps" is 24; expected 23, the number of steps before this line'],
    ['a short fingerprint', /"fingerprint":"./, '"fingerprint":"', /^"fingerprint" is "[0-9a-f]{15}"; expected 16 hex/],
    ['no sum', /,"sum":"\w+"/, '', 'the line has no "sum"; expected 8 hexadecimal digits in double quotes'],
    ['a long sum', '"sum":"', '"sum":"0', /^"sum" is "0[0-9a-f]{8}"; expected 8 hexadecimal digits in double quotes$/],
    ['no violation', '"violation":null,', '', 'the line has no "violation"; expected null or an object'],
    ['a violation that is a text', '"violation":null', '"violation":"log"', 'the violation is "log"; expected an object'],
    ['a violation without a reason', 'null', '{"property":"a"}', 'the violation has no "why"; expected a text in double quotes'],
    ['a violation with more', 'null', '{"property":"a","why":"b","at":1}', 'unknown key "at" in the violation; expected one of property, why'],
  ] as const;

  it.each(cases)('%s', (_name, found, instead, message) => {
    const told = complaint(changed(LINES, (text) => text.replace(found, instead)));
    const words = told.replace(new RegExp(`^a\\.trace:${LINES}:\\d+: `), '');
    if (typeof message === 'string') expect(words).toBe(message);
    else expect(words).toMatch(message);
  });

  it('too few steps for the checkpoints', () => {
    const told = complaint(seedFileOf([10, 20], 20).replace('"steps":20', '"steps":19'));
    expect(told).toBe('a.trace:4:21: "steps" is 19; expected at least 20, the step of the last checkpoint');
  });

  it('lines behind it, as of two files in one', () => {
    expect(complaint(good + good)).toBe(
      `a.trace:${LINES + 1}:1: a line behind the last line of the trace (line ${LINES})`,
    );
  });
});

describe('any file', () => {
  it(`is either read or refused with a place; whatever is read after an edit is not intact (seed ${SEED})`, () => {
    const marks = fc.constantFrom(
      '',
      '0',
      '7',
      'a',
      '"',
      ',',
      '{',
      '}',
      '[',
      ']',
      ':',
      '\n',
      'null',
      '\u00e9',
      '\ufffd',
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(5), marks, (at, length, mark) => {
        const edited = good.slice(0, at) + mark + good.slice(at + length);
        if (edited.trimEnd() === good.trimEnd()) return;
        try {
          expect(decodeTrace(edited, 'a.trace').intact, edited).toBe(false);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          expect(error.message).toMatch(/^a\.trace:\d+:\d+: \S/);
          expect(error.message).not.toMatch(/\n/);
        }
      }),
      runs(3_000),
    );
  });
});
