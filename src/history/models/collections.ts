// Models of many values: a list that is appended to, and a set.
//
// A list is its text; a set is the texts of its members, in order, one a line.

import type { JudgedCall } from '../call.ts';
import { isList, textOfValue, type HistoryValue } from '../value.ts';
import type { ModelRow } from './model-row.ts';

const READ = ['read', 'r', 'get'];

const fits = (call: JudgedCall, found: string): boolean => call.result === undefined || call.result === found;

export const appendList: ModelRow = {
  meaning: 'a list that is read, and appended to',
  actions: { read: READ, append: ['append'] },
  example: '{"process": 1, "op": "append", "value": 3, "start": 10, "end": 20}',
  initial: '[]',
  step(state, call) {
    if (call.action === 'read') return fits(call, state) ? state : undefined;
    const after = state === '[]' ? `[${call.argument}]` : `${state.slice(0, -1)},${call.argument}]`;
    return fits(call, after) ? after : undefined;
  },
  growth: {
    isGrowth: () => true,
    canBecome: (state, { result }) =>
      result === undefined || state === '[]' || result === state || result.startsWith(`${state.slice(0, -1)},`),
  },
  stateOf: (value) => (value === null ? '[]' : textOfValue(value)),
};

const membersOf = (state: string): string[] => (state === '' ? [] : state.split('\n'));

export const setOfValues: ModelRow = {
  meaning: 'a set of values',
  actions: { read: READ, insert: ['add', 'insert'], remove: ['remove', 'delete'], contains: ['contains', 'member'] },
  example: '{"process": 1, "op": "insert", "value": 3, "start": 10, "end": 20}',
  initial: '',
  step(state, call) {
    const { action, argument } = call;
    if (action === 'read') return fits(call, state) ? state : undefined;
    const members = membersOf(state);
    const isMember = members.includes(argument);
    if (action === 'contains') return fits(call, String(isMember)) ? state : undefined;
    if ((action === 'insert') === isMember) return state;
    return action === 'insert' ? linesOf([...members, argument]) : linesOf(members.filter((one) => one !== argument));
  },
  growth: {
    isGrowth: ({ action }) => action === 'insert',
    canBecome(state, { action, argument, result }) {
      if (result === undefined) return true;
      if (action === 'contains') return result === 'true' || !membersOf(state).includes(argument);
      const found = new Set(membersOf(result));
      return membersOf(state).every((member) => found.has(member));
    },
  },
  stateOf: (value: HistoryValue) =>
    typeof value === 'boolean'
      ? String(value)
      : linesOf(isList(value) ? Array.from(new Set(value.map(textOfValue))) : []),
};

const linesOf = (members: readonly string[]): string => members.toSorted().join('\n');
