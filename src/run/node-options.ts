// The options of a node as plans take them: checked, with what a variant switches, and in words.
//
// All that is known of an option stands in its row; nothing here names one. What a user says of an option holds, also
// against a variant that switches it: the plan is then what was asked for, and every header says that the bug may hide.

import {
  nodeOptionNames,
  nodeOptionTable,
  type NodeOption,
  type NodeOptionName,
  type NodeOptions,
} from '../raft/options.ts';
import type { Variant } from '../zoo/row.ts';
import { presetNames, presetTable, type Preset, type PresetName } from '../raft/presets.ts';
import { variantTable, type VariantName } from '../zoo/variant.ts';
import { checkedFields, oneOf, checkedWhole, plainWords, yesOrNo, type Wording } from './checked.ts';

type Value = NodeOptions[NodeOptionName];

/** Options of the node as a plan takes them: what is left out is a variant's, or as usual. */
export type NodeOptionsInput = { readonly [Name in NodeOptionName]?: NodeOptions[Name] | undefined };

export type NodeOptionRow = readonly [name: NodeOptionName, option: NodeOption];

/** What a preset may be called. */
export const presetWords: readonly PresetName[] = presetNames;

/** What a preset says of a node; nothing if there is none. */
export const optionsOfPreset = (preset: PresetName | undefined): NodeOptionsInput =>
  preset === undefined ? {} : presetTable[preset].options;

/** Every option, in the order of the table. */
export const nodeOptionRows: readonly NodeOptionRow[] = nodeOptionNames.map((name) => [name, nodeOptionTable[name]]);

/** The words of an option that has some, the usual one first. */
export function wordsOf(option: Extract<NodeOption, { kind: 'word' }>): string[] {
  return [option.default, ...Object.keys(option.words).filter((word) => word !== option.default)];
}

/** A node's options: what the user says, else what the variant switches, else the preset, else the default. */
export function nodeOptionsOf(
  words: Wording,
  input: NodeOptionsInput,
  companions: Variant['options'] = {},
  preset?: string,
): NodeOptions {
  checkedFields('node', 'node option', input, nodeOptionNames);
  const set: Preset['options'] = preset === undefined ? {} : presetTable[oneOf('preset', preset, presetNames)].options;
  const options: { [name in NodeOptionName]?: Value } = {};
  for (const [name, option] of nodeOptionRows) {
    const value = input[name] ?? companions[name] ?? set[name] ?? option.default;
    options[name] = checkedOption(words, name, option, value);
  }
  return options as NodeOptions;
}

function checkedOption(words: Wording, name: NodeOptionName, option: NodeOption, value: unknown): Value {
  switch (option.kind) {
    case 'switch':
      return yesOrNo(words.name(name), value);
    case 'word':
      return oneOf(words.name(name), value, wordsOf(option)) as Value;
    case 'number':
      return checkedWhole(words, name, value, option.min, option.max);
  }
}

/** An option as the flag that sets it: `--no-noop`, `--backtracking one`, `--batch-bytes 1`. */
export function flagWordsOf([, { kind, flag }]: NodeOptionRow, value: Value): string[] {
  if (kind === 'switch') return [value === true ? `--${flag}` : `--no-${flag}`];
  return [`--${flag}`, String(value)];
}

/** The options in which two nodes differ, by what the first has. */
export const differingRows = (node: NodeOptions, other: NodeOptions): NodeOptionRow[] =>
  nodeOptionRows.filter(([name]) => node[name] !== other[name]);

/** The preset whose node differs least from this one; the first of several, of which `usual` is the very first. */
export function nearestPreset({ variant, node }: NodeOfPlan, usual: PresetName): PresetName {
  const row: Variant | undefined = variant === null ? undefined : variantTable[variant];
  let nearest = usual;
  let least = Infinity;
  for (const name of [usual, ...presetNames]) {
    const { length } = differingRows(node, nodeOptionsOf(plainWords, {}, row?.options, name));
    if (length >= least) continue;
    least = length;
    nearest = name;
  }
  return nearest;
}

/** An option in a word or two; undefined for one that is as usual. */
export function optionWords(option: NodeOption, value: Value): string | undefined {
  if (value === option.default) return undefined;
  if (option.kind === 'number') return `${option.label} ${value}`;
  return option.kind === 'switch' ? option.unusual : option.words[String(value)]?.meaning;
}

/** What a variant switches about its node, and what of that was asked for otherwise: a sentence for each of the two. */
export function companionSentences({ variant, node }: NodeOfPlan): string[] {
  const row: Variant | undefined = variant === null ? undefined : variantTable[variant];
  const companions = row?.options ?? {};
  const switched: string[] = [];
  const overruled: string[] = [];
  for (const option of nodeOptionRows) {
    const [name] = option;
    const wanted = companions[name];
    if (wanted === undefined) continue;
    (node[name] === wanted ? switched : overruled).push(flagWordsOf(option, node[name]).join(' '));
  }
  return [
    ...(switched.length === 0 ? [] : [`${variant} switches ${switched.join(' ')}: the usual node may hide its bug`]),
    ...(overruled.length === 0
      ? []
      : [`${overruled.join(' ')} was asked for, against what ${variant} switches: its bug may stay hidden`]),
  ];
}

/** What of a plan decides which companions its variant has. */
export interface NodeOfPlan {
  readonly variant: VariantName | null;
  readonly node: NodeOptions;
}
