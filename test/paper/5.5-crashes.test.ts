// Section 5.5: servers crash, messages come late, twice or never; requests may be repeated without harm.

import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/errors.ts';
import { node, play, recovered, restart, settle } from '../support/node.ts';

describe('section 5.5: a request that comes twice does no harm', () => {
  it.each([
    ['n2 AppendEntries@3 prev 2@1 [3 3] commit 2', 'ok prev 2 match 4', '1 1 3 3'],
    ['n2 AppendEntries@3 prev 1@1 [1 3] commit 1', 'ok prev 1 match 3', '1 1 3'],
    ['n2 AppendEntries@3 prev 1@1 [2] commit 1', 'ok prev 1 match 2', '1 2'],
    ['n2 AppendEntries@3 prev 9@3 [3]', 'no prev 9 conflict 3@0', '1 1'],
  ])('%s', (request, reply, log) => {
    const made = node({ log: '1 1', term: 3 });
    made.on(request);
    made.writeAll();
    for (let i = 0; i < 2; i++) {
      expect(made.on(request)).toBe(`arm election; send n2 AppendEntriesReply@3 ${reply}`);
      expect(made.log).toBe(log);
    }
  });

  it('a vote', () => {
    play(
      node({ term: 3, vote: 'n2' }),
      `
      n2 RequestVote@3 last 0@0 → arm election; send n2 RequestVoteReply@3 granted
      n2 RequestVote@3 last 0@0 → arm election; send n2 RequestVoteReply@3 granted
      `,
    );
  });

  it('a request that comes twice while its entries are on their way to the disk is answered twice, later', () => {
    play(
      node({ log: '1', term: 3 }),
      `
      n2 AppendEntries@3 prev 1@1 [3] → arm election; persist log from 2 [3]
      n2 AppendEntries@3 prev 1@1 [3] → arm election
      written → send n2 AppendEntriesReply@3 ok prev 1 match 2; send n2 AppendEntriesReply@3 ok prev 1 match 2
      `,
    );
  });
});

describe('section 5.5: a leader repeats itself for as long as a follower is away', () => {
  it('to one that never answered, with entries', () => {
    const made = node({ role: 'leader', nodes: 2, log: '1 2', term: 2 });
    for (let i = 0; i < 5; i++) {
      expect(made.on('heartbeat timeout')).toBe('send n2 AppendEntries@2 prev 1@1 [2] commit 0; arm heartbeat');
    }
  });

  it('to one that was away and comes back, everything that it missed', () => {
    const leader = node({ role: 'leader', nodes: 3, log: '1 2', matched: { n2: 2, n3: 2 } });
    for (let i = 0; i < 10; i++) {
      leader.on('propose');
      leader.writeAll();
      leader.on('heartbeat timeout');
    }
    leader.outbox.length = 0; // n2 hears nothing of all this
    const back = restart({ id: 'n2' }, recovered('term 2 vote nobody log 1 2'));
    leader.on('heartbeat timeout');
    settle(leader, back);
    expect([back.log, leader.progress('n2')]).toEqual([leader.log, 'replicate match 12 next 13']);
  });
});

describe('section 5.5: a server that restarts', () => {
  it.each(['term 5 vote n1 log 1 4 5', 'term 5 vote n2 log 1 4', 'term 7 vote nobody log'])(
    'follows, with the term, vote and log of its disk: %s',
    (disk) => {
      const made = restart({}, recovered(disk));
      const [, at, vote, log] = /^term (\d+) vote (\w+) log ?([\d ]*)$/.exec(disk) ?? [];
      expect([made.state, made.log]).toEqual([`follower@${at} vote ${vote}`, log]);
      expect([made.raft.commitIndex, made.raft.leader, made.pendingWrites]).toEqual([0, -1, 0]);
      expect(made.raft.durableIndex).toBe(made.raft.log.lastIndex);
    },
  );

  it('does not lead its old term on the votes of that term', () => {
    const made = restart({}, recovered('term 5 vote n1 log 1 4'));
    play(
      made,
      `
      n2 RequestVoteReply@5 granted → nothing
      n3 RequestVoteReply@5 granted → nothing
      n2 AppendEntriesReply@5 ok prev 2 match 3 → nothing
      election timeout → arm election; persist term 6 vote n1
      `,
    );
  });

  it('learns anew what is committed and applies it again from the first entry', () => {
    const made = restart({}, recovered('term 5 vote n1 log 1 4 5'));
    expect(made.on('n2 AppendEntries@5 prev 3@5 commit 2')).toBe(
      'arm election; apply 1..2; send n2 AppendEntriesReply@5 ok prev 3 match 3',
    );
  });

  it('may have lost what it never acknowledged, and takes it again', () => {
    const leader = node({ role: 'leader', nodes: 2, log: '1 2', matched: { n2: 1 } });
    leader.outbox.length = 0;
    const back = restart({ id: 'n2' }, recovered('term 2 vote n1 log 1'));
    leader.on('heartbeat timeout');
    settle(leader, back);
    expect([back.log, leader.raft.commitIndex]).toEqual(['1 2', 2]);
  });
});

describe('a server whose disk fails', () => {
  it('stops at once: nothing that waited for the write leaves', () => {
    const made = node({ term: 3 });
    play(
      made,
      `
      n2 RequestVote@4 last 0@0 → arm election; persist term 4 vote n2
      write fails → halt: write 1 failed
      `,
    );
    expect(made.outbox).toEqual([]);
  });

  it.each([
    'n2 AppendEntries@9',
    'n2 AppendEntriesReply@9 ok prev 0 match 0',
    'n2 RequestVote@9 last 9@9',
    'n2 RequestVoteReply@9 granted',
    'election timeout',
    'heartbeat timeout',
    'propose',
    'written',
    'write fails',
  ])('never acts again: %s', (event) => {
    const made = node({ role: 'leader', term: 3 });
    made.on('propose');
    made.on('propose');
    made.on('write fails');
    expect(() => made.on(event)).toThrow(InvariantError);
    expect([made.state, made.log]).toEqual(['leader@3 vote n1', '3 3']);
  });
});
