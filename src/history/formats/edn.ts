// Histories of Jepsen and Knossos: maps `{:process 0, :type :invoke, :f :read, :value nil}`, one after the other or in
// a list, or vectors `[0 :invoke :read nil]`.
//
// A refused call did not happen, whatever the reason: that is what `:fail` means there.

import { columnOf, HistoryError, type EventType, type HistoryEvent, type LineReader } from '../event.ts';
import { isList, Keyword, textOfValue, type HistoryValue } from '../value.ts';
import { EdnEnds, EdnMistake, EdnText } from './edn-values.ts';

const TYPES: readonly string[] = ['invoke', 'ok', 'fail', 'info'];

export function ednReader(file: string): LineReader {
  let rest = '';
  let restLine = 0;
  let closer: string | undefined;
  let isOver = false;

  const eventsOf = (text: string, number: number): HistoryEvent[] => {
    const events: HistoryEvent[] = [];
    const edn = new EdnText(text);
    for (;;) {
      const next = edn.peek();
      if (next === undefined) return events;
      const start = edn.at;
      if (closer === undefined && opensList(next, text.slice(start + 1))) {
        closer = next === '(' ? ')' : ']';
        edn.at++;
      } else if (closer !== undefined && next === closer && !isOver) {
        isOver = true;
        edn.at++;
      } else {
        try {
          const made = eventOf(edn.value(), file, number, columnOf(text.slice(start)) + start);
          if (made !== undefined) events.push(made);
        } catch (error) {
          if (error instanceof EdnEnds) {
            rest = text.slice(start);
            restLine = number;
            return events;
          }
          if (error instanceof EdnMistake) throw new HistoryError(file, number, error.at + 1, error.message);
          throw error;
        }
      }
    }
  };

  return {
    line(text, number) {
      if (rest === '') return eventsOf(text, number);
      const [all, first] = [`${rest}\n${text}`, restLine];
      rest = '';
      return eventsOf(all, first);
    },
    end(number) {
      if (rest !== '') throw new HistoryError(file, restLine, 1, 'the file ends within the value that begins here');
      if (closer !== undefined && !isOver) {
        throw new HistoryError(file, number, 1, `the file ends, expected ${closer} at the end of the list`);
      }
      return [];
    },
  };
}

/** A list of events, and not an event that is a list? */
const opensList = (first: string, behind: string): boolean =>
  first === '(' || (first === '[' && /^\s*(?:[{[#]|$)/.test(behind));

function eventOf(value: HistoryValue, file: string, line: number, column: number): HistoryEvent | undefined {
  const fail = (what: string): never => {
    throw new HistoryError(file, line, column, what);
  };
  if (isList(value)) {
    const [process = null, type = null, action = null, argument = null] = value;
    return event(process, type, action, argument, line, fail);
  }
  if (!(value instanceof Map)) {
    return fail(`found ${textOfValue(value)}, expected an event such as {:process 0, :type :invoke, :f :read}`);
  }
  const { process, type, f, value: argument } = Object.fromEntries(value) as Record<string, HistoryValue | undefined>;
  const made = event(process ?? null, type ?? null, f ?? null, argument ?? null, line, fail);
  const key = (value as ReadonlyMap<string, HistoryValue>).get('key');
  return made === undefined || key === undefined ? made : { ...made, key: textOfValue(key) };
}

function event(
  process: HistoryValue,
  type: HistoryValue,
  action: HistoryValue,
  value: HistoryValue,
  line: number,
  fail: (what: string) => never,
): HistoryEvent | undefined {
  if (process instanceof Keyword) return undefined; // the nemesis is no client
  if (typeof process !== 'number') return fail(`found the process ${textOfValue(process)}, expected a number`);
  const word = type instanceof Keyword || typeof type === 'string' ? wordOf(type) : textOfValue(type);
  if (!TYPES.includes(word)) return fail(`found the type ${word}, expected :invoke, :ok, :fail or :info`);
  if (!(action instanceof Keyword) && typeof action !== 'string') {
    return fail(`found the function ${textOfValue(action)}, expected one such as :read`);
  }
  return {
    process: String(process),
    type: word as EventType,
    action: wordOf(action),
    key: undefined,
    value,
    result: undefined,
    isMismatch: false,
    at: undefined,
    line,
  };
}

const wordOf = (value: Keyword | string): string => (value instanceof Keyword ? value.name : value);
