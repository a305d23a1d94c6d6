// What a scenario says wrongly is told before it is played, with what should stand there instead.

import { describe, expect, it } from 'vitest';
import { messageNames } from '../../../src/protocol/messages/text.ts';
import { ScenarioError } from '../../../src/scenario/syntax/source.ts';
import { readStory } from '../../support/scenario.ts';

/** Each mistake of a file that begins with these lines: its place behind the first two lines, and what is told. */
function told(...lines: readonly string[]): string[] {
  try {
    const steps = lines.some((line) => /^ *steps:/.test(line)) ? [] : ['steps: [heal]'];
    readStory(['name: a', 'why: for a test of mistakes', ...lines, ...steps, ''].join('\n'));
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ line, column, message }) => `${line - 2}:${column}: ${message}`);
  }
}

const step = (text: string): string[] => told('steps:', `  - ${text}`).map((line) => line.replace(/^2:/, ''));

describe('a field beside its verb', () => {
  it.each([
    ['{ propose: add n 5, as: pay, to: n1 }', 'propose: { command: add n 5, to: n1 }, as: pay', 'to'],
    ['{ read: x, to: n2 }', 'read: { key: x, to: n2 }', 'to'],
    ['{ crash: n1, keep: none }', 'crash: { node: n1, keep: none }', 'keep'],
    ['{ agree: all, command: put x 1 }', 'agree: { on: all, command: put x 1 }', 'command'],
    ['{ run: 500ms, faults: lossy }', 'run: { for: 500ms, faults: lossy }', 'faults'],
    ['{ deliver: n1 -> n2, nth: 2 }', 'deliver: { from: n1, to: n2, nth: 2 }', 'nth'],
    ['{ deliver: { from: n1 }, nth: 2 }', 'deliver: { from: n1, nth: 2 }', 'nth'],
    ['{ cut: n1 -> n2, shape: wall }', 'cut: { links: n1 -> n2, shape: wall }', 'shape'],
  ])('%s', (text, right, field) => {
    const [verb] = /\w+/.exec(text) ?? [];
    const column = text.lastIndexOf(`${field}:`) + 5;
    expect(step(text)).toEqual([`${column}: "${field}" is a field of ${verb}, not of the step: write { ${right} }`]);
  });

  it('has a main field that the verb knows', () => {
    expect(step('{ propose: put x 1, ass: w }')[0]).toMatch(/^25: unknown verb "ass", expected one of run, /);
  });

  it('of the cluster', () => {
    expect(told('nodes: 3')).toEqual(['1:1: "nodes" is a field of cluster: write cluster: { nodes: 3 }']);
  });
});

describe('what happens by itself', () => {
  it.each([
    ['persist: n1', 'persist', 'writes'],
    ['fail write: n1', 'fail write', 'writes'],
    ['answer: { client: 1, number: 1 }', 'answer', 'answers'],
  ])('is not for a step: %s', (text, verb, hand) => {
    const message = `5: ${verb} is for clusters whose ${hand} are done by hand; add cluster: { byHand: [${hand}] }`;
    expect(step(text)).toEqual([message]);
    expect(told(`cluster: { byHand: [${hand}] }`, 'steps:', `  - ${text}`)).toEqual([]);
    expect(told('cluster: { byHand: [boot] }', 'steps:', `  - ${text}`)[0]).toContain(`byHand: [boot, ${hand}]`);
  });
});

describe('a name', () => {
  it('for nothing', () => {
    expect(step('{ run: 1s, as: foo }')).toEqual([
      '16: as: names nothing beside run, expected it beside a step about nodes, a call or links',
    ]);
  });

  it('that a retry gives is that of a call', () => {
    const steps = ['  - { propose: put x 1, as: one }', '  - { retry: one, as: again }', '  - retry: again'];
    expect(told('steps:', ...steps)).toEqual([]);
  });
});

describe('a value of the wrong shape', () => {
  it.each([
    ['expect: leader n1', '1:9: expect is "leader n1", expected a mapping such as { leader: n1, term: 1 }'],
    ['expect: [leader]', '1:9: expect is a list, expected a mapping such as { leader: n1, term: 1 }'],
    ['never: leader n1', '1:8: never is "leader n1", expected a mapping or a list such as { leader: n1, term: 1 }'],
    ['expect: { logs: 1 1 }', '1:17: logs is "1 1", expected a mapping such as { all: 1 1 }'],
    ['steps: [clock: n1]', '1:16: clock is "n1", expected a mapping such as { node: n1, rate: +20%, jump: -100ms }'],
    [
      'expect: { leader: { n1: leader } }',
      '1:21: unknown key "n1", expected one of node, term; for the role of a node: roles',
    ],
    [
      'cluster: { nodes: 3 to 50 }',
      '1:19: nodes is "3 to 50", expected a number of servers such as 3, or a range such as 3 to 5, at most 9',
    ],
    [
      'cluster: { nodes: { default: 7, from: 3, to: 5 } }',
      '1:19: nodes is a mapping, expected a default between from and to',
    ],
  ])('%s', (text, message) => expect(told(text)).toEqual([message]));

  it('of an answer', () => {
    expect(told('steps: [{ propose: put x 1, as: r }]', 'expect: { answers: { r: 1 } }')).toEqual([
      '2:25: r is 1, expected ok, ok VALUE, ok empty, refused, expired, unknown or not ok',
    ]);
  });
});

describe('a word that means something else elsewhere', () => {
  it.each([
    ['cut: n1 => n2', '10: the link "n1 => n2", expected another arrow: n1 -> n2'],
    ['deliver: n1 --> n2 AppendEntries', '14: the link "n1 --> n2", expected another arrow: n1 -> n2'],
    ['timeout: all except n3', '14: unknown node or group "all except n3": write all but n3'],
    [
      'deliver: n1 -> n2 appendEntries',
      `14: unknown message kind "appendEntries", expected one of ${messageNames.join(', ')}`,
    ],
    ['split: [[n1, n2], [n2, n3]]', '24: n2 is on two sides'],
    ['split: { a: n1, b: [n1, n2] }', '25: n1 is on two sides'],
  ])('%s', (text, message) => expect(step(text)).toEqual([message]));

  it('is near the right one whatever its case', () => {
    expect(() => readStory('name: a\nwhy: for a test of mistakes\ncluster: { node: { noop: false } }')).toThrow(
      'did you mean noOpOnElection?',
    );
  });
});

describe('a character that YAML takes for something else', () => {
  const QUOTES = 'put quotes around text with , : # [ ] { } * &';
  it.each([
    ['{ propose: put x a: b }', `16: a second ": " inside of { }: ${QUOTES}`],
    [
      '{ propose: put x #1, as: w }',
      `5: this { is not closed, expected a } before a line that is indented less: a # begins a comment, ${QUOTES}`,
    ],
    ['{ propose: put x [1], as: w }', `22: a bracket inside of a text: ${QUOTES}`],
    ['{ propose: put x {1}, as: w }', `22: a bracket inside of a text: ${QUOTES}`],
    ['{ propose: put x a,b, as: w }', `24: "b" without a value: ${QUOTES}`],
    ['{ propose: *x }', `16: the alias "*x" has no anchor before it: ${QUOTES}`],
  ])('%s', (text, message) => expect(step(text)).toEqual([message]));
});
