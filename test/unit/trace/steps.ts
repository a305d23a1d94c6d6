// Steps of every kind: one of each by hand, and any that a trace can hold for the random suites.

import * as fc from 'fast-check';
import { clientId, micros, nodeId } from '../../../src/base/ids.ts';
import type { MembershipChange } from '../../../src/protocol/configuration.ts';
import type { HandWritten } from '../../../src/protocol/message.ts';
import { handWrittenKinds, writtenMessage } from '../../../src/protocol/messages/hand-written.ts';
import type { Operation } from '../../../src/protocol/operation.ts';
import { stepKinds, stepTable, type LinkEnds, type Step, type StepKind } from '../../../src/sim/step.ts';
import type { Field } from '../../../src/sim/steps/field.ts';

export const NODES = 5;

const node = nodeId(1);
const [from, to] = [nodeId(0), nodeId(4)];
const client = clientId(2);
const put: Operation = { kind: 'put', key: 'k1', value: '3.1' };
const links: readonly LinkEnds[] = [
  [from, to],
  [to, from],
];
const at = micros(1_234);

/** Steps whose lines are written down in the tests: of every kind that there was in the first version. */
export const samples: readonly Step[] = [
  { kind: 'deliver', at, from, to, number: 5 },
  { kind: 'deliver', at, from, to, number: 5, effects: 0 },
  { kind: 'drop', at, from, to, number: 5, reason: 'cut' },
  { kind: 'duplicate', at, from, to, number: 5 },
  { kind: 'timer', at, node, timer: 'election' },
  { kind: 'timer', at, node, timer: 'heartbeat', effects: 2 },
  { kind: 'durable', at, node },
  { kind: 'durable', at, node, effects: 1 },
  { kind: 'write-failed', at, node, error: 'sync', kept: 1 },
  { kind: 'crash', at, node, kept: 2, torn: true },
  { kind: 'wipe', at, node },
  { kind: 'restart', at, node },
  { kind: 'pause', at, node },
  { kind: 'resume', at, node },
  { kind: 'cut', at, fault: 1, shape: 'two-way', links },
  { kind: 'heal', at, fault: 1 },
  { kind: 'slow', at, fault: 2, factor: 10, links },
  { kind: 'mend', at, fault: 2 },
  { kind: 'clock', at, node, ratePpm: -200, jump: -1_500 },
  { kind: 'calm', at },
  { kind: 'call', at, client, sequence: 4, node, operation: put },
  { kind: 'call', at, client, sequence: 4, node, operation: put, effects: 3 },
  { kind: 'answer', at, client, number: 3, lost: false },
];

/** The example of every kind, as its row has it. */
export const examples: readonly Step[] = stepKinds.map((kind) => {
  const fields: Readonly<Record<string, Field>> = stepTable[kind].fields;
  return {
    kind,
    at,
    ...Object.fromEntries(Object.entries(fields).map(([name, { example }]) => [name, example])),
  } as Step;
});

const flag = fc.boolean();
const nasty = fc.constantFrom('', '\0', '\n', '\u2028', '\u007f', '\ud800', '\ufffd', '\ufeff', '"', '\\', '🙂', 'ü');
const text = fc.array(fc.oneof(fc.string({ maxLength: 4 }), nasty), { maxLength: 4 }).map((parts) => parts.join(''));
const anyNode = fc.nat(NODES - 1).map((n) => nodeId(n));
const kind = <Kind extends string>(word: Kind): fc.Arbitrary<Kind> => fc.constant(word);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: kind('get'), key: text }),
  fc.record({ kind: fc.constantFrom('put', 'append'), key: text, value: text }),
  fc.record({ kind: kind('cas'), key: text, expected: text, value: text }),
  fc.record({ kind: kind('add'), key: text, amount: fc.maxSafeInteger() }),
);

/** Each node once, in one of three lists. */
const change: fc.Arbitrary<MembershipChange> = fc
  .uniqueArray(anyNode, { maxLength: NODES })
  .chain((ids) => fc.tuple(fc.constant(ids), fc.nat(ids.length), fc.nat(ids.length)))
  .map(([ids, a, b]) => {
    const [first, second] = [Math.min(a, b), Math.max(a, b)];
    return { voters: ids.slice(0, first), learners: ids.slice(first, second), removed: ids.slice(second) };
  });

/** A message of each kind that can be written by hand, with any values. */
const message: fc.Arbitrary<HandWritten> = fc
  .record({
    head: fc.record({ kind: fc.constantFrom(...handWrittenKinds), from: anyNode, to: anyNode, term: fc.nat() }),
    numbers: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
  })
  .map(({ head, numbers }) => {
    let next = 0;
    return writtenMessage(head, (_name, { type }) => {
      const value = numbers[next++ % numbers.length] as number;
      return type === 'flag' ? value % 2 === 1 : type === 'entries' ? [value + 1, value + 2] : value;
    });
  });

/** Any value that a field may have. */
function anyValue(field: Field): fc.Arbitrary<Field['example']> {
  switch (field.type) {
    case 'node':
      return anyNode;
    case 'client':
      return fc.nat(9_999_998).map((n) => clientId(n));
    case 'flag':
      return flag;
    case 'text':
      return text;
    case 'links':
      return fc.array(fc.tuple(anyNode, anyNode), { maxLength: 6 });
    case 'operation':
      return operation;
    case 'change':
      return change;
    case 'message':
      return message;
    case 'whole':
      return fc.integer({ min: field.min, max: Number.MAX_SAFE_INTEGER });
    case 'word':
      return fc.constantFrom(...field.words);
  }
}

/** A step of a kind, with or without what is optional. */
function anyOf(of: StepKind): fc.Arbitrary<Step> {
  const fields: Readonly<Record<string, Field>> = stepTable[of].fields;
  const required = Object.keys(fields).filter((name) => fields[name]?.isOptional !== true);
  const values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, anyValue(field)]));
  const anyAt = fc.maxSafeNat().map((n) => micros(n));
  return fc
    .record({ kind: fc.constant(of), at: anyAt, ...values }, { requiredKeys: ['kind', 'at', ...required] as never })
    .map((step) => step as Step);
}

export const anyStep: fc.Arbitrary<Step> = fc.oneof(...stepKinds.map(anyOf));
