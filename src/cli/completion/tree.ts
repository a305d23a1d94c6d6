// What may stand where on the command line: commands, flags, and the words or files behind them, as plain data.
//
// It is read from the commands themselves and from the catalog of names, so that no shell completes what the program
// would refuse.

import type { Command, Option } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { allNames, itemsOf } from '../list/catalog.ts';
import { topics, type Topic } from '../list/topics.ts';
import { reporterNames } from '../../report/reporters.ts';

/** What may stand at a place: some of these words, a file, a folder, or a text of the user's own. */
export type CompletionValues = readonly string[] | 'file' | 'folder' | 'text';

export interface CompletionFlag {
  /** `-s`, `--seed`. */
  readonly names: readonly string[];
  readonly meaning: string;
  /** What stands behind it; undefined for a flag that stands alone. */
  readonly values: CompletionValues | undefined;
}

export interface CompletionNode {
  /** The words that lead here: `raft-sim`, `scenario`, `run`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly commands: readonly CompletionNode[];
  readonly flags: readonly CompletionFlag[];
  /** What its arguments may be; undefined if it takes none. */
  readonly values: CompletionValues | undefined;
}

/** The flags whose value is one of the names of a topic. */
const topicsOfFlags: Readonly<Record<string, Topic>> = {
  '--variant': 'variants',
  '--profile': 'profiles',
  '--scheduler': 'schedulers',
  '--property': 'properties',
};

export async function completionTree(command: Command, before: readonly string[] = []): Promise<CompletionNode> {
  const path = [...before, command.name()];
  const commands: CompletionNode[] = [];
  for (const child of command.commands) commands.push(await completionTree(child, path));
  const flags: CompletionFlag[] = [];
  for (const option of command.createHelp().visibleOptions(command)) flags.push(await completionFlag(option));
  return { path, summary: command.description(), commands, flags, values: await argumentValues(command, path) };
}

async function completionFlag(option: Option): Promise<CompletionFlag> {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  return { names, meaning: option.description, values: await valuesOf(option) };
}

async function valuesOf(option: Option): Promise<CompletionValues | undefined> {
  if (!option.required && !option.optional) return undefined;
  if (option.argChoices !== undefined) return option.argChoices;
  const topic = topicsOfFlags[option.long ?? ''];
  if (topic !== undefined) return (await itemsOf(topic)).map(({ name }) => name);
  if (option.long === '--reporter') return reporterNames;
  return placeholderValues(option.flags);
}

/** `<file>` and `<dir>` say themselves what stands there. */
function placeholderValues(syntax: string): CompletionValues {
  if (/[<[](?:file|trace)/.test(syntax)) return 'file';
  return syntax.includes('<dir>') ? 'folder' : 'text';
}

async function argumentValues(command: Command, path: readonly string[]): Promise<CompletionValues | undefined> {
  const [argument] = command.registeredArguments;
  if (argument === undefined) return undefined;
  if (argument.argChoices !== undefined) return argument.argChoices;
  switch (path.at(-1)) {
    case 'list':
      return argument.name() === 'topic' ? topics : 'file';
    case 'explain':
      return (await allNames()).filter((name) => !name.includes(' '));
    default:
      return placeholderValues(`<${argument.name()}>`);
  }
}

/** All nodes, each before those below it. */
export const allNodes = (root: CompletionNode): CompletionNode[] => [root, ...root.commands.flatMap(allNodes)];

/** Words of a script stand between single quotes or bare; one that a shell would read otherwise has no place there. */
export function wordsIn(words: readonly string[]): readonly string[] {
  const odd = words.find((word) => !/^[\w@%+=:,./-]+$/.test(word));
  if (odd !== undefined) throw new UsageError(`${JSON.stringify(odd)} cannot be completed by a shell`);
  return words;
}
