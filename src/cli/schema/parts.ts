// What several documents share: plans, verdicts, violations, servers, places in a file.
//
// The names in them come from the tables that the program runs on.

import { propertyNames } from '../../run/properties.ts';
import { defaultNodeOptions } from '../../raft/options.ts';
import { profileNames } from '../../sim/faults/profile.ts';
import { parameterNames, parameterTable } from '../../sim/parameters.ts';
import { schedulerNames } from '../../sim/schedule/scheduler.ts';
import { variantNames } from '../../zoo/variant.ts';
import {
  about,
  count,
  either,
  flag,
  list,
  nullable,
  object,
  oneOf,
  position,
  record,
  text,
  texts,
  type JsonSchema,
} from './json-schema.ts';

const units = { duration: 'virtual microseconds', odds: 'parts per million' } as const;

const parameters = object(
  Object.fromEntries(
    parameterNames.map((name) => {
      const { unit, meaning } = parameterTable[name];
      const inUnit = unit === 'duration' || unit === 'odds' ? `, in ${units[unit]}` : '';
      return [name, about({ type: 'integer' }, `${meaning}${inUnit}`)];
    }),
  ),
);

const nodeOptions = object(
  Object.fromEntries(
    Object.entries(defaultNodeOptions).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? flag : typeof value === 'number' ? count : text,
    ]),
  ),
);

const property = oneOf(...propertyNames);
export const variant = nullable(oneOf(...variantNames));

export const plan: JsonSchema = about(
  object(
    {
      seed: text,
      nodes: position,
      profile: oneOf(...profileNames),
      parameters,
      node: nodeOptions,
      variant,
      properties: list(property),
      length: either(object({ micros: count }), object({ steps: count })),
    },
    {
      scheduler: oneOf(...schedulerNames),
      disks: list(object({ term: count, votedFor: count, log: list(count) })),
    },
  ),
  'Everything that decides the run.',
);

const outcome = oneOf('pass', 'fail', 'unknown', 'not applicable');
export const verdicts = list(object({ property, outcome, why: text }));

const violationKeys = { property, step: about(count, 'The step that broke it.'), at: count, why: text };
export const violation = object(violationKeys);
export const violationWithReplay = object({ ...violationKeys, replayFile: nullable(text) });

const node = about(text, 'n1, n2, …');

export const nodes = list(
  object({
    node,
    status: oneOf('up', 'paused', 'down'),
    memory: nullable(
      object({
        role: oneOf('follower', 'candidate', 'leader'),
        term: count,
        vote: nullable(node),
        leader: nullable(node),
        commitIndex: count,
        lastIndex: count,
        tail: about(texts, 'The last entries, as index@term.'),
        followers: about(
          nullable(
            list(object({ node, nextIndex: count, matchIndex: count, mode: oneOf('probe', 'replicate') })),
          ),
          'What a leader believes of the others.',
        ),
      }),
    ),
    disk: object({
      term: count,
      vote: nullable(node),
      last: text,
      cachedWrites: count,
      unservable: nullable(oneOf('wiped', 'damaged')),
    }),
    machine: object({ applied: count, hash: nullable(text), values: nullable(record(text)) }),
  }),
);

export const inFlight = object({
  messages: list(
    object({ from: node, to: node, number: position, copies: position, kind: text, term: count, text }),
  ),
  answers: list(object({ from: node, to: text, sequence: position, outcome: oneOf('ok', 'refused'), text })),
});

export const place = { line: position, column: position } as const;

export const mistakes = nullable(
  object({ lines: texts, inFile: list(object({ ...place, message: text, suggestion: nullable(text) })) }),
);
