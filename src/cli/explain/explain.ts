// `raft-sim explain`: what one name means, where the paper speaks of it, and what usually goes wrong with it.
//
// A name that stands for several things is explained as each of them.

import { type ExitCode, exits } from '../exit-code.ts';
import { UsageError } from '../../base/errors.ts';
import { allNames, itemsNamed } from '../list/catalog.ts';
import type { OutputFlags } from '../run/flags.ts';
import { row, itemsRow, rowWhole, wrapped, type RowShape } from '../ui/layout.ts';
import { itemJson } from '../list/list.ts';
import { nearest } from '../../run/nearest.ts';
import type { Terminal } from '../ui/terminal.ts';
import type { Fact } from '../list/topics.ts';

const LABEL_WIDTH = 16;

export async function explain(name: string, flags: OutputFlags, terminal: Terminal): Promise<ExitCode> {
  const items = await itemsNamed(name);
  if (items.length === 0) {
    throw new UsageError(`nothing is called ${JSON.stringify(name)}\n${await hintFor(name)}`);
  }
  const { out } = terminal;
  if (flags.json === true) {
    out.line(JSON.stringify({ schema: 'raft-sim/explain@1', name, items: items.map(itemJson) }));
    return exits.kept;
  }
  const shape = { width: out.width, labelWidth: LABEL_WIDTH, paint: out.paint };
  items.forEach((item, i) => {
    if (i > 0) out.line();
    out.line(`${out.paint.strong(item.name)} · ${item.kind}`);
    out.lines(wrapped(item.meaning, out.width - 2).map((line) => `  ${line}`));
    out.line();
    for (const fact of item.facts) out.lines(linesOfFact(shape, fact));
  });
  return exits.kept;
}

const HINTS_MAX = 4;

async function hintFor(name: string): Promise<string> {
  const names = await allNames();
  const containing = names.filter((other) => name.length > 2 && other.includes(name));
  const isFew = containing.length > 0 && containing.length <= HINTS_MAX;
  const alike = isFew ? containing : [nearest(name, names) ?? []].flat();
  if (alike.length === 0) return 'raft-sim list shows what there is';
  return `did you mean ${alike.join(' or ')}?`;
}

/** Short words side by side, whole sentences below each other. */
function linesOfFact(shape: RowShape, { key, label, value }: Fact): string[] {
  if (key === 'try' || key === 'example') {
    return [value].flat().flatMap((text, i) => rowWhole(shape, i === 0 ? label : '', text)); // to be copied
  }
  if (typeof value === 'string') return row(shape, label, value);
  const isProse = value.some((text) => text.split(' ').length > 3);
  if (!isProse) return itemsRow(shape, label, value);
  return value.flatMap((text, i) => row(shape, i === 0 ? label : '', text));
}
