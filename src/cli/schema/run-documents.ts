// The documents about one run: what `run`, `replay` and `shrink` print with `--json`.
//
// Each schema stands for what the command prints; a test holds every key of both against each other.

import { goalNames } from '../../check/goals.ts';
import { propertyNames } from '../../run/properties.ts';
import { Counters } from '../../sim/counters.ts';
import { traceKinds } from '../../trace/format.ts';
import { replayOutcomes } from '../replay/json.ts';
import {
  about,
  constant,
  countsLike,
  either,
  enumOf,
  fingerprint,
  flag,
  type JsonSchema,
  natural,
  nullable,
  object,
  position,
  text,
  texts,
} from './json-schema.ts';
import { difference, inFlight, snapshotList, plan, variant, verdicts } from './parts.ts';
import { violation, violationWithReplay } from './parts.ts';

const nothing = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, 0]));

const virtualMicros = about(natural, 'Virtual microseconds.');
const command = about(text, 'Repeats it.');

export const runSchema: JsonSchema = object({
  schema: constant('raft-sim/run@1'),
  version: text,
  seed: text,
  nodes: position,
  profile: text,
  variant,
  companions: about(texts, 'What the variant switches about the node.'),
  plan,
  fingerprint,
  steps: natural,
  virtualMicros,
  realMillis: natural,
  outcome: enumOf('pass', 'violation', 'liveness', 'interrupted'),
  violation: nullable(violationWithReplay),
  endedEarly: about(nullable(text), 'The bound of a run that was reached, in words.'),
  verdicts,
  counters: countsLike(new Counters()),
  goals: countsLike(nothing(goalNames)),
  summary: countsLike(nothing(['leaders', 'terms', 'entriesCommitted', 'callsBegun', 'callsCompleted'])),
  command,
}, { repeats: about(flag, 'False: the system keeps its own time: no run of it repeats. Left out of all others.') });

const side = object({ told: about(text, 'What happened.') }, { fingerprint });

export const replaySchema: JsonSchema = object({
  schema: constant('raft-sim/replay@1'),
  version: text,
  file: text,
  recordedBy: about(text, 'The version that wrote the trace.'),
  kind: enumOf(...traceKinds),
  intact: about(flag, 'The file is as it was written.'),
  outcome: enumOf(...replayOutcomes),
  steps: natural,
  virtualMicros,
  fingerprint,
  divergence: about(
    nullable(object({ step: natural, line: position, column: position, what: text, inTrace: side, here: side })),
    'Where run and trace part.',
  ),
  violation: nullable(violation),
  verdicts: nullable(verdicts),
  nodes: about(nullable(snapshotList), 'With --until.'),
  inFlight: about(nullable(inFlight), 'With --until.'),
});

const shrinkHead = { schema: constant('raft-sim/shrink@1'), version: text };

export const shrinkSchema: JsonSchema = either(
  object({ ...shrinkHead, property: { type: 'null' }, outcome: text }),
  object({
    ...shrinkHead,
    from: text,
    property: enumOf(...propertyNames),
    variant,
    companions: texts,
    before: object({ steps: natural, nodes: position }),
    steps: natural,
    deliveries: natural,
    externalEvents: natural,
    nodes: position,
    shape: text,
    minimal: about(flag, 'Each step was removed alone, and the failure was gone every time.'),
    difference: about(nullable(difference), 'The first decision that the paper’s node would have made otherwise.'),
    replays: natural,
    realMillis: natural,
    file: text,
    command,
  }),
);

