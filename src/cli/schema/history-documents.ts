// The documents about a real cluster: what `check-history` and `validate` print with `--json`.
//
// Each schema stands for what the command prints; a test holds every key of both against each other.

import { historyFormats } from '../../history/formats/names.ts';
import { historyModels } from '../../history/models/names.ts';
import { propertyNames } from '../../run/properties.ts';
import { loggedPromises } from '../../validate/promises.ts';
import {
  about,
  arrayOf,
  constant,
  enumOf,
  natural,
  nullable,
  object,
  position,
  text,
  texts,
  type JsonSchema,
} from './json-schema.ts';

const millis: JsonSchema = { type: 'number', minimum: 0 };

export const checkHistorySchema: JsonSchema = object({
  schema: constant('raft-sim/check-history@1'),
  version: text,
  file: text,
  format: enumOf(...historyFormats),
  model: enumOf(...historyModels),
  calls: natural,
  keys: natural,
  unknownOutcomes: about(natural, 'Calls whose answer never came.'),
  refused: about(natural, 'Calls that did not happen, or read nothing: left out.'),
  outcome: enumOf('linearizable', 'violated', 'undecided'),
  why: about(text, 'The two facts that contradict each other, or what was not enough.'),
  steps: about(nullable(natural), 'Steps of the search; null if it was ended by time or memory.'),
  readMillis: millis,
  searchMillis: millis,
  key: about(nullable(text), 'The key of the violating part.'),
  part: about(
    nullable(arrayOf(object({ line: position, process: text, asked: text, answered: nullable(text) }))),
    'The smallest violating part, by invocation.',
  ),
});

export const validateSchema: JsonSchema = object({
  schema: constant('raft-sim/validate@1'),
  version: text,
  file: text,
  events: natural,
  servers: texts,
  outcome: enumOf('broken', 'no contradiction'),
  verdicts: arrayOf(
    object({
      property: enumOf(...Object.keys(loggedPromises)),
      outcome: enumOf('kept', 'broken', 'unknown', 'not applicable'),
      why: text,
      lines: about(arrayOf(position), 'Where the facts stand that contradict each other.'),
    }),
  ),
  notJudged: about(arrayOf(enumOf(...propertyNames)), 'Promises that need more than servers tell.'),
});
