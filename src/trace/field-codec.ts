// The fields of steps as JSON: how each type of field is written, read and described.
//
// Names stand for numbers (`n1`, `c1`), and the keys of an operation come in one order, always. What a file
// holds is never trusted: each reader says exactly what is wrong.

import { unreachable } from '../base/errors.ts';
import { clientName, nodeName } from '../base/ids.ts';
import type { HandWritten } from '../protocol/message.ts';
import { handWrittenKinds, saidOf, writtenMessage } from '../protocol/messages/hand-written.ts';
import { messageFields } from '../protocol/messages/text.ts';
import type { MembershipChange } from '../protocol/configuration.ts';
import { readPaths, type Operation } from '../protocol/operation.ts';
import type { Field, FieldOf, FieldType } from '../sim/steps/field.ts';
import type { ObjectReader } from './object-reader.ts';

type Value<Type extends FieldType> = FieldOf<Type>['example'];

interface FieldCodec<Type extends FieldType> {
  write(value: Value<Type>): unknown;
  read(line: ObjectReader, key: string, field: FieldOf<Type>, nodes: number): Value<Type>;
  /** What JSON Schema says of it; a reference where all fields of the type are alike. */
  schema(field: FieldOf<Type>): object;
}

type FieldCodecs = { readonly [Type in FieldType]: FieldCodec<Type> };

const asItIs = <Same>(value: Same): Same => value;
const reference = (name: string) => (): object => ({ $ref: `#/definitions/${name}` });

/** A meaning as a sentence of JSON Schema, which knows no Markdown. */
export function sentence(meaning: string): string {
  const plain = meaning.replaceAll('`', '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}

const described = ({ meaning }: Field, rest: object): object => ({ description: sentence(meaning), ...rest });

const codecs: FieldCodecs = {
  node: {
    write: nodeName,
    read: (line, key, _field, nodes) => line.node(key, nodes),
    schema: reference('node'),
  },
  client: { write: clientName, read: (line, key) => line.client(key), schema: reference('client') },
  flag: {
    write: asItIs,
    read: (line, key) => line.flag(key),
    schema: (field) => described(field, { type: 'boolean' }),
  },
  text: {
    write: asItIs,
    read: (line, key) => line.text(key),
    schema: (field) => described(field, { type: 'string' }),
  },
  links: {
    write: (links) => links.map(([from, to]) => [nodeName(from), nodeName(to)]),
    read: (line, key, _field, nodes) => line.links(key, nodes),
    schema: reference('links'),
  },
  operation: { write: orderedOperation, read: readOperation, schema: reference('operation') },
  change: {
    write: ({ voters, learners, removed }) => ({
      voters: voters.map(nodeName),
      learners: learners.map(nodeName),
      removed: removed.map(nodeName),
    }),
    read: readChange,
    schema: reference('change'),
  },
  message: {
    write: (message) => ({
      kind: message.kind,
      from: nodeName(message.from),
      to: nodeName(message.to),
      term: message.term,
      ...Object.fromEntries(saidOf(message)),
    }),
    read: readMessage,
    schema: reference('message'),
  },
  whole: {
    write: asItIs,
    read: (line, key, { min }) => line.integer(key, min),
    schema: (field) =>
      described(field, {
        type: 'integer',
        ...(field.min === Number.MIN_SAFE_INTEGER ? {} : { minimum: field.min }),
      }),
  },
  word: {
    write: asItIs,
    read: (line, key, { words }) => line.word(key, words),
    schema: (field) => described(field, { enum: field.words }),
  },
};

const codecOf = (field: Field): FieldCodec<FieldType> => codecs[field.type] as FieldCodec<FieldType>;

/** The value of a field as JSON has it. */
export const writeField = (field: Field, value: Field['example']): unknown => codecOf(field).write(value);

export const readField = (line: ObjectReader, key: string, field: Field, nodes: number): Field['example'] =>
  codecOf(field).read(line, key, field, nodes);

export const fieldSchema = (field: Field): object => codecOf(field).schema(field);

/** A change names each server once: no server is to vote and to leave. */
function readChange(line: ObjectReader, field: string, _field: unknown, nodes: number): MembershipChange {
  const reader = line.object(field, 'a change');
  reader.allowOnly(['voters', 'learners', 'removed']);
  const change = {
    voters: reader.nodes('voters', nodes),
    learners: reader.nodes('learners', nodes),
    removed: reader.nodes('removed', nodes),
  };
  const named = [...change.voters, ...change.learners, ...change.removed];
  if (new Set(named).size < named.length) line.fail(field, 'each node to be named once');
  return change;
}

/** A message that nobody sent has exactly the fields of its kind. */
function readMessage(line: ObjectReader, field: string, _field: unknown, nodes: number): HandWritten {
  const reader = line.object(field, 'a message');
  const kind = reader.word('kind', handWrittenKinds);
  reader.allowOnly(['kind', 'from', 'to', 'term', ...messageFields(kind).map(([name]) => name)]);
  const head = {
    kind,
    from: reader.node('from', nodes),
    to: reader.node('to', nodes),
    term: reader.integer('term', 0),
  };
  return writtenMessage(head, (name, { type }) => {
    if (type === 'flag') return reader.flag(name);
    return type === 'entries' ? reader.integers(name, 1) : reader.integer(name, 0);
  });
}

// ── operations of clients ────────────────────────────────────────────────────────────────────────────────────────

const operationKeys: Readonly<Record<Operation['kind'], readonly string[]>> = {
  get: ['kind', 'key'],
  read: ['kind', 'key', 'path'],
  put: ['kind', 'key', 'value'],
  append: ['kind', 'key', 'value'],
  cas: ['kind', 'key', 'expected', 'value'],
  add: ['kind', 'key', 'amount'],
  open: ['kind', 'key'],
};
const operationKinds = Object.keys(operationKeys) as Operation['kind'][];

function orderedOperation(operation: Operation): Operation {
  switch (operation.kind) {
    case 'get':
      return { kind: 'get', key: operation.key };
    case 'open':
      return { kind: 'open', key: '' };
    case 'read':
      return { kind: 'read', key: operation.key, path: operation.path };
    case 'put':
    case 'append':
      return { kind: operation.kind, key: operation.key, value: operation.value };
    case 'cas':
      return { kind: 'cas', key: operation.key, expected: operation.expected, value: operation.value };
    case 'add':
      return { kind: 'add', key: operation.key, amount: operation.amount };
    default:
      return unreachable(operation);
  }
}

function readOperation(line: ObjectReader, field: string): Operation {
  const reader = line.object(field, 'an operation');
  const kind = reader.word('kind', operationKinds);
  reader.allowOnly(operationKeys[kind]);
  const key = reader.text('key');
  switch (kind) {
    case 'get':
      return { kind, key };
    case 'open':
      return { kind, key: '' };
    case 'read':
      return { kind, key, path: reader.word('path', readPaths) };
    case 'put':
    case 'append':
      return { kind, key, value: reader.text('value') };
    case 'cas':
      return { kind, key, expected: reader.text('expected'), value: reader.text('value') };
    case 'add':
      return { kind, key, amount: reader.integer('amount', Number.MIN_SAFE_INTEGER) };
    default:
      return unreachable(kind);
  }
}
