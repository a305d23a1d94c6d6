// The documents about scenarios: what `scenario run`, `scenario list` and `scenario check` print with `--json`.
//
// Each schema stands for what the command prints; a test holds every key of both against each other.

import {
  about,
  constant,
  count,
  fingerprint,
  flag,
  list,
  nullable,
  object,
  oneOf,
  position,
  text,
  texts,
  type JsonSchema,
} from './json-schema.ts';
import { mistakes, nodes, place, variant, violation } from './parts.ts';

const play = object({
  seed: text,
  nodes: position,
  variant,
  companions: texts,
  notApplicable: texts,
  plays: about(position, 'With how many seeds it was played.'),
  steps: count,
  fingerprint,
  virtualMicros: count,
  virtualMicrosOfAll: count,
  messages: count,
  bytes: count,
  entriesCommitted: count,
  skipped: list(object({ ...place, why: text, times: position })),
  command: about(text, 'Plays it again.'),
});

const failure = object({
  kind: oneOf('expectation', 'promise', 'mistake'),
  ...place,
  what: text,
  excerpt: texts,
  expected: text,
  found: text,
  promise: nullable(violation),
  lastSteps: texts,
  servers: texts,
  nodes,
});

export const scenariosSchema: JsonSchema = object({
  schema: constant('raft-sim/scenarios@1'),
  version: text,
  outcome: oneOf('passed', 'failed', 'mistake', 'defect', 'interrupted'),
  interrupted: flag,
  passed: count,
  failed: count,
  mistakes: count,
  defects: count,
  notRun: count,
  virtualMicros: count,
  realMillis: count,
  scenarios: list(
    object({
      file: text,
      name: nullable(text),
      outcome: oneOf('passed', 'failed', 'mistake', 'defect', 'not run'),
      play: nullable(play),
      failure: nullable(failure),
      mistakes,
      defect: nullable(object({ message: text, stack: text, command: text })),
      realMillis: count,
    }),
  ),
});

export const scenarioListSchema: JsonSchema = object({
  schema: constant('raft-sim/scenario-list@1'),
  scenarios: list(object({ name: text, file: text, why: text, catches: texts, variant })),
});

export const scenarioCheckSchema: JsonSchema = object({
  schema: constant('raft-sim/scenario-check@1'),
  version: text,
  ok: flag,
  files: list(object({ file: text, name: nullable(text), mistakes })),
});
