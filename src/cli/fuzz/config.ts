// The configuration file of a team's usual campaign: its keys are the flags of fuzz, and the command line wins.
//
// It is looked for in the folder where fuzz is started and nowhere else, so that no folder above changes a campaign.
// What is wrong in it is refused with its place; a module (.mjs) has no places, and is named by its keys.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command, Option } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { kebab } from '../../base/text.ts';
import { found, ScenarioSource, type Path } from '../../scenario/syntax/source.ts';
import { troubleText } from '../ui/files.ts';
import { nearest } from '../../run/nearest.ts';

const FILES: readonly string[] = ['yaml', 'yml', 'json', 'mjs'].map((ending) => `raft-sim.config.${ending}`);
const PACKAGE = 'package.json';
const PACKAGE_KEY = 'raft-sim';
const SECTION = 'fuzz';

/** What is decided anew each time. */
const NEVER: ReadonlySet<string> = new Set(['config', 'resume', 'force', 'dry-run', 'help']);

/** The flags of a file, and how its places are named. */
interface Config {
  readonly section: unknown;
  readonly path: Path;
  readonly where: (path: Path, part: 'key' | 'value') => string;
}

/** Gives a command the flags of its file that the command line does not have; returns the file, if there is one. */
export async function applyConfig(command: Command, folder: string): Promise<string | undefined> {
  const { config: asked } = command.opts<{ config?: string | false }>();
  if (asked === false) return undefined;
  const file = asked ?? usualFile(folder);
  const config = file === undefined ? undefined : await readConfig(file, resolve(folder, file));
  if (file === undefined || config === undefined) return undefined;
  apply(command, config);
  return file;
}

/** The one file in the folder; a package.json only if it has the key. */
function usualFile(folder: string): string | undefined {
  const there = FILES.filter((name) => existsSync(join(folder, name)));
  const inPackage =
    existsSync(join(folder, PACKAGE)) && textOf(PACKAGE, join(folder, PACKAGE)).includes(`"${PACKAGE_KEY}"`);
  if (there.length > 1) throw new UsageError(`there are ${there.join(' and ')}, expected one configuration file`);
  return there[0] ?? (inPackage ? PACKAGE : undefined);
}

function textOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${troubleText(error)}`);
  }
}

/** Undefined for a package.json that has the key somewhere else. */
async function readConfig(name: string, path: string): Promise<Config | undefined> {
  if (name.endsWith('.mjs')) return moduleConfig(name, path);
  const source = ScenarioSource.read(textOf(name, path), name, nearest);
  const isPackage = name.split(/[\\/]/).at(-1) === PACKAGE;
  const root: Path = isPackage ? [PACKAGE_KEY] : [];
  const data = isPackage ? source.at(root) : source.data;
  if (data === undefined) return undefined;
  return { ...sectionOf(data, root, (at, part) => source.where(at, part)) };
}

async function moduleConfig(name: string, path: string): Promise<Config> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    throw new UsageError(`cannot load ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const where: Config['where'] = (at) => (at.length === 0 ? name : `${name}: ${at.join('.')}`);
  if (module.default === undefined)
    throw new UsageError(`${name} exports nothing by default, expected { fuzz: { … } }`);
  return sectionOf(module.default, [], where);
}

/** Other commands may have a section one day; nothing else stands beside them. */
function sectionOf(data: unknown, root: Path, where: Config['where']): Config {
  const other = Object.keys(mapping(data, root, where)).find((key) => key !== SECTION);
  if (other !== undefined) {
    throw new UsageError(`${where([...root, other], 'key')}: ${found(other)} is no command, expected ${SECTION}`);
  }
  return { section: (data as Record<string, unknown>)[SECTION] ?? {}, path: [...root, SECTION], where };
}

function mapping(value: unknown, path: Path, where: Config['where']): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError(`${where(path, 'value')}: ${found(value)}, expected a mapping of flags`);
}

function apply(command: Command, { section, path, where }: Config): void {
  const flags = mapping(section, path, where);
  const known = command.options.flatMap(({ long }) => long?.replace(/^--(?:no-)?/, '') ?? []);
  const fromFile = new Map<string, unknown>();
  for (const [key, value] of Object.entries(flags)) {
    const options = command.options.filter((option) => option.long?.replace(/^--(?:no-)?/, '') === key);
    const [first] = options;
    if (first === undefined || NEVER.has(key)) {
      const near = nearest(
        key,
        known.filter((name) => !NEVER.has(name)),
      );
      const hint = near === undefined ? '' : `\ndid you mean ${near}?`;
      const what = first === undefined ? 'is no flag of fuzz' : 'is for the command line alone';
      throw new UsageError(`${where([...path, key], 'key')}: ${found(key)} ${what}${hint}`);
    }
    const place = where([...path, key], 'value');
    fromFile.set(first.attributeName(), valueOf(options, key, value, place));
  }
  for (const [name, value] of fromFile) {
    if (!isOverruled(command, name)) command.setOptionValueWithSource(name, value, 'config');
  }
  checkConflicts(command, fromFile, path, where);
}

/** Reads a value as the command line would. */
function valueOf(options: readonly Option[], key: string, value: unknown, place: string): unknown {
  const [option] = options as [Option];
  const isSwitch = options.every(({ required, optional }) => !required && !optional);
  if (isSwitch && typeof value === 'boolean') return value;
  if (isSwitch) throw new UsageError(`${place}: ${key} is ${found(value)}, expected true or false`);
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  const texts = items.map((item) => {
    if (typeof item === 'string' || typeof item === 'number') return String(item);
    throw new UsageError(`${place}: ${key} is ${found(item)}, expected what stands behind --${key}`);
  });
  const isCollected = option.variadic || key === 'reporter';
  try {
    return (isCollected ? texts : [texts.join(',')]).reduce<unknown>(
      (before, text) => (option.parseArg === undefined ? text : option.parseArg(text, before)),
      undefined,
    );
  } catch (error) {
    throw new UsageError(`${place}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const conflictsOf = (command: Command, name: string): readonly string[] =>
  command.options
    .filter((option) => option.attributeName() === name)
    .flatMap((option) => (option as { readonly conflictsWith?: readonly string[] }).conflictsWith ?? []);

const areConflicting = (command: Command, a: string, b: string): boolean =>
  conflictsOf(command, a).includes(b) || conflictsOf(command, b).includes(a);

/** Whether the command line says the same flag, or one that cannot be used with it. */
function isOverruled(command: Command, name: string): boolean {
  const typed = command.options.map((option) => option.attributeName()).filter((one) => isTyped(command, one));
  return typed.some((one) => one === name || areConflicting(command, one, name));
}

const isTyped = (command: Command, name: string): boolean => command.getOptionValueSource(name) === 'cli';

function checkConflicts(
  command: Command,
  fromFile: ReadonlyMap<string, unknown>,
  path: Path,
  where: Config['where'],
): void {
  const names = Array.from(fromFile.keys());
  for (const [i, one] of names.entries()) {
    const other = names.slice(i + 1).find((later) => areConflicting(command, one, later));
    if (other === undefined) continue;
    throw new UsageError(
      `${where(path, 'key')}: ${kebab(one)} cannot be used with ${kebab(other)}, expected one of them`,
    );
  }
}
