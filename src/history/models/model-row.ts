// What a row of the table of models says, and what they share.
//
// A row names what its object can be asked, in the words of the formats, and what that does to a state.

import type { Growth, Model } from '../../check/linearizability/model.ts';
import type { ClientAction, JudgedCall } from '../call.ts';
import { textOfValue, type HistoryValue } from '../value.ts';

export interface ModelRow {
  readonly meaning: string;
  /** The words of files for each action. */
  readonly actions: Readonly<Partial<Record<ClientAction, readonly string[]>>>;
  /** An example of a call, as NDJSON. */
  readonly example: string;
  readonly initial: string;
  /** The state that a call leaves, or undefined if its answer does not fit. */
  readonly step: (state: string, call: JudgedCall) => string | undefined;
  /** What a read finds, as a state; by default its text. */
  readonly stateOf?: (value: HistoryValue) => string;
  readonly overwrites?: (call: JudgedCall) => boolean;
  readonly growth?: Growth<JudgedCall>;
  readonly alternatives?: (call: JudgedCall, all: readonly JudgedCall[]) => readonly JudgedCall[];
  /** What a write must be given: `number` for a whole one. */
  readonly argument?: 'number' | 'text or number';
}

/** What never changes a state. */
export const isReadAction = (action: ClientAction): boolean => action === 'read' || action === 'contains';

/** A swap that found another value. */
export const MISMATCH = 'false';

/** A row as the search takes it; a value that is set from outside replaces the one at the beginning. */
export function modelOfRow(row: ModelRow, initial = row.initial): Model<JudgedCall> {
  return {
    initial,
    step: row.step,
    nameOf: ({ action, argument, expected, result }) => `${action}\n${argument}\n${expected}\n${result ?? ''}`,
    isRead: ({ action }) => isReadAction(action),
    changesNothing: ({ action, result }) => isReadAction(action) || (action === 'cas' && result === MISMATCH),
    overwrites: row.overwrites ?? (() => false),
    forgotten: (call) => ({ ...call, completedAt: -1, result: undefined }),
    ...(row.growth === undefined ? {} : { growth: row.growth }),
    ...(row.alternatives === undefined ? {} : { alternatives: row.alternatives }),
    isSource,
    textOf,
  };
}

/** A read, and a swap that was carried out, are shown with what may have left what they found. */
function isSource(write: JudgedCall, reader: JudgedCall): boolean {
  const found = reader.action === 'cas' && reader.result !== MISMATCH ? reader.expected : reader.result;
  if (found === undefined || !(isReadAction(reader.action) || reader.action === 'cas')) return false;
  return write.argument !== '' && (found === write.argument || found.includes(write.argument.replace(/^"|"$/g, '')));
}

const NOTHING = textOfValue(null);
const shown = (text: string): string => {
  const plain = text === NOTHING || text === '""' ? '∅' : text.replaceAll('\n', ' ');
  return plain.length > 48 ? `…${plain.slice(-47)}` : plain;
};

/** A call in a sentence. */
function textOf(call: JudgedCall, had: '' | 'had '): string {
  const { action, argument, expected, result, key } = call;
  const what = `process ${call.process} ${had}`;
  const of = key === '' ? '' : ` ${shown(key)}`;
  switch (action) {
    case 'read':
      return `${what}read${of}${key === '' ? ' ' : '='}${shown(result ?? '?')}`;
    case 'contains':
      return `${what}found ${shown(argument)} ${result === 'true' ? 'in' : 'not in'}${of === '' ? ' the set' : of}`;
    case 'cas':
      return result === MISMATCH
        ? `${what}found that${of || ' the value'} was not ${shown(expected)}`
        : `${what}changed${of} from ${shown(expected)} to ${shown(argument)}`;
    case 'dequeue':
      return `${what}${had === '' ? 'took' : 'taken'} ${shown(result ?? '?')}${of === '' ? '' : ` from${of}`}`;
    default: {
      const verb = action === 'write' && had !== '' ? 'written' : PAST[action];
      const given = argument === '' ? '' : ` ${shown(argument)}`;
      const got = result === undefined ? '' : ` and got ${shown(result)}`;
      return `${what}${verb}${given}${of === '' ? '' : ` to${of}`}${got}`;
    }
  }
}

const PAST = {
  write: 'wrote',
  add: 'added',
  append: 'appended',
  delete: 'deleted',
  insert: 'inserted',
  remove: 'removed',
  acquire: 'acquired the lock',
  release: 'released the lock',
  enqueue: 'put',
} as const;

/** A call as it is shown in a list. */
export function askedText({ action, argument, expected, key }: JudgedCall): string {
  const given = action === 'cas' ? `${shown(expected)} → ${shown(argument)}` : argument === '' ? '' : shown(argument);
  return [action, key === '' ? '' : shown(key), given].filter((part) => part !== '').join(' ');
}

/** What became of a call, in a list. */
export function answerText({ completedAt, result, action }: JudgedCall): string {
  if (completedAt < 0) return 'no answer';
  if (result === undefined) return action === 'cas' ? '→ yes' : '→ ok';
  if (action === 'cas') return result === MISMATCH ? '→ no' : '→ yes';
  return `→ ${shown(result)}`;
}
