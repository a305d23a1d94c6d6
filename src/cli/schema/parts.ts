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
  natural,
  either,
  flag,
  arrayOf,
  nullable,
  object,
  enumOf,
  position,
  mapOf,
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
      typeof value === 'boolean' ? flag : typeof value === 'number' ? natural : text,
    ]),
  ),
);

const property = enumOf(...propertyNames);
export const variant = nullable(enumOf(...variantNames));

export const plan: JsonSchema = about(
  object(
    {
      seed: text,
      nodes: position,
      profile: enumOf(...profileNames),
      parameters,
      node: nodeOptions,
      variant,
      properties: arrayOf(property),
      length: either(object({ micros: natural }), object({ steps: natural })),
    },
    {
      scheduler: enumOf(...schedulerNames),
      disks: arrayOf(object({ term: natural, votedFor: natural, log: arrayOf(natural) })),
    },
  ),
  'Everything that decides the run.',
);

const outcome = enumOf('pass', 'fail', 'unknown', 'not applicable');
export const verdicts = arrayOf(object({ property, outcome, why: text }));

const violationKeys = { property, step: about(natural, 'The step that broke it.'), at: natural, why: text };
export const violation = object(violationKeys);
export const violationWithReplay = object({ ...violationKeys, replayFile: nullable(text) });

const node = about(text, 'n1, n2, …');

export const snapshotList = arrayOf(
  object({
    node,
    status: enumOf('up', 'paused', 'down'),
    memory: nullable(
      object({
        role: enumOf('follower', 'candidate', 'leader', 'pre-candidate'),
        term: natural,
        vote: nullable(node),
        leader: nullable(node),
        commitIndex: natural,
        lastIndex: natural,
        base: about(natural, 'The entries up to here are gone: a snapshot stands for them.'),
        tail: about(texts, 'The last entries, as index@term.'),
        followers: about(
          nullable(
            arrayOf(
              object({
                node,
                nextIndex: natural,
                matchIndex: natural,
                mode: enumOf('probe', 'replicate', 'snapshot'),
              }),
            ),
          ),
          'What a leader believes of the others.',
        ),
      }),
    ),
    disk: object({
      term: natural,
      vote: nullable(node),
      last: text,
      snapshot: about(natural, 'The last entry that its snapshot stands for; 0 if it has none.'),
      cachedWrites: natural,
      unservable: nullable(enumOf('wiped', 'damaged')),
    }),
    machine: object({ applied: natural, hash: nullable(text), values: nullable(mapOf(text)) }),
  }),
);

export const inFlight = object({
  messages: arrayOf(
    object({ from: node, to: node, number: position, copies: position, kind: text, term: natural, text }),
  ),
  answers: arrayOf(
    object({ from: node, to: text, sequence: position, outcome: enumOf('ok', 'refused', 'expired'), text }),
  ),
});

export const place = { line: position, column: position } as const;

export const mistakes = nullable(
  object({ lines: texts, inFile: arrayOf(object({ ...place, message: text, suggestion: nullable(text) })) }),
);

/** The first decision of a run that the paper's node would have made otherwise. */
export const difference = object(
  {
    server: text,
    kind: enumOf('rule', 'session rule', 'handler', 'door'),
    name: text,
    section: text,
    step: position,
    line: about(text, 'The step in the one-line notation.'),
    sentence: text,
  },
  { answers: object({ here: text, paper: text }) },
);
