// Our own histories: one JSON object a line, either an event with a `type`, or a whole call with `start` and `end`.
//
//   {"process": 1, "type": "invoke", "op": "cas", "key": "x", "expected": 1, "value": 2}
//   {"process": 1, "type": "ok", "op": "cas", "key": "x", "result": false}
//   {"process": 2, "op": "append", "key": "x", "value": "a", "start": 10, "end": 25, "result": "a"}
//
// A call without an end, or an `info`, is of unknown outcome; an answer without `result` is acknowledged, no more.

import { columnOf, HistoryError, type EventType, type HistoryEvent, type LineReader } from '../event.ts';
import { nearest } from '../../run/nearest.ts';
import { textOfValue, valueOfJson, type HistoryValue } from '../value.ts';

const FIELDS = ['process', 'type', 'op', 'key', 'value', 'expected', 'result', 'time', 'start', 'end'] as const;
type Field = (typeof FIELDS)[number];
const TYPES: readonly string[] = ['invoke', 'ok', 'fail', 'info'];

export function ndjsonReader(file: string): LineReader {
  return {
    line(text, number) {
      if (text.trim() === '') return [];
      return eventsOf(
        fieldsOf(text, file, number),
        (what) => {
          throw new HistoryError(file, number, columnOf(text), what);
        },
        number,
      );
    },
    end: () => [],
  };
}

function fieldsOf(text: string, file: string, line: number): Partial<Record<Field, unknown>> {
  const json = parsedLine(text, file, line);
  for (const name of Object.keys(json)) {
    if ((FIELDS as readonly string[]).includes(name)) continue;
    const near = nearest(name, FIELDS);
    if (near !== undefined) {
      const column = text.indexOf(JSON.stringify(name)) + 1;
      throw new HistoryError(file, line, column, `found the field "${name}"; did you mean "${near}"?`);
    }
  }
  return json;
}

/** An object of JSON on one line; a mistake names its place. */
export function parsedLine(text: string, file: string, line: number): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const place = /position (\d+)/.exec(String(error))?.[1];
    const column = place === undefined ? text.trimEnd().length + 1 : Number(place) + 1;
    throw new HistoryError(file, line, column, 'found no JSON here, expected one object a line');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new HistoryError(file, line, columnOf(text), `found ${text.trim().slice(0, 40)}, expected an object`);
  }
  return json as Record<string, unknown>;
}

function eventsOf(given: Partial<Record<Field, unknown>>, fail: (what: string) => never, line: number): HistoryEvent[] {
  const { process, type, op, key, start, end, time } = given;
  if (typeof process !== 'number' && typeof process !== 'string') {
    return fail(`found the process ${JSON.stringify(process) ?? 'nowhere'}, expected a number or a text`);
  }
  if (typeof op !== 'string')
    return fail(`found the op ${JSON.stringify(op) ?? 'nowhere'}, expected one such as "read"`);
  const base = {
    process: String(process),
    action: op,
    key: key === undefined ? undefined : textOfValue(valueOfJson(key)),
    value: argumentOf(given),
    result: given.result === undefined ? undefined : valueOfJson(given.result),
    isMismatch: false,
    line,
  };
  if (type === undefined && start !== undefined) {
    const from = timeOf(start, 'start', fail);
    const invoked: HistoryEvent = { ...base, type: 'invoke', at: from };
    if (end === undefined || end === null) return [invoked, { ...base, type: 'info', at: undefined }];
    const to = timeOf(end, 'end', fail);
    if (to < from) return fail(`found the end ${to} before the start ${from}`);
    return [invoked, { ...base, type: 'ok', at: to }];
  }
  if (typeof type !== 'string' || !TYPES.includes(type)) {
    return fail(`found the type ${JSON.stringify(type) ?? 'nowhere'}, expected "invoke", "ok", "fail" or "info"`);
  }
  const at = time === undefined ? undefined : timeOf(time, 'time', fail);
  return [{ ...base, type: type as EventType, at }];
}

/** A swap has two arguments: what is expected, and what is written. */
function argumentOf({ value, expected }: Partial<Record<Field, unknown>>): HistoryValue {
  return expected === undefined ? valueOfJson(value) : [valueOfJson(expected), valueOfJson(value)];
}

function timeOf(value: unknown, name: string, fail: (what: string) => never): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return fail(`found the ${name} ${JSON.stringify(value)}, expected a number`);
}
