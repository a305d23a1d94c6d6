// Histories as texts: what each format says, what each model makes of it, and which mistakes are named where.
//
// Each verdict can be judged by eye; the search itself is held against a dumb one in test/oracle/history.test.ts.

import { describe, expect, it } from 'vitest';
import { checkHistory, type HistoryOptions } from '../../../src/history/check-history.ts';
import { historyModels } from '../../../src/history/models/names.ts';
import { historyModelTable } from '../../../src/history/models/model-table.ts';

const lines = (...given: readonly string[]): string => given.join('\n');
const outcomeOf = (text: string, options: HistoryOptions = {}): string => checkHistory(text, options).outcome;

/** `process from-to op value → result`, with `?` for an end that never came. */
function calls(...given: readonly string[]): string {
  return lines(
    ...given.map((call) => {
      const [, process, start, end, op, value, result] =
        /^(\d+) (\d+)-(\d+|\?) (\S+)(?: (\S+))?(?: → (.*))?$/.exec(call) ?? [];
      const fields = [
        `"process": ${process}, "op": "${op}", "start": ${start}`,
        ...(end === '?' ? [] : [`"end": ${end}`]),
        ...(value === undefined
          ? []
          : op === 'cas'
            ? [`"expected": ${value.split('>')[0]}, "value": ${value.split('>')[1]}`]
            : [`"value": ${value}`]),
        ...(result === undefined ? [] : [`"result": ${result}`]),
      ];
      return `{${fields.join(', ')}}`;
    }),
  );
}

describe('a format', () => {
  it('of Knossos: maps in a list, with a comment and a nemesis', () => {
    const good =
      '({:type :invoke, :f :write, :value 0, :process 0}\n ; nothing\n{:type :ok, :f :write, :value 0, :process 0}\n';
    const read = (value: number): string =>
      ` {:type :invoke, :f :read, :value nil,\n  :process 1}\n {:process :nemesis, :type :info, :f :start, :value nil}\n` +
      ` {:type :ok, :f :read, :value ${value}, :process 1})\n`;
    expect(checkHistory(good + read(0))).toMatchObject({
      outcome: 'pass',
      history: { format: 'edn', model: 'register', calls: 2 },
    });
    expect(checkHistory(good + read(3))).toMatchObject({ outcome: 'fail', calls: [{ line: 4 }] });
  });

  it('of Knossos: vectors, and a refusal that did not happen', () => {
    const text = lines(
      '[70  :invoke :write 3]',
      '[70 :ok :write 3]',
      '[71 :invoke :write 4]',
      '[71 :fail :write 4 :no-conns]',
    );
    expect(checkHistory(lines(text, '[70 :invoke :read nil]', '[70 :ok :read 3]'))).toMatchObject({
      outcome: 'pass',
      history: { refused: 1, calls: 2 },
    });
    expect(outcomeOf(lines(text, '[70 :invoke :read nil]', '[70 :ok :read 4]'))).toBe('fail');
  });

  it('of Jepsen: records, and values that hold their key', () => {
    const text = lines(
      '#jepsen.history.Op{:index 0, :time 1, :type :invoke, :process 0, :f :write, :value [7 1]}',
      '#jepsen.history.Op{:index 1, :time 2, :type :ok, :process 0, :f :write, :value [7 1]}',
      '#jepsen.history.Op{:index 2, :time 3, :type :invoke, :process 1, :f :read, :value [8 nil]}',
      '#jepsen.history.Op{:index 3, :time 4, :type :ok, :process 1, :f :read, :value [8 nil]}',
    );
    expect(checkHistory(text)).toMatchObject({ outcome: 'pass' });
    expect(Array.from(checkHistory(text).history.parts.keys())).toEqual(['7', '8']);
    expect(outcomeOf(text.replaceAll('8', '7'))).toBe('fail');
  });

  it("of Porcupine: Jepsen's log, where a refused swap says that another value was there", () => {
    const log = (answer: string): string =>
      lines(
        'INFO  jepsen.util - 0\t:invoke\t:write\t4',
        'INFO  jepsen.util - 0\t:ok\t:write\t4',
        'INFO  jepsen.util - 1\t:invoke\t:cas\t[4 1]',
        `INFO  jepsen.util - 1\t${answer}`,
        'INFO  jepsen.util - 2\t:invoke\t:read\tnil',
        'INFO  jepsen.util - 2\t:ok\t:read\t4',
      );
    expect(outcomeOf(log(':fail\t:cas\t[4 1]'))).toBe('fail');
    expect(outcomeOf(log(':info\t:cas\t:timed-out'))).toBe('pass');
    expect(outcomeOf(log(':ok\t:cas\t[4 1]'))).toBe('fail');
  });

  it('of Porcupine: key-value files, in which an acknowledged append has no value', () => {
    const file = (found: string): string =>
      lines(
        '{:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}',
        '{:process 0, :type :ok, :f :append, :key "0", :value "x 0 0 y"}',
        '{:process 0, :type :invoke, :f :get, :key "0", :value nil}',
        `{:process 0, :type :ok, :f :get, :key "0", :value "${found}"}`,
      );
    expect(checkHistory(file('x 0 0 y'))).toMatchObject({ outcome: 'pass', history: { model: 'key-value' } });
    expect(checkHistory(file(''))).toMatchObject({ outcome: 'fail', key: '"0"' });
  });

  it('of Maelstrom: errors that leave the outcome open, and such that do not', () => {
    const message = (src: string, dest: string, body: object): string => JSON.stringify({ id: 1, src, dest, body });
    const history = (code: number): string =>
      lines(
        message('c1', 'n0', { type: 'write', key: 0, value: 3, msg_id: 1 }),
        message('n0', 'n1', { type: 'request_vote', term: 1, msg_id: 1 }),
        message('n0', 'c1', { type: 'error', code, in_reply_to: 1 }),
        message('c2', 'n1', { type: 'read', key: 0, msg_id: 1 }),
        message('n1', 'c2', { type: 'read_ok', value: 3, in_reply_to: 1 }),
      );
    expect(checkHistory(history(0))).toMatchObject({ outcome: 'pass', history: { format: 'maelstrom', unknown: 1 } });
    expect(outcomeOf(history(11))).toBe('fail');
    const swap = lines(
      message('c1', 'n0', { type: 'cas', key: 0, from: 1, to: 2, msg_id: 1 }),
      message('n0', 'c1', { type: 'error', code: 22, in_reply_to: 1 }),
      message('c1', 'n0', { type: 'read', key: 0, msg_id: 2 }),
      message('n0', 'c1', { type: 'error', code: 20, in_reply_to: 2 }),
    );
    expect(outcomeOf(swap)).toBe('pass');
  });

  it('of our own: events, and a swap that was not made', () => {
    const text = lines(
      '{"process": "a", "type": "invoke", "op": "cas", "key": "x", "expected": null, "value": 2}',
      '{"process": "a", "type": "ok", "op": "cas", "key": "x", "result": true}',
      '{"process": "a", "type": "invoke", "op": "cas", "key": "x", "expected": 1, "value": 3}',
      '{"process": "a", "type": "ok", "op": "cas", "key": "x", "result": false}',
    );
    expect(checkHistory(text)).toMatchObject({ outcome: 'pass', history: { model: 'cas-register', calls: 2 } });
    expect(outcomeOf(text.replace('"result": false', '"result": true'))).toBe('fail');
  });
});

describe('a model', () => {
  it.each([
    ['register', calls('1 0-9 write 4', '2 1-3 read → 4', '3 4-6 read → null'), 'fail'],
    ['register', calls('1 0-9 write 4', '2 1-3 read → null', '3 4-6 read → 4'), 'pass'],
    ['register', calls('1 0-? write 4', '2 1-3 read → null', '3 4-6 read → 4'), 'pass'],
    ['register', calls('1 0-5 write 4', '2 5-6 read → null'), 'pass'],
    ['cas-register', calls('1 0-? cas null>4', '2 1-3 read → 4'), 'pass'],
    ['cas-register', calls('1 0-1 cas null>4', '2 2-3 cas null>5'), 'fail'],
    ['counter', calls('1 0-? add 2', '2 1-3 read → 2', '1 4-5 add 1 → 3'), 'pass'],
    ['counter', calls('1 0-1 add 2', '2 2-3 add -1', '2 4-5 read → 2'), 'fail'],
    ['append-list', calls('1 0-9 append 1', '2 0-9 append 2', '3 10-11 read → [2,1]'), 'pass'],
    ['append-list', calls('1 0-3 append 1', '2 4-9 append 2', '3 10-11 read → [2,1]'), 'fail'],
    ['append-list', calls('1 0-3 append 1', '2 4-9 append 2', '3 10-11 read → [1]'), 'fail'],
    ['set', calls('1 0-3 insert 1', '2 4-9 insert 2', '3 10-11 read → [2,1]'), 'pass'],
    ['set', calls('1 0-3 insert 1', '2 4-9 remove 1', '3 10-11 contains 1 → true'), 'fail'],
    ['set', calls('1 0-3 insert 1', '2 4-? remove 1', '3 10-11 contains 1 → false'), 'pass'],
    ['mutex', calls('1 0-1 acquire', '1 2-3 release', '2 2-4 acquire'), 'pass'],
    ['mutex', calls('1 0-1 acquire', '2 2-4 acquire'), 'fail'],
    ['mutex', calls('1 0-1 acquire', '1 2-? release', '2 5-6 acquire'), 'pass'],
    ['queue', calls('1 0-1 enqueue 1', '1 2-3 enqueue 2', '2 4-5 dequeue → 2'), 'fail'],
    ['queue', calls('1 0-1 enqueue 1', '1 2-3 enqueue 2', '3 2-? dequeue', '2 4-5 dequeue → 2'), 'pass'],
    ['unordered-queue', calls('1 0-1 enqueue 1', '1 2-3 enqueue 2', '2 4-5 dequeue → 2'), 'pass'],
    ['unordered-queue', calls('1 0-1 enqueue 1', '2 4-5 dequeue → 1', '3 6-7 dequeue → 1'), 'fail'],
    ['unordered-queue', calls('1 0-1 enqueue 1', '3 2-? dequeue', '2 4-5 dequeue → null'), 'pass'],
    ['key-value', calls('1 0-1 append "a"', '1 2-3 append "b" → "ab"', '1 4-5 delete', '1 6-7 read → ""'), 'pass'],
    ['key-value', calls('1 0-1 append "a"', '1 2-3 append "b" → "b"'), 'fail'],
  ] as const)('%s judges %j: %s', (model, text, outcome) => {
    expect(outcomeOf(text, { model })).toBe(outcome);
  });

  it.each(historyModels)('%s plays its example', (model) => {
    expect(
      checkHistory(historyModelTable[model].example.replace(/, "result".*}/, '}').replace(', "end": 20', ''), { model })
        .outcome,
    ).toBe('pass');
  });

  it('makes a violation small, and says which two facts contradict each other', () => {
    const noise = Array.from({ length: 40 }, (_, i) => `${i % 3} ${10 * i}-${10 * i + 5} write ${i % 4}`);
    const verdict = checkHistory(calls(...noise, '4 500-501 write 9', '5 510-511 write 8', '6 520-521 read → 9'), {
      file: 'h',
    });
    expect(verdict).toMatchObject({ outcome: 'fail', why: 'process 6 read 9 after process 5 had written 8' });
    expect(verdict.outcome === 'fail' && verdict.calls.map(({ line }) => line)).toEqual([41, 42, 43]);
  });

  it('is undecided when its steps run out', () => {
    const text = calls(...Array.from({ length: 12 }, (_, i) => `${i} 0-99 append ${i}`), '20 100-101 read → [1]');
    expect(outcomeOf(text, { model: 'append-list', budget: 5 })).toBe('unknown');
    expect(outcomeOf(text, { model: 'append-list' })).toBe('fail');
  });
});

describe('a mistake', () => {
  it.each([
    ['', 'h:1:1: found nothing'],
    ['hello', 'h:1:1: found "hello", expected one of'],
    [
      '{:process 0, :type :invoke, :f :read, :value nil}\n  {:process 0, :type :okay, :f :read}',
      'h:2:3: found the type okay',
    ],
    [
      '{:process 0, :type :invoke, :f :raed, :value nil}',
      'h:1:1: found raed, which no model knows; did you mean read?',
    ],
    ['{:process 0, :type :ok, :f :read, :value nil}', 'h:1:1: found an answer to process 0, which had made no call'],
    [
      '{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0, :type :invoke, :f :read, :value nil}',
      'h:2:1: found a call of process 0, whose call of line 1 is still open',
    ],
    ['({:process 0, :type :invoke, :f :read, :value nil}', 'h:1:1: the file ends, expected )'],
    ['{:process 0, :type :invoke, :f :read, :value [1 2', 'h:1:1: the file ends within the value that begins here'],
    ['{:process 0, :type )}', 'h:1:20: found ), expected a value'],
    ['{"process": 1, "op": "read", "start": 3,}', 'h:1:41: found no JSON here'],
    ['{"process": 1, "op": "read", "strat": 3}', 'h:1:30: found the field "strat"; did you mean "start"?'],
    ['{"process": 1, "op": "add", "value": 1.5, "start": 3}', 'h:1:1: found 1.5, expected a whole number'],
    ['{"process": 1, "op": "read", "start": 3, "end": 2}', 'h:1:1: found the end 2 before the start 3'],
    ['INFO jepsen.util - 0 :asked :read nil\n\n', 'h:3:1: found no call of a client'],
  ])('%j is named by its place', (text, message) => {
    expect(() => checkHistory(text, { file: 'h' })).toThrow(message);
  });
});
