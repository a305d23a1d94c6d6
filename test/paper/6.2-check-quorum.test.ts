// Thesis 6.2 and 4.2.3: a leader without a quorum of answers steps down; who hears a leader answers no candidate.

import { describe, expect, it } from 'vitest';
import { node, play, settle, type NodeSpec, type TestNode } from '../support/node.ts';

const options = { checkQuorum: true };
const checking = (spec: NodeSpec = {}): TestNode => node({ ...spec, options: { ...options, ...spec.options } });

describe('thesis 6.2: check quorum', () => {
  it('a new leader starts the clock', () => {
    play(
      checking({ role: 'candidate', term: 3 }),
      `
      n2 RequestVoteReply@3 granted → disarm election; arm heartbeat; arm quorumCheck
      ; send n2 AppendEntries@3 prev 0@0 [] commit 0; send n3 AppendEntries@3 prev 0@0 [] commit 0
      `,
    );
  });

  it('goes on while a quorum answers, and steps down in its own term once none does', () => {
    const leader = checking({ role: 'leader', nodes: 5, term: 3 });
    expect(leader.on('quorumCheck timeout'), 'a whole period for everyone').toBe('arm quorumCheck');
    leader.on('n2 AppendEntriesReply@3 ok prev 0 match 0');
    leader.on('n4 AppendEntriesReply@3 no prev 0 conflict 1@0');
    expect(leader.on('quorumCheck timeout'), 'a refusal is an answer, too').toBe('arm quorumCheck');
    leader.on('n2 AppendEntriesReply@3 ok prev 0 match 0');
    expect(leader.on('quorumCheck timeout')).toBe('disarm heartbeat; disarm quorumCheck; arm election');
    expect(leader.state).toBe('follower@3 vote n1');
    expect(leader.on('propose')).toBe('refuse 1, leader nobody');
  });

  it.each([
    ['of an older term', 'n2 AppendEntriesReply@2 ok prev 0 match 0'],
    ['to another question', 'n2 PreVoteReply@3 refused for 3'],
  ])('an answer %s is no sign of life', (_what, reply) => {
    const leader = checking({ role: 'leader', term: 3 });
    leader.on('quorumCheck timeout');
    leader.on(reply);
    leader.on('quorumCheck timeout');
    expect(leader.state).toBe('follower@3 vote n1');
  });

  it('a leader alone in its cluster leads on', () => {
    const leader = checking({ role: 'leader', nodes: 1, term: 3 });
    leader.on('quorumCheck timeout');
    expect([leader.on('quorumCheck timeout'), leader.state]).toEqual(['arm quorumCheck', 'leader@3 vote n1']);
  });

  it('without the option nothing is armed, and a late timer means nothing', () => {
    const leader = node({ role: 'leader', term: 3 });
    expect([leader.on('n2 RequestVoteReply@4 refused')]).toEqual([
      'disarm heartbeat; arm election; persist term 4 vote nobody',
    ]);
    const follower = checking({ term: 3 });
    expect([follower.on('quorumCheck timeout'), follower.state]).toEqual(['nothing', 'follower@3 vote nobody']);
  });
});

describe('thesis 4.2.3: stickiness', () => {
  it('who has just heard the leader does not look at a candidate, nor at its term', () => {
    const made = checking({ term: 3, log: '3', leader: 'n2' });
    expect([made.on('n3 RequestVote@9 last 9@9'), made.state]).toEqual(['nothing', 'follower@3 vote nobody']);
    made.on('leaderContact timeout');
    expect(made.on('n3 RequestVote@9 last 9@9')).toBe('arm election; persist term 9 vote n3');
  });

  it('nor does the leader itself', () => {
    const leader = checking({ role: 'leader', term: 3 });
    expect([leader.on('n3 RequestVote@9 last 9@9'), leader.state]).toEqual(['nothing', 'leader@3 vote n1']);
  });

  it('the leader that was heard may stand again', () => {
    const made = checking({ term: 3, log: '3', leader: 'n2' });
    expect(made.on('n2 RequestVote@4 last 1@3')).toBe('disarm leaderContact; arm election; persist term 4 vote n2');
  });

  it('its own timeout ends the contact', () => {
    const made = checking({ term: 3, log: '3', leader: 'n2' });
    made.on('election timeout');
    expect(made.state).toBe('candidate@4 vote n1');
    expect(made.on('n3 RequestVote@9 last 9@9')).toBe('arm election; persist term 9 vote n3');
  });

  it('a server with a newer term is not stranded: its refusal makes the leader start anew', () => {
    const [leader, follower, away] = [
      checking({ id: 'n1', role: 'leader', term: 3, log: '3', matched: { n2: 1 } }),
      checking({ id: 'n2', term: 3, log: '3', leader: 'n1' }),
      checking({ id: 'n3', term: 8, log: '3' }),
    ];
    away.on('election timeout');
    settle(away, leader, follower);
    expect([leader.state, follower.state, away.state]).toEqual([
      'leader@3 vote n1',
      'follower@3 vote nobody',
      'candidate@9 vote n3',
    ]);
    leader.on('heartbeat timeout');
    settle(leader, away, follower);
    expect(leader.state).toBe('follower@9 vote nobody');
    follower.on('leaderContact timeout');
    leader.on('election timeout');
    settle(leader, follower, away);
    expect([leader.state, away.state]).toEqual(['leader@10 vote n1', 'follower@10 vote n1']);
  });
});
