// Steps as lines of a trace and back: names instead of numbers, exactly the keys of each kind, in this order.
//
// Every kind stands here three times, as keys, written and read; the compiler and a test keep the three together, and
// `schema/trace.schema.json` and `docs/trace-format.md` with them. A key never changes its meaning within a format.

import { unreachable } from '../base/errors.ts';
import { clientName, micros, nodeName, type Micros } from '../base/ids.ts';
import type { Operation } from '../protocol/operation.ts';
import { timerNames } from '../protocol/timers.ts';
import type { DropReason, LinkEnds, Step, StepKind } from '../sim/step.ts';
import { asciiJson } from './json.ts';
import type { ObjectReader } from './object-reader.ts';

/** The keys that are a kind's own. `effects` is there only if the process crashed in the middle of the step. */
export const stepKeys: Readonly<Record<StepKind, readonly string[]>> = {
  deliver: ['from', 'to', 'number', 'effects'],
  drop: ['from', 'to', 'number', 'reason'],
  duplicate: ['from', 'to', 'number'],
  timer: ['node', 'timer', 'effects'],
  durable: ['node', 'effects'],
  'write-failed': ['node', 'error', 'kept'],
  crash: ['node', 'kept', 'torn'],
  wipe: ['node'],
  restart: ['node'],
  pause: ['node'],
  resume: ['node'],
  cut: ['fault', 'shape', 'links'],
  heal: ['fault'],
  slow: ['fault', 'factor', 'links'],
  mend: ['fault'],
  clock: ['node', 'ratePpm', 'jump'],
  calm: [],
  call: ['client', 'sequence', 'node', 'operation', 'effects'],
  answer: ['client', 'number', 'lost'],
};

/** The keys of every step: three in front of its own, the fingerprint behind them. */
const FRONT: readonly string[] = ['step', 'at', 'do'];

const kinds = Object.keys(stepKeys) as StepKind[];
const allowed = new Map(kinds.map((kind) => [kind, [...FRONT, ...stepKeys[kind], 'print']]));

const operationKeys: Readonly<Record<Operation['kind'], readonly string[]>> = {
  get: ['kind', 'key'],
  put: ['kind', 'key', 'value'],
  append: ['kind', 'key', 'value'],
  cas: ['kind', 'key', 'expected', 'value'],
  add: ['kind', 'key', 'amount'],
};
const operationKinds = Object.keys(operationKeys) as Operation['kind'][];

const REASONS: readonly DropReason[] = ['lost', 'cut', 'full', 'down'];
const ERRORS = ['write', 'sync'] as const;

/** A clock that runs a million parts per million slower stands still. */
const RATE_MIN = -999_999;

/** One line of a trace, without its line feed. */
export function encodeStep(number: number, step: Step, print: string): string {
  const own = asciiJson(ownFields(step)).slice(1, -1);
  const front = `{"step":${number},"at":${step.at},"do":"${step.kind}",`;
  return `${front}${own === '' ? '' : `${own},`}"print":"${print}"}`;
}

function ownFields(step: Step): object {
  switch (step.kind) {
    case 'deliver':
      return { from: nodeName(step.from), to: nodeName(step.to), number: step.number, effects: step.effects };
    case 'drop':
      return { from: nodeName(step.from), to: nodeName(step.to), number: step.number, reason: step.reason };
    case 'duplicate':
      return { from: nodeName(step.from), to: nodeName(step.to), number: step.number };
    case 'timer':
      return { node: nodeName(step.node), timer: step.timer, effects: step.effects };
    case 'durable':
      return { node: nodeName(step.node), effects: step.effects };
    case 'write-failed':
      return { node: nodeName(step.node), error: step.error, kept: step.kept };
    case 'crash':
      return { node: nodeName(step.node), kept: step.kept, torn: step.torn };
    case 'wipe':
    case 'restart':
    case 'pause':
    case 'resume':
      return { node: nodeName(step.node) };
    case 'cut':
      return { fault: step.fault, shape: step.shape, links: namedLinks(step.links) };
    case 'slow':
      return { fault: step.fault, factor: step.factor, links: namedLinks(step.links) };
    case 'heal':
    case 'mend':
      return { fault: step.fault };
    case 'clock':
      return { node: nodeName(step.node), ratePpm: step.ratePpm, jump: step.jump };
    case 'calm':
      return {};
    case 'call':
      return {
        client: clientName(step.client),
        sequence: step.sequence,
        node: nodeName(step.node),
        operation: orderedOperation(step.operation),
        effects: step.effects,
      };
    case 'answer':
      return { client: clientName(step.client), number: step.number, lost: step.lost };
    default:
      return unreachable(step);
  }
}

const namedLinks = (links: readonly LinkEnds[]): string[][] =>
  links.map(([from, to]) => [nodeName(from), nodeName(to)]);

/** The same operation with its keys in the order of the format, whoever made it. */
function orderedOperation(operation: Operation): Operation {
  switch (operation.kind) {
    case 'get':
      return { kind: 'get', key: operation.key };
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

/** Reads the step of one line; its number and its fingerprint are the caller's. */
export function decodeStep(line: ObjectReader, nodes: number): Step {
  const kind = line.word('do', kinds);
  line.allowOnly(allowed.get(kind) ?? []);
  const step = readStep(line, kind, micros(line.integer('at', 0)), nodes);
  return line.has('effects') ? withEffects(step, line.integer('effects', 0)) : step;
}

function readStep(line: ObjectReader, kind: StepKind, at: Micros, nodes: number): Step {
  const node = (key: string): LinkEnds[0] => line.node(key, nodes);
  switch (kind) {
    case 'deliver':
      return { kind, at, from: node('from'), to: node('to'), number: line.integer('number', 1) };
    case 'drop': {
      const reason = line.word('reason', REASONS);
      return { kind, at, from: node('from'), to: node('to'), number: line.integer('number', 1), reason };
    }
    case 'duplicate':
      return { kind, at, from: node('from'), to: node('to'), number: line.integer('number', 1) };
    case 'timer':
      return { kind, at, node: node('node'), timer: line.word('timer', timerNames) };
    case 'durable':
      return { kind, at, node: node('node') };
    case 'write-failed':
      return { kind, at, node: node('node'), error: line.word('error', ERRORS), kept: line.integer('kept', 0) };
    case 'crash':
      return { kind, at, node: node('node'), kept: line.integer('kept', 0), torn: line.flag('torn') };
    case 'wipe':
    case 'restart':
    case 'pause':
    case 'resume':
      return { kind, at, node: node('node') };
    case 'cut':
      return {
        kind,
        at,
        fault: line.integer('fault', 0),
        shape: line.text('shape'),
        links: line.links('links', nodes),
      };
    case 'slow': {
      const factor = line.integer('factor', 1);
      return { kind, at, fault: line.integer('fault', 0), factor, links: line.links('links', nodes) };
    }
    case 'heal':
    case 'mend':
      return { kind, at, fault: line.integer('fault', 0) };
    case 'clock': {
      const ratePpm = line.integer('ratePpm', RATE_MIN);
      return { kind, at, node: node('node'), ratePpm, jump: line.integer('jump', Number.MIN_SAFE_INTEGER) };
    }
    case 'calm':
      return { kind, at };
    case 'call': {
      const [client, sequence] = [line.client('client'), line.integer('sequence', 1)];
      return { kind, at, client, sequence, node: node('node'), operation: readOperation(line) };
    }
    case 'answer':
      return { kind, at, client: line.client('client'), number: line.integer('number', 1), lost: line.flag('lost') };
    default:
      return unreachable(kind);
  }
}

function readOperation(line: ObjectReader): Operation {
  const reader = line.object('operation', 'an operation');
  const kind = reader.word('kind', operationKinds);
  reader.allowOnly(operationKeys[kind]);
  const key = reader.text('key');
  switch (kind) {
    case 'get':
      return { kind, key };
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

/**
 * The same step, cut short by a crash after this many effects. A failed write and a restart stay as they are: the one
 * stops its process anyway, the other is never cut short.
 */
export function withEffects(step: Step, effects: number): Step {
  const { at } = step;
  switch (step.kind) {
    case 'deliver':
      return { kind: 'deliver', at, from: step.from, to: step.to, number: step.number, effects };
    case 'timer':
      return { kind: 'timer', at, node: step.node, timer: step.timer, effects };
    case 'durable':
      return { kind: 'durable', at, node: step.node, effects };
    case 'call': {
      const { client, sequence, node, operation } = step;
      return { kind: 'call', at, client, sequence, node, operation, effects };
    }
    default:
      return step;
  }
}
