// Models of one value: register, cas-register, counter, and the value under a key.
//
// A value that was never written reads as nothing, which is `null`; under a key the empty text reads the same.

import type { JudgedCall } from '../call.ts';
import { MISMATCH, type ModelRow } from './model-row.ts';

const NOTHING = 'null';
const EMPTY = '""';

const READ = ['read', 'r', 'get'];
const WRITE = ['write', 'w', 'put', 'set'];
const CAS = ['cas', 'compare-and-set', 'compare-and-swap', 'compareAndSet'];
const ADD = ['add', 'incr', 'increment', 'inc'];

/** An answer that says nothing fits whatever was found. */
const fits = (call: JudgedCall, found: string): boolean => call.result === undefined || call.result === found;

function swapped(state: string, call: JudgedCall, isFound: boolean): string | undefined {
  if (call.completedAt < 0) return isFound ? call.argument : state;
  if ((call.result === MISMATCH) === isFound) return undefined;
  return isFound ? call.argument : state;
}

function added(state: string, call: JudgedCall): string | undefined {
  const before = /^-?\d+$/.test(state) ? BigInt(state) : 0n;
  const after = String(before + BigInt(call.argument));
  return fits(call, after) ? after : undefined;
}

const isWrite = ({ action }: JudgedCall): boolean => action === 'write' || action === 'delete';

function stepOfRegister(state: string, call: JudgedCall): string | undefined {
  switch (call.action) {
    case 'read':
      return fits(call, state) ? state : undefined;
    case 'write':
      return call.argument;
    case 'cas':
      return swapped(state, call, state === call.expected);
    default:
      return undefined;
  }
}

export const register: ModelRow = {
  meaning: 'one value that is read and written',
  actions: { read: READ, write: WRITE },
  example: '{"process": 1, "op": "write", "value": 4, "start": 10, "end": 20}',
  initial: NOTHING,
  step: stepOfRegister,
  overwrites: isWrite,
};

export const casRegister: ModelRow = {
  ...register,
  meaning: 'one value that is read, written, and replaced if it is the expected one',
  actions: { ...register.actions, cas: CAS },
  example: '{"process": 1, "op": "cas", "expected": 4, "value": 5, "start": 10, "end": 20, "result": true}',
};

export const counter: ModelRow = {
  meaning: 'a whole number that is added to',
  actions: { read: READ, add: ADD },
  example: '{"process": 1, "op": "add", "value": 2, "start": 10, "end": 20, "result": 6}',
  initial: '0',
  step: (state, call) => (call.action === 'add' ? added(state, call) : stepOfRegister(state, call)),
  growth: {
    isGrowth: ({ argument }) => !argument.startsWith('-'),
    canBecome: (state, { result }) =>
      result === undefined || !/^-?\d+$/.test(result) || BigInt(state) <= BigInt(result),
  },
  argument: 'number',
};

export const keyValue: ModelRow = {
  meaning: 'a value under each key: read, written, replaced, deleted, added to, appended to',
  actions: { read: READ, write: WRITE, cas: CAS, add: ADD, append: ['append'], delete: ['delete', 'del'] },
  example: '{"process": 1, "op": "append", "key": "x", "value": "b", "start": 10, "end": 20, "result": "ab"}',
  initial: NOTHING,
  step(state, call) {
    switch (call.action) {
      case 'read':
        return fits(call, state) || (state === NOTHING && call.result === EMPTY) ? state : undefined;
      case 'cas':
        return swapped(state, call, state === call.expected || (state === NOTHING && call.expected === EMPTY));
      case 'add':
        return added(state, call);
      case 'append': {
        const after = appended(state, call.argument);
        return fits(call, after) ? after : undefined;
      }
      case 'delete':
        return NOTHING;
      default:
        return stepOfRegister(state, call);
    }
  },
  overwrites: isWrite,
  growth: {
    isGrowth: ({ action }) => action === 'append',
    canBecome(state, { result }) {
      if (result === undefined || state === NOTHING) return true;
      const begin = state.startsWith('"') ? state.slice(0, -1) : `"${state}`;
      return result === state || result.startsWith(begin);
    },
  },
  argument: 'text or number',
};

/** Texts stand in quotes, so that one behind the other is one without the quotes between; nothing is the empty text. */
function appended(state: string, text: string): string {
  const before = state === NOTHING ? '"' : state.startsWith('"') ? state.slice(0, -1) : `"${state}`;
  return `${before}${text.startsWith('"') ? text.slice(1) : `${text}"`}`;
}
