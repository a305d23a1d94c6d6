// Models of what is handed over: a lock, a queue in order, and a queue that keeps no order.
//
// A queue is the texts of its items, one a line. An item that a taker of unknown outcome may have taken is the first
// one of a queue in order; without an order it may be any, so that each is tried.

import type { JudgedCall } from '../call.ts';
import type { ModelRow } from './model-row.ts';

const FREE = 'free';
const HELD = 'held';
const NOTHING = 'null';

export const mutex: ModelRow = {
  meaning: 'a lock that one holds at a time',
  actions: { acquire: ['acquire', 'lock'], release: ['release', 'unlock'] },
  example: '{"process": 1, "op": "acquire", "start": 10, "end": 20}',
  initial: FREE,
  step(state, { action }) {
    if (action === 'acquire') return state === FREE ? HELD : undefined;
    return state === HELD ? FREE : undefined;
  },
};

const ACTIONS = { enqueue: ['enqueue', 'push', 'offer'], dequeue: ['dequeue', 'pop', 'poll'] };

const enqueued = (state: string, item: string): string => (state === '' ? item : `${state}\n${item}`);

export const queue: ModelRow = {
  meaning: 'a queue: first in, first out',
  actions: ACTIONS,
  example: '{"process": 1, "op": "dequeue", "start": 10, "end": 20, "result": 7}',
  initial: '',
  step(state, call) {
    if (call.action === 'enqueue') return enqueued(state, call.argument);
    const end = state.indexOf('\n');
    const first = state === '' ? NOTHING : end < 0 ? state : state.slice(0, end);
    if (call.result !== undefined && call.result !== first) return undefined;
    return end < 0 ? '' : state.slice(end + 1);
  },
};

/** Items in the order of their texts, since theirs does not count. */
export const unorderedQueue: ModelRow = {
  ...queue,
  meaning: 'a queue that keeps no order, and loses nothing',
  step(state, call) {
    if (call.action === 'enqueue') {
      const items = state === '' ? [] : state.split('\n');
      return [...items, call.argument].toSorted().join('\n');
    }
    const items = state === '' ? [] : state.split('\n');
    if (call.result === NOTHING) return items.length === 0 ? state : undefined;
    const at = call.result === undefined ? -1 : items.indexOf(call.result);
    return at < 0 ? undefined : items.toSpliced(at, 1).join('\n');
  },
  alternatives(call, all) {
    if (call.action !== 'dequeue') return [call];
    const items = new Set(all.filter(({ action }) => action === 'enqueue').map(({ argument }) => argument));
    return Array.from(items, (item): JudgedCall => ({ ...call, result: item }));
  },
};
