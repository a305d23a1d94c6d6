// The JSON Schema of one line of a trace: header, step, checkpoint or end.
//
// Written to `schema/trace.schema.json` by `npm run docs`. The steps come from the table in `sim/step.ts`; the rest is
// what `format.ts` writes around them.

import type { HandWritten } from '../protocol/message.ts';
import { handWrittenKinds } from '../protocol/messages/hand-written.ts';
import type { MessageFieldType } from '../protocol/messages/row.ts';
import { messageFields } from '../protocol/messages/text.ts';
import { readPaths } from '../protocol/operation.ts';
import { stepKinds, stepTable, type StepKind } from '../sim/step.ts';
import type { Field } from '../sim/steps/field.ts';
import { fieldSchema, sentence } from './field-codec.ts';
import { TRACE_FORMAT, TRACE_FORMAT_WITH_STATES, traceKinds } from './format.ts';

type Properties = Readonly<Record<string, object>>;

const of = (name: string): object => ({ $ref: `#/definitions/${name}` });
const whole = (minimum: number, description: string): object => ({ description, type: 'integer', minimum });
const text = (description: string, pattern?: string): object => ({
  description,
  type: 'string',
  ...(pattern === undefined ? {} : { pattern }),
});

/** An object with exactly these keys. */
const strict = (description: string, properties: Properties, optional: readonly string[] = []): object => ({
  description,
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

function stepSchema(kind: StepKind): object {
  const { meaning } = stepTable[kind];
  const fields: readonly (readonly [string, Field])[] = Object.entries(stepTable[kind].fields);
  const own = fields.map(([name, field]) => [name, name === 'effects' ? of('effects') : fieldSchema(field)] as const);
  const optional = fields.filter(([, { isOptional }]) => isOptional === true).map(([name]) => name);
  return strict(
    sentence(meaning),
    {
      step: of('stepNumber'),
      at: of('time'),
      do: { const: kind },
      ...Object.fromEntries(own),
      print: of('print'),
      seen: of('seen'),
    },
    [...optional, 'seen'],
  );
}

const operation = (kind: string, description: string, values: Properties): object =>
  strict(description, { kind: { const: kind }, key: { type: 'string' }, ...values });

function messageSchema(kind: HandWritten['kind']): object {
  const fields = messageFields(kind).map(
    ([name, { type, meaning }]) => [name, valueSchema(type, sentence(meaning))] as const,
  );
  return strict(`A message that nobody sent: ${kind}.`, {
    kind: { const: kind },
    from: of('node'),
    to: of('node'),
    term: whole(0, 'Its term.'),
    ...Object.fromEntries(fields),
  });
}

function valueSchema(type: MessageFieldType, description: string): object {
  if (type === 'flag') return { description, type: 'boolean' };
  if (type === 'entries') return { description, type: 'array', items: whole(1, 'The term of an entry.') };
  return whole(0, description);
}

const TEXT = { type: 'string' };

const operations = [
  operation('get', 'Answers the value.', {}),
  operation('read', 'Answers the value, without a place in the log.', { path: { enum: readPaths } }),
  operation('put', 'Answers ok.', { value: TEXT }),
  operation('append', 'Writes behind what is there; answers the new value.', { value: TEXT }),
  operation('cas', 'Writes the value if the expected one is there; answers yes or no.', {
    expected: TEXT,
    value: TEXT,
  }),
  operation('open', 'Opens a session; answers its number. The key is empty.', {}),
  operation('add', 'Adds to a whole number; answers the new value.', { amount: { type: 'integer' } }),
];

const definitions = {
  node: text('The name of a node: n1, n2, ...', '^n[1-9][0-9]{0,5}$'),
  client: text('The name of a client: c1, c2, ...', '^c[1-9][0-9]{0,6}$'),
  stepNumber: whole(1, 'Counts the steps of a run from 1.'),
  time: whole(0, 'Virtual microseconds since the start of the run.'),
  print: text('The fingerprint of the run after this step.', '^[0-9a-f]{16}$'),
  effects: whole(0, 'The process crashed after this many effects of the step.'),
  links: {
    description: 'Directed links, each the names of its two ends.',
    type: 'array',
    items: { type: 'array', items: [of('node'), of('node')], minItems: 2, maxItems: 2 },
  },
  operation: { oneOf: operations },
  change: strict('What is to become of some servers; each is named once.', {
    voters: { type: 'array', items: of('node') },
    learners: { type: 'array', items: of('node') },
    removed: { type: 'array', items: of('node') },
  }),
  message: { oneOf: handWrittenKinds.map(messageSchema) },
  seen: {
    description: 'Of format 2: what became of the servers, for pages that show a run without taking it again.',
    type: 'object',
  },
  header: strict(
    'The first line.',
    {
      'raft-sim': { const: 'trace' },
      format: { enum: [TRACE_FORMAT, TRACE_FORMAT_WITH_STATES] },
      version: text('The version of raft-sim that wrote the file.'),
      kind: {
        description:
          'steps: every step is there. seed: the seed of the plan repeats the run, only checkpoints are there.',
        enum: traceKinds,
      },
      plan: {
        description: 'The plan of the run.',
        type: 'object',
        properties: { nodes: { type: 'integer', minimum: 1 } },
        required: ['nodes'],
      },
      seen: of('seen'),
    },
    ['seen'],
  ),
  ...Object.fromEntries(stepKinds.map((kind) => [`step-${kind}`, stepSchema(kind)])),
  checkpoint: strict('The fingerprint of the run after a step, in a trace of kind seed.', {
    step: of('stepNumber'),
    print: of('print'),
  }),
  end: strict(
    'The last line.',
    {
      end: { const: true },
      steps: whole(0, 'How many steps the run took.'),
      at: of('time'),
      fingerprint: of('print'),
      violation: {
        description: 'The promise that was broken, if one was.',
        oneOf: [{ type: 'null' }, strict('A broken promise.', { property: TEXT, why: TEXT })],
      },
      seen: of('seen'),
      sum: text('A hash of everything before this key.', '^[0-9a-f]{8}$'),
    },
    ['seen'],
  ),
};

/** The JSON Schema of one line of a trace. */
export function traceJsonSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `raft-sim trace, formats ${TRACE_FORMAT} and ${TRACE_FORMAT_WITH_STATES}: one line`,
    description:
      'Each line of a trace is one JSON object: a header, then steps or checkpoints, then an end. ' +
      'What holds between lines stands in docs/trace-format.md.',
    oneOf: ['header', ...stepKinds.map((kind) => `step-${kind}`), 'checkpoint', 'end'].map(of),
    definitions,
  };
}
