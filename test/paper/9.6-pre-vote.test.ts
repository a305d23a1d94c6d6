// Thesis 9.6: PreVote. A server asks whether it could win an election before it raises its term.

import { describe, expect, it } from 'vitest';
import { node, play, settle, type NodeSpec, type TestNode } from '../support/node.ts';

const options = { preVote: true };
const asking = (spec: NodeSpec = {}): TestNode => node({ ...spec, options: { ...options, ...spec.options } });

/** Three servers with the same log, told by the terms of its entries. */
const three = (...logs: readonly (readonly [log: string, term: number])[]): TestNode[] =>
  logs.map(([log, term], i) => asking({ id: `n${i + 1}`, log, term }));

describe('thesis 9.6: pre-vote', () => {
  it('asks first, and raises its term once a majority would vote for it', () => {
    play(
      asking({ term: 3, log: '1 3' }),
      `
      election timeout → arm election; send n2 PreVote@3 last 2@3; send n3 PreVote@3 last 2@3
      n2 PreVoteReply@3 granted for 3 → arm election; persist term 4 vote n1
      written → send n2 RequestVote@4 last 2@3; send n3 RequestVote@4 last 2@3
      `,
    );
  });

  it('is a pre-candidate meanwhile, in its old term, with its old vote', () => {
    const made = asking({ term: 3, vote: 'n2' });
    made.on('election timeout');
    expect(made.state).toBe('pre-candidate@3 vote n2');
  });

  it('a timeout on the way asks anew', () => {
    const made = asking({ term: 3 });
    made.on('election timeout');
    expect(made.on('election timeout')).toBe('arm election; send n2 PreVote@3 last 0@0; send n3 PreVote@3 last 0@0');
  });

  it('needs no one else in a cluster of one', () => {
    const made = asking({ nodes: 1, term: 3 });
    expect(made.on('election timeout')).toBe('arm election; arm election; persist term 4 vote n1');
    made.on('written');
    expect(made.state).toBe('leader@4 vote n1');
  });

  it.each([
    ['is refused', 'n2 PreVoteReply@3 refused for 3'],
    ['answers another question', 'n2 PreVoteReply@2 granted for 2'],
  ])('a pre-vote that %s does not count', (_what, reply) => {
    const made = asking({ term: 3 });
    made.on('election timeout');
    expect([made.on(reply), made.state]).toEqual(['nothing', 'pre-candidate@3 vote nobody']);
  });

  it('a server that answers twice counts once', () => {
    const made = asking({ nodes: 5, term: 3 });
    made.on('election timeout');
    made.on('n2 PreVoteReply@3 granted for 3');
    made.on('n2 PreVoteReply@3 granted for 3');
    expect(made.state).toBe('pre-candidate@3 vote nobody');
    made.on('n4 PreVoteReply@3 granted for 3');
    expect(made.state).toBe('candidate@4 vote n1');
  });

  it('a refusal with a newer term is adopted', () => {
    const made = asking({ term: 3 });
    made.on('election timeout');
    play(made, 'n2 PreVoteReply@7 refused for 3 → persist term 7 vote nobody');
    expect(made.state).toBe('follower@7 vote nobody');
  });

  it('a leader that turns up is followed', () => {
    const made = asking({ term: 3 });
    made.on('election timeout');
    made.on('n2 AppendEntries@3');
    expect(made.state).toBe('follower@3 vote nobody');
  });

  it('who has just heard the leader would vote for nobody else, until the shortest timeout is over', () => {
    play(
      asking({ term: 3, log: '1 3', leader: 'n2' }),
      `
      n3 PreVote@3 last 9@3 → send n3 PreVoteReply@3 refused for 3
      leaderContact timeout → nothing
      n3 PreVote@3 last 9@3 → send n3 PreVoteReply@3 granted for 3
      n2 AppendEntries@3 prev 2@3 → arm election; arm leaderContact; send n2 AppendEntriesReply@3 ok prev 2 match 2
      n3 PreVote@3 last 9@3 → send n3 PreVoteReply@3 refused for 3
      `,
    );
  });

  it('the leader that it has just heard may ask itself (hashicorp/raft#606)', () => {
    play(asking({ term: 3, log: '1 3', leader: 'n2' }), 'n2 PreVote@3 last 2@3 → send n2 PreVoteReply@3 granted for 3');
  });

  it('granting touches neither vote nor timer', () => {
    const made = asking({ term: 3, vote: 'n3' });
    expect(made.on('n2 PreVote@5 last 4@4')).toBe('send n2 PreVoteReply@3 granted for 5');
    expect(made.state).toBe('follower@3 vote n3');
  });

  it('a server that was cut off comes back without unseating the leader', () => {
    const [leader, follower, away] = [
      asking({ id: 'n1', role: 'leader', term: 3, log: '3', matched: { n2: 1 } }),
      asking({ id: 'n2', term: 3, log: '3', leader: 'n1' }),
      asking({ id: 'n3', term: 3, log: '3' }),
    ];
    for (let i = 0; i < 5; i++) away.on('election timeout');
    settle(away, leader, follower);
    expect([leader.state, follower.state, away.state]).toEqual([
      'leader@3 vote n1',
      'follower@3 vote nobody',
      'pre-candidate@3 vote nobody',
    ]);
    leader.on('heartbeat timeout');
    settle(leader, away, follower);
    expect(away.state).toBe('follower@3 vote nobody');
  });

  it('a long log in an old term and a short log in a newer one find together (rabbitmq/ra#439)', () => {
    const [long, short] = three(['1 2 2', 2], ['1', 5]) as [TestNode, TestNode];
    short.on('election timeout');
    settle(short, long);
    expect([long.state, short.state]).toEqual(['follower@2 vote nobody', 'pre-candidate@5 vote nobody']);
    long.on('election timeout');
    settle(long, short);
    expect(long.state).toBe('follower@5 vote nobody');
    long.on('election timeout');
    settle(long, short);
    expect(long.state).toBe('leader@6 vote n1');
  });
});
