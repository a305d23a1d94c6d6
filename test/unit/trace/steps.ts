// Steps of every kind: one of each by hand, and any that a trace can hold for the random suites.

import * as fc from 'fast-check';
import { clientId, micros, nodeId, type ClientId, type Micros, type NodeId } from '../../../src/base/ids.ts';
import type { Operation } from '../../../src/protocol/operation.ts';
import type { DropReason, LinkEnds, Step } from '../../../src/sim/step.ts';

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

/** One step of each kind, and with `effects` where a step may have it. */
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

const anyAt: fc.Arbitrary<Micros> = fc.maxSafeNat().map((n) => micros(n));
const anyNode: fc.Arbitrary<NodeId> = fc.nat(NODES - 1).map((n) => nodeId(n));
const anyClient: fc.Arbitrary<ClientId> = fc.nat(9_999_998).map((n) => clientId(n));
const whole = fc.maxSafeInteger();
const from0 = fc.maxSafeNat();
const from1 = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const flag = fc.boolean();
const nasty = fc.constantFrom('', '\0', '\n', '\u2028', '\u007f', '\ud800', '\ufffd', '\ufeff', '"', '\\', '🙂', 'ü');
const text = fc.array(fc.oneof(fc.string({ maxLength: 4 }), nasty), { maxLength: 4 }).map((parts) => parts.join(''));
const anyLinks = fc.array(fc.tuple(anyNode, anyNode), { maxLength: 6 });
const reason = fc.constantFrom<DropReason>('lost', 'cut', 'full', 'down');

const message = { at: anyAt, from: anyNode, to: anyNode, number: from1 };
const ofNode = { at: anyAt, node: anyNode };
const kind = <Kind extends string>(word: Kind): fc.Arbitrary<Kind> => fc.constant(word);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: kind('get'), key: text }),
  fc.record({ kind: fc.constantFrom('put', 'append'), key: text, value: text }),
  fc.record({ kind: kind('cas'), key: text, expected: text, value: text }),
  fc.record({ kind: kind('add'), key: text, amount: whole }),
);

/** With or without `effects`. */
const cuttable = <T extends object>(step: fc.Arbitrary<T>): fc.Arbitrary<T & { effects?: number }> =>
  fc
    .tuple(step, fc.option(from0, { nil: undefined }))
    .map(([made, effects]) => (effects === undefined ? made : { ...made, effects }));

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  cuttable(fc.record({ kind: kind('deliver'), ...message })),
  fc.record({ kind: kind('drop'), ...message, reason }),
  fc.record({ kind: kind('duplicate'), ...message }),
  cuttable(fc.record({ kind: kind('timer'), ...ofNode, timer: fc.constantFrom('election', 'heartbeat') })),
  cuttable(fc.record({ kind: kind('durable'), ...ofNode })),
  fc.record({ kind: kind('write-failed'), ...ofNode, error: fc.constantFrom('write', 'sync'), kept: from0 }),
  fc.record({ kind: kind('crash'), ...ofNode, kept: from0, torn: flag }),
  fc.record({ kind: fc.constantFrom('wipe', 'restart', 'pause', 'resume'), ...ofNode }),
  fc.record({ kind: kind('cut'), at: anyAt, fault: from0, shape: text, links: anyLinks }),
  fc.record({ kind: kind('slow'), at: anyAt, fault: from0, factor: from1, links: anyLinks }),
  fc.record({ kind: fc.constantFrom('heal', 'mend'), at: anyAt, fault: from0 }),
  fc.record({ kind: kind('clock'), ...ofNode, ratePpm: fc.integer({ min: -999_999 }), jump: whole }),
  fc.record({ kind: kind('calm'), at: anyAt }),
  cuttable(fc.record({ kind: kind('call'), at: anyAt, client: anyClient, sequence: from1, node: anyNode, operation })),
  fc.record({ kind: kind('answer'), at: anyAt, client: anyClient, number: from1, lost: flag }),
);
