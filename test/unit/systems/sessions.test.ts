// Limited sessions of the machine (dissertation 6.3): the log alone decides which expires, and a snapshot knows it.

import { describe, expect, it } from 'vitest';
import { clientId } from '../../../src/base/ids.ts';
import { makeCall, sessionOf, type Operation } from '../../../src/protocol/operation.ts';
import { exactlyOnce, KeyValueMachine } from '../../../src/systems/in-process/key-value-machine.ts';

const open: Operation = { kind: 'open', key: '' };
const add: Operation = { kind: 'add', key: 'n', amount: 1 };
const machine = (sessionsMax: number): KeyValueMachine => new KeyValueMachine(exactlyOnce, sessionsMax);
const ask = (one: KeyValueMachine, sequence: number, operation: Operation = add): string | undefined =>
  one.execute(makeCall(clientId(0), sequence, operation));

describe('a machine with limited sessions', () => {
  it('knows a session from the command that opens it on, and no other', () => {
    const one = machine(2);
    expect(ask(one, 1)).toBeUndefined();
    expect(one.isExpired).toBe(true);
    expect(ask(one, 2, open)).toBe('1');
    expect(sessionOf(1001)).toBe(1);
    expect(ask(one, 1001)).toBe('1');
    expect(one.isExpired).toBe(false);
  });

  it('expires the session whose last command is oldest, and opens none again for a late retry', () => {
    const one = machine(2);
    ask(one, 1, open);
    ask(one, 2, open);
    ask(one, 1001);
    ask(one, 3, open);
    expect(ask(one, 2001)).toBeUndefined();
    expect(one.isExpired).toBe(true);
    expect(ask(one, 1001)).toBe('1');
    expect(one.executed).toBe(false);
    // The command that opened a session comes again: another session, so that no old command means anything in it.
    expect(ask(one, 2, open)).toBe('4');
  });

  it('is the same behind a snapshot: which expires next, what each was answered, how many were opened', () => {
    const [one, other] = [machine(2), machine(2)];
    ask(one, 1, open);
    ask(one, 2, open);
    ask(one, 1001);
    other.restore(one.save());
    for (const [sequence, operation] of [
      [3, open],
      [1001, add],
      [2001, add],
      [3001, add],
    ] as const) {
      expect(ask(other, sequence, operation)).toBe(ask(one, sequence, operation));
      expect([other.isExpired, other.executed]).toEqual([one.isExpired, one.executed]);
    }
    expect(other.hash).toBe(one.hash);
  });

  it('has no limit unless it is told one, and expires nothing', () => {
    const one = machine(0);
    for (let client = 0; client < 50; client++) one.execute(makeCall(clientId(client), 1, add));
    expect(one.execute(makeCall(clientId(0), 1, add))).toBe('1');
    expect(one.isExpired).toBe(false);
  });
});

describe('a machine whose keys have an end', () => {
  it('drops a key so many commands after its first write, at the same command as one that began from its snapshot', () => {
    const [one, other] = [1, 2].map(() => new KeyValueMachine(exactlyOnce, 0, 1000)) as [
      KeyValueMachine,
      KeyValueMachine,
    ];
    const put = (machineOf: KeyValueMachine, i: number): void =>
      void machineOf.execute(makeCall(clientId(0), i, { kind: 'put', key: `k${i}`, value: 'v' }));
    for (let i = 1; i <= 1500; i++) put(one, i);
    other.restore(one.save());
    for (let i = 1501; i <= 5000; i++) [one, other].forEach((each) => put(each, i));
    expect(one.read('k5000', 1)).toBe('v');
    expect(one.read('k1', 1)).toBe('');
    const kept = [...one.values()].length;
    expect(kept).toBeGreaterThanOrEqual(1000);
    expect(kept).toBeLessThan(2100);
    expect([...other.values()]).toEqual([...one.values()]);
    expect(other.save()).toEqual(one.save());
  });
});
