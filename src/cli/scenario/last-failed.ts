// What did not pass the last time, for `--last-failed`: kept in the folder `.raft-sim/` here.
//
// A file that was not played keeps its place in the list. A green run writes nothing, unless it takes something away.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import type { ScenarioResult } from '../../report/result.ts';
import { writeWhole } from '../ui/files.ts';

const FOLDER = '.raft-sim';
const FILE = `${FOLDER}/last-failed.json`;
const SCHEMA = 'raft-sim/last-failed@1';

/** The files that did not pass; a UsageError if there is nothing to play again. */
export function failedLast(): ReadonlySet<string> {
  const files = read();
  if (files.size > 0) return files;
  throw new UsageError(`nothing to play again: no scenario failed the last time (${FILE} is written when one does)`);
}

/** Notes which files failed, and which of those before did not. */
export function noteFailed(results: readonly ScenarioResult[]): void {
  const before = read();
  const after = new Set(before);
  for (const { file, outcome } of results) {
    if (outcome === 'passed') after.delete(file);
    else if (outcome !== 'not run') after.add(file);
  }
  if (after.size === before.size && Array.from(after).every((file) => before.has(file))) return;
  if (after.size === 0) return rmSync(FILE, { force: true });
  const ignore = `${FOLDER}/.gitignore`;
  if (!existsSync(ignore)) writeWhole(ignore, ['*\n']);
  writeWhole(FILE, [`${JSON.stringify({ schema: SCHEMA, files: Array.from(after).toSorted() }, null, 2)}\n`]);
}

function read(): Set<string> {
  if (!existsSync(FILE)) return new Set();
  try {
    const { schema, files } = JSON.parse(readFileSync(FILE, 'utf8')) as { schema?: unknown; files?: unknown };
    if (schema === SCHEMA && Array.isArray(files)) return new Set(files.map(String));
  } catch {
    // reported below
  }
  throw new UsageError(`${FILE} is not what a run of scenarios wrote: remove it`);
}
