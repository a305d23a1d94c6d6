// `raft-sim explore`: every schedule within a bound, within time and memory.
//
// Only this file looks at the clock. A search that did not see all says so, and how far it came.

import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import { counterexampleOf, type Counterexample } from '../../explore/counterexample.ts';
import type { ExploreBound } from '../../explore/event.ts';
import { Exploration, judgedPromises, type ExploreResult } from '../../explore/explore.ts';
import { changeText } from '../../protocol/configuration.ts';
import { makePlan, type Plan } from '../../run/plan.ts';
import { fairProperty, propertyNames } from '../../run/properties.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { nodeOptionsIn, type OutputFlags } from '../run/flags.ts';
import { exploreAround } from './around.ts';
import { boundOf, boundText, type BoundFlags } from './bound.ts';
import { troubleText, writeWhole } from '../ui/files.ts';
import { messageLines, wrapped } from '../ui/layout.ts';
import { progressMode } from '../ui/progress.ts';
import type { Terminal } from '../ui/terminal.ts';
import { bytesText, countText, groupDigits, realTimeText } from '../ui/units.ts';
import { version } from '../version.ts';

export interface ExploreFlags extends OutputFlags, BoundFlags {
  readonly variant?: string;
  readonly around?: string;
  readonly changes?: number;
  readonly maxTime?: number;
  readonly maxMemory?: number;
  readonly failOn?: string;
  readonly reports: string;
}

const MAX_MILLIS = 600_000;
const MAX_MEGABYTES = 2000;
const PROGRESS_MILLIS = 2000;

export async function explore(flags: ExploreFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.around !== undefined) return aroundOf(flags, flags.around, terminal);
  if (flags.changes !== undefined) throw new UsageError('--changes counts those of a replay: name it with --around');
  const bound = boundOf(flags);
  const plan = makePlan({
    nodes: bound.nodes,
    spares: flags.spares,
    profile: 'calm',
    variant: flags.variant ?? null,
    node: nodeOptionsIn(flags),
    parameters: { clients: 0 },
  });
  if (bound.change !== undefined && plan.node.membership === 'off') {
    throw new UsageError('--add and --remove need --membership single or joint');
  }
  if (bound.snapshots > 0 && plan.node.compactEvery === 0) throw new UsageError('--snapshots needs --compact-every');
  const begun = performance.now();
  const { result, why } = await searched(plan, bound, flags, terminal);
  const millis = performance.now() - begun;
  const found = result.broken === undefined ? undefined : shown(plan, result, flags.reports);
  const told = { bound, plan, result, why, millis, found };
  if (flags.json === true) terminal.out.line(JSON.stringify(documentOf(told)));
  else terminal.out.lines(textOf(told, flags, terminal));
  if (found !== undefined) return exits.violated;
  return result.outcome === 'stopped' && flags.failOn === 'unknown' ? exits.violated : exits.kept;
}

async function aroundOf(flags: ExploreFlags, around: string, terminal: Terminal): Promise<ExitCode> {
  const { changes = 1, variant, failOn, maxTime } = flags;
  if (flags.json === true) throw new UsageError('--json is for the bound: --around prints text');
  const maxMillis = maxTime === undefined ? MAX_MILLIS : maxTime / 1000;
  const own = { ...(variant === undefined ? {} : { variant }), ...(failOn === undefined ? {} : { failOn }) };
  return exploreAround({ around, changes, maxMillis, ...own }, terminal);
}

interface Searched {
  readonly result: ExploreResult;
  /** What was not enough. */
  readonly why: string;
}

async function searched(plan: Plan, bound: ExploreBound, flags: ExploreFlags, terminal: Terminal): Promise<Searched> {
  const maxMillis = flags.maxTime === undefined ? MAX_MILLIS : flags.maxTime / 1000;
  const maxBytes = (flags.maxMemory ?? MAX_MEGABYTES) * 1_000_000;
  const search = new Exploration(plan, bound);
  const work = search.run();
  const begun = performance.now();
  // Lines come only where somebody waits for them: what a log keeps does not depend on how fast the machine is.
  const isWatched = progressMode(terminal.err, terminal.env, flags.quiet === true) === 'spinner';
  let toldAt = begun;
  for (;;) {
    const piece = work.next();
    if (piece.done === true) return { result: piece.value, why: '' };
    await setImmediate(); // a signal is heard
    const now = performance.now();
    const { bytes } = search.progress;
    if (now - begun > maxMillis)
      return { result: search.result('stopped'), why: `${realTimeText(maxMillis)} (--max-time)` };
    if (bytes > maxBytes) return { result: search.result('stopped'), why: `${bytesText(maxBytes)} (--max-memory)` };
    if (now - toldAt < PROGRESS_MILLIS || !isWatched) continue;
    toldAt = now;
    terminal.err.line(progressText(search, now - begun));
  }
}

/** How many states there are nobody knows before the end; what is known is whether there are ever fewer new ones. */
function progressText(search: Exploration, millis: number): string {
  const { depth, states, left, level, bytes } = search.progress;
  const speed = groupDigits((1000 * states) / millis);
  const part = level === 0 ? 100 : Math.floor((100 * (level - left)) / level);
  return `depth ${depth}, ${part}% of it · ${countText(states, 'state')} · ${speed} a second · ${bytesText(bytes)}`;
}

interface Found extends Counterexample {
  readonly file: string;
}

function shown(plan: Plan, result: ExploreResult, reports: string): Found {
  const found = counterexampleOf(plan, result.path, result.broken ?? '', 'a search of all schedules');
  const file = join(reports, `explored-${found.property}.yaml`);
  try {
    writeWhole(file, [found.text]);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${troubleText(error)}`);
  }
  return { ...found, file };
}

const notJudged = ({ isFair }: ExploreBound): string[] =>
  propertyNames.filter((name) => !judgedPromises.includes(name) && !(isFair && name === fairProperty));

const fairText = ({ fair, suspected }: ExploreResult): string =>
  `a fair schedule commits from ${groupDigits(fair - suspected)} of ${countText(fair, 'cluster')}` +
  (suspected === 0 ? '' : `; ${groupDigits(suspected)} undecided`);

interface Told {
  readonly bound: ExploreBound;
  readonly plan: Plan;
  readonly result: ExploreResult;
  readonly why: string;
  readonly millis: number;
  readonly found: Found | undefined;
}

function textOf({ bound, result, why, millis, found }: Told, flags: ExploreFlags, terminal: Terminal): string[] {
  const { paint, width } = terminal.out;
  const { progress, servers, messages, uneven, beyondTerms, beyondSnapshots, lateVotes, lost } = result;
  const lines: string[] = [];
  if (found !== undefined)
    lines.push(`${paint.bad('broken')}: ${found.property}, in ${countText(found.steps, 'step')}`);
  else if (result.outcome === 'clean')
    lines.push(`${paint.good('clean')}: every schedule within the bound keeps every promise`);
  else
    lines.push(
      `${paint.unsure('not all seen')}: ${why} was not enough; nothing is broken up to depth ${progress.depth}`,
    );
  if (found !== undefined)
    lines.push(...messageLines(`  ${found.why}`, width), `  raft-sim scenario run ${found.file}`);
  if (flags.quiet === true) return lines;
  const facts = [
    boundText(bound),
    `depth ${progress.depth}`,
    `${countText(progress.states, 'state')} by ${countText(progress.steps, 'step')}`,
    `${groupDigits((1000 * progress.states) / Math.max(1, millis))} states a second`,
    realTimeText(millis),
    bytesText(progress.bytes),
    `${countText(servers, 'state')} of single servers, ${countText(messages, 'message')}`,
    ...(bound.isFair ? [fairText(result)] : []),
    uneven.length === 0 ? 'servers may change their names' : `names of servers count in ${uneven.join(', ')}`,
  ];
  lines.push(...wrapped(facts.join(' · '), width - 2).map((line) => `  ${line}`));
  const elections = `${countText(beyondTerms, 'election')} beyond the last term`;
  const unjudged = `Not judged: ${notJudged(bound).join(', ')}.`;
  const writes = 'Writes are complete before the next step, but for crashes within one.';
  const snapshots = beyondSnapshots === 0 ? '' : ` ${countText(beyondSnapshots, 'snapshot')} beyond the bound;`;
  const late = lateVotes === 0 ? '' : ` ${countText(lateVotes, 'vote')} told of in a term that was left;`;
  const lostText = `${countText(lost, 'message')} lost for the bound`;
  const beyond = `Not looked at: ${elections};${snapshots}${late} ${lostText}. ${writes}`;
  for (const text of [beyond, unjudged]) lines.push(...wrapped(text, width - 2).map((line) => `  ${line}`));
  return lines;
}

function documentOf({ bound, plan, result, why, millis, found }: Told): object {
  const { progress } = result;
  return {
    schema: 'raft-sim/explore@1',
    version,
    bound: { ...bound, change: bound.change === undefined ? null : changeText(bound.change) },
    variant: plan.variant,
    outcome: result.outcome,
    why,
    depth: progress.depth,
    states: progress.states,
    steps: progress.steps,
    servers: result.servers,
    messages: result.messages,
    realMillis: Math.round(millis),
    bytes: progress.bytes,
    namesMatter: result.uneven,
    beyondTerms: result.beyondTerms,
    beyondSnapshots: result.beyondSnapshots,
    lateVotes: result.lateVotes,
    fair: result.fair,
    suspected: result.suspected,
    lost: result.lost,
    notJudged: notJudged(bound),
    property: found?.property ?? null,
    facts: found?.why ?? null,
    length: found?.steps ?? null,
    file: found?.file ?? null,
  };
}
