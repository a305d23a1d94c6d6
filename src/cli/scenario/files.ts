// Which files the words of a command line mean: files, folders with everything below them, patterns in quotes, names of
// the library, standard input.
//
// All words that mean nothing are reported at once. A file that several words mean is played once.

import { statSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { UsageError } from '../../base/errors.ts';
import { fileNear, readText, troubleText } from '../ui/files.ts';
import { nearest } from '../../run/nearest.ts';
import { byCodePoint, filesBelow, isScenarioFile } from './folder.ts';
import { filesNamed, libraryNames, usualLibrary } from './library.ts';

export interface ScenarioFile {
  /** As it is printed, and read. */
  readonly path: string;
  /** What came from standard input. */
  readonly text: string | undefined;
}

export const STANDARD_INPUT = 'standard input';

/** The files that are meant; without words, those of the folder `scenarios/`, or of the package. */
export async function scenarioFiles(words: readonly string[]): Promise<ScenarioFile[]> {
  const meant = words.length > 0 ? words : [usualLibrary() ?? noLibrary()];
  const wrong: string[] = [];
  const files = new Map<string, ScenarioFile>();
  for (const word of meant) {
    if (word === '-') {
      files.set(word, { path: STANDARD_INPUT, text: await readText(word) });
      continue;
    }
    const found = filesOf(word);
    if (typeof found === 'string') wrong.push(found);
    else for (const path of found) files.set(resolve(path), { path, text: undefined });
  }
  if (wrong.length > 0) throw new UsageError(wrong.join('\n'));
  return Array.from(files.values());
}

function noLibrary(): never {
  throw new UsageError(
    'there is no folder scenarios/ here: name files, folders, or - for standard input\n' +
      'raft-sim scenario new NAME writes a first one',
  );
}

/** The files that one word means, or what is wrong with it. */
function filesOf(word: string): readonly string[] | string {
  try {
    if (!statSync(word).isDirectory()) return [word];
    const found = filesBelow(word);
    return found.length > 0 ? found : `there is no scenario in ${word}: no file ends in .yaml or .yml`;
  } catch (error) {
    if (/[*?[\]{}]/.test(word)) return filesLike(word);
    const named = filesNamed(word);
    if (named.length > 0) return named;
    const near = fileNear(word, error) ?? nearest(word, libraryNames());
    return `cannot read ${word}: ${troubleText(error)}${near === undefined ? '' : `\ndid you mean ${near}?`}`;
  }
}

/** The files of a pattern that no shell has read. */
function filesLike(pattern: string): readonly string[] | string {
  const found = globSync(pattern, { absolute: isAbsolute(pattern) })
    .filter(isScenarioFile)
    .toSorted(byCodePoint);
  return found.length > 0 ? found : `no scenario is like ${pattern}: expected files that end in .yaml or .yml`;
}

/** What a file is called in a list. */
export const labelOf = (path: string): string => basename(path, '.yaml');
