// `raft-sim list`: the names of a topic with one line each, or the topics.
//
// What is listed comes from the tables that the program runs on, so that the list is never out of date.

import { type ExitCode, exits } from '../exit-code.ts';
import { itemsOf } from './catalog.ts';
import type { OutputFlags } from '../run/flags.ts';
import { row, widthOf, type RowShape } from '../ui/layout.ts';
import { nearest } from '../../run/nearest.ts';
import type { Terminal } from '../ui/terminal.ts';
import { topics, topicTable, type Item } from './topics.ts';
import { UsageError } from '../../base/errors.ts';

export async function list(word: string | undefined, flags: OutputFlags, terminal: Terminal): Promise<ExitCode> {
  if (word === undefined) return listTopics(flags, terminal);
  const topic = topics.find((name) => name === word);
  if (topic === undefined) {
    const near = nearest(word, topics);
    const hint = near === undefined ? '' : `\ndid you mean ${near}?`;
    throw new UsageError(`unknown topic ${JSON.stringify(word)}, expected one of ${topics.join(', ')}${hint}`);
  }
  const { out } = terminal;
  const items = await itemsOf(topic);
  if (flags.json === true) {
    out.line(JSON.stringify({ schema: 'raft-sim/list@1', topic, items: items.map(itemJson) }));
    return exits.kept;
  }
  const shape = shapeFor(
    items.map(({ name }) => name),
    out,
  );
  let group: string | undefined;
  for (const item of items) {
    if (item.group !== group) {
      if (group !== undefined) out.line();
      group = item.group;
      out.line(out.paint.strong(group ?? ''));
    }
    out.lines(row(shape, item.name, item.meaning));
  }
  return exits.kept;
}

function listTopics(flags: OutputFlags, { out }: Terminal): ExitCode {
  if (flags.json === true) {
    const meanings = topics.map((name) => ({ name, meaning: topicTable[name] }));
    out.line(JSON.stringify({ schema: 'raft-sim/topics@1', topics: meanings }));
    return exits.kept;
  }
  const shape = shapeFor(topics, out);
  for (const topic of topics) out.lines(row(shape, topic, topicTable[topic]));
  return exits.kept;
}

const shapeFor = (labels: readonly string[], { width, paint }: Terminal['out']): RowShape => ({
  width,
  labelWidth: Math.max(...labels.map(widthOf)) + 2,
  paint: { ...paint, faint: (text) => text },
});

/** An item with its facts as keys. */
export function itemJson({ topic, kind, name, meaning, group, facts }: Item): object {
  const byKey = Object.fromEntries(facts.map(({ key, value }) => [key, value]));
  return { topic, kind, name, meaning, ...(group === undefined ? {} : { group }), ...byKey };
}
