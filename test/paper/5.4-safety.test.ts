// Section 5.4: who may lead, and what a leader may call committed.

import { describe, expect, it } from 'vitest';
import { logIndex } from '../../src/base/ids.ts';
import { node, play, settle } from '../support/node.ts';
import { lastPlace } from '../support/text.ts';

describe('section 5.4.1: a vote goes only to a log that is at least as up to date', () => {
  it.each([
    // voter's log, candidate's log, answer
    ['', '', 'granted'],
    ['', '1', 'granted'],
    ['1', '', 'refused'],
    ['1 1 2', '1 1 2', 'granted'],
    ['1 1', '1 1 1', 'granted'],
    ['1 1 1', '1 1', 'refused'],
    ['1 1 2', '1 1 1 1', 'refused'], // longer but older
    ['1 1 1 1', '1 1 2', 'granted'], // shorter but newer
    ['1 1 1 1', '2', 'granted'],
    ['2', '1 1 1 1', 'refused'],
    ['1 3', '1 2 2 2', 'refused'],
    ['1 2 2 2', '1 3', 'granted'],
  ])('voter [%s], candidate [%s]: %s', (voter, candidate, answer) => {
    const made = node({ log: voter, term: 4 });
    const last = lastPlace(candidate);
    const told = `${made.on(`n2 RequestVote@4 last ${last.index}@${last.term}`)}; ${made.writeAll()}`;
    expect(told).toContain(`send n2 RequestVoteReply@4 ${answer}`);
    expect(made.state).toBe(`follower@4 vote ${answer === 'granted' ? 'n2' : 'nobody'}`);
  });

  it('the newer term of a candidate does not make up for an old log', () => {
    const made = node({ log: '1 3', term: 3 });
    made.on('n2 RequestVote@9 last 2@2');
    expect(made.writeAll()).toBe('send n2 RequestVoteReply@9 refused');
  });

  it('a refused candidate leaves the vote free for a better one', () => {
    const made = node({ log: '1 3', term: 4 });
    play(
      made,
      `
      n2 RequestVote@4 last 2@2 → send n2 RequestVoteReply@4 refused
      n3 RequestVote@4 last 2@3 → arm election; persist term 4 vote n3
      `,
    );
  });

  it('the request tells the end of the log, also of what is not committed', () => {
    const made = node({ log: '1 1 3', commit: 1, term: 5 });
    made.on('election timeout');
    expect(made.on('written')).toBe('send n2 RequestVote@6 last 3@3; send n3 RequestVote@6 last 3@3');
  });
});

describe('section 5.4.2: only entries of its own term are committed by counting', () => {
  it('an older entry on a majority is not committed; one of its own term commits both', () => {
    const made = node({ role: 'leader', nodes: 5, log: '1 2 4', matched: { n2: 0, n3: 0 } });
    play(
      made,
      `
      n2 AppendEntriesReply@4 ok prev 0 match 2 → nothing
      n3 AppendEntriesReply@4 ok prev 0 match 2 → nothing
      n2 AppendEntriesReply@4 ok prev 2 match 3 → nothing
      n3 AppendEntriesReply@4 ok prev 2 match 3 → apply 1..3
      `,
    );
  });

  it.each([
    // leader's log and term, acknowledged by n2 and n3 of five, committed
    ['1 2 4', 4, 1, 1, 0],
    ['1 2 4', 4, 2, 2, 0],
    ['1 2 4', 4, 2, 3, 0],
    ['1 2 4', 4, 3, 3, 3],
    ['1 1 1', 4, 3, 3, 0],
    ['4 4 4', 4, 2, 3, 2],
    ['1 3 4 4', 4, 4, 3, 3],
  ])('leader [%s] of term %i, acknowledged to %i and %i: committed to %i', (log, term, n2, n3, committed) => {
    expect(node({ role: 'leader', nodes: 5, log, term, matched: { n2, n3 } }).raft.commitIndex).toBe(committed);
  });

  it('the no-op of a new leader commits what earlier leaders left', () => {
    const made = node({ role: 'candidate', log: '1 2', term: 4, options: { noOpOnElection: true } });
    made.on('n2 RequestVoteReply@4 granted');
    play(
      made,
      `
      written → nothing
      n3 AppendEntriesReply@4 ok prev 2 match 2 → send n3 AppendEntries@4 prev 2@2 [4] commit 0
      n3 AppendEntriesReply@4 ok prev 2 match 3 → apply 1..3
      `,
    );
  });

  it('without it, they stay uncommitted until a client comes', () => {
    const made = node({ role: 'leader', log: '1 2', term: 4, matched: { n2: 2, n3: 2 } });
    expect(made.raft.commitIndex).toBe(0);
    made.on('propose');
    made.writeAll();
    expect(made.on('n3 AppendEntriesReply@4 ok prev 2 match 3')).toBe('apply 1..3');
  });

  it('a leader never touches what it has: an older entry keeps its term', () => {
    const made = node({ role: 'leader', log: '1 2', term: 4, options: { noOpOnElection: true } });
    made.on('propose');
    expect(made.log).toBe('1 2 4 4');
  });
});

describe('section 5.4.2: a leader counts its own copy once it is durable', () => {
  it('an entry that another server has is not committed before it is on a majority of disks', () => {
    const made = node({ role: 'leader', term: 2, matched: { n2: 0 } });
    play(
      made,
      `
      propose → accept 1 at 1@2; send n2 AppendEntries@2 prev 0@0 [2] commit 0; persist log from 1 [2]
      n2 AppendEntriesReply@2 ok prev 0 match 1 → nothing
      written → apply 1..1
      `,
    );
  });

  it('followers can make the majority without it', () => {
    const made = node({ role: 'leader', term: 2, matched: { n2: 0, n3: 0 } });
    made.on('propose');
    made.on('n2 AppendEntriesReply@2 ok prev 0 match 1');
    expect(made.on('n3 AppendEntriesReply@2 ok prev 0 match 1')).toBe('apply 1..1');
    expect(made.raft.durableIndex).toBe(0);
    expect(made.on('written')).toBe('nothing');
  });

  it('a write counts for what it holds, not for what was appended since', () => {
    const made = node({ role: 'leader', term: 2, matched: { n2: 0 } });
    made.on('propose');
    made.on('propose');
    made.on('n2 AppendEntriesReply@2 ok prev 0 match 2');
    play(
      made,
      `
      written → apply 1..1
      written → apply 2..2
      `,
    );
  });

  it('the write of an entry that was overwritten does not count for its successor', () => {
    // n1 leads term 2; its entries 2 to 5 are on their way to the disk when the leader of term 3 overwrites them.
    const made = node({ role: 'leader', log: '1', term: 2, matched: { n2: 1 } });
    for (let i = 0; i < 4; i++) made.on('propose');
    made.on('n3 AppendEntries@3 prev 1@1 [3]');
    const durable = [made.raft.durableIndex];
    while (made.pendingWrites > 0) {
      made.on('written');
      durable.push(made.raft.durableIndex);
    }
    expect(durable).toEqual([1, 1, 1, 1, 1, 2]);

    // It leads again: entries 3 to 5 of term 4 are new, and the disk has none of them yet.
    made.on('election timeout');
    made.writeAll();
    made.on('n2 RequestVoteReply@4 granted');
    for (let i = 0; i < 3; i++) made.on('propose');
    play(
      made,
      `
      n2 AppendEntriesReply@4 ok prev 2 match 5 → nothing
      written → apply 1..3
      written → apply 4..4
      written → apply 5..5
      `,
    );
  });

  it('an entry that was durable and was overwritten does not count for its successor', () => {
    const made = node({ log: '1 1 1', term: 1 });
    expect(made.raft.durableIndex).toBe(3);
    made.on('n3 AppendEntries@2 prev 1@1 [2]');
    expect(made.raft.durableIndex).toBe(1);
    made.on('election timeout');
    made.writeAll();
    expect(made.raft.durableIndex).toBe(2);
    made.on('n2 RequestVoteReply@3 granted');
    made.on('propose');
    play(
      made,
      `
      n2 AppendEntriesReply@3 ok prev 2 match 3 → nothing
      written → apply 1..3
      `,
    );
  });
});

describe('Figure 8: why older entries are not committed by counting', () => {
  const five = (id: string, log: string, term: number) => node({ id, nodes: 5, log, term });

  it('(a) to (d): an entry of term 2 on three of five servers is overwritten; nobody had called it committed', () => {
    const s1 = node({ nodes: 5, role: 'leader', log: '1 2', term: 4 });
    const s2 = five('n2', '1 2', 4);
    const s3 = five('n3', '1', 4);
    s1.on('heartbeat timeout');
    settle(s1, s2, s3); // (c): the entry of term 2 reaches s3
    expect([s2.log, s3.log, s1.progress('n3')]).toEqual(['1 2', '1 2', 'replicate match 2 next 3']);
    expect(s1.raft.commitIndex).toBe(0);

    const s5 = five('n5', '1 3', 4);
    const s4 = five('n4', '1', 4);
    s5.on('election timeout'); // (d): s5 wins term 5 with the votes of s2, s3 and s4
    settle(s5, s2, s3, s4);
    expect(s5.state).toBe('leader@5 vote n5');
    s5.on('propose');
    s5.on('heartbeat timeout');
    settle(s1, s2, s3, s4, s5);
    for (const one of [s1, s2, s3, s4, s5]) expect(one.log, one.name).toBe('1 3 5');
    expect(s5.raft.commitIndex).toBe(3);
  });

  it('(e): with an entry of term 4 on a majority, s5 cannot win, and the entry of term 2 is safe', () => {
    const s1 = node({ nodes: 5, role: 'leader', log: '1 2 4', term: 4 });
    const s2 = five('n2', '1 2', 4);
    const s3 = five('n3', '1', 4);
    s1.on('heartbeat timeout');
    settle(s1, s2, s3);
    expect([s2.log, s3.log, s1.raft.commitIndex]).toEqual(['1 2 4', '1 2 4', 3]);

    const s5 = five('n5', '1 3', 4);
    const s4 = five('n4', '1', 4);
    s5.on('election timeout');
    settle(s5, s2, s3, s4);
    expect(s5.state).toBe('candidate@5 vote n5');
    expect([s2.state, s3.state, s4.state]).toEqual([
      'follower@5 vote nobody',
      'follower@5 vote nobody',
      'follower@5 vote n5',
    ]);
  });
});

describe('section 5.4.3: a committed entry is in the log of every later leader', () => {
  it('every majority that could elect a leader without it has a server that refuses', () => {
    // Entry 2 of term 2 is on n1, n2 and n3 of five; n4 and n5 have not heard of it.
    for (const [name, log, wins] of [
      ['n1', '1 2', true],
      ['n3', '1 2', true],
      ['n4', '1', false],
      ['n5', '1 1 1', false],
    ] as const) {
      const others = [1, 2, 3, 4, 5]
        .filter((n) => `n${n}` !== name)
        .map((n) => node({ id: `n${n}`, nodes: 5, log: n <= 3 ? '1 2' : '1', term: 2 }));
      const candidate = node({ id: name, nodes: 5, log, term: 2 });
      candidate.on('election timeout');
      settle(candidate, ...others);
      expect([name, candidate.raft.role]).toEqual([name, wins ? 'leader' : 'candidate']);
    }
  });

  it('logs that agree in one entry agree in everything before it (Log Matching)', () => {
    const leader = node({ role: 'leader', log: '1 1 2 4 4', term: 5, options: { batchBytesMax: 0 } });
    const follower = node({ id: 'n2', log: '1 1 1 3 3 3', term: 5 });
    leader.on('propose');
    leader.on('heartbeat timeout');
    settle(leader, follower);
    for (let i = 0; i <= 6; i++) {
      expect(follower.raft.log.prefixHashAt(logIndex(i))).toBe(leader.raft.log.prefixHashAt(logIndex(i)));
    }
  });
});
