// Thesis 3.10: a leader hands over its lead, and what may come in between.

import { describe, expect, it } from 'vitest';
import { node, play, settle } from '../support/node.ts';

describe('thesis 3.10: the leader hands over', () => {
  it('to a follower that has its whole log, at once, and takes no commands meanwhile', () => {
    const leader = node({ role: 'leader', term: 3, log: '3', matched: { n2: 1 } });
    play(
      leader,
      `
      transfer to n2 → arm transfer; send n2 TimeoutNow@3 last 1
      propose → refuse 1, leader nobody
      n2 RequestVote@4 transfer last 1@3 → disarm transfer; disarm heartbeat; arm election; arm election; persist term 4 vote n2
      written → send n2 RequestVoteReply@4 granted
      `,
    );
    expect(leader.state).toBe('follower@4 vote n2');
  });

  it('to one that lags behind, once it has caught up', () => {
    const leader = node({ role: 'leader', term: 3, log: '3 3', matched: { n2: 1, n3: 2 } });
    expect(leader.on('transfer to n2')).toBe('arm transfer');
    expect(leader.on('n3 AppendEntriesReply@3 ok prev 2 match 2'), 'another is far enough').toBe('nothing');
    expect(leader.on('n2 AppendEntriesReply@3 ok prev 1 match 2')).toBe('send n2 TimeoutNow@3 last 2');
    expect(leader.on('n2 AppendEntriesReply@3 ok prev 2 match 2'), 'the request may be lost').toBe(
      'send n2 TimeoutNow@3 last 2',
    );
  });

  it('for an election timeout, and then goes on', () => {
    const leader = node({ role: 'leader', term: 3, log: '3' });
    expect(leader.on('transfer to n2')).toBe('arm transfer');
    expect(leader.on('transfer timeout')).toBe('nothing');
    expect(leader.on('n2 AppendEntriesReply@3 ok prev 0 match 1')).toBe('apply 1..1');
    expect(leader.on('propose')).toMatch(/^accept 1 at 2@3/);
  });

  it('to the one that was asked for last', () => {
    const leader = node({ role: 'leader', term: 3, log: '3', matched: { n3: 1 } });
    expect(leader.on('transfer to n2')).toBe('arm transfer');
    expect(leader.on('transfer to n2'), 'the same wish again does not prolong it').toBe('nothing');
    expect(leader.on('transfer to n3')).toBe('arm transfer; send n3 TimeoutNow@3 last 1');
    expect(leader.on('n2 AppendEntriesReply@3 ok prev 0 match 1')).toBe('nothing');
  });

  it('only if it leads, and to nobody but another server that votes', () => {
    const follower = node({ term: 3 });
    expect(follower.on('transfer to n2')).toBe('nothing');
    const leader = node({ role: 'leader', term: 3 });
    expect([leader.on('transfer to n1'), leader.on('transfer to n7')]).toEqual(['nothing', 'nothing']);
  });

  it('no more once it has lost its lead, also when it leads again', () => {
    const leader = node({ role: 'leader', term: 3 });
    leader.on('transfer to n2');
    leader.on('n3 AppendEntries@4 prev 0@0');
    leader.on('election timeout');
    leader.writeAll();
    leader.on('n3 RequestVoteReply@5 granted');
    expect(leader.state).toBe('leader@5 vote n1');
    expect(leader.on('propose')).toMatch(/^accept 1 at 1@5/);
  });
});

describe('thesis 3.10, 4.2.3: who takes over', () => {
  it('asks for no pre-votes, and its voters do not stay loyal', () => {
    const options = { preVote: true, checkQuorum: true };
    const leader = node({ id: 'n1', role: 'leader', term: 3, options });
    const heir = node({ id: 'n2', term: 3, leader: 'n1', options });
    const voter = node({ id: 'n3', term: 3, leader: 'n1', options });
    leader.on('n2 AppendEntriesReply@3 ok prev 0 match 0');
    leader.on('transfer to n2');
    const said = settle(leader, heir, voter);
    expect(said).toContain('n2 → n3 RequestVote@4 transfer last 0@0');
    expect(said).toContain('n3 → n2 RequestVoteReply@4 granted');
    expect([leader.state, heir.state]).toEqual(['follower@4 vote n2', 'leader@4 vote n2']);
  });

  it('does so in the term of the request only', () => {
    const follower = node({ term: 4 });
    expect(follower.on('n2 TimeoutNow@3 last 5')).toBe('nothing');
    expect(follower.state).toBe('follower@4 vote nobody');
  });

  it('stands once, however often it is told', () => {
    const follower = node({ term: 3 });
    follower.on('n2 TimeoutNow@3 last 0');
    expect(follower.on('n2 TimeoutNow@3 last 0')).toBe('nothing');
    expect(follower.state).toBe('candidate@4 vote n1');
  });

  it('asks without a permission once it has to ask again', () => {
    const follower = node({ term: 3 });
    follower.on('n2 TimeoutNow@3 last 0');
    follower.writeAll();
    follower.on('election timeout');
    expect(follower.writeAll()).toContain('send n2 RequestVote@5 last 0@0');
  });
});
