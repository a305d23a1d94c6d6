// The sequential model of a key, and what the checker says of histories that a reader can judge by eye.
//
// A call is written as `client invoked-answered operation → result`; `-?` is an answer that never came.

import { describe, expect, it } from 'vitest';
import { clientId, clientName } from '../../../../src/base/ids.ts';
import type { HistoryCall, Operation } from '../../../../src/protocol/operation.ts';
import { apply } from '../../../../src/check/linearizability/key-value-model.ts';
import { checkLinearizability } from '../../../../src/check/linearizability/linearizability.ts';

const text = (shown: string): string => (shown === '∅' ? '' : shown);

function operationOf(words: string): Operation {
  const [kind = '', rest = ''] = words.split(' ');
  const [key = '', value = '', last = ''] = rest.split(/\+=|[=:+>]/).map(text);
  switch (kind) {
    case 'get':
      return { kind, key };
    case 'put':
    case 'append':
      return { kind, key, value };
    case 'cas':
      return { kind, key, expected: value, value: last };
    case 'add':
      return { kind, key, amount: Number(value) };
    default:
      throw new Error(`no operation: ${words}`);
  }
}

function callOf(line: string): HistoryCall {
  const [, client, invoked, completed, words = '', result] =
    /^c(\d) (\d+)-(\d+|\?) (.*?)(?: → (.*))?$/.exec(line) ?? [];
  const operation = operationOf(words);
  return {
    client: clientId(Number(client) - 1),
    sequence: Number(invoked),
    operation,
    invokedAt: Number(invoked),
    completedAt: completed === '?' ? -1 : Number(completed),
    result: text(result ?? (operation.kind === 'put' && completed !== '?' ? 'ok' : '')),
  };
}

const history = (lines: string): HistoryCall[] => lines.split(' | ').map(callOf);
const times = (call: HistoryCall): string =>
  `${clientName(call.client)} ${call.invokedAt}-${call.completedAt === -1 ? '?' : call.completedAt}`;

describe('the sequential model of a key', () => {
  it.each([
    ['∅', 'get x', '∅', '∅'],
    ['4', 'get x', '4', '4'],
    ['4', 'put x=7', '7', 'ok'],
    ['4', 'put x=∅', '∅', 'ok'],
    ['∅', 'append x+=a', 'a', 'a'],
    ['a', 'append x+=b', 'ab', 'ab'],
    ['4', 'cas x:4>7', '7', 'yes'],
    ['4', 'cas x:5>7', '4', 'no'],
    ['∅', 'cas x:∅>7', '7', 'yes'],
    ['∅', 'add x+2', '2', '2'],
    ['40', 'add x+2', '42', '42'],
    ['1', 'add x+-3', '-2', '-2'],
    ['-2', 'add x+3', '1', '1'],
    ['a', 'add x+2', '2', '2'],
    ['1a', 'add x+2', '2', '2'],
    ['1e3', 'add x+2', '2', '2'],
  ])('%s: %s makes %s and answers %s', (state, words, after, result) => {
    expect(apply(text(state), operationOf(words))).toEqual({ state: text(after), result: text(result) });
  });
});

describe('linearizable', () => {
  it.each([
    ['no calls on a key but an unknown get', 'c1 1-? get x'],
    ['a key that was never written', 'c1 1-2 get x → ∅'],
    ['one after the other', 'c1 1-2 put x=1 | c2 3-4 get x → 1 | c1 5-6 put x=2 | c2 7-8 get x → 2'],
    ['a read beside a write sees the old value', 'c1 1-2 put x=1 | c1 3-6 put x=2 | c2 4-5 get x → 1'],
    ['a read beside a write sees the new value', 'c1 1-2 put x=1 | c1 3-6 put x=2 | c2 4-5 get x → 2'],
    ['two writes side by side, the second one last', 'c1 1-4 put x=1 | c2 2-3 put x=2 | c3 5-6 get x → 2'],
    ['two writes side by side, the first one last', 'c1 1-4 put x=1 | c2 2-3 put x=2 | c3 5-6 get x → 1'],
    ['a long write comes last', 'c1 1-6 put x=1 | c2 2-3 put x=2 | c3 4-5 get x → 2 | c3 7-8 get x → 1'],
    ['an unknown write, late', 'c1 1-? put x=1 | c2 2-3 get x → ∅ | c2 4-5 put x=2 | c2 6-7 get x → 1'],
    ['an unknown write, never', 'c1 1-? put x=1 | c2 2-3 get x → ∅ | c2 4-5 get x → ∅'],
    ['an unknown write, at once', 'c1 1-? put x=1 | c2 2-3 get x → 1 | c2 4-5 put x=2 | c2 6-7 get x → 2'],
    ['two equal unknown writes, both needed', 'c1 1-? add x+1 | c2 2-? add x+1 | c3 3-4 get x → 2'],
    ['an unknown write feeds another one', 'c1 1-? put x=1 | c2 2-? cas x:1>5 | c3 3-4 get x → 5'],
    ['unknown appends in the other order', 'c1 1-? append x+=a | c2 2-? append x+=b | c3 3-4 get x → ba'],
    ['unknown appends, then an add to 0', 'c1 1-? append x+=a | c2 2-3 put x=5 | c3 4-5 add x+1 → 1'],
    ['an unknown write, so that a cas fails', 'c1 1-2 put x=1 | c2 3-? put x=7 | c3 4-5 cas x:1>2 → no'],
    ['an unknown result is not looked at', 'c1 1-? add x+1 → 99 | c2 2-3 get x → 1'],
    ['nor that of an unknown cas', 'c1 1-? cas x:∅>1 → no | c2 2-3 get x → 1'],
    ['a cas that succeeds, and one that then fails', 'c1 1-2 cas x:∅>1 → yes | c2 3-4 cas x:∅>2 → no'],
    ['of two cas side by side the later one wins', 'c1 1-4 cas x:∅>1 → no | c2 2-3 cas x:∅>2 → yes'],
    [
      'a put twice, with reads that need it late',
      'c1 1-2 put x=1 | c1 3-8 put x=1 | c2 4-5 put x=2 | c2 9-10 get x → 1',
    ],
    ['appends side by side', 'c1 1-4 append x+=a → ba | c2 2-3 append x+=b → b | c1 5-6 get x → ba'],
    ['adds side by side', 'c1 1-4 add x+1 → 3 | c2 2-3 add x+2 → 2'],
    ['keys do not touch each other', 'c1 1-2 put x=1 | c2 3-4 get y → ∅ | c2 5-6 put y=2 | c1 7-8 get x → 1'],
    ['calls that are not in order', 'c2 5-6 get x → 2 | c1 3-4 put x=2 | c1 1-2 put x=1'],
  ])('%s', (_title, lines) => {
    expect(checkLinearizability(history(lines))).toEqual({ outcome: 'pass' });
  });
});

describe('not linearizable', () => {
  it.each([
    [
      'a stale read',
      'c1 1-2 put x=4 | c1 3-4 put x=7 | c2 5-6 get x → 4',
      'c1 1-2, c1 3-4, c2 5-6',
      'c2 read x=4 after c1 had put x=7',
    ],
    [
      'a read that goes back behind another read',
      'c1 1-2 put x=4 | c1 3-9 put x=7 | c2 4-5 get x → 7 | c3 6-7 get x → 4',
      'c1 1-2, c1 3-?, c2 4-5, c3 6-7',
      'c3 read x=4 after c2 had read x=7',
    ],
    [
      'a value that nobody wrote',
      'c1 1-2 put x=4 | c2 3-4 get x → 4 | c2 5-6 get x → 9 | c1 7-8 get x → 4',
      'c2 5-6',
      'c2 read x=9, which the writes on x cannot explain',
    ],
    [
      'a value that is written too late',
      'c2 1-2 get x → 9 | c1 3-4 put x=9',
      'c2 1-2',
      'c2 read x=9, which the writes on x cannot explain',
    ],
    [
      'a lost write',
      'c1 1-2 put x=1 | c2 3-4 get x → ∅ | c2 5-6 get x → ∅',
      'c1 1-2, c2 3-4',
      'c2 read x=∅ after c1 had put x=1',
    ],
    [
      'a lost update',
      'c1 1-2 put x=1 | c1 3-6 add x+1 → 2 | c2 4-5 add x+1 → 2',
      'c1 3-6, c2 4-5',
      'c1 added 1 to x and got 2 while c2 added 1 to x and got 2',
    ],
    [
      'an add that was done twice',
      'c1 1-2 add x+1 → 1 | c2 3-4 add x+1 → 2 | c1 5-6 add x+1 → 4',
      'c1 5-6',
      'c1 added 1 to x and got 4, which the writes on x cannot explain',
    ],
    [
      'an append that was done twice',
      'c1 1-2 append x+=a → a | c2 3-4 append x+=b → ab | c1 5-6 get x → abb',
      'c1 5-6',
      'c1 read x=abb, which the writes on x cannot explain',
    ],
    [
      'an append that went missing',
      'c1 1-2 append x+=a → a | c2 3-4 append x+=b → ab | c1 5-6 get x → a',
      'c1 1-2, c2 3-4, c1 5-6',
      'c1 read x=a after c2 had appended b to x and got ab',
    ],
    [
      'two cas that both won',
      'c1 1-4 cas x:∅>1 → yes | c2 2-3 cas x:∅>2 → yes',
      'c1 1-4, c2 2-3',
      'c1 changed x from ∅ to 1 while c2 changed x from ∅ to 2',
    ],
    [
      'a cas that lost against nobody',
      'c1 1-2 put x=1 | c2 3-4 cas x:1>2 → no',
      'c1 1-2, c2 3-4',
      'c2 found that x was not 1 after c1 had put x=1',
    ],
    [
      'an unknown write that came and went',
      'c1 1-2 put x=1 | c2 3-? put x=2 | c3 4-5 get x → 2 | c3 6-7 get x → 1',
      'c1 1-2, c2 3-?, c3 4-5, c3 6-7',
      'c3 read x=1 after c3 had read x=2',
    ],
    [
      'one unknown add that counts twice',
      'c1 1-? add x+1 | c2 2-3 get x → 1 | c2 4-5 get x → 2',
      'c1 1-?, c2 4-5',
      'c2 read x=2, which the writes on x cannot explain',
    ],
    [
      'a counter that went back',
      'c1 1-2 add x+1 → 1 | c1 3-4 add x+1 → 2 | c1 5-6 add x+1 → 3 | c2 7-8 get x → 2',
      'c1 3-4, c1 5-6, c2 7-8',
      'c2 read x=2 after c1 had added 1 to x and got 3',
    ],
    [
      'a fact that matters, and a later one that does not',
      'c1 0-5 append x+=a → a | c2 2-4 append x+=a → aa | c3 6-7 get x → a',
      'c1 0-5, c2 2-4, c3 6-7',
      'c3 read x=a after c2 had appended a to x and got aa',
    ],
    [
      'a call that must not come before an omitted write',
      'c1 0-3 add x+1 → 1 | c1 4-6 put x=∅ | c1 8-10 cas x:1>∅ → no | c2 2-? add x+1 | c3 13-14 get x → 2',
      'c2 2-?, c1 4-6, c3 13-14',
      'c3 read x=2 after c1 had put x=∅',
    ],
    [
      'long texts',
      'c1 1-2 put x=abcdefghijklmnopqrstuvwxyz | c2 3-4 get x → ∅',
      'c1 1-2, c2 3-4',
      'c2 read x=∅ after c1 had put x=…defghijklmnopqrstuvwxyz',
    ],
    [
      'an answer that no operation gives',
      'c1 1-2 put x=1 → no',
      'c1 1-2',
      'c1 put x=1, which the writes on x cannot explain',
    ],
    [
      'the other key',
      'c1 1-2 put 9=1 | c2 3-4 put 1=2 | c1 5-6 get 1 → 2 | c2 7-8 get 9 → ∅',
      'c1 1-2, c2 7-8',
      'c2 read 9=∅ after c1 had put 9=1',
    ],
  ])('%s', (_title, lines, part, why) => {
    const verdict = checkLinearizability(history(lines));
    expect(verdict).toMatchObject({ outcome: 'fail', why });
    expect(verdict.outcome === 'fail' && verdict.calls.map(times).join(', ')).toBe(part);
  });
});

/** Puts side by side, in some thousand orders, and a read that none of them explains. */
const hard = [
  ...Array.from({ length: 10 }, (_, i) => callOf(`c1 ${i}-${20 + i} put h=${i}`)),
  callOf('c2 40-41 get h → z'),
];

/** One client that writes and reads, with now and then a write that got no answer. */
function calm(key: string, calls: number): HistoryCall[] {
  return Array.from({ length: calls }, (_, i) => {
    const words = i % 2 === 0 ? `put ${key}=${i}` : `get ${key} → ${i - 1}`;
    return callOf(i % 50 === 10 ? `c2 ${2 * i}-? put ${key}=7` : `c1 ${2 * i}-${2 * i + 1} ${words}`);
  }).map((call, i) => (i % 50 === 11 ? { ...call, result: i % 100 === 11 ? '7' : String(i - 3) } : call));
}

describe('keys and budget', () => {
  const stale = history('c1 1-2 put s=1 | c2 3-4 get s → ∅');

  it('names the first of two failing keys, in the order of the history', () => {
    const lines = 'c1 1-2 put 9=1 | c1 3-4 put 1=1 | c2 5-6 get 1 → ∅ | c2 7-8 get 9 → ∅';
    expect(checkLinearizability(history(lines))).toMatchObject({ outcome: 'fail', key: '9' });
  });

  it('does not change the history', () => {
    const calls = history('c2 5-6 get x → 1 | c1 3-4 put x=2 | c1 1-2 put x=1');
    const frozen = Object.freeze(calls.map((call) => Object.freeze(call)));
    expect(checkLinearizability(frozen)).toMatchObject({ outcome: 'fail' });
  });

  it('says unknown when the budget runs out, and about which key', () => {
    expect(checkLinearizability(hard, { budget: 100 })).toEqual({
      outcome: 'unknown',
      key: 'h',
      why: '100 steps did not decide about the 11 calls on h',
    });
    expect(checkLinearizability(hard)).toMatchObject({ outcome: 'fail' });
    expect(checkLinearizability(history('c1 1-2 get x → ∅'), { budget: 0 })).toMatchObject({
      outcome: 'unknown',
    });
  });

  it('finds the key that fails behind a key that eats the budget', () => {
    expect(checkLinearizability([...hard, ...stale], { budget: 100 })).toMatchObject({
      outcome: 'fail',
      key: 's',
    });
  });

  it('gives what other keys left over to the one that needs it', () => {
    const easy = Array.from({ length: 40 }, (_, key) => callOf(`c1 1-2 put k${key}=1`));
    const long = calm('x', 200);
    expect(checkLinearizability([...long, ...easy], { budget: 1000 })).toEqual({ outcome: 'pass' });
    expect(checkLinearizability([...easy, ...long], { budget: 1000 })).toEqual({ outcome: 'pass' });
    expect(checkLinearizability(long, { budget: 150 })).toMatchObject({ outcome: 'unknown', key: 'x' });
  });

  it('needs a few steps for each call of a long history on one key', () => {
    expect(checkLinearizability(calm('x', 5000), { budget: 60_000 })).toEqual({ outcome: 'pass' });
  });

  it('finds the three calls that matter among thousands', () => {
    const late = callOf('c3 10100-10101 get x → 4000');
    const verdict = checkLinearizability([...calm('x', 5000), late]);
    expect(verdict).toMatchObject({ outcome: 'fail', why: 'c3 read x=4000 after c1 had put x=4998' });
    expect(verdict.outcome === 'fail' && verdict.calls.map((call) => call.operation.kind)).toEqual([
      'put',
      'put',
      'get',
    ]);
  });

  it('tries equal unknown writes in one order only', () => {
    const adds = Array.from({ length: 40 }, (_, i) => callOf(`c1 ${i}-? add x+1`));
    const read = callOf('c2 100-101 get x → 41');
    expect(checkLinearizability([...adds, read], { budget: 20_000 })).toMatchObject({ outcome: 'fail' });
  });

  it.each([1, -1])('does not try sums that are too small or too large, with sign %i', (sign) => {
    const adds = Array.from({ length: 40 }, (_, i) => callOf(`c1 ${i}-? add x+${sign * (i + 1)}`));
    const outcomeOf = (sum: number): string =>
      checkLinearizability([...adds, callOf(`c2 100-101 get x → ${sign * sum}`)], { budget: 5000 }).outcome;
    expect([820, 821, -1].map(outcomeOf)).toEqual(['pass', 'fail', 'fail']);
  });

  it('does not try reads that fit in more than one order', () => {
    const reads = Array.from({ length: 20 }, (_, i) => callOf(`c1 ${i + 3}-${i + 30} get x → 1`));
    const lines = history('c2 1-2 put x=1 | c3 60-61 get x → 2');
    expect(checkLinearizability([...reads, ...lines], { budget: 1000 })).toMatchObject({ outcome: 'fail' });
  });

  it.each(['cas x:1>- → -4', 'cas x:1>∅ → 6'])('knows that a text can become a number: %s', (words) => {
    const [cas, result] = words.split(' → ');
    const start = 'c1 1-2 put x=7 | c1 3-? append x+=b | c1 4-? add x+1';
    const lines = `${start} | c1 5-? ${cas} | c1 6-? append x+=5 | c2 7-8 add x+1 → ${result}`;
    expect(checkLinearizability(history(lines))).toEqual({ outcome: 'pass' });
  });

  it('does not try appends that lead nowhere', () => {
    const appends = Array.from({ length: 20 }, (_, i) => callOf(`c1 ${i}-? append x+=${i};`));
    const read = callOf('c2 100-101 get x → 3;1;2;');
    expect(checkLinearizability([...appends, read], { budget: 1000 })).toEqual({ outcome: 'pass' });
    const wrong = callOf('c2 100-101 get x → 3;1;3;');
    expect(checkLinearizability([...appends, wrong], { budget: 1000 })).toMatchObject({ outcome: 'fail' });
  });
});
