// A plan: a run as plain data. Nothing else decides a run.
//
// Fuzzing draws plans, shrinking makes them smaller, replaying repeats them. A plan is checked where it enters: behind
// `makePlan` every field is known to be sound, and the word for what is wrong is the user's.

import { UsageError } from '../base/errors.ts';
import type { NodeOptions } from '../raft/options.ts';
import { parameterNames, parameterTable, type ParameterName, type Parameters } from '../sim/parameters.ts';
import { profileNames, profileParameters, profileTable, type ProfileName } from '../sim/faults/profile.ts';
import { schedulerNames, type AdversaryName } from '../sim/schedule/scheduler.ts';
import type { Variant } from '../zoo/row.ts';
import { variantNames, variantTable, type VariantName } from '../zoo/variant.ts';
import { checkedFields, oneOf, plainWords, checkedWhole, type Wording } from './checked.ts';
import { nodeOptionsOf, type NodeOptionsInput } from './node-options.ts';
import { propertyNames, type PropertyName } from './properties.ts';

/** How long a run lasts: in virtual microseconds, or in steps. */
export type Length = { readonly micros: number } | { readonly steps: number };

/** What is on a disk before the first boot: the persistent state of Figure 2, a log by the terms of its entries. */
export interface DiskContents {
  /** currentTerm; 0 for an empty disk. */
  readonly term: number;
  /** The node voted for, from 1; 0 for none. */
  readonly votedFor: number;
  /** Terms of entries without commands. */
  readonly log: readonly number[];
}

/** Everything that decides a run, checked and complete. Two runs of one plan have the same fingerprint. */
export interface Plan {
  /** Any text of 1 to 100 characters; the only source of chance. */
  readonly seed: string;
  /** How many servers there are: 1 to 9. */
  readonly nodes: number;
  /** How many of them, the last ones, are spare: they start empty, as members of nothing; none if it is left out. */
  readonly spares?: number;
  /** The profile that the parameters began with. */
  readonly profile: ProfileName;
  /** The profile's parameters with the user's changes. */
  readonly parameters: Parameters;
  /** Options of the node: every feature beyond sections 5.1 to 5.6. */
  readonly node: NodeOptions;
  /** The variant of the node, a bug from the zoo; null: the correct node. */
  readonly variant: VariantName | null;
  /** The Raft that is run, as `--system` names it; left out: our own node. */
  readonly system?: string;
  /** The promises that are checked. */
  readonly properties: readonly PropertyName[];
  /** When the run ends, if no promise breaks before. */
  readonly length: Length;
  /** By node; empty disks if it is left out. */
  readonly disks?: readonly DiskContents[];
  /** Who decides what happens next; left out: virtual time. */
  readonly scheduler?: AdversaryName;
}

/** What a user may leave out. */
export interface PlanInput {
  /** `42` if left out. */
  readonly seed?: string | undefined;
  /** 5 if left out. */
  readonly nodes?: number | undefined;
  /** How many of the nodes, the last ones, start as members of nothing; none if left out. */
  readonly spares?: number | undefined;
  /** A name of `profileNames`; `chaos` if left out. */
  readonly profile?: string | undefined;
  /** Changes to the profile, by name of `parameterTable`: microseconds, parts per million, counts. */
  readonly parameters?: { readonly [name in ParameterName]?: number | undefined } | undefined;
  /** A set of options of the node that go together: `paper`, `thesis`, `etcd`; none if left out. */
  readonly preset?: string | undefined;
  /** Options of the node; those of a variant, then of the preset, then the usual ones, if left out. */
  readonly node?: NodeOptionsInput | undefined;
  /** A name of `variantNames`; the correct node if left out or null. */
  readonly variant?: string | null | undefined;
  /** A system that was defined, or what `--system` takes; our own node if left out. */
  readonly system?: string | undefined;
  /** Names of `propertyNames`; all of them if left out. */
  readonly properties?: readonly string[] | undefined;
  /** A minute of virtual time if left out. */
  readonly length?: Length | undefined;
  /** One for each node; empty disks if left out. */
  readonly disks?: readonly DiskContents[] | undefined;
  /** `timed` if left out, else one of the adversarial schedulers: `walk`, `pct`, `delay`. */
  readonly scheduler?: string | undefined;
}

export const NODES_MAX = 9;
const STEPS_MAX = 1_000_000_000;
/** A year of virtual time. */
const MICROS_MAX = 31_536_000_000_000;
export const SEED_LENGTH_MAX = 100;
/** Terms fit in 32 bits. */
const TERM_MAX = 2_000_000_000;
const CLIENTS_MAX = 1000;
const MILLION = 1_000_000;

/** What `makePlan` assumes of what is left out: five nodes, `chaos`, a minute of virtual time. */
export const defaultPlan = {
  nodes: 5,
  profile: 'chaos',
  length: { micros: 60_000_000 },
} as const;

/** The fields that a user may give; the compiler sees to it that none is missing. */
const inputFields = Object.keys({
  seed: true,
  nodes: true,
  spares: true,
  profile: true,
  parameters: true,
  node: true,
  preset: true,
  variant: true,
  system: true,
  properties: true,
  length: true,
  disks: true,
  scheduler: true,
} satisfies Record<keyof PlanInput, true>);

/**
 * A complete and checked plan from what the user says of it.
 *
 * @param input - what is not as usual
 * @param words - how messages name fields and values; as in `PlanInput` if left out
 * @throws UsageError that names what is wrong, what was expected and which words there are.
 *
 * @example
 * ```js
 * const plan = makePlan({ seed: '7', nodes: 3, profile: 'lossy', length: { steps: 10_000 } });
 * ```
 */
export function makePlan(input: PlanInput, words: Wording = plainWords): Plan {
  checkedFields('the plan', 'field of a plan', input, inputFields);
  const profile = oneOf('profile', input.profile ?? defaultPlan.profile, profileNames);
  const wanted = input.variant ?? null;
  const variant = wanted === null ? null : oneOf('variant', wanted, variantNames);
  const row: Variant | undefined = variant === null ? undefined : variantTable[variant];
  const nodes = checkedWhole(words, 'nodes', input.nodes ?? defaultPlan.nodes, 1, NODES_MAX);
  const spares = checkedWhole(words, 'spares', input.spares ?? 0, 0, nodes - 1);
  const plan = {
    seed: checkedSeed(input.seed ?? '42'),
    nodes,
    ...(spares === 0 ? {} : { spares }),
    profile,
    parameters: checkedParameters(words, profileParameters(profile), input.parameters ?? {}),
    node: nodeOptionsOf(words, input.node ?? {}, row?.options, input.preset),
    variant,
    ...(input.system === undefined ? {} : { system: checkedSystem(input.system, variant) }),
    properties: checkedProperties(input.properties ?? propertyNames),
    length: checkedLength(words, input.length ?? defaultPlan.length),
  };
  const scheduler = oneOf('scheduler', input.scheduler ?? 'timed', schedulerNames);
  return {
    ...plan,
    ...(input.disks === undefined ? {} : { disks: checkedDisks(input.disks, nodes) }),
    ...(scheduler === 'timed' ? {} : { scheduler }),
  };
}

function checkedSystem(system: string, variant: VariantName | null): string {
  if (typeof system !== 'string' || system === '') {
    throw new UsageError(`system is ${JSON.stringify(system)}, expected a text such as "./my-raft.wasm"`);
  }
  if (variant !== null) {
    throw new UsageError(
      `the variant ${variant} is a bug of our own node, and the system is ${JSON.stringify(system)}`,
    );
  }
  return system;
}

function checkedProperties(names: readonly string[]): PropertyName[] {
  if (!Array.isArray(names)) throw new UsageError(`properties is ${JSON.stringify(names)}, expected a list of names`);
  return (names as readonly string[]).map((name) => oneOf('property', name, propertyNames));
}

function checkedDisks(disks: readonly DiskContents[], nodes: number): DiskContents[] {
  if (!Array.isArray(disks) || disks.length !== nodes) {
    throw new UsageError(`disks is ${JSON.stringify(disks)}, expected a list of one for each of the ${nodes} nodes`);
  }
  return (disks as readonly DiskContents[]).map((disk, i) => checkedDisk(disk, `n${i + 1}`, nodes));
}

function checkedDisk(disk: DiskContents, name: string, nodes: number): DiskContents {
  const { term, votedFor, log } = checkedFields(`the disk of ${name}`, 'field of a disk', disk, [
    'term',
    'votedFor',
    'log',
  ]);
  const newest = checkedWhole(plainWords, `the term on the disk of ${name}`, term, 0, TERM_MAX);
  checkedWhole(plainWords, `the vote on the disk of ${name}`, votedFor, 0, nodes);
  if (!Array.isArray(log)) throw new UsageError(`the log on the disk of ${name} is no list of terms`);
  let before = 1;
  for (const entry of log as readonly unknown[]) {
    const found = checkedWhole(plainWords, `a term in the log of ${name}`, entry, 1, TERM_MAX);
    if (found < before) throw new UsageError(`the terms in the log of ${name} fall from ${before} to ${found}`);
    before = found;
  }
  if (log.length > 0 && before > newest) {
    throw new UsageError(`${name} is in term ${newest}, but its log has an entry of term ${before}`);
  }
  return { term: newest, votedFor, log };
}

function checkedSeed(seed: string): string {
  if (typeof seed !== 'string') throw new UsageError(`the seed is ${JSON.stringify(seed)}, expected a text`);
  if (seed === '') throw new UsageError('the seed is empty, expected a whole number or any text');
  if (seed.length > SEED_LENGTH_MAX) {
    throw new UsageError(`the seed has ${seed.length} characters, expected at most ${SEED_LENGTH_MAX}`);
  }
  return seed;
}

function checkedLength(words: Wording, length: Length): Length {
  const given = Object.keys(checkedFields('length', 'field of a length', length, ['micros', 'steps']));
  if (given.length !== 1)
    throw new UsageError(`length has ${given.join(' and ') || 'nothing'}, expected one of micros, steps`);
  if ('steps' in length) return { steps: checkedWhole(words, 'steps', length.steps, 1, STEPS_MAX) };
  return { micros: checkedWhole(words, 'micros', length.micros, 1, MICROS_MAX) };
}

function checkedParameters(
  words: Wording,
  standard: Parameters,
  changes: NonNullable<PlanInput['parameters']>,
): Parameters {
  checkedFields('parameters', 'parameter', changes, parameterNames);
  const checked: Record<string, number> = {};
  for (const name of parameterNames) {
    const max = name === 'clients' ? CLIENTS_MAX : maxOf(name);
    checked[name] = checkedWhole(words, name, changes[name] ?? standard[name], LEAST[name] ?? 0, max);
  }
  const parameters = checked as Parameters;
  for (const [low, high] of parameterPairs) {
    if (parameters[low] > parameters[high]) {
      const left = `${words.name(low)} is ${words.value(low, parameters[low])}`;
      throw new UsageError(`${left}, more than ${words.name(high)}, which is ${words.value(high, parameters[high])}`);
    }
  }
  return parameters;
}

/** The parameters of a window of time: those of the run, with the faults of a profile, with changes. */
export function windowParameters(
  run: Parameters,
  profile: ProfileName | undefined,
  changes: NonNullable<PlanInput['parameters']>,
): Parameters {
  const faulty = profile === undefined ? run : { ...run, ...profileTable[profile].changes };
  return checkedParameters(plainWords, faulty, changes);
}

function maxOf(name: ParameterName): number {
  switch (parameterTable[name].unit) {
    case 'odds':
      return name === 'clockRateMax' || name === 'clockDriftMax' ? MILLION / 2 : MILLION;
    case 'duration':
      return MICROS_MAX;
    default:
      return MILLION;
  }
}

/** Where 0 would make no sense. */
const LEAST: { readonly [name in ParameterName]?: number } = {
  electionTimeoutMin: 1,
  electionTimeoutMax: 1,
  heartbeatInterval: 1,
  settle: 1,
  patience: 1,
  slowFactor: 1,
  keys: 1,
  callsPerKey: 1,
};

/** Parameters of which the first never exceeds the second. */
export const parameterPairs: readonly (readonly [ParameterName, ParameterName])[] = [
  ['electionTimeoutMin', 'electionTimeoutMax'],
  ['delayMin', 'delayMax'],
  ['writeDelayMin', 'writeDelayMax'],
  ['syncDelayMin', 'syncDelayMax'],
  ['thinkMin', 'thinkMax'],
];
