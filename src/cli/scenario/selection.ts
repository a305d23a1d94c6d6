// Which of the files that are meant are wanted: by a pattern in their names, by the bug that they catch, by what failed
// the last time.
//
// A selection of nothing is refused: it would be green whatever the node does.

import { UsageError } from '../../base/errors.ts';
import { scenarioFiles, type ScenarioFile } from './files.ts';
import { failedLast } from './last-failed.ts';
import { headOf } from './library.ts';
import type { SelectionFlags } from './selection-flags.ts';

/** The files that the words mean and the flags want. */
export async function selectedFiles(words: readonly string[], flags: SelectionFlags): Promise<ScenarioFile[]> {
  const files = await scenarioFiles(words);
  const failed = flags.lastFailed === true ? failedLast() : undefined;
  const wanted = files.filter((file) => isWanted(file, flags) && (failed === undefined || failed.has(file.path)));
  if (wanted.length > 0) return wanted;
  const asked = [
    ...(flags.grep === undefined ? [] : [`--grep ${flags.grep.source}`]),
    ...(flags.catches === undefined ? [] : [`--catches ${flags.catches}`]),
    ...(flags.lastFailed === true ? ['--last-failed'] : []),
  ];
  const number = files.length === 1 ? 'the one scenario is' : `the ${files.length} scenarios are`;
  throw new UsageError(`nothing to play: none of ${number} wanted by ${asked.join(' ')}`);
}

/** A file that cannot be read may catch anything: it is kept, so that its mistake is reported. */
function isWanted({ path, text }: ScenarioFile, { grep, catches }: SelectionFlags): boolean {
  if (grep === undefined && catches === undefined) return true;
  const head = headOf(path, text);
  if (grep !== undefined && !grep.test(path) && !grep.test(head?.name ?? '')) return false;
  return catches === undefined || head === undefined || head.catches.includes(catches);
}
