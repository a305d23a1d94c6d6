// The documents about scenarios: what `scenario run`, `scenario list` and `scenario check` print with `--json`.
//
// Each schema stands for what the command prints; a test holds every key of both against each other.

import {
  about,
  constant,
  natural,
  fingerprint,
  flag,
  arrayOf,
  nullable,
  object,
  enumOf,
  position,
  text,
  texts,
  type JsonSchema,
} from './json-schema.ts';
import { mistakes, snapshotList, place, variant, violation } from './parts.ts';

const play = object({
  seed: text,
  nodes: position,
  variant,
  companions: texts,
  notApplicable: texts,
  plays: about(position, 'With how many seeds it was played.'),
  steps: natural,
  fingerprint,
  virtualMicros: natural,
  virtualMicrosOfAll: natural,
  messages: natural,
  bytes: natural,
  entriesCommitted: natural,
  skipped: arrayOf(object({ ...place, why: text, times: position })),
  command: about(text, 'Plays it again.'),
});

const failure = object({
  kind: enumOf('expectation', 'promise', 'mistake'),
  ...place,
  what: text,
  excerpt: texts,
  expected: text,
  found: text,
  promise: nullable(violation),
  lastSteps: texts,
  servers: texts,
  nodes: snapshotList,
});

export const scenariosSchema: JsonSchema = object({
  schema: constant('raft-sim/scenarios@1'),
  version: text,
  outcome: enumOf('passed', 'failed', 'mistake', 'defect', 'interrupted'),
  interrupted: flag,
  passed: natural,
  failed: natural,
  mistakes: natural,
  defects: natural,
  notRun: natural,
  virtualMicros: natural,
  realMillis: natural,
  scenarios: arrayOf(
    object({
      file: text,
      name: nullable(text),
      outcome: enumOf('passed', 'failed', 'mistake', 'defect', 'not run'),
      play: nullable(play),
      failure: nullable(failure),
      mistakes,
      defect: nullable(object({ message: text, stack: text, command: text })),
      realMillis: natural,
    }),
  ),
});

export const scenarioListSchema: JsonSchema = object({
  schema: constant('raft-sim/scenario-list@1'),
  scenarios: arrayOf(object({ name: text, file: text, why: text, catches: texts, variant })),
});

export const scenarioCheckSchema: JsonSchema = object({
  schema: constant('raft-sim/scenario-check@1'),
  version: text,
  ok: flag,
  files: arrayOf(object({ file: text, name: nullable(text), mistakes })),
});
