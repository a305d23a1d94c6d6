// What a campaign came to, as plain data: one shape behind the text, the JSON document, JUnit, Markdown, annotations.
//
// Failures are in groups of one property and one way to violate it; each group keeps its smallest witness.
// Nothing here depends on real time, on the number of workers, or on how the seeds were shared out.

import type { Regressions } from '../campaign/regressions.ts';

/** What of the seeds is told. */
export interface CampaignFigures {
  readonly runs: number;
  readonly steps: number;
  readonly virtualMicros: number;
  readonly madeTwice: number;
  readonly situations: number;
  readonly goals: Readonly<Record<string, number>>;
  /** By abstract state of a server: in how many runs it was seen. */
  readonly stances: Readonly<Record<string, number>>;
  readonly drawn: Readonly<Record<string, number>>;
  readonly unknown: Readonly<Record<string, number>>;
  /** By property: in how many runs it could not be checked, as the system does not show what it needs. */
  readonly notApplicable?: Readonly<Record<string, number>>;
}

/** The smallest replay of a group. */
export interface SmallestReplay {
  readonly seed: string;
  readonly steps: number;
  readonly deliveries: number;
  readonly externals: number;
  readonly nodes: number;
  readonly tries: number;
  readonly isMinimal: boolean;
  /** The scenario, as YAML. */
  readonly scenario: string;
}

export interface FailureGroup {
  /** `election-safety-1a2b3c4d`: property and way to violate it; no replay decides it. */
  readonly name: string;
  readonly kind: string;
  readonly property: string;
  readonly why: string;
  /** The seeds that led here, in order. */
  readonly seeds: readonly string[];
  /** Undefined for what is not shrunk. */
  readonly smallest: SmallestReplay | undefined;
  /** What its seed drew, in one line. */
  readonly plan: string;
  /** What its variant switches about the node, in sentences. */
  readonly companions?: readonly string[];
  /** Repeats the finding: `raft-sim fuzz --seeds 7..7`. */
  readonly command: string;
}

export interface CampaignReport {
  /** `1..1000`; null if only the regressions were run. */
  readonly seeds: string | null;
  /** The range has an end, and not all of it was run. */
  readonly isPartial: boolean;
  /** Shards whose sums were not there: `3/16`. */
  readonly missing: readonly string[];
  readonly regressions: Regressions;
  readonly figures: CampaignFigures;
  readonly groups: readonly FailureGroup[];
  /** Findings that are in no group, because enough of their property were shrunk; by property. */
  readonly notShrunk: Readonly<Record<string, number>>;
}

const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');

/** What could not be checked, and in how many runs. */
export const notApplicableTexts = ({ figures }: CampaignReport): string[] =>
  Object.entries(figures.notApplicable ?? {}).map(
    ([name, runs]) => `${name} in ${thousands(runs)} of ${thousands(figures.runs)} runs`,
  );

/** Goals that no run reached. */
export const missedGoals = ({ figures }: CampaignReport): string[] =>
  Object.entries(figures.goals)
    .filter(([, runs]) => runs === 0)
    .map(([name]) => name);

/** Ways for a server to stand among the others that no run came to, of how many. */
export function missedStances({ figures: { stances } }: CampaignReport): { missed: string[]; all: number } {
  const names = Object.keys(stances);
  return { missed: names.filter((name) => stances[name] === 0), all: names.length };
}

export const findingsOf = ({ groups, notShrunk }: CampaignReport): number =>
  groups.reduce((sum, { seeds }) => sum + seeds.length, 0) + Object.values(notShrunk).reduce((sum, n) => sum + n, 0);

export function campaignJson(report: CampaignReport, version: string): object {
  return { schema: 'raft-sim/campaign-report@1', version, findings: findingsOf(report), ...report };
}

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
  const { missed: stances, all } = missedStances(report);
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
    const { steps, deliveries, externals, nodes, isMinimal } = smallest;
    const proof = isMinimal ? '; without any one of them the failure is gone' : '';
    parts.push(`\n${steps} steps (${deliveries} deliveries, ${externals} others) of ${nodes} servers${proof}:\n`);
    if (picture !== undefined) parts.push(fenced('mermaid', picture));
    parts.push(fenced('yaml', smallest.scenario));
  }
  parts.push(fenced('sh', command));
  return parts.join('');
}
