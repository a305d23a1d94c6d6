// Swarm testing (Groce et al., Swarm Testing, 2012): every seed draws a plan of its own, with some kinds of faults and
// without the others, because runs with everything at once hide the bugs that need a quiet spot.
//
// What a plan draws depends on its seed and the input alone; every part has a stream of its own, so that fixing one
// shifts no other. Most runs are short: nearly every bug shows within the first few thousand steps. Where bounded
// liveness is judged, the drawn timing keeps what it asks for (section 5.6); elsewhere anything goes.

import { UsageError } from '../base/errors.ts';
import { Random } from '../base/random.ts';
import { kebab } from '../base/text.ts';
import { MILLISECOND, PERCENT, SECOND } from '../base/units.ts';
import { makePlan, NODES_MAX, parameterPairs, type Length, type Plan, type PlanInput } from '../run/plan.ts';
import {
  nodeOptionRows,
  optionsOfPreset,
  optionWords,
  presetWords,
  type NodeOptionRow,
  type NodeOptionsInput,
} from '../run/node-options.ts';
import { durationText, quantityText } from '../run/quantity.ts';
import { parameterNames, parameterTable, type ParameterName } from '../sim/parameters.ts';
import { between } from '../sim/faults/fault.ts';
import { profileNames, profileParameters, type ProfileName } from '../sim/faults/profile.ts';
import { faultRows } from '../sim/faults/table.ts';
import { schedulerNames, type SchedulerName } from '../sim/schedule/scheduler.ts';
import { BEST_EFFORT_WORDS, isBestEffort } from '../systems/best-effort.ts';
import type { Variant } from '../zoo/row.ts';
import { variantTable } from '../zoo/variant.ts';

/** What every drawn plan has in common; the rest is drawn. */
export interface SwarmInput {
  /** The variant that every plan has; left out: the correct node. */
  readonly variant?: string | null | undefined;
  /** The system that every plan runs, as `--system` names it; left out: our own node. */
  readonly system?: string | undefined;
  /** Timing and faults are those of one of these profiles, and not drawn. */
  readonly profiles?: readonly string[] | undefined;
  /** The fewest servers, from 1; 3 if both bounds are left out. */
  readonly nodesMin?: number | undefined;
  /** The most servers, up to 9; 7 if both bounds are left out. */
  readonly nodesMax?: number | undefined;
  /** The schedulers that take turns, of `timed`, `walk`, `pct` and `delay`; left out: all of them. */
  readonly schedulers?: readonly string[] | undefined;
  /** How long each run lasts; left out: mostly some thousand steps. */
  readonly length?: Length | undefined;
  /** Parameters that are fixed, in microseconds, parts per million or counts; the others are drawn. */
  readonly parameters?: PlanInput['parameters'] | undefined;
  /** Options of the node that are fixed; the others are drawn. */
  readonly node?: PlanInput['node'] | undefined;
  /** The promises that are checked; left out: all of them. */
  readonly properties?: readonly string[] | undefined;
}

type Changes = { [name in ParameterName]?: number | undefined };
type NodeOption = NodeOptionRow[1];
type DrawOccasion = Extract<NodeOption, { kind: 'number' }>['draw']['when'];

/** How often a cluster size is drawn, of those within the bounds. */
const NODES_WEIGHTS: readonly (readonly [number, number])[] = [
  [1, 0],
  [2, 1],
  [3, 9],
  [4, 3],
  [5, 7],
  [6, 1],
  [7, 1],
  [8, 0],
  [9, 0],
];
const NODES_RANGE = { min: 3, max: 7 };

const SCHEDULER_WEIGHTS: Readonly<Record<SchedulerName, number>> = { timed: 3, walk: 3, pct: 2, delay: 2 };

/**
 * Draws the plan of a seed: cluster, faults, clients, options and scheduler (Groce et al., Swarm Testing, 2012).
 * The same seed and the same input draw the same plan.
 *
 * @throws UsageError if the input can have no plan: no such name, or a number out of range.
 *
 * @example
 * ```js
 * const run = simulate(drawPlan('7', { nodesMax: 5, variant: 'commit-median-wrong' }));
 * ```
 */
export function drawPlan(seed: string, input: SwarmInput = {}): Plan {
  const root = Random.fromSeed(seed).stream('swarm');
  const nodes = drawNodes(root.stream('nodes'), input);
  const scheduler = drawScheduler(root.stream('scheduler'), input);
  const length = input.length ?? drawLength(root.stream('length'), scheduler);
  const judgesLiveness = scheduler === 'timed' && 'micros' in length;
  const profile = input.profiles === undefined ? undefined : drawOne(root.stream('profile'), input.profiles);
  const isTame = profile !== undefined || judgesLiveness || root.stream('tame').chance(400_000);
  const variant = input.variant ?? null;
  const preset = variant === null ? drawPreset(root.stream('preset')) : undefined;
  const options = preset === undefined ? drawOptions(root.stream('options'), isTame) : optionsOfPreset(preset);
  const node: NodeOptionsInput = { ...options, ...companionsOf(variant), ...given(input.node ?? {}) };
  // Where only a part is mended, plain Raft promises nothing.
  const worksInPart = node.preVote === true && node.checkQuorum === true;
  const hasFixedMembers = (node.membership ?? 'off') === 'off';
  return makePlan({
    seed,
    nodes,
    spares: hasFixedMembers ? 0 : drawSpares(root.stream('spares'), nodes),
    profile: profile ?? 'calm',
    parameters: fitted(
      {
        ...usualOf(profile ?? 'calm'),
        ...(profile === undefined ? drawTiming(root.stream('timing'), isTame) : {}),
        ...(profile === undefined ? drawFaults(root.stream('faults'), nodes) : {}),
        ...(hasFixedMembers ? { changeEvery: 0 } : {}),
        ...(worksInPart ? {} : { partialHeal: 0 }),
        ...drawClients(root.stream('clients'), isTame),
        ...drawReads(root.stream('reads'), scheduler),
      },
      given(input.parameters ?? {}),
    ),
    node,
    variant,
    system: input.system,
    properties: input.properties,
    length,
    scheduler,
  });
}

/** Without what is undefined, which would hide what was drawn. */
function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
}

/** The parameters of a profile; that there is none of this name, the plan says. */
function usualOf(profile: string): Changes {
  const known = profileNames.find((name) => name === profile);
  return known === undefined ? {} : profileParameters(known);
}

/** Drawn numbers with fixed ones in the place of some; a drawn bound gives way to the fixed one that it contradicts. */
function fitted(drawn: Changes, fixed: Changes): Changes {
  const all: Changes = { ...drawn, ...fixed };
  for (const [low, high] of parameterPairs) {
    const [least, most] = [all[low], all[high]];
    if (least === undefined || most === undefined || least <= most) continue;
    if (fixed[high] === undefined) all[high] = least;
    else if (fixed[low] === undefined) all[low] = most;
  }
  return all;
}

/** What a variant switches off stays switched off. */
function companionsOf(variant: string | null): NodeOptionsInput {
  const row: Variant | undefined = Object.entries(variantTable).find(([name]) => name === variant)?.[1];
  return row?.options ?? {};
}

function drawNodes(random: Random, { nodesMin, nodesMax }: SwarmInput): number {
  const min = nodesMin ?? Math.min(NODES_RANGE.min, nodesMax ?? NODES_MAX);
  const max = nodesMax ?? Math.max(NODES_RANGE.max, min);
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max > NODES_MAX || min > max) {
    throw new UsageError(`nodes are drawn from ${min} to ${max}, expected a range within 1 to ${NODES_MAX}`);
  }
  const possible = NODES_WEIGHTS.filter(([nodes]) => nodes >= min && nodes <= max);
  return drawWeighted(random, possible) ?? random.between(min, max);
}

/** At least two servers begin as members, where there are so many. */
const drawSpares = (random: Random, nodes: number): number => random.between(0, Math.max(0, Math.min(3, nodes - 2)));

function drawScheduler(random: Random, { schedulers, system }: SwarmInput): string {
  if (schedulers !== undefined) return drawOne(random, schedulers);
  // Another Raft counts its own time, which only virtual time moves as it expects.
  if (system !== undefined) return 'timed';
  return drawWeighted(
    random,
    schedulerNames.map((name) => [name, SCHEDULER_WEIGHTS[name]]),
  ) as SchedulerName;
}

function drawLength(random: Random, scheduler: string): Length {
  const isLong = random.chance(3 * PERCENT);
  const steps = isLong ? random.between(10_000, 40_000) : between(random, 500, 6_000);
  // Long enough for faults and, behind them, for the time that the cluster has to recover.
  const micros = random.between(12, isLong ? 60 : 16) * SECOND;
  return scheduler === 'timed' && random.chance(70 * PERCENT) ? { micros } : { steps };
}

/** Tame: messages and disks are much faster than an election timeout, as section 5.6 asks for. */
function drawTiming(random: Random, isTame: boolean): Changes {
  const electionTimeoutMin = random.between(100, 250) * MILLISECOND;
  const electionTimeoutMax = electionTimeoutMin + random.between(100, 300) * MILLISECOND;
  const heartbeatInterval = random.between(20, 50) * MILLISECOND;
  const tameDelay = between(random, 2 * MILLISECOND, 25 * MILLISECOND);
  const wildDelay = between(random, 63 * MILLISECOND, 800 * MILLISECOND);
  const delayMax = isTame ? tameDelay : wildDelay;
  const delayMin = random.between(0, Math.floor(delayMax / 2));
  const syncDelayMax = between(random, 200, (isTame ? 15 : 300) * MILLISECOND);
  return {
    electionTimeoutMin,
    electionTimeoutMax,
    heartbeatInterval,
    delayMin,
    delayMax,
    syncDelayMin: random.between(0, Math.floor(syncDelayMax / 4)),
    syncDelayMax,
  };
}

/** Each kind of fault in some of the plans; its numbers are drawn also if it is not wanted. */
function drawFaults(random: Random, nodes: number): Changes {
  const changes: Changes = {};
  for (const { campaign } of faultRows) {
    if (campaign === undefined) continue;
    const stream = random.stream(campaign.stream);
    const isWanted = stream.chance(campaign.odds);
    const drawn: Changes = campaign.draw(stream, nodes);
    if (isWanted) Object.assign(changes, drawn);
  }
  return changes;
}

function drawClients(random: Random, isTame: boolean): Changes {
  const isOpen = random.chance(150_000);
  const thinkMax = between(random, 2 * MILLISECOND, 400 * MILLISECOND);
  const openLoopEvery = between(random, (isTame ? 20 : 3) * MILLISECOND, 100 * MILLISECOND);
  return {
    clients: isOpen ? random.between(4, 12) : between(random, 1, 8),
    thinkMin: random.between(0, thinkMax >>> 1),
    thinkMax,
    openLoopEvery: isOpen ? openLoopEvery : 0,
    patience: between(random, (isTame ? 150 : 40) * MILLISECOND, 600 * MILLISECOND),
    retryElsewhere: random.between(0, 10) * 10 * PERCENT,
    keys: random.between(1, 4),
    callsPerKey: random.between(10, 60),
    // A quiet tail: what a leader forgets to do, no later call makes up for.
    callsAfterHeal: random.chance(300_000) ? 0 : 500_000,
  };
}

/** Reads of every path in some plans; by lease only where time decides. */
function drawReads(random: Random, scheduler: string): Changes {
  const areMixed = random.chance(500_000);
  const [readByIndex, readByLease, readAtFollower] = [0, 0, 0].map(() => random.between(0, 3) * 10 * PERCENT);
  const clockDriftMax = random.between(0, 4) * 10 * PERCENT;
  if (!areMixed) return {};
  return { readByIndex, readByLease: scheduler === 'timed' ? readByLease : 0, readAtFollower, clockDriftMax };
}

/** What people run as a whole; a bug is hunted among single options, which hide it less. */
function drawPreset(random: Random): (typeof presetWords)[number] | undefined {
  const isWanted = random.chance(150_000);
  const preset = presetWords[random.below(presetWords.length)];
  return isWanted ? preset : undefined;
}

/** Every option is drawn, in the order of the table, whether it counts or not, so that no other draw shifts. */
function drawOptions(random: Random, isTame: boolean): NodeOptionsInput {
  const occasions = new Map<DrawOccasion, boolean>();
  const takesPlace = (when: DrawOccasion): boolean => {
    const known = occasions.get(when) ?? random.chance(when.odds);
    occasions.set(when, known);
    return known && (when.inTamePlans || !isTame);
  };
  const drawn: Record<string, unknown> = {};
  for (const [name, option] of nodeOptionRows) {
    if (option.kind === 'switch') drawn[name] = random.chance(option.draw);
    else if (option.kind === 'word') drawn[name] = drawWeighted(random, weightsOf(option.words));
    else {
      const { low, high, when } = option.draw;
      const isDrawn = takesPlace(when);
      const value = between(random, low, high);
      if (isDrawn) drawn[name] = value;
    }
  }
  return drawn;
}

const weightsOf = (words: Extract<NodeOption, { kind: 'word' }>['words']): [word: string, weight: number][] =>
  Object.entries(words).map(([word, { draw }]) => [word, draw]);

function drawOne(random: Random, names: readonly string[]): string {
  const name = names[random.below(names.length)];
  if (name === undefined) throw new UsageError('a list of names to draw from is empty');
  return name;
}

/** Undefined if nothing has a weight. */
function drawWeighted<Value>(random: Random, weighted: readonly (readonly [Value, number])[]): Value | undefined {
  let left = random.below(
    Math.max(
      1,
      weighted.reduce((sum, [, weight]) => sum + weight, 0),
    ),
  );
  for (const [value, weight] of weighted) {
    if (left < weight) return value;
    left -= weight;
  }
  return undefined;
}

/** What was drawn, in one line. */
export function planWords(plan: Plan): string {
  const { seed, nodes, spares, profile, node, length, scheduler, variant } = plan;
  const words = [
    `seed ${seed}`,
    spares === undefined ? `${nodes} nodes` : `${nodes} nodes, ${spares} of them spare`,
    scheduler ?? 'timed',
    'steps' in length ? `${length.steps} steps` : durationText(length.micros),
  ];
  if (variant !== null) words.push(variant);
  if (plan.system !== undefined) words.push(plan.system);
  if (isBestEffort(plan.system)) words.push(BEST_EFFORT_WORDS);
  if (profile !== 'calm') words.push(profile);
  words.push(...nodeOptionRows.flatMap(([name, option]) => optionWords(option, node[name]) ?? []));
  const usual = profileParameters(profile satisfies ProfileName);
  for (const name of parameterNames) {
    const value = plan.parameters[name];
    if (value === usual[name]) continue;
    words.push(`${kebab(name)} ${quantityText(parameterTable[name].unit, value)}`);
  }
  return words.join(', ');
}
