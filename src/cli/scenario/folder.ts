// The scenarios below a folder, in the order of code points, files before the folders beside them.
//
// So a list of files is the same on every machine. What begins with a dot is left out, and what belongs to packages.

import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join, sep } from 'node:path';

export const isScenarioFile = (name: string): boolean => /\.ya?ml$/.test(name);

export function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .toSorted((a, b) => byCodePoint(a.name, b.name));
  const files = entries.filter((entry) => isScenarioFile(entry.name) && isFile(folder, entry));
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
export const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
