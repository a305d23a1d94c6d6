// `raft-sim scenario list`: what stories there are, what each shows, and which bugs it catches.
//
// A file with a mistake is reported on standard error; the others are listed all the same.

import { folderOf } from '../../report/result.ts';
import type { RawScenario } from '../../scenario/schema/schema.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import type { OutputFlags } from '../run/flags.ts';
import { row, itemsRow, type RowShape } from '../ui/layout.ts';
import { readScenarios } from './check.ts';
import type { SelectionFlags } from './selection-flags.ts';
import type { Terminal } from '../ui/terminal.ts';

interface Item {
  readonly file: string;
  readonly raw: RawScenario;
}

const LABEL_WIDTH = 9;

const caughtBy = ({ catches }: RawScenario): readonly string[] => (catches === undefined ? [] : [catches].flat());

export async function listScenarios(
  words: readonly string[],
  flags: OutputFlags & SelectionFlags,
  { out, err }: Terminal,
): Promise<ExitCode> {
  const read = await readScenarios(words, flags);
  const items = read.flatMap(({ file, scenario }) => (scenario === undefined ? [] : [{ file, raw: scenario.raw }]));
  if (flags.json === true) {
    out.line(JSON.stringify({ schema: 'raft-sim/scenario-list@1', scenarios: items.map(itemJson) }));
  } else {
    const shape = { width: out.width, labelWidth: LABEL_WIDTH, paint: out.paint };
    out.lines(itemLines(items, shape));
  }
  const wrong = read.flatMap(({ mistakes }) => mistakes?.lines ?? []);
  err.lines(wrong);
  return wrong.length > 0 ? exits.mistake : exits.kept;
}

const itemJson = ({ file, raw }: Item): object => ({
  name: raw.name,
  file,
  why: raw.why.trim(),
  catches: caughtBy(raw),
  variant: raw.variant ?? null,
});

function itemLines(items: readonly Item[], shape: RowShape): string[] {
  const hasFolders = new Set(items.map(({ file }) => folderOf(file))).size > 1;
  let folder: string | undefined;
  return items.flatMap(({ file, raw }, i) => {
    const isNew = hasFolders && folderOf(file) !== folder;
    folder = folderOf(file);
    return [
      ...(i > 0 ? [''] : []),
      ...(isNew ? [shape.paint.strong(folder), ''] : []),
      shape.paint.strong(raw.name),
      ...row(shape, 'file', file),
      ...itemsRow(shape, 'variant', raw.variant === undefined ? [] : [raw.variant]),
      ...itemsRow(shape, 'catches', caughtBy(raw)),
      ...row(shape, 'why', raw.why.trim().replace(/\s+/g, ' ')),
    ];
  });
}
