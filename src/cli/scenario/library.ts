// The scenarios that can be asked for by name: those of the folder `scenarios/` here, and those that come with the
// package.
//
// A name is that of a file without its ending, with its folder or without, or what the file calls itself. Files here
// come first: a team's own story hides one of the package with the same name.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScenarioSource } from '../../scenario/syntax/source.ts';
import { filesBelow } from './folder.ts';

export const packageFolder = fileURLToPath(new URL('../../..', import.meta.url));

const LIBRARY = 'scenarios';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The folder `scenarios/` here; without it, the one of the package. */
export function usualLibrary(): string | undefined {
  return libraries()[0];
}

/** Every library, the one here first. */
function libraries(): string[] {
  const ofPackage = shown(join(packageFolder, LIBRARY));
  return [...(isFolder(LIBRARY) ? [LIBRARY] : []), ...(isFolder(ofPackage) ? [ofPackage] : [])];
}

/** From here if it lies below, else in full. */
function shown(path: string): string {
  const here = relative(process.cwd(), path).split(sep).join('/');
  return here === '' || here.startsWith('..') ? path.split(sep).join('/') : here;
}

const withoutEnding = (path: string): string => path.replace(/\.ya?ml$/, '');

/** The files that a name means: of the first library that knows it. */
export function filesNamed(name: string): readonly string[] {
  const wanted = `/${withoutEnding(name)}`;
  for (const library of libraries()) {
    const files = filesBelow(library);
    const byFile = files.filter((file) => `/${withoutEnding(file)}`.endsWith(wanted));
    const found = byFile.length > 0 ? byFile : files.filter((file) => headOf(file)?.name === name);
    if (found.length > 0) return found;
  }
  return [];
}

/** Every name that `filesNamed` knows from the files' own names. */
export const libraryNames = (): string[] =>
  libraries().flatMap((library) => filesBelow(library).map((file) => withoutEnding(file).replace(/^.*\//, '')));

/** What a file says of itself, as far as filters ask. */
export interface ScenarioHead {
  readonly name: string;
  readonly catches: readonly string[];
}

/** Reads no more than that; undefined if the file is no YAML mapping. */
export function headOf(file: string, text?: string): ScenarioHead | undefined {
  if (text === undefined && !existsSync(file)) return undefined;
  try {
    const source = ScenarioSource.read(text ?? readFileSync(file, 'utf8'), file, () => undefined);
    const name = source.at(['name']);
    return { name: typeof name === 'string' ? name : '', catches: [source.at(['catches']) ?? []].flat().map(String) };
  } catch {
    return undefined; // its mistake is reported in full when the file is played
  }
}
