// From what clients did and heard to calls of a model: what was answered, what is of unknown outcome, what never was.
//
// The order of the lines is the order of time, unless the file gives times; of two equal times the call comes first, so
// that the two overlap.

import { nearest } from '../run/nearest.ts';
import type { ClientAction, JudgedCall } from './call.ts';
import { HistoryError, type HistoryEvent } from './event.ts';
import { historyModelTable } from './models/model-table.ts';
import { isReadAction, MISMATCH, type ModelRow } from './models/model-row.ts';
import { historyModels, type HistoryModel } from './models/names.ts';
import { isList, textOfValue, type HistoryValue } from './value.ts';

/** A call and what came of it; undefined as long as nothing did. */
export interface Exchange {
  readonly asked: HistoryEvent;
  answered: HistoryEvent | undefined;
  readonly from: number;
  to: number;
}

/** Puts calls and answers together, event by event. */
export class Pairing {
  private readonly file: string;
  private readonly open = new Map<string, Exchange>();
  readonly exchanges: Exchange[] = [];
  private moment = 0;
  private hasTimes: boolean | undefined;

  constructor(file: string) {
    this.file = file;
  }

  take(event: HistoryEvent): void {
    const { process, type, line, at } = event;
    const exchange = this.open.get(process);
    if (type === 'invoke') {
      if (this.hasTimes === undefined) this.hasTimes = at !== undefined;
      else if (this.hasTimes !== (at !== undefined))
        throw this.error(line, 'expected a time on every call, or on none');
      if (exchange !== undefined && !this.hasTimes) {
        const since = exchange.asked.line;
        throw this.error(line, `found a call of process ${process}, whose call of line ${since} is still open`);
      }
      const begun = { asked: event, answered: undefined, from: at ?? this.moment++, to: -1 };
      this.open.set(process, begun);
      this.exchanges.push(begun);
      return;
    }
    if (exchange === undefined) {
      if (type === 'info') return; // what a process says of itself
      throw this.error(line, `found an answer to process ${process}, which had made no call`);
    }
    this.open.delete(process);
    exchange.answered = event;
    exchange.to = at ?? this.moment++;
  }

  /** Moments as numbers that are all different. */
  end(): readonly Exchange[] {
    if (this.hasTimes !== true) return this.exchanges;
    const moments = this.exchanges.flatMap((exchange) => {
      const isOver = exchange.answered?.type === 'ok' || exchange.answered?.type === 'fail';
      return [
        { exchange, at: exchange.from, isAnswer: false },
        { exchange, at: isOver ? exchange.to : Infinity, isAnswer: true },
      ];
    });
    moments.sort((a, b) => (a.at === b.at ? Number(a.isAnswer) - Number(b.isAnswer) : a.at - b.at));
    const order = new Map<Exchange, { from: number; to: number }>();
    moments.forEach(({ exchange, isAnswer }, moment) => {
      const times = order.get(exchange) ?? { from: 0, to: -1 };
      if (isAnswer) times.to = moment;
      else times.from = moment;
      order.set(exchange, times);
    });
    return this.exchanges.map((exchange) => ({ ...exchange, ...order.get(exchange) }));
  }

  private error(line: number, what: string): HistoryError {
    return new HistoryError(this.file, line, 1, what);
  }
}

/** The model that knows all of a history's words; the first one that fits, from what its calls say. */
export function guessModel(exchanges: readonly Exchange[], file: string): HistoryModel {
  const words = new Set(exchanges.map(({ asked }) => asked.action));
  const has = (name: HistoryModel): boolean => Array.from(words).every((word) => actionOf(name, word) !== undefined);
  const hasLists = exchanges.some(({ asked, answered }) => {
    const found = answered?.result ?? answered?.value;
    return actionOf('set', asked.action) === 'read' && isList(found) && answered?.type === 'ok' && !isKeyed(exchanges);
  });
  const order: readonly HistoryModel[] = hasLists
    ? ['append-list', 'set', ...historyModels]
    : ['register', 'cas-register', 'counter', 'mutex', 'queue', 'key-value', 'set', 'append-list'];
  const found = order.find(has);
  if (found !== undefined) return found;
  const first = exchanges.find(
    ({ asked }) => !historyModels.some((name) => actionOf(name, asked.action) !== undefined),
  );
  const { asked } = first ?? exchanges[0] ?? { asked: undefined };
  const what = first === undefined ? Array.from(words).join(', ') : (asked?.action ?? '');
  throw new HistoryError(file, asked?.line ?? 1, 1, `found ${what}, which no model knows; ${expectedWords(what)}`);
}

function expectedWords(word: string): string {
  const words = historyModels.flatMap((name) => Object.values(historyModelTable[name].actions).flat());
  const near = nearest(word, words);
  return near === undefined ? `expected words such as ${words.slice(0, 6).join(', ')}` : `did you mean ${near}?`;
}

function actionOf(model: HistoryModel, word: string): ClientAction | undefined {
  const row: ModelRow = historyModelTable[model];
  const found = Object.entries(row.actions).find(([, words]) => words.includes(word));
  return found?.[0] as ClientAction | undefined;
}

/** Does each value hold its key, `[key value]`? A read that asks `[key nil]` gives it away. */
const isKeyed = (exchanges: readonly Exchange[]): boolean =>
  exchanges.some(
    ({ asked: { action, value } }) =>
      ['read', 'r', 'get'].includes(action) && isList(value) && value.length === 2 && value[1] === null,
  );

/** The calls of a model, key by key, and how many of them were left out because they did not happen. */
export function partsOf(
  exchanges: readonly Exchange[],
  model: HistoryModel,
  file: string,
): { readonly parts: ReadonlyMap<string, readonly JudgedCall[]>; readonly refused: number } {
  const keyed = isKeyed(exchanges);
  const parts = new Map<string, JudgedCall[]>();
  let refused = 0;
  for (const exchange of exchanges) {
    const call = callOf(exchange, model, keyed, file);
    if (call === undefined) {
      refused++;
      continue;
    }
    const part = parts.get(call.key);
    if (part === undefined) parts.set(call.key, [call]);
    else part.push(call);
  }
  return { parts, refused };
}

function callOf(exchange: Exchange, model: HistoryModel, keyed: boolean, file: string): JudgedCall | undefined {
  const { asked, answered, from, to } = exchange;
  const { process, line } = asked;
  const fail = (what: string): never => {
    throw new HistoryError(file, line, 1, what);
  };
  const action = actionOf(model, asked.action) ?? fail(unknownWord(asked.action, model));
  const isMismatch = answered?.isMismatch === true;
  if (answered?.type === 'fail' && !isMismatch) return undefined;
  const isOver = answered?.type === 'ok' || isMismatch;
  if (!isOver && isReadAction(action)) return undefined; // nothing is known of it, and it did nothing
  const key = keyed ? textOfValue(keyIn(asked.value)) : (asked.key ?? '');
  const given = keyed ? valueIn(asked.value) : asked.value;
  const row: ModelRow = historyModelTable[model];
  const { argument, expected } = argumentOf(action, given, row, fail);
  const found = answered?.result ?? (keyed ? valueIn(answered?.value ?? null) : (answered?.value ?? null));
  const result = isOver ? resultOf(action, answered, found, row) : undefined;
  return { process, action, key, argument, expected, result, invokedAt: from, completedAt: isOver ? to : -1, line };
}

function unknownWord(word: string, model: HistoryModel): string {
  const words = Object.values(historyModelTable[model].actions).flat();
  const near = nearest(word, words);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return `found ${word}, expected ${words.join(', ')} of the model ${model}${hint}`;
}

const keyIn = (value: HistoryValue): HistoryValue => (isList(value) ? (value[0] ?? null) : null);
const valueIn = (value: HistoryValue): HistoryValue => (isList(value) ? (value[1] ?? null) : value);

const WITHOUT_ARGUMENT: readonly ClientAction[] = ['read', 'acquire', 'release', 'dequeue', 'delete'];

function argumentOf(
  action: ClientAction,
  value: HistoryValue,
  row: ModelRow,
  fail: (what: string) => never,
): { readonly argument: string; readonly expected: string } {
  if (WITHOUT_ARGUMENT.includes(action)) return { argument: '', expected: '' };
  if (action === 'cas') {
    if (!isList(value) || value.length !== 2) return fail(`found ${textOfValue(value)}, expected [expected new]`);
    return { argument: textOfValue(value[1] ?? null), expected: textOfValue(value[0] ?? null) };
  }
  const given = action === 'add' && value === null ? 1 : value;
  const argument = textOfValue(given);
  if (action === 'add' && !/^-?\d+$/.test(argument)) return fail(`found ${argument}, expected a whole number`);
  if (action === 'append' && row.argument !== undefined && typeof given !== 'string' && typeof given !== 'number') {
    return fail(`found ${argument}, expected a text to append`);
  }
  return { argument, expected: '' };
}

/** What an answer says; that of a write says something only where the format tells it apart from what was written. */
function resultOf(
  action: ClientAction,
  answered: HistoryEvent | undefined,
  found: HistoryValue,
  row: ModelRow,
): string | undefined {
  if (answered?.isMismatch === true) return MISMATCH;
  const said = answered?.result;
  switch (action) {
    case 'read':
      return row.stateOf?.(found) ?? textOfValue(found);
    case 'contains':
    case 'dequeue':
      return textOfValue(found);
    case 'cas':
      return said === undefined ? undefined : String(!(said === false || said === 'no'));
    case 'add':
    case 'append':
      return said === undefined || said === 'ok' || said === true ? undefined : textOfValue(said);
    default:
      return undefined;
  }
}
