// Section 5.1: terms are Raft's clock. The newer term wins, before anything else in a message is looked at.

import { describe, expect, it } from 'vitest';
import { effectsIn } from '../support/effects.ts';
import { node, play } from '../support/node.ts';
import { effectsText } from '../support/text.ts';

describe('section 5.1: terms', () => {
  it('starts in term 0 with no vote, waiting for a leader', () => {
    const made = node({ term: 0 });
    expect(made.state).toBe('follower@0 vote nobody');
    expect(effectsText(effectsIn(made.raft.start()))).toBe('arm election');
  });

  describe('a newer term makes a follower of it, with a free vote, before the message is handled', () => {
    it('a candidate votes for the candidate of a newer term', () => {
      const made = node({ role: 'candidate', term: 5, log: '1 4' });
      play(
        made,
        `
        n3 RequestVote@6 last 2@4 → arm election; persist term 6 vote n3
        written → send n3 RequestVoteReply@6 granted
        `,
      );
      expect(made.state).toBe('follower@6 vote n3');
    });

    it('a leader takes the entries of the leader of a newer term', () => {
      const made = node({ role: 'leader', term: 5, log: '1 4 5' });
      play(
        made,
        `
        n3 AppendEntries@6 prev 2@4 [6] → disarm heartbeat; arm election; arm election
          ; persist term 6 vote nobody + log from 3 [6]
        written → send n3 AppendEntriesReply@6 ok prev 2 match 3
        `,
      );
      expect([made.state, made.log]).toEqual(['follower@6 vote nobody', '1 4 6']);
    });

    it('a follower that has voted in this term votes again in the next', () => {
      const made = node({ term: 5, vote: 'n2' });
      play(
        made,
        `
        n3 RequestVote@5 last 0@0 → send n3 RequestVoteReply@5 refused
        n3 RequestVote@6 last 0@0 → arm election; persist term 6 vote n3
        n2 RequestVote@7 last 0@0 → arm election; persist term 7 vote n2
        `,
      );
    });

    it('a reply of a newer term is not counted, only its term is', () => {
      const candidate = node({ role: 'candidate', term: 5 });
      expect(candidate.on('n2 RequestVoteReply@6 granted')).toBe('persist term 6 vote nobody');
      expect(candidate.state).toBe('follower@6 vote nobody');

      const leader = node({ role: 'leader', term: 5, log: '5' });
      expect(leader.on('n2 AppendEntriesReply@6 ok prev 0 match 1')).toBe(
        'disarm heartbeat; arm election; persist term 6 vote nobody',
      );
      expect([leader.state, leader.raft.commitIndex]).toEqual(['follower@6 vote nobody', 0]);
    });

    it('terms may be skipped', () => {
      const made = node({ term: 5, vote: 'n2' });
      expect(made.on('n3 RequestVoteReply@900 refused')).toBe('persist term 900 vote nobody');
    });
  });

  it.each([
    // request of an older term              reply
    ['n3 RequestVote@4 last 9@4', 'send n3 RequestVoteReply@5 refused'],
    ['n3 AppendEntries@4 prev 2@4 [4] commit 2', 'send n3 AppendEntriesReply@5 no prev 2'],
    ['n3 AppendEntries@0', 'send n3 AppendEntriesReply@5 no prev 0'],
  ])('refuses %s of an older term and tells the current one', (request, reply) => {
    for (const role of ['follower', 'candidate', 'leader'] as const) {
      const made = node({ role, term: 5, log: '1 4' });
      const before = made.state;
      expect(made.on(request)).toBe(reply);
      expect([made.state, made.log, made.raft.commitIndex]).toEqual([before, '1 4', 0]);
    }
  });

  it.each([
    'n2 RequestVoteReply@4 granted',
    'n2 RequestVoteReply@4 refused',
    'n2 AppendEntriesReply@4 ok prev 0 match 2',
    'n2 AppendEntriesReply@4 no prev 2 conflict 1@1',
  ])('ignores %s of an older term', (reply) => {
    for (const role of ['follower', 'candidate', 'leader'] as const) {
      const made = node({ role, term: 5, log: '1 4' });
      const before = [made.state, made.progress('n2')];
      expect(made.on(reply)).toBe('nothing');
      expect([made.state, made.progress('n2')]).toEqual(before);
    }
  });

  describe('a change of role within a term never touches the vote', () => {
    it('a candidate that bows to the leader of its term has still voted for itself', () => {
      const made = node({ role: 'candidate', term: 5 });
      play(
        made,
        `
        n2 AppendEntries@5 → arm election; send n2 AppendEntriesReply@5 ok prev 0 match 0
        n3 RequestVote@5 last 9@4 → send n3 RequestVoteReply@5 refused
        `,
      );
      expect(made.state).toBe('follower@5 vote n1');
    });

    it('a follower that hears the leader of its term keeps its vote', () => {
      const made = node({ term: 5, vote: 'n3' });
      expect(made.on('n2 AppendEntries@5')).not.toContain('persist');
      expect(made.state).toBe('follower@5 vote n3');
    });
  });

  it('term and vote change in one record, together with the entries that come with the term', () => {
    const made = node({ term: 5, vote: 'n2', log: '1' });
    expect(made.on('n3 AppendEntries@7 prev 1@1 [6 7]')).toBe(
      'arm election; persist term 7 vote nobody + log from 2 [6 7]',
    );
  });

  it('a deposed leader waits for its successor and forgets that it led', () => {
    const made = node({ role: 'leader', term: 5 });
    play(
      made,
      `
      n2 RequestVoteReply@6 refused → disarm heartbeat; arm election; persist term 6 vote nobody
      propose → refuse 1, leader nobody
      heartbeat timeout → nothing
      `,
    );
    expect(made.raft.followers).toBeUndefined();
  });

  it('a reply carries the term after it was adopted, not that of before', () => {
    const made = node({ term: 5, log: '1 4' });
    play(
      made,
      `
      n3 RequestVote@6 last 1@1 → persist term 6 vote nobody
      written → send n3 RequestVoteReply@6 refused
      n3 AppendEntries@7 prev 9@7 → arm election; persist term 7 vote nobody
      written → send n3 AppendEntriesReply@7 no prev 9 conflict 3@0
      `,
    );
  });
});
