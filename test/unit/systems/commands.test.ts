// Commands on their way through another Raft: a retry is the same call, also where a trace makes an object for each.

import { expect, it } from 'vitest';
import type { ClientId } from '../../../src/base/ids.ts';
import { makeCall } from '../../../src/protocol/operation.ts';
import { Commands } from '../../../src/systems/foreign/commands.ts';

it('a retry is the first call, whatever object it comes as', () => {
  const commands = new Commands();
  const callOf = (sequence: number): ReturnType<typeof makeCall> =>
    makeCall(1 as ClientId, sequence, { kind: 'put', key: 'k', value: 'v' });
  const first = callOf(3);
  const retry = callOf(3);
  expect(commands.firstOf(first)).toBe(first);
  expect(commands.tokenOf(retry)).toBe('c2.3');
  expect(commands.firstOf(retry)).toBe(first);
  expect(commands.commandOf('c2.3')).toBe(first);
  expect(commands.firstOf(callOf(4))).not.toBe(first);
});
