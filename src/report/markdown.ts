// Scenarios and campaigns as Markdown, as the summary of a GitHub step and a page for people.
//
// Texts of users stand in it with nothing that Markdown would take for its own.

import {
  findingsOf,
  missedGoals,
  missedNodeStates,
  notApplicableTexts,
  type CampaignReport,
  type FailureGroup,
} from './campaign.ts';
import type { ReporterDescription } from './reporter.ts';
import {
  countOutcomes,
  troubleLines,
  type ScenarioOutcome,
  type ScenarioReport,
  type ScenarioResult,
} from './result.ts';

const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');

/** GitHub takes a mebibyte for the summary of a step, and drops a longer one whole. */
const MARKDOWN_BYTES_MAX = 900_000;

const table = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`).join('');

/** A text between other texts, with nothing that Markdown would take for its own. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&').replace(/\s*\n\s*/g, ' ');

/** Enough backquotes for a block with this text. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([found]) => found.length));
  const fence = '`'.repeat(longest + 1);
  return `\n${fence}${language}\n${text.trimEnd()}\n${fence}\n`;
}

const bytesIn = (text: string): number => new TextEncoder().encode(text).length;

export function campaignMarkdown(report: CampaignReport, pictures: ReadonlyMap<string, string>): string {
  const { groups } = report;
  const parts = [markdownHead(report)];
  const tail = markdownTail(report);
  let room = MARKDOWN_BYTES_MAX - bytesIn(parts.join('')) - bytesIn(tail);
  for (const group of groups) {
    const text = `\n${groupMarkdown(group, pictures.get(group.name), '##')}`;
    room -= bytesIn(text);
    if (room < 0) {
      parts.push('\nThere is no room for the other ways to fail here; each has a folder among the reports.\n');
      break;
    }
    parts.push(text);
  }
  return parts.concat(tail).join('');
}

function markdownHead(report: CampaignReport): string {
  const { figures, groups, seeds, isPartial, missing, regressions } = report;
  const title = seeds === null ? 'regressions' : `seeds ${seeds}`;
  const parts = [`# raft-sim fuzz, ${title}\n\n`];
  if (seeds !== null) {
    const names = ['runs', 'steps', 'abstract situations', 'made twice', 'failed', 'ways to fail'];
    const { runs, steps, situations, madeTwice } = figures;
    const cells = [runs, steps, situations, madeTwice, findingsOf(report), groups.length].map(thousands);
    parts.push(table([names, names.map(() => '---'), cells]));
  }
  if (regressions.played > 0) {
    parts.push(`\n${thousands(regressions.played)} regressions were played, ${regressions.failed.length} failed.\n`);
  }
  for (const { file, line, expected, found } of regressions.failed.slice(0, 100)) {
    parts.push(`- ${plain(`${file}:${line}`)}: expected ${plain(expected)}, found ${plain(found)}\n`);
  }
  if (missing.length > 0) parts.push(`\n**Shards are missing:** ${missing.join(', ')}.\n`);
  if (isPartial) parts.push('\nNot all of these seeds were run.\n');
  if (isGood(report) && figures.runs > 0) parts.push('\nEvery promise was kept.\n');
  return parts.join('');
}

function markdownTail(report: CampaignReport): string {
  const parts: string[] = [];
  for (const [property, n] of Object.entries(report.notShrunk)) {
    parts.push(`\n${thousands(n)} more findings of ${plain(property)} were not shrunk.\n`);
  }
  for (const text of notApplicableTexts(report)) parts.push(`\nNot applicable: ${plain(text)}.\n`);
  const missed = missedGoals(report);
  if (missed.length > 0 && report.figures.runs > 0) {
    parts.push(`\nGoals that no run reached: ${missed.map((name) => `\`${name}\``).join(', ')}.\n`);
  }
  const { missed: stances, all } = missedNodeStates(report);
  if (stances.length > 0 && report.figures.runs > 0) {
    parts.push(`\n${all - stances.length} of ${all} stances of a server were seen; never: ${stances.join('; ')}.\n`);
  }
  return parts.join('');
}

const isGood = ({ groups, regressions }: CampaignReport): boolean =>
  groups.length === 0 && regressions.failed.length === 0;

export function groupMarkdown(group: FailureGroup, picture: string | undefined, heading: string): string {
  const { name, property, why, seeds, smallest, plan, companions, command } = group;
  const parts = [`${heading} ${plain(name)}\n\n\`${property}\`: ${plain(why)}\n\n`];
  parts.push(`Seeds: ${seeds.slice(0, 20).join(', ')}${seeds.length > 20 ? `, and ${seeds.length - 20} more` : ''}.\n`);
  parts.push(`\nDrawn: ${plain(plan)}.\n`);
  for (const text of companions ?? []) parts.push(`\n${plain(text)}.\n`);
  if (smallest !== undefined) {
    const { steps, deliveries, externals, nodes, isMinimal, difference } = smallest;
    const proof = isMinimal ? '; without any one of them the failure is gone' : '';
    parts.push(`\n${steps} steps (${deliveries} deliveries, ${externals} others) of ${nodes} servers${proof}:\n`);
    if (difference !== undefined) parts.push(`\n${plain(difference.sentence)}:\n`, fenced('text', difference.line));
    if (picture !== undefined) parts.push(fenced('mermaid', picture));
    parts.push(fenced('yaml', smallest.scenario));
  }
  parts.push(fenced('sh', command));
  return parts.join('');
}

const OUTCOMES: readonly ScenarioOutcome[] = ['passed', 'failed', 'mistake', 'defect', 'not run'];

/** A table of the outcomes, and a chapter for each scenario that did not pass. */
export function scenariosMarkdown({ results, interrupted }: ScenarioReport): string {
  const counts = table([
    OUTCOMES,
    OUTCOMES.map(() => '---'),
    OUTCOMES.map((outcome) => countOutcomes(results, outcome)),
  ]);
  const parts = [`# raft-sim scenario run\n\n${counts}`];
  if (interrupted) parts.push('\nNot all of these scenarios were played.\n');
  else if (results.every(({ outcome }) => outcome === 'passed')) parts.push('\nEvery scenario passed.\n');
  let room = MARKDOWN_BYTES_MAX - bytesIn(parts.join(''));
  for (const result of results.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not run')) {
    const text = scenarioMarkdown(result);
    room -= bytesIn(text);
    if (room < 0) {
      parts.push('\nThere is no room for the other scenarios here.\n');
      break;
    }
    parts.push(text);
  }
  return parts.join('');
}

function scenarioMarkdown(result: ScenarioResult): string {
  const { file, name, failure } = result;
  const parts = [`\n## ${plain(name ?? file)}\n`, fenced('text', troubleLines(result).join('\n'))];
  const { lastSteps = [], servers = [] } = failure ?? {};
  if (lastSteps.length > 0) parts.push(fenced('text', lastSteps.join('\n')));
  if (servers.length > 0) parts.push(fenced('text', servers.join('\n')));
  return parts.join('');
}

export const markdownReporter = {
  name: 'markdown',
  ending: 'md',
  scenarios: scenariosMarkdown,
  campaign: (report, { pictures = new Map() }) => campaignMarkdown(report, pictures),
} as const satisfies ReporterDescription;
