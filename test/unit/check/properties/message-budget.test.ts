// Message budget: entries that are sent again, steps back and snapshots that nothing accounts for, and those that something does.

import { describe, expect, it } from 'vitest';
import { logIndex, nodeId, term } from '../../../../src/base/ids.ts';
import { freshGhost } from '../../../../src/check/monitor.ts';
import type { Property } from '../../../../src/check/property.ts';
import { messageBudget } from '../../../../src/check/properties/message-budget.ts';
import { NO_OP, type AppendEntriesReply, type InstallSnapshot } from '../../../../src/protocol/message.ts';
import { Timer } from '../../../../src/protocol/timers.ts';
import type { Host } from '../../../../src/sim/host.ts';
import { promise } from '../../../support/stage.ts';

const leader = { id: nodeId(0), process: { probe: { role: 'leader', currentTerm: term(2) } } } as unknown as Host;
const ends = { from: nodeId(0), to: nodeId(1), term: term(2) } as const;
const entry = { term: term(2), command: NO_OP } as const;

const budget = (): Property => messageBudget(freshGhost(3), true);

/** Sends one entry behind this index. */
const send = (property: Property, prevLogIndex: number, isEmpty = false): string | undefined =>
  property.sent?.(leader, {
    kind: 'AppendEntries',
    ...ends,
    prevLogIndex: logIndex(prevLogIndex),
    prevLogTerm: term(1),
    entries: isEmpty ? [] : [entry],
    leaderCommit: logIndex(0),
  });

const answer = (property: Property, success: boolean, matchIndex: number): unknown =>
  property.received?.(leader, {
    kind: 'AppendEntriesReply',
    from: nodeId(1),
    to: nodeId(0),
    term: term(2),
    success,
    matchIndex: logIndex(matchIndex),
  } as AppendEntriesReply);

const piece = (property: Property, lastIncludedIndex: number): string | undefined =>
  property.sent?.(leader, { kind: 'InstallSnapshot', ...ends, lastIncludedIndex } as InstallSnapshot);

/** What is found at last when something is done so many times. */
function last(times: number, act: () => string | undefined): string | undefined {
  let found: string | undefined;
  for (let i = 0; i < times; i++) found = act();
  return found;
}

describe('message-budget', () => {
  it('speaks of entries that are sent over and over, and not of new ones', () => {
    const property = budget();
    expect(last(100, () => send(property, 5))).toBe(
      'n1 leads term 2 and has sent entries to n2 again 99 times, which nothing asked for',
    );
    const fresh = budget();
    let index = 0;
    expect(last(500, () => send(fresh, index++))).toBeUndefined();
  });

  it('does not speak of those that a refusal or heartbeats account for', () => {
    const property = budget();
    const after = (act: () => unknown): string | undefined =>
      last(500, () => {
        act();
        return send(property, 5);
      });
    expect(after(() => answer(property, false, 0))).toBeUndefined();
    expect(after(() => property.fired?.(leader, Timer.heartbeat))).toBeUndefined();
    expect(after(() => undefined)).toContain('which nothing asked for');
  });

  it('speaks of a refusal for each entry, where one for each term would do', () => {
    const property = budget();
    let index = 100;
    expect(last(20, () => send(property, index--, true))).toContain('has gone back 19 times');
    const other = budget();
    index = 100;
    expect(
      last(20, () => {
        answer(other, true, 0);
        return send(other, index--, true);
      }),
    ).toBeUndefined();
  });

  it('speaks of a second snapshot before the first one has arrived, and not behind it', () => {
    const property = budget();
    expect(last(3, () => piece(property, 4))).toBeUndefined();
    expect(piece(property, 8)).toBe(
      'n1 begins to send a snapshot of 8 entries to n2 before that of 4 entries has arrived',
    );
    answer(property, true, 8);
    expect(piece(property, 12)).toBeUndefined();
  });
});

promise('message-budget', [
  [
    'entries that a leader has sent to nobody yet',
    `n1 leader@3 [1 3]
     n1 leader@3 [1 3 3]`,
    undefined,
  ],
]);
