// From the flags of a command line to a plan, and from a plan back to the command that repeats it.
//
// The command names everything that decides the run and differs from what raft-sim would choose by itself. What a plan
// refuses is said in the words of the flags.

import { randomInt } from 'node:crypto';
import { relative, basename, isAbsolute } from 'node:path';
import type { Wording } from '../../run/checked.ts';
import { makePlan, type Length, type Plan, type PlanInput } from '../../run/plan.ts';
import { parameterNames, parameterTable, type ParameterName, type Parameters } from '../../sim/parameters.ts';
import {
  differingRows,
  flagWordsOf,
  nearestPreset,
  nodeOptionRows,
  type NodeOptionsInput,
} from '../../run/node-options.ts';
import { flagOf, nodeOptionsIn, type ParameterFlags, type RunFlags } from './flags.ts';
import { durationText, quantityText } from '../../run/quantity.ts';

/** Nine digits are enough to tell runs apart, and few enough to read aloud. */
const RANDOM_SEEDS = 1_000_000_000;

/**
 * What is run where nothing is said. The correct node shows all of Raft in a world that asks for it; a bug shows best
 * in the plainest node that has it, and what another Raft can do is not known here.
 */
const whole = { profile: 'whole', preset: 'etcd' } as const;
const plain = { profile: 'chaos', preset: 'plain' } as const;

type Chosen = { readonly [field in 'variant' | 'system']?: string | null | undefined };

const usualFor = ({ variant, system }: Chosen): typeof whole | typeof plain =>
  (variant ?? system) === undefined ? whole : plain;

export function planOf(flags: RunFlags): Plan {
  const usual = usualFor(flags);
  const input: PlanInput = {
    seed: flags.seed ?? String(randomInt(RANDOM_SEEDS)),
    nodes: flags.nodes,
    spares: flags.spares,
    profile: flags.profile ?? usual.profile,
    parameters: parametersOf(flags),
    preset: flags.preset ?? usual.preset,
    node: nodeOptionsIn(flags),
    variant: flags.variant,
    system: flags.system,
    scheduler: flags.scheduler,
    properties: flags.property === undefined ? undefined : [...new Set(flags.property)],
    length: lengthOf(flags),
  };
  return makePlan(input, flagWords);
}

/** The parameters that flags fix. */
export function parametersOf(flags: ParameterFlags): ParameterFlags {
  const parameters: { [name in ParameterName]?: number } = {};
  for (const name of parameterNames) {
    const value = flags[name];
    if (value !== undefined) parameters[name] = value;
  }
  return parameters;
}

/** The flags that fix these options and parameters; what is undefined is left out. */
export function argumentWords(node: NodeOptionsInput, parameters: ParameterFlags): string[] {
  const words: string[] = [];
  for (const row of nodeOptionRows) {
    const value = node[row[0]];
    if (value !== undefined) words.push(...flagWordsOf(row, value));
  }
  for (const name of parameterNames) {
    const value = parameters[name];
    if (value !== undefined) words.push(flagOf(name), quantityText(parameterTable[name].unit, value));
  }
  return words;
}

/** The parameters that are not as usual. */
function differences(parameters: Parameters, usual: Parameters): ParameterFlags {
  const different = parameterNames.filter((name) => parameters[name] !== usual[name]);
  return Object.fromEntries(different.map((name) => [name, parameters[name]]));
}

function lengthOf(flags: RunFlags): Length | undefined {
  if (flags.steps !== undefined) return { steps: flags.steps };
  return flags.for === undefined ? undefined : { micros: flags.for };
}

const nodeFlags = new Map<string, string>(nodeOptionRows.map(([name, { flag }]) => [name, `--${flag}`]));

const isParameter = (name: string): name is ParameterName => Object.hasOwn(parameterTable, name);

/** `delayMin is 20000` as `--delay-min is 20ms`. */
const flagWords: Wording = {
  name(field) {
    if (field === 'micros') return '--for';
    return isParameter(field) ? flagOf(field) : (nodeFlags.get(field) ?? `--${field}`);
  },
  value(field, value) {
    if (field === 'micros') return durationText(Number(value));
    return isParameter(field) ? quantityText(parameterTable[field].unit, Number(value)) : String(value);
  },
};

export const lengthText = (length: Length): string =>
  'steps' in length ? `${length.steps} steps` : durationText(length.micros);

/** The arguments of the command that runs a plan again. */
export function argumentsOf(plan: Plan): string[] {
  const { seed, nodes, spares, profile, variant, length, scheduler } = plan;
  const usualPreset = usualFor({ variant: variant ?? undefined, system: plan.system }).preset;
  const preset = nearestPreset(plan, usualPreset);
  const usual = makePlan({ seed, nodes, profile, variant, length, preset, system: plan.system });
  const words = ['run', '--seed', seed, '--nodes', String(nodes)];
  if (spares !== undefined) words.push('--spares', String(spares));
  words.push('--profile', profile);
  if ('steps' in length) words.push('--steps', String(length.steps));
  else words.push('--for', durationText(length.micros));
  if (variant !== null) words.push('--variant', variant);
  if (preset !== usualPreset) words.push('--preset', preset);
  if (plan.system !== undefined) words.push('--system', plan.system);
  if (scheduler !== undefined) words.push('--scheduler', scheduler);
  if (plan.properties.join() !== usual.properties.join()) words.push('--property', ...plan.properties);
  for (const row of differingRows(plan.node, usual.node)) words.push(...flagWordsOf(row, plan.node[row[0]]));
  words.push(...argumentWords({}, differences(plan.parameters, usual.parameters)));
  return words;
}

/** A command as a shell takes it. */
export const shellText = (words: readonly string[]): string => words.map(quotedWord).join(' ');

const quotedWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** How this program was started, so that what it prints can be typed again: from a checkout, by npx, or installed. */
export function programWords(script: string | undefined, folder: string, npmCommand: string | undefined): string[] {
  if (script !== undefined && basename(script) === 'raft-sim.js') {
    const path = relative(folder, script);
    if (!path.startsWith('..') && !isAbsolute(path)) return ['node', path];
  }
  return npmCommand === 'exec' ? ['npx', 'raft-sim'] : ['raft-sim'];
}
