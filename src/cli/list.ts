// `raft-sim list`: the names of a topic with one line each.
//
// What is listed comes from the tables that the program runs on, so that the list is never out of date.

import { type ExitCode, exits } from './exit-code.ts';
import { itemsOf, topics, type Item } from './catalog.ts';
import type { OutputFlags } from './flags.ts';
import { row, widthOf } from './layout.ts';
import { nearest } from './nearest.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from '../base/assert.ts';

export function list(word: string, flags: OutputFlags, terminal: Terminal): ExitCode {
  const topic = topics.find((name) => name === word);
  if (topic === undefined) {
    const near = nearest(word, topics);
    const hint = near === undefined ? '' : `\ndid you mean ${near}?`;
    throw new UsageError(`unknown topic ${JSON.stringify(word)}, expected one of ${topics.join(', ')}${hint}`);
  }
  const { out } = terminal;
  const items = itemsOf(topic);
  if (flags.json === true) {
    out.line(JSON.stringify({ schema: 'raft-sim/list@1', topic, items: items.map(itemJson) }));
    return exits.kept;
  }
  const labelWidth = Math.max(...items.map(({ name }) => widthOf(name))) + 2;
  let group: string | undefined;
  for (const item of items) {
    if (item.group !== group) {
      if (group !== undefined) out.line();
      group = item.group;
      out.line(out.paint.strong(group ?? ''));
    }
    out.lines(
      row({ width: out.width, labelWidth, paint: { ...out.paint, faint: (text) => text } }, item.name, item.meaning),
    );
  }
  return exits.kept;
}

/** An item with its facts as keys. */
export function itemJson({ topic, kind, name, meaning, group, facts }: Item): object {
  const told = Object.fromEntries(facts.map(({ key, value }) => [key, value]));
  return { topic, kind, name, meaning, ...(group === undefined ? {} : { group }), ...told };
}
