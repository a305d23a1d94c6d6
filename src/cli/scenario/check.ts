// `raft-sim scenario check`: reads files as `run` would, plays none, and reports every mistake.
//
// What shows only while a story is played, such as a group that is empty when a step needs a node, is not found here.

import { UsageError } from '../../base/errors.ts';
import type { Mistakes } from '../../report/result.ts';
import { readScenario, type Scenario } from '../../scenario/load.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { mistakeLines } from '../ui/failure.ts';
import { readText } from '../ui/files.ts';
import type { OutputFlags } from '../run/flags.ts';
import { nearest } from '../../run/nearest.ts';
import { selectedFiles } from './selection.ts';
import type { SelectionFlags } from './selection-flags.ts';
import { mistakeOf } from './play.ts';
import type { Terminal } from '../ui/terminal.ts';
import { version } from '../version.ts';

/** A file that was read: a scenario, or what is wrong with it. */
export interface ReadFile {
  readonly file: string;
  readonly scenario: Scenario | undefined;
  readonly mistakes: Mistakes | null;
}

/** Reads every file that the words mean and the flags want. */
export async function readScenarios(words: readonly string[], flags: SelectionFlags): Promise<readonly ReadFile[]> {
  const read: ReadFile[] = [];
  for (const { path, text } of await selectedFiles(words, flags)) {
    try {
      const scenario = readScenario(text ?? (await readText(path)), { file: path, nearest });
      read.push({ file: path, scenario, mistakes: null });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      read.push({ file: path, scenario: undefined, mistakes: mistakeOf(path, error).mistakes });
    }
  }
  return read;
}

export async function checkScenarios(
  words: readonly string[],
  flags: OutputFlags & SelectionFlags,
  { out }: Terminal,
): Promise<ExitCode> {
  const read = await readScenarios(words, flags);
  const isFine = read.every(({ mistakes }) => mistakes === null);
  if (flags.json === true) {
    const files = read.map(({ file, scenario, mistakes }) => ({ file, name: scenario?.raw.name ?? null, mistakes }));
    out.line(JSON.stringify({ schema: 'raft-sim/scenario-check@1', version, ok: isFine, files }));
  } else {
    for (const { file, mistakes } of read) {
      if (mistakes !== null) out.lines(mistakeLines(mistakes.lines, out.lineWidth));
      else if (flags.quiet !== true) out.line(`${out.paint.good('ok')} ${file}`);
    }
  }
  return isFine ? exits.kept : exits.mistake;
}
