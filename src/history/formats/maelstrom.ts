// Messages between Maelstrom's clients and servers, one JSON object a line, in the order in which they were sent: the
// calls of its lin-kv workload are a history.
//
// Its errors 0 (timeout) and 13 (crash) leave the outcome open, 20 and 22 say something of the value, all others say
// that nothing was done (maelstrom/doc/protocol.md).

import { HistoryError, type EventType, type HistoryEvent, type LineReader } from '../event.ts';
import { textOfValue, valueOfJson, type HistoryValue } from '../value.ts';
import { parsedLine } from './ndjson.ts';

const ACTIONS: readonly string[] = ['read', 'write', 'cas'];
const OPEN_CODES: readonly number[] = [0, 13];
const NO_SUCH_KEY = 20;
const OTHER_VALUE = 22;

type Body = Readonly<Record<string, unknown>>;

export function maelstromReader(file: string): LineReader {
  const asked = new Map<string, Body>();
  return {
    line(text, number) {
      if (text.trim() === '') return [];
      const { src, dest, body } = parsedLine(text, file, number);
      if (typeof src !== 'string' || typeof dest !== 'string' || typeof body !== 'object' || body === null) {
        throw new HistoryError(file, number, 1, 'expected a message with "src", "dest" and "body"');
      }
      const given = body as Body;
      if (isClient(src) && ACTIONS.includes(String(given['type']))) {
        asked.set(`${src} ${String(given['msg_id'])}`, given);
        return [eventOf(src, 'invoke', given, undefined, number)];
      }
      const id = `${dest} ${String(given['in_reply_to'])}`;
      const call = isClient(dest) ? asked.get(id) : undefined;
      if (call === undefined) return []; // a message between servers, or a reply that came twice
      asked.delete(id);
      return [answerOf(dest, call, given, number)];
    },
    end: () => [],
  };
}

/** Maelstrom calls its clients c0, c1 and so on. */
const isClient = (name: string): boolean => /^c\d+$/.test(name);

function answerOf(client: string, call: Body, reply: Body, line: number): HistoryEvent {
  if (reply['type'] !== 'error') return eventOf(client, 'ok', call, valueOfJson(reply['value']), line);
  const code = Number(reply['code']);
  if (OPEN_CODES.includes(code)) return eventOf(client, 'info', call, undefined, line);
  if (code === NO_SUCH_KEY && call['type'] === 'read') return eventOf(client, 'ok', call, null, line);
  const isMismatch = call['type'] === 'cas' && (code === OTHER_VALUE || code === NO_SUCH_KEY);
  return { ...eventOf(client, 'fail', call, undefined, line), isMismatch };
}

function eventOf(
  client: string,
  type: EventType,
  call: Body,
  result: HistoryValue | undefined,
  line: number,
): HistoryEvent {
  const isSwap = call['type'] === 'cas';
  return {
    process: client,
    type,
    action: String(call['type']),
    key: textOfValue(valueOfJson(call['key'])),
    value: isSwap ? [valueOfJson(call['from']), valueOfJson(call['to'])] : valueOfJson(call['value']),
    result: call['type'] === 'read' ? result : undefined,
    isMismatch: false,
    at: undefined,
    line,
  };
}
