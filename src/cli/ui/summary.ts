// A run as a page that a person enjoys reading: what was drawn first, what came of it last.
//
// The first line has the seed. Every figure has a unit, every promise a tick, and the last lines say how it ended and
// how to see it again.

import { goalNames } from '../../check/goals.ts';
import { companionSentences, nodeOptionRows, optionWords } from '../../run/node-options.ts';
import type { Plan } from '../../run/plan.ts';
import { uncheckedPromises, type Run, type Verdict } from '../../run/simulate.ts';
import { parameterNames, parameterTable, type ParameterGroup } from '../../sim/parameters.ts';
import { faultKinds, stepTable, type DropReason, type FaultKind } from '../../sim/step.ts';
import type { Signal } from '../exit-code.ts';
import { BEST_EFFORT_WORDS, isBestEffort } from '../../systems/best-effort.ts';
import { kebab } from '../../base/text.ts';
import { factLines, grid, row, itemsRow, type RowShape } from './layout.ts';
import { paintWith, type Paint } from './paint.ts';
import type { Channel } from './terminal.ts';
import { durationText, quantityText } from '../../run/quantity.ts';
import { countText, groupDigits, realTimeText, virtualTimeText } from './units.ts';
import { lengthText } from '../run/input.ts';

const LABEL_WIDTH = 12;

export const shapeOf = (channel: { readonly width: number; readonly paint: Paint }): RowShape => ({
  width: channel.width,
  labelWidth: LABEL_WIDTH,
  paint: channel.paint,
});

/** What a page needs to know of the stream that it goes to. */
type Page = Pick<Channel, 'width' | 'lineWidth' | 'paint'>;

/** A seed as one readable line, also if it is none by itself. */
const seedLabel = (seed: string): string => (/^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(seed) ? seed : JSON.stringify(seed));

/** What a run is, on one line if it fits. */
export function planHead(plan: Plan, { lineWidth, paint }: Page): string[] {
  const facts = [
    `seed ${seedLabel(plan.seed)}`,
    countText(plan.nodes, 'node'),
    `profile ${plan.profile}`,
    ...(plan.variant === null ? [] : [`variant ${plan.variant}`]),
    ...(plan.scheduler === undefined ? [] : [`scheduler ${plan.scheduler}`]),
    lengthText(plan.length),
  ];
  return factLines(facts, lineWidth, (seed) => paint.strong(seed));
}

/** The seed and everything that was drawn or chosen, as far as it differs from a calm world. */
export function planLines(plan: Plan, page: Page): string[] {
  const shape = shapeOf(page);
  const byGroup = new Map<ParameterGroup, string[]>();
  for (const name of parameterNames) {
    const { group, unit, calm } = parameterTable[name];
    const value = plan.parameters[name];
    if (value === calm) continue;
    byGroup.set(group, [...(byGroup.get(group) ?? []), `${kebab(name)} ${quantityText(unit, value)}`]);
  }
  const options = nodeOptionRows.flatMap(([name, option]) => optionWords(option, plan.node[name]) ?? []);
  const node = itemsRow(shape, 'node', options);
  const drawn = [...node, ...[...byGroup].flatMap(([group, values]) => itemsRow(shape, group, values, '  '))];
  return [...planHead(plan, page), ...companionLines(plan, shape), ...(drawn.length > 0 ? ['', ...drawn] : [])];
}

/** What the variant switches about the node: part of what is run, and of every failure. */
export const companionLines = (plan: Plan, shape: RowShape): string[] =>
  companionSentences(plan).flatMap((sentence) => row(shape, 'variant', sentence));

const dropNames: Readonly<Record<DropReason, string>> = {
  lost: 'lost at random',
  cut: 'on cut links',
  full: 'on full links',
  down: 'to servers that were down',
};

/** What happened in the run, in figures. */
export function runFigureLines(run: Run, realMillis: number, wasStopped: boolean, shape: RowShape): string[] {
  const { counters, goals, summary } = run;
  const { dropped, faults } = counters;
  const ratio = realMillis > 0 ? run.at / 1000 / realMillis : 0;
  const speed = realMillis > 0 ? (run.steps * 1000) / realMillis : 0;
  const notNone = (items: readonly (readonly [number, string])[]): string[] =>
    items.filter(([count]) => count > 0).map(([, text]) => text);
  const drops = Object.keys(dropNames) as DropReason[];
  const lost = drops.reduce((sum, reason) => sum + dropped[reason], 0);
  return [
    ...row(
      shape,
      'time',
      `${virtualText(run, wasStopped)} virtual in ${realTimeText(realMillis)} real, ${timesText(ratio)}`,
    ),
    ...row(shape, 'steps', `${groupDigits(run.steps)}, ${groupDigits(speed)} a second`),
    ...itemsRow(shape, 'messages', [
      `${groupDigits(counters.sent)} sent`,
      `${groupDigits(counters.delivered)} delivered`,
      `${groupDigits(lost)} lost`,
      `${groupDigits(counters.duplicated)} duplicated`,
    ]),
    ...itemsRow(
      shape,
      'lost',
      notNone(drops.map((reason) => [dropped[reason], `${groupDigits(dropped[reason])} ${dropNames[reason]}`])),
    ),
    ...itemsRow(shape, 'faults', faultItems(faults)),
    ...itemsRow(
      shape,
      'disks',
      notNone([
        [1, countText(counters.writes, 'write')],
        [counters.lostWrites, `${groupDigits(counters.lostWrites)} lost with the power`],
        [counters.tornWrites, `${groupDigits(counters.tornWrites)} torn`],
      ]),
    ),
    ...itemsRow(shape, 'servers', [
      countText(counters.restarts, 'restart'),
      ...notNone([
        [counters.crashesInStep, `${groupDigits(counters.crashesInStep)} crashed between two effects of a step`],
      ]),
    ]),
    ...itemsRow(
      shape,
      'membership',
      notNone([
        [counters.changesAsked, countText(counters.changesAsked, 'change asked for', 'changes asked for')],
        [counters.changesRefused, `${groupDigits(counters.changesRefused)} refused`],
      ]),
    ),
    ...itemsRow(
      shape,
      'snapshots',
      notNone([
        [goals['snapshot-taken'], `${groupDigits(goals['snapshot-taken'])} taken or received`],
        [counters.snapshotsInstalled, `${groupDigits(counters.snapshotsInstalled)} of them a leader’s`],
      ]),
    ),
    ...row(shape, 'elections', `${countText(summary.leaders, 'leader')} in ${countText(summary.terms, 'term')}`),
    ...row(shape, 'entries', `${groupDigits(summary.entriesCommitted)} committed`),
    ...itemsRow(shape, 'operations', [
      `${groupDigits(summary.callsBegun)} begun`,
      `${groupDigits(summary.callsCompleted)} completed`,
      `${groupDigits(counters.repeatedCalls)} repeated (a client sent the same call again)`,
      ...historyVerdict(run.verdicts),
    ]),
    ...itemsRow(
      shape,
      'reads',
      notNone([[counters.readsServed, `${groupDigits(counters.readsServed)} answered without a place in the log`]]),
    ),
    ...goalLines(run, shape),
  ];
}

function faultItems(faults: Readonly<Record<FaultKind, number>>): string[] {
  const struck = faultKinds.filter((kind) => faults[kind] > 0);
  if (struck.length === 0) return ['none'];
  return struck.map((kind) => {
    const [one, many] = stepTable[kind].fault;
    return countText(faults[kind], one, many);
  });
}

/** A run that reached its limit lasted as long as planned, although its last step came a moment before. */
function virtualText({ at, violation, flood, plan: { length } }: Run, wasStopped: boolean): string {
  const isFull = 'micros' in length && !wasStopped && violation === undefined && flood === undefined;
  return isFull ? durationText(length.micros) : virtualTimeText(at);
}

function timesText(ratio: number): string {
  if (ratio >= 10) return `${groupDigits(ratio)} times as fast`;
  return `${ratio.toFixed(1)} times as fast`;
}

function historyVerdict(verdicts: readonly Verdict[]): string[] {
  const outcome = verdicts.find(({ property }) => property === 'linearizability')?.outcome;
  return outcome === 'pass' ? ['all checked'] : [];
}

function goalLines(run: Run, shape: RowShape): string[] {
  const missed = goalNames.filter((name) => run.goals[name] === 0);
  const reached = `${goalNames.length - missed.length} of ${goalNames.length} reached`;
  if (missed.length === 0 || run.violation !== undefined) return row(shape, 'goals', reached);
  return itemsRow(shape, 'goals', [`${reached}; not: ${missed[0]}`, ...missed.slice(1)]);
}

const tick = (paint: Paint, outcome: Verdict['outcome']): string =>
  ({
    pass: paint.good('✓'),
    fail: paint.bad('✗'),
    unknown: paint.unsure('?'),
    'not applicable': paint.unsure('–'),
  })[outcome];

/** Each promise with its tick; what was not kept says why, unless the whole page is about to. */
export function promiseLines(verdicts: readonly Verdict[], shape: RowShape): string[] {
  const { paint } = shape;
  const kept = verdicts.filter(({ outcome }) => outcome === 'pass');
  const others = verdicts.filter(({ outcome }) => outcome !== 'pass');
  const ticked =
    kept.length === 0
      ? []
      : grid(
          kept.map(({ property }) => `✓ ${property}`),
          shape.width,
          (cell) => cell.replace('✓', paint.good('✓')),
        );
  const wide = { ...shape, labelWidth: 24, paint: paintWith(false) };
  const explained = others.flatMap(({ property, outcome, why }) => {
    const [first = '', ...rest] = row(wide, `. ${property}`, reasonText(outcome, why));
    return [first.replace('.', () => tick(paint, outcome)), ...rest];
  });
  return [...ticked, ...explained];
}

function reasonText(outcome: Verdict['outcome'], why: string): string {
  if (outcome === 'fail') return 'broken, see below';
  return `${outcome === 'unknown' ? 'undecided' : outcome}: ${why}`;
}

export interface RunEnding {
  readonly run: Run;
  readonly signal: Signal | undefined;
}

/** How it ended, on one line if it fits: also all that --quiet prints of a good run. */
export function endingLines({ run, signal }: RunEnding, { lineWidth, paint }: Page): string[] {
  const { violation, verdicts, fingerprint, plan, flood } = run;
  const undecided = verdicts.filter(({ outcome }) => outcome === 'unknown').length;
  const missing = uncheckedPromises(run).length;
  const unchecked = missing === 0 ? '' : `, ${countText(missing, 'promise')} not applicable`;
  const told = isBestEffort(plan.system) ? BEST_EFFORT_WORDS : `fingerprint ${fingerprint}`;
  const rest = [`seed ${seedLabel(plan.seed)}`, told];
  const ending = (text: string, painted: (text: string) => string): string[] =>
    factLines([text, ...rest], lineWidth, painted);
  if (violation !== undefined) {
    const stopped = signal === undefined ? '' : `, interrupted at step ${run.steps}`;
    return ending(`✗ ${violation.property} broken at step ${violation.step}${stopped}`, (text) => paint.bad(text));
  }
  const unsure = (text: string): string => paint.unsure(text);
  const good = (text: string): string => paint.good(text);
  if (signal !== undefined) return ending(`? interrupted at step ${run.steps}, nothing broken so far`, unsure);
  if (flood !== undefined) {
    return ending(`? ended early at step ${run.steps}, with ${flood.words}; nothing broken so far`, unsure);
  }
  if (undecided > 0)
    return ending(`? nothing broken, ${countText(undecided, 'promise')} undecided${unchecked}`, unsure);
  if (missing === 0) return ending('✓ every promise kept', good);
  if (missing === verdicts.length) return ending(`? nothing was checked${unchecked}`, unsure);
  return ending(`✓ every other promise kept${unchecked}`, good);
}
