// The documents about names: what `list` and `explain` print with `--json`.
//
// The facts of an item differ from topic to topic: a text or a list of texts each.

import { topics } from '../list/topics.ts';
import { constant, either, arrayOf, object, enumOf, text, texts, type JsonSchema } from './json-schema.ts';

const topic = enumOf(...topics);

const item: JsonSchema = {
  ...object({ topic, kind: text, name: text, meaning: text }),
  additionalProperties: either(text, texts),
};

export const topicsSchema: JsonSchema = object({
  schema: constant('raft-sim/topics@1'),
  topics: arrayOf(object({ name: topic, meaning: text })),
});

export const listSchema: JsonSchema = object({ schema: constant('raft-sim/list@1'), topic, items: arrayOf(item) });

export const explainSchema: JsonSchema = object({
  schema: constant('raft-sim/explain@1'),
  name: text,
  items: arrayOf(item),
});
