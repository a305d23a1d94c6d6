// A campaign as text: one line while it runs, and what it came to.
//
// The line has real time in it; the report below it only says how long it took.

import { CLUSTER_STATES_KEPT } from '../../campaign/cluster-states.ts';
import {
  failedSeedsOf,
  findingsOf,
  missedGoals,
  missedNodeStates,
  notApplicableTexts,
  type CampaignReport,
  type FailureGroup,
} from '../../report/campaign.ts';
import type { Signal } from '../exit-code.ts';
import { row, itemsRow, rowWhole, SCENARIO_LINES_MAX, tooLongText, type RowShape } from '../ui/layout.ts';
import { countText, groupDigits, realTimeText, virtualTimeText } from '../ui/units.ts';
import { shellText } from '../run/input.ts';

export interface Standing {
  readonly runs: number;
  /** Since this program began: an earlier night is not counted. */
  readonly runsNow: number;
  readonly stepsNow: number;
  readonly situations: number;
  readonly failures: number;
  readonly millis: number;
  readonly budget: number | undefined;
  /** How many seeds there are to be run now; undefined: no end. */
  readonly seedsNow: number | undefined;
  /** Findings that are still to be shrunk; undefined while seeds are run. */
  readonly toShrink: number | undefined;
}

/** Where a campaign stands. */
export function standingLine(standing: Standing): string {
  const { runs, runsNow, stepsNow, situations, failures, millis } = standing;
  const perSecond = (n: number): string => groupDigits(millis > 0 ? (n * 1000) / millis : 0);
  return [
    countText(runs, 'seed'),
    `${perSecond(runsNow)} seeds/s`,
    `${perSecond(stepsNow)} steps/s`,
    `${situationsText(situations)} situations`,
    countText(failures, 'finding'),
    ...restOf(standing),
  ].join(' · ');
}

function restOf({ runsNow, millis, budget, seedsNow, toShrink }: Standing): string[] {
  if (toShrink !== undefined) return [`shrinking, ${toShrink} to go`];
  if (budget !== undefined && millis >= budget) return ['the last seeds'];
  const rests: number[] = [];
  if (budget !== undefined) rests.push(budget - millis);
  if (seedsNow !== undefined && runsNow > 0) rests.push(((seedsNow - runsNow) * millis) / runsNow);
  return rests.length === 0 ? [] : [`${realTimeText(Math.min(...rests))} left`];
}

/** Beyond what is counted exactly, three digits say what is known. */
function situationsText(n: number): string {
  if (n < CLUSTER_STATES_KEPT) return groupDigits(n);
  const unit = 10 ** (String(n).length - 3);
  return `about ${groupDigits(Math.round(n / unit) * unit)}`;
}

const estimateText = (n: number): string =>
  n < CLUSTER_STATES_KEPT ? '' : ` (estimated from the ${groupDigits(CLUSTER_STATES_KEPT)} that are kept)`;

/** What of the real time went where. */
export interface Speed {
  readonly millis: number;
  readonly searchMillis: number;
  readonly runsNow: number;
}

export interface FuzzTextOptions {
  readonly folderOf: (name: string) => string;
  /** How this program is started. */
  readonly program: string;
  /** Undefined where nothing was run. */
  readonly speed: Speed | undefined;
  readonly signal: Signal | undefined;
  readonly isQuiet: boolean;
  /** The regressions were printed when they had been played. */
  readonly areRegressionsPrinted: boolean;
}

/** What a campaign came to. */
export function fuzzLines(report: CampaignReport, options: FuzzTextOptions, shape: RowShape): string[] {
  const { groups, notShrunk, seeds } = report;
  const { speed, isQuiet, areRegressionsPrinted } = options;
  const lines = areRegressionsPrinted ? [] : regressionLines(report, isQuiet, shape);
  if (seeds === null) return lines;
  if (!isQuiet) {
    lines.push(...figureLines(report, shape));
    if (speed !== undefined) lines.push(...row(shape, 'real time', speedText(speed)));
    lines.push('');
    for (const group of groups) lines.push(...groupLines(group, options, shape), '');
    for (const [property, n] of Object.entries(notShrunk)) {
      lines.push(...row(shape, 'also', `${countText(n, 'more finding')} of ${property}, ${WHY_NOT_SHRUNK}`));
    }
  }
  return [...lines, ...endingLines(report, options, shape)];
}

function figureLines(report: CampaignReport, shape: RowShape): string[] {
  const { figures } = report;
  const { runs, virtualMicros, steps, situations, drawn, madeTwice, unknown } = figures;
  const time = virtualTimeText(virtualMicros);
  const ran = `${countText(runs, 'seed')}, ${time} of virtual time, ${groupDigits(steps)} steps`;
  if (runs === 0) return row(shape, 'runs', 'none');
  const missed = missedGoals(report);
  const counts = (of: Readonly<Record<string, number>>, text: (word: string, n: number) => string): string[] =>
    Object.entries(of).map(([word, n]) => text(word, n));
  return [
    ...row(shape, 'runs', ran),
    ...row(shape, 'reached', `${situationsText(situations)} abstract situations${estimateText(situations)}`),
    ...itemsRow(
      shape,
      'drawn',
      counts(drawn, (word, n) => `${word}: ${groupDigits(n)}`),
    ),
    ...(madeTwice > 0 ? row(shape, 'twice', `${countText(madeTwice, 'run')} made twice`) : []),
    ...itemsRow(
      shape,
      'undecided',
      counts(unknown, (name, n) => `${name} in ${countText(n, 'run')}, which did not show whether it holds`),
    ),
    ...itemsRow(shape, 'unchecked', notApplicableTexts(report)),
    ...(missed.length > 0 ? itemsRow(shape, 'never', missed) : row(shape, 'goals', 'all reached')),
    ...nodeStateLines(report, shape),
  ];
}

const NODE_STATES_SHOWN = 5;

/** How many of the ways for a server to stand were seen, and some that were not; the JSON has them all. */
function nodeStateLines(report: CampaignReport, shape: RowShape): string[] {
  const { missed, all } = missedNodeStates(report);
  const [first, ...more] = missed.slice(0, NODE_STATES_SHOWN);
  const seen = `${all - missed.length} of ${all} ways for a server to stand`;
  if (first === undefined) return row(shape, 'stances', seen);
  const rest = missed.length - NODE_STATES_SHOWN;
  return itemsRow(shape, 'stances', [`${seen}; not: ${first}`, ...more, ...(rest > 0 ? [`${rest} more`] : [])], '; ');
}

const speedText = ({ millis, searchMillis, runsNow }: Speed): string =>
  `${realTimeText(millis)}, ${groupDigits(searchMillis > 0 ? (runsNow * 1000) / searchMillis : 0)} seeds a second`;

/** The JSON has them all. */
const SEEDS_TOLD = 8;

const WHY_NOT_SHRUNK = 'not shrunk: the first of a property are enough to tell them apart';

const moreSeeds = (more: number): string => (more > 0 ? `, and ${groupDigits(more)} more` : '');

/** Seed, servers, scheduler and length; the summary of the group has the rest. */
const WORDS_SHOWN = 4;

const headOf = ({ kind, property }: FailureGroup): string =>
  kind === 'violation' ? `${property} broken` : `${kind}: ${property}`;

function groupLines(group: FailureGroup, { folderOf, program }: FuzzTextOptions, shape: RowShape): string[] {
  const { name, why, seeds, smallest, plan, companions = [] } = group;
  const command = group.command.replace(/^raft-sim/, program);
  const lines = [shape.paint.bad(`✗ ${headOf(group)}`), ...row(shape, 'found', why)];
  lines.push(...row(shape, 'seeds', seeds.slice(0, SEEDS_TOLD).join(', ') + moreSeeds(seeds.length - SEEDS_TOLD)));
  lines.push(...row(shape, 'drawn', plan.split(', ').slice(0, WORDS_SHOWN).join(', ')));
  for (const sentence of companions) lines.push(...row(shape, 'variant', sentence));
  if (smallest === undefined) return [...lines, ...rowWhole(shape, 'repeat', command)];
  const { steps, deliveries, externals, nodes, isMinimal, scenario, difference } = smallest;
  const kinds = `${countText(deliveries, 'delivery', 'deliveries')}, ${countText(externals, 'other')}`;
  const proof = isMinimal ? '; without any one of them it is gone' : '; the time for shrinking was over';
  return [
    ...lines,
    ...row(shape, 'shrunk', `${countText(steps, 'step')}: ${kinds}; ${countText(nodes, 'server')}${proof}`),
    ...(difference === undefined ? [] : row(shape, 'rule', difference.sentence)),
    ...rowWhole(shape, 'replay', `${program} scenario run ${shellText([`${folderOf(name)}/replay.yaml`])} --show`),
    ...rowWhole(shape, 'repeat', command),
    ...scenarioLines(scenario, shape),
  ];
}

/** The replay itself, unless it is long: shrinking may have been at its beginning. */
function scenarioLines(scenario: string, shape: RowShape): string[] {
  const lines = scenario.trimEnd().split('\n');
  if (lines.length > SCENARIO_LINES_MAX) {
    return row(shape, 'scenario', tooLongText(lines.length));
  }
  return ['', ...lines.map((line) => `    ${line}`)];
}

function endingLines(
  report: CampaignReport,
  { signal, isQuiet, folderOf }: FuzzTextOptions,
  shape: RowShape,
): string[] {
  const { figures, groups, seeds, missing, isPartial, regressions } = report;
  const { paint } = shape;
  const found = findingsOf(report);
  const lines = missing.length === 0 ? [] : [paint.bad(`✗ missing: ${missing.join(', ')}`)];
  if (isQuiet) {
    for (const group of groups) lines.push(paint.bad(`✗ ${headOf(group)}: ${folderOf(group.name)}`));
  }
  const stopped = signal === undefined ? '' : ', interrupted';
  const rest = isPartial ? `; not all of ${seeds} were run` : '';
  if (found > 0) {
    const ways = countText(groups.length, 'way');
    return [
      ...lines,
      paint.bad(`✗ ${failedSeedsOf(report)} of ${countText(figures.runs, 'seed')} failed, in ${ways}${stopped}${rest}`),
    ];
  }
  if (figures.runs === 0) return [...lines, paint.unsure(`? no seed was run${stopped}${rest}`)];
  const unchecked = Object.keys(figures.notApplicable ?? {}).length;
  const [every, others] =
    unchecked === 0 ? ['every', ''] : ['every other', `, ${countText(unchecked, 'promise')} not applicable`];
  const kept = `${every} promise kept by ${countText(figures.runs, 'seed')}${others}${stopped}${rest}`;
  const isGood = stopped === '' && missing.length === 0 && regressions.failed.length === 0;
  return [...lines, isGood ? paint.good(`✓ ${kept}`) : paint.unsure(`? ${kept}`)];
}

/** What became of the regressions. */
export function regressionLines(
  { regressions: { played, failed } }: CampaignReport,
  isQuiet: boolean,
  shape: RowShape,
): string[] {
  const { paint } = shape;
  const lines = failed.flatMap(({ file, line, column, expected, found }) => [
    paint.bad(`✗ ${file}:${line}:${column}`),
    ...row(shape, 'expected', expected),
    ...row(shape, 'found', found),
  ]);
  if (played === 0 || (isQuiet && failed.length === 0)) return lines;
  const text = `${countText(played, 'regression')}, ${failed.length === 0 ? 'all passed' : `${failed.length} failed`}`;
  return [...lines, failed.length === 0 ? paint.good(`✓ ${text}`) : paint.bad(`✗ ${text}`)];
}
