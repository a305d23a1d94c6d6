// Which files the words of a command line mean: files, folders with everything below them, standard input.
//
// Folders are read in the order of code points, files before the folders beside them, so that a list of files is the
// same on every machine. All words that mean nothing are told at once.

import { readdirSync, statSync, type Dirent } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { fileNear, readText, troubleText } from '../ui/files.ts';

export interface ScenarioFile {
  /** As it is told, and read. */
  readonly path: string;
  /** What came from standard input. */
  readonly text: string | undefined;
}

const LIBRARY = 'scenarios';
const IS_SCENARIO = /\.ya?ml$/;
export const STANDARD_INPUT = 'standard input';

/** The files that are meant; without words, those of the folder `scenarios/`. */
export async function scenarioFiles(words: readonly string[]): Promise<ScenarioFile[]> {
  const meant = words.length > 0 ? words : libraryHere();
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

function libraryHere(): readonly string[] {
  if (statSync(LIBRARY, { throwIfNoEntry: false })?.isDirectory() === true) return [LIBRARY];
  throw new UsageError(
    `there is no folder ${LIBRARY}/ here: name files, folders, or - for standard input\n` +
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
    const near = fileNear(word, error);
    return `cannot read ${word}: ${troubleText(error)}${near === undefined ? '' : `\ndid you mean ${near}?`}`;
  }
}

/** What begins with a dot is left out, and what belongs to packages. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .toSorted((a, b) => byCodePoint(a.name, b.name));
  const files = entries.filter((entry) => IS_SCENARIO.test(entry.name) && isFile(folder, entry));
  const folders = entries.filter((entry) => entry.isDirectory());
  return [
    ...files.map(({ name }) => join(folder, name).split(sep).join('/')),
    ...folders.flatMap(({ name }) => filesBelow(join(folder, name))),
  ];
}

/** Also one behind a link; folders behind links may lead in circles and are left out. */
const isFile = (folder: string, entry: Dirent): boolean =>
  entry.isFile() ||
  (entry.isSymbolicLink() && statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isFile() === true);

/** UTF-8 has the order of code points. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What a file is called in a list. */
export const labelOf = (path: string): string => basename(path, '.yaml');
