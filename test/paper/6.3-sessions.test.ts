// Section 8 and dissertation 6.3: sessions of clients in the state machine. A command has its effect once, however often
// it comes; its answer is kept; a snapshot holds both.

import { describe, expect, it } from 'vitest';
import { clientId } from '../../src/base/ids.ts';
import { makeCall, SESSION_CALLS } from '../../src/protocol/operation.ts';
import { exactlyOnce, KeyValueMachine } from '../../src/systems/in-process/key-value-machine.ts';

const add = (amount: number) => ({ kind: 'add', key: 'n', amount }) as const;

/** `1.2 +5`: the client's second command adds 5; tells the answer and whether it had an effect. */
function play(machine: KeyValueMachine, calls: string): string[] {
  return calls.split(', ').map((text) => {
    const [, client, sequence, amount] = /^(\d+)\.(\d+) \+(\d+)$/.exec(text) ?? [];
    const call = makeCall(clientId(Number(client)), Number(sequence), add(Number(amount)));
    const answer = machine.execute(call);
    return `${answer ?? 'none'}${machine.executed ? '' : ' again'}`;
  });
}

describe('dissertation 6.3: a command that comes again', () => {
  it.each([
    ['1.1 +5, 1.1 +5', ['5', '5 again'], 'has its answer, and no second effect'],
    ['1.1 +5, 2.1 +5, 1.1 +5', ['5', '10', '5 again'], 'has the answer of then'],
    ['1.1 +5, 1.2 +1, 1.1 +5', ['5', '6', 'none again'], 'of a session that has moved on has none'],
    ['1.1 +5, 1.3 +1, 1.2 +9', ['5', '6', 'none again'], 'late, behind a newer one, has no effect'],
    ['1.1 +5, 2.1 +5', ['5', '10'], 'with the number of another session’s is another one'],
  ])('%s: %j: %s', (calls, answers) => {
    expect(play(new KeyValueMachine(exactlyOnce), calls)).toEqual(answers);
  });

  it('is known behind a snapshot, with its answer', () => {
    const machine = new KeyValueMachine(exactlyOnce);
    play(machine, '1.1 +5, 2.1 +1');
    const other = new KeyValueMachine(exactlyOnce);
    other.restore(machine.save());
    expect(play(other, '1.1 +5, 2.1 +1, 2.2 +1')).toEqual(['5 again', '6 again', '7']);
    expect(other.hash).not.toBe(machine.hash);
  });

  it('what a machine writes of itself is not changed by what it does afterwards', () => {
    const machine = new KeyValueMachine(exactlyOnce);
    play(machine, '1.1 +5');
    const saved = machine.save();
    play(machine, '1.2 +5');
    const other = new KeyValueMachine(exactlyOnce);
    other.restore(saved);
    expect(play(other, '1.1 +5, 1.2 +1')).toEqual(['5 again', '6']);
  });
});

describe('dissertation 6.3: a limited number of sessions', () => {
  /** Opens sessions and uses them: `open`, or the number of a session and its call. */
  function use(machine: KeyValueMachine, text: string): string[] {
    return text.split(', ').map((what) => {
      if (what === 'open') return machine.execute(makeCall(clientId(0), 1, { kind: 'open', key: '' })) ?? 'none';
      const [session, sequence] = what.split('.').map(Number) as [number, number];
      const answer = machine.execute(makeCall(clientId(0), session * SESSION_CALLS + sequence, add(1)));
      return machine.isExpired ? 'expired' : `${answer ?? 'none'}${machine.executed ? '' : ' again'}`;
    });
  }

  it.each([
    ['open, open, open, 1.1, 2.1', ['1', '2', '3', 'expired', '1'], 'the oldest goes first'],
    ['open, open, 1.1, open, 1.2, 2.1', ['1', '2', '1', '3', '2', 'expired'], 'the one whose last command is oldest'],
    [
      'open, open, 1.1, 1.1, open, 2.1, 1.1',
      ['1', '2', '1', '1 again', '3', 'expired', '1 again'],
      'a repetition counts',
    ],
    ['7.1', ['expired'], 'one that was never opened is no session'],
  ])('of two: %s: %j: %s', (text, answers) => {
    expect(use(new KeyValueMachine(exactlyOnce, 2), text)).toEqual(answers);
  });

  it('the order in which they expire is part of a snapshot', () => {
    const machine = new KeyValueMachine(exactlyOnce, 2);
    use(machine, 'open, open, 1.1');
    const other = new KeyValueMachine(exactlyOnce, 2);
    other.restore(machine.save());
    expect(use(other, 'open, 1.2, 2.1')).toEqual(use(machine, 'open, 1.2, 2.1'));
  });
});
