// A campaign as JUnit XML: a case for each way to fail and each failed regression, or one case that passed.
//
// The message holds the command that repeats it, and the text the shrunk replay. A missing shard is an error.

import type { FailedRegression } from '../campaign/regressions.ts';
import { notApplicableTexts, type CampaignReport, type FailureGroup } from './campaign.ts';
import { attributes, content } from './xml.ts';

type Attributes = Readonly<Record<string, string | number>>;

const testcase = (name: string, classname: string, inside?: readonly [tag: string, Attributes, string]): string[] => {
  const head = `    <testcase${attributes({ name, classname })}`;
  if (inside === undefined) return [`${head}/>`];
  const [tag, about, text] = inside;
  return [`${head}>`, `      <${tag}${attributes(about)}>${content(text)}</${tag}>`, '    </testcase>'];
};

function groupCase({ name, property, why, kind, command, smallest }: FailureGroup): string[] {
  const told = smallest === undefined ? command : `${command}\n\n${smallest.scenario}`;
  return testcase(name, property, ['failure', { type: kind, message: `${why}; repeat: ${command}` }, told]);
}

function regressionCase({ file, line, column, expected, found }: FailedRegression): string[] {
  const message = `expected ${expected}, found ${found}`;
  const about = { type: 'regression', message };
  return testcase(file, 'regressions', ['failure', about, `${file}:${line}:${column}: ${message}`]);
}

export function campaignJunit(report: CampaignReport): string {
  const { seeds, groups, figures, regressions, missing } = report;
  const skipped = notApplicableTexts(report).map((text) =>
    testcase(text, 'not applicable', ['skipped', { message: `not applicable: ${text}` }, '']),
  );
  const passed = regressions.played - regressions.failed.length;
  const cases = [
    ...(passed > 0 ? [testcase(`${passed} regressions`, 'regressions')] : []),
    ...regressions.failed.map(regressionCase),
    ...(seeds !== null && groups.length === 0 ? [testcase(`every promise, ${figures.runs} seeds`, 'raft-sim')] : []),
    ...groups.map(groupCase),
    ...skipped,
    ...missing.map((shard) =>
      testcase(`shard ${shard}`, 'shards', ['error', { type: 'missing', message: `shard ${shard} is missing` }, '']),
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
