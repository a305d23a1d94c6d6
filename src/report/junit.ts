// Scenarios as JUnit XML, which build servers read: a suite for each folder, a case for each scenario.
//
// A failure is an expectation or a promise; an error is a file with a mistake, or a defect. XML 1.0 has no way to write
// most control characters: they become U+FFFD.

import { count, folderOf, troubleLines, type Outcome, type ScenarioReport, type ScenarioResult } from './result.ts';

const NOT_IN_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const clean = (text: string): string => text.replace(NOT_IN_XML, '\ufffd');
const entity = (found: string): string => ENTITIES[found] ?? found;
const attribute = (text: string): string => clean(text).replace(/[&<>"\t\n\r]/g, entity);
const content = (text: string): string => clean(text).replace(/[&<>\r]/g, entity);

const seconds = (millis: number): string => (millis / 1000).toFixed(3);

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${attribute(String(value))}"`)
    .join('');
}

function counts(results: readonly ScenarioResult[]): Readonly<Record<string, number>> {
  return {
    tests: results.length,
    failures: count(results, 'failed'),
    errors: count(results, 'mistake') + count(results, 'defect'),
    skipped: count(results, 'not run'),
  };
}

const timeOf = (results: readonly ScenarioResult[]): string =>
  seconds(results.reduce((sum, { realMillis }) => sum + realMillis, 0));

const ELEMENTS: Readonly<Record<Outcome, string>> = {
  passed: '',
  failed: 'failure',
  mistake: 'error',
  defect: 'error',
  'not run': 'skipped',
};

function trouble(result: ScenarioResult): string[] {
  const element = ELEMENTS[result.outcome];
  if (element === '') return [];
  const lines = troubleLines(result);
  const type = result.failure?.kind ?? result.outcome;
  if (lines.length === 0) return [`      <${element}/>`];
  const { failure } = result;
  const short = failure === null ? '' : `: expected ${failure.expected}, found ${failure.found}`;
  const message = `${lines[0]}${short}`;
  const steps = failure === null || failure.lastSteps.length === 0 ? [] : ['', 'the last steps', ...failure.lastSteps];
  const told = content([...lines, ...steps].join('\n'));
  return [`      <${element}${attributes({ type, message })}>${told}</${element}>`];
}

function testcase(result: ScenarioResult): string[] {
  const { file, name, realMillis } = result;
  const open = `    <testcase${attributes({ name: name ?? file, classname: file, file, time: seconds(realMillis) })}`;
  const inside = trouble(result);
  return inside.length === 0 ? [`${open}/>`] : [`${open}>`, ...inside, '    </testcase>'];
}

export function junitXml({ results, realMillis }: ScenarioReport): string {
  const folders = new Map<string, ScenarioResult[]>();
  for (const result of results) {
    const folder = folderOf(result.file);
    const inFolder = folders.get(folder);
    if (inFolder === undefined) folders.set(folder, [result]);
    else inFolder.push(result);
  }
  const suites = Array.from(folders, ([name, inside]) => [
    `  <testsuite${attributes({ name, ...counts(inside), time: timeOf(inside) })}>`,
    ...inside.flatMap(testcase),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'raft-sim', ...counts(results), time: seconds(realMillis) })}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}
