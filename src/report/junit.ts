// Scenarios as JUnit XML, which build servers read: a suite for each folder, a case for each scenario.
//
// A failure is an expectation or a promise; an error is a file with a mistake, or a defect.
//
// Real time stands in it, so two runs differ; everything else is decided by the files.

import { count, folderOf, troubleLines, type Outcome, type ScenarioReport, type ScenarioResult } from './result.ts';
import { attributes, content } from './xml.ts';

const seconds = (millis: number): string => (millis / 1000).toFixed(3);

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
  const { lastSteps = [], servers = [] } = failure ?? {};
  const steps = lastSteps.length === 0 ? [] : ['', 'the last steps', ...lastSteps];
  const atTheEnd = servers.length === 0 ? [] : ['', 'the servers', ...servers];
  const told = content([...lines, ...steps, ...atTheEnd].join('\n'));
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
