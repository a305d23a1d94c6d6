// What is printed and where: how reporters are typed, which go together, and what is told of those that do not.
//
// Scenarios and campaigns read them in the same way.

import { describe, expect, it } from 'vitest';
import { chooseReporters, parseReporter } from '../../src/cli/ui/reporters.ts';
import { reporterNames } from '../../src/report/reporters.ts';

const read = (text: string) => text.split(' ').map((word) => parseReporter(word));

describe('a reporter', () => {
  it.each(reporterNames)('%s is read, with a file and without one', (name) => {
    expect(parseReporter(name)).toEqual({ name, file: undefined });
    expect(parseReporter(`${name}=a b=c.xml`)).toEqual({ name, file: 'a b=c.xml' });
  });

  it.each([
    ['jnit', 'unknown reporter "jnit"'],
    ['jnit:x', 'unknown reporter "jnit:x"'],
    ['', 'unknown reporter ""'],
    ['junit=', '--reporter is junit=, expected the name of a file behind the ='],
    ['junit:x.xml', '--reporter is "junit:x.xml", expected --reporter junit=x.xml'],
    ['junit x.xml', '--reporter is "junit x.xml", expected --reporter junit=x.xml'],
    ['text,json', '--reporter is "text,json", expected --reporter text --reporter json'],
  ])('%j is none', (text, why) => {
    expect(() => parseReporter(text)).toThrow(why);
  });
});

describe('what was asked for', () => {
  const toldOf = (text: string, json = false): string =>
    chooseReporters(text === '' ? [] : read(text), json)
      .map(({ name, file }) => (file === undefined ? name : `${name}=${file}`))
      .join(' ');

  it.each([
    ['', 'text'],
    ['json', 'json'],
    ['github text', 'github text'],
    ['junit=j.xml json=j.json', 'junit=j.xml json=j.json text'],
    ['junit=j.xml json', 'junit=j.xml json'],
    ['text=page.txt', 'text=page.txt'],
  ])('%j comes to %s', (text, told) => {
    expect(toldOf(text)).toBe(told);
  });

  it('has one document more with --json', () => {
    expect(toldOf('', true)).toBe('json');
    expect(toldOf('json', true)).toBe('json');
    expect(toldOf('json=j.json', true)).toBe('json=j.json json');
    expect(toldOf('text text')).toBe('text');
    expect(toldOf('junit=j.xml text=page.txt', true)).toBe('junit=j.xml text=page.txt json');
  });

  it.each([
    ['text json', 'the reporters text and json would all print', '--reporter json=report.json'],
    ['junit github', 'the reporters junit and github would all print', '--reporter junit=report.xml'],
    ['text markdown', 'the reporters text and markdown would all print', '--reporter markdown=report.md'],
    ['github text json', 'the reporters github and text and json would all print', '--reporter json=report.json'],
    ['junit=x text json=x', 'two reporters would write to x, expected a file for each'],
  ])('%s is refused', (text, ...parts) => {
    for (const part of parts) expect(() => toldOf(text)).toThrow(part);
  });

  it('--json is a reporter like any other', () => {
    expect(() => toldOf('text', true)).toThrow('the reporters text and json would all print to standard output');
  });
});
