// JUnit XML, which build servers read. Scenarios: a suite for each folder, a case for each file. A campaign: a case for
// each way to fail and each failed regression, or one that passed.
//
// A failure is an expectation or a promise; an error is a mistake, a defect or a missing shard. Scenarios have their
// real times; a campaign has none, so that its report depends on its seeds alone.

import type { FailedRegression } from '../campaign/regressions.ts';
import { notApplicableTexts, type CampaignReport, type FailureGroup } from './campaign.ts';
import type { ReporterDescription } from './reporter.ts';
import {
  countOutcomes,
  folderOf,
  troubleLines,
  type ScenarioOutcome,
  type ScenarioReport,
  type ScenarioResult,
} from './result.ts';
import { attributes, content } from './xml.ts';

const seconds = (millis: number): string => (millis / 1000).toFixed(3);

function countsOf(results: readonly ScenarioResult[]): Readonly<Record<string, number>> {
  return {
    tests: results.length,
    failures: countOutcomes(results, 'failed'),
    errors: countOutcomes(results, 'mistake') + countOutcomes(results, 'defect'),
    skipped: countOutcomes(results, 'not run'),
  };
}

const timeOf = (results: readonly ScenarioResult[]): string =>
  seconds(results.reduce((sum, { realMillis }) => sum + realMillis, 0));

const ELEMENTS: Readonly<Record<ScenarioOutcome, string>> = {
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
  const text = content([...lines, ...steps, ...atTheEnd].join('\n'));
  return [`      <${element}${attributes({ type, message })}>${text}</${element}>`];
}

function scenarioCase(result: ScenarioResult): string[] {
  const { file, name, realMillis } = result;
  const open = `    <testcase${attributes({ name: name ?? file, classname: file, file, time: seconds(realMillis) })}`;
  const inside = trouble(result);
  return inside.length === 0 ? [`${open}/>`] : [`${open}>`, ...inside, '    </testcase>'];
}

export function scenariosJunit({ results, realMillis }: ScenarioReport): string {
  const folders = new Map<string, ScenarioResult[]>();
  for (const result of results) {
    const folder = folderOf(result.file);
    const inFolder = folders.get(folder);
    if (inFolder === undefined) folders.set(folder, [result]);
    else inFolder.push(result);
  }
  const suites = Array.from(folders, ([name, inside]) => [
    `  <testsuite${attributes({ name, ...countsOf(inside), time: timeOf(inside) })}>`,
    ...inside.flatMap(scenarioCase),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'raft-sim', ...countsOf(results), time: seconds(realMillis) })}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

type Attributes = Readonly<Record<string, string | number>>;

const campaignCase = (
  name: string,
  classname: string,
  inside?: readonly [tag: string, Attributes, string],
): string[] => {
  const head = `    <testcase${attributes({ name, classname })}`;
  if (inside === undefined) return [`${head}/>`];
  const [tag, about, text] = inside;
  return [`${head}>`, `      <${tag}${attributes(about)}>${content(text)}</${tag}>`, '    </testcase>'];
};

function groupCase({ name, property, why, kind, command, smallest }: FailureGroup): string[] {
  const text = smallest === undefined ? command : `${command}\n\n${smallest.scenario}`;
  return campaignCase(name, property, ['failure', { type: kind, message: `${why}; repeat: ${command}` }, text]);
}

function regressionCase({ file, line, column, expected, found }: FailedRegression): string[] {
  const message = `expected ${expected}, found ${found}`;
  const about = { type: 'regression', message };
  return campaignCase(file, 'regressions', ['failure', about, `${file}:${line}:${column}: ${message}`]);
}

export function campaignJunit(report: CampaignReport): string {
  const { seeds, groups, figures, regressions, missing } = report;
  const skipped = notApplicableTexts(report).map((text) =>
    campaignCase(text, 'not applicable', ['skipped', { message: `not applicable: ${text}` }, '']),
  );
  const passed = regressions.played - regressions.failed.length;
  const cases = [
    ...(passed > 0 ? [campaignCase(`${passed} regressions`, 'regressions')] : []),
    ...regressions.failed.map(regressionCase),
    ...(seeds !== null && groups.length === 0
      ? [campaignCase(`every promise, ${figures.runs} seeds`, 'raft-sim')]
      : []),
    ...groups.map(groupCase),
    ...skipped,
    ...missing.map((shard) =>
      campaignCase(`shard ${shard}`, 'shards', [
        'error',
        { type: 'missing', message: `shard ${shard} is missing` },
        '',
      ]),
    ),
  ];
  const counts = {
    tests: cases.length,
    failures: groups.length + regressions.failed.length,
    errors: missing.length,
    ...(skipped.length > 0 ? { skipped: skipped.length } : {}),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'raft-sim fuzz', ...counts })}>`,
    `  <testsuite${attributes({ name: seeds === null ? 'regressions' : `seeds ${seeds}`, ...counts })}>`,
    ...cases.flat(),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

export const junitReporter = {
  name: 'junit',
  ending: 'xml',
  scenarios: scenariosJunit,
  campaign: campaignJunit,
} as const satisfies ReporterDescription;
