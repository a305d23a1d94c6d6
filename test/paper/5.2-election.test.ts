// Section 5.2: a timeout makes a candidate, a majority of votes makes a leader, and each server votes once in a term.

import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/errors.ts';
import { logIndex } from '../../src/base/ids.ts';
import { NO_OP } from '../../src/protocol/message.ts';
import { node, play, recovered, restart } from '../support/node.ts';

describe('section 5.2: a candidacy', () => {
  it('begins with a new term and a vote for itself; the requests wait until both are durable', () => {
    const made = node({ term: 1, log: '1 1', leader: 'n2' });
    play(
      made,
      `
      election timeout → arm election; persist term 2 vote n1
      written → send n2 RequestVote@2 last 2@1; send n3 RequestVote@2 last 2@1
      `,
    );
    expect([made.state, made.raft.leader]).toEqual(['candidate@2 vote n1', -1]);
  });

  it('is repeated in a new term after each timeout; requests of a term that is over never leave', () => {
    const made = node({ term: 1, nodes: 2 });
    play(
      made,
      `
      election timeout → arm election; persist term 2 vote n1
      election timeout → arm election; persist term 3 vote n1
      written → nothing
      written → send n2 RequestVote@3 last 0@0
      election timeout → arm election; persist term 4 vote n1
      `,
    );
  });

  it('asks every other server, and itself never', () => {
    const made = node({ id: 'n2', nodes: 5, term: 1 });
    made.on('election timeout');
    made.writeAll();
    expect(made.outbox.map(({ to }) => `n${to + 1}`)).toEqual(['n1', 'n3', 'n4', 'n5']);
  });

  it('is not for a leader: a late timeout is ignored', () => {
    const made = node({ role: 'leader', term: 2 });
    expect(made.on('election timeout')).toBe('nothing');
    expect(made.state).toBe('leader@2 vote n1');
  });
});

describe('section 5.2: votes are counted', () => {
  it.each([
    // servers  votes of others that make a majority
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
    [6, 3],
    [7, 3],
    [8, 4],
    [9, 4],
  ])('of %i servers, %i other votes are needed and enough', (nodes, needed) => {
    const made = node({ nodes, term: 1 });
    made.on('election timeout');
    made.writeAll();
    for (let votes = 0; votes < needed; votes++) {
      expect(made.state).toBe('candidate@2 vote n1');
      made.on(`n${votes + 2} RequestVoteReply@2 granted`);
    }
    expect(made.state).toBe('leader@2 vote n1');
  });

  const GRANTED = 'RequestVoteReply@5 granted';
  it.each([
    ['three servers say yes', [`n2 ${GRANTED}`, `n3 ${GRANTED}`], 'leader@5'],
    ['any three of five', [`n5 ${GRANTED}`, `n4 ${GRANTED}`], 'leader@5'],
    ['one vote, delivered twice', [`n2 ${GRANTED}`, `n2 ${GRANTED}`], 'candidate@5'],
    ['one vote, delivered five times', Array<string>(5).fill(`n2 ${GRANTED}`), 'candidate@5'],
    ['one of two is an echo of its own name', [`n1 ${GRANTED}`, `n2 ${GRANTED}`], 'candidate@5'],
    ['a refusal', [`n2 ${GRANTED}`, 'n3 RequestVoteReply@5 refused'], 'candidate@5'],
    ['a vote of the term before', [`n2 ${GRANTED}`, 'n3 RequestVoteReply@4 granted'], 'candidate@5'],
    ['a vote of a much older term', [`n2 ${GRANTED}`, 'n3 RequestVoteReply@1 granted'], 'candidate@5'],
    [
      'refusals do not take votes away',
      [`n2 ${GRANTED}`, 'n2 RequestVoteReply@5 refused', `n3 ${GRANTED}`],
      'leader@5',
    ],
    ['a vote that asks for a newer term', [`n2 ${GRANTED}`, 'n3 RequestVoteReply@6 granted'], 'follower@6'],
  ])('%s', (_title, replies, after) => {
    const made = node({ role: 'candidate', nodes: 5, term: 5 });
    for (const reply of replies) made.on(reply);
    expect(made.state).toMatch(new RegExp(`^${after} `));
  });

  it('every candidacy starts with an empty set of votes', () => {
    const made = node({ role: 'candidate', nodes: 5, term: 2 });
    made.on('n2 RequestVoteReply@2 granted');
    made.on('election timeout');
    made.writeAll();
    made.on('n3 RequestVoteReply@3 granted');
    expect(made.state).toBe('candidate@3 vote n1');
    made.on('n2 RequestVoteReply@3 granted');
    expect(made.state).toBe('leader@3 vote n1');
  });

  it('votes make no leader of a follower or of one that gave up within the term', () => {
    const follower = node({ term: 2, nodes: 2 });
    expect(follower.on('n2 RequestVoteReply@2 granted')).toBe('nothing');

    const gaveUp = node({ role: 'candidate', term: 2 });
    gaveUp.on('n2 AppendEntries@2');
    expect(gaveUp.on('n3 RequestVoteReply@2 granted')).toBe('nothing');
    expect(gaveUp.state).toBe('follower@2 vote n1');
  });

  it('late votes do not make a leader again', () => {
    const made = node({ role: 'leader', term: 2, log: '2', matched: { n2: 1 } });
    const before = made.progress('n2');
    expect(made.on('n3 RequestVoteReply@2 granted')).toBe('nothing');
    expect([made.progress('n2'), made.log]).toEqual([before, '2']);
  });
});

describe('section 5.2: a candidate counts its own vote once it is durable', () => {
  it('the only server of a cluster leads as soon as its vote is on the disk, not before', () => {
    const made = node({ nodes: 1, term: 0 });
    expect(made.on('election timeout')).toBe('arm election; persist term 1 vote n1');
    expect(made.state).toBe('candidate@1 vote n1');
    expect(made.on('written')).toBe('disarm election; arm heartbeat');
    expect(made.state).toBe('leader@1 vote n1');
  });

  it('the only server does not win a term with the record of another one', () => {
    const made = node({ nodes: 1, term: 0 });
    made.on('election timeout');
    made.on('election timeout');
    made.on('written');
    expect(made.state).toBe('candidate@2 vote n1');
    made.on('written');
    expect(made.state).toBe('leader@2 vote n1');
  });

  it('a write that is older than the candidacy is no ballot', () => {
    const made = node({ nodes: 2, term: 1 });
    made.on('n2 AppendEntries@1 [1]');
    made.on('election timeout');
    made.on('n2 RequestVoteReply@2 granted');
    made.on('written');
    expect(made.state).toBe('candidate@2 vote n1');
    made.on('written');
    expect(made.state).toBe('leader@2 vote n1');
  });

  it('its own vote may be the one that decides', () => {
    const made = node({ nodes: 3, term: 1 });
    made.on('election timeout');
    made.on('n2 RequestVoteReply@2 granted');
    expect(made.state).toBe('candidate@2 vote n1');
    made.on('written');
    expect(made.state).toBe('leader@2 vote n1');
  });
});

describe('section 5.2: each server votes once in a term, first come, first served', () => {
  it.each([
    // vote so far  requests in order         replies
    ['nobody', ['n2', 'n3'], ['granted', 'refused']],
    ['nobody', ['n3', 'n2'], ['granted', 'refused']],
    ['nobody', ['n3', 'n3', 'n3'], ['granted', 'granted', 'granted']],
    ['nobody', ['n3', 'n2', 'n3'], ['granted', 'refused', 'granted']],
    ['n2', ['n3', 'n2'], ['refused', 'granted']],
    ['n1', ['n2', 'n3'], ['refused', 'refused']],
  ])('voted for %s, asked by %j: %j', (vote, candidates, answers) => {
    const made = node({ term: 3, vote });
    const replies = candidates.map((name) => {
      const told = `${made.on(`${name} RequestVote@3 last 0@0`)}; ${made.writeAll()}`;
      return /RequestVoteReply@3 (\w+)/.exec(told)?.[1];
    });
    expect(replies).toEqual(answers);
  });

  it('a vote that was given survives a restart', () => {
    const made = restart({}, recovered('term 3 vote n2 log 1 3'));
    play(
      made,
      `
      n3 RequestVote@3 last 9@3 → send n3 RequestVoteReply@3 refused
      n2 RequestVote@3 last 2@3 → arm election; send n2 RequestVoteReply@3 granted
      `,
    );
  });
});

describe('section 5.2: a new leader', () => {
  it('stops its election timer, starts heartbeats and speaks to everyone at once', () => {
    const made = node({ role: 'candidate', term: 2, log: '1 1' });
    expect(made.on('n3 RequestVoteReply@2 granted')).toBe(
      'disarm election; arm heartbeat; ' +
        'send n2 AppendEntries@2 prev 2@1 [] commit 0; send n3 AppendEntries@2 prev 2@1 [] commit 0',
    );
    expect(made.raft.leader).toBe(made.raft.id);
  });

  it('sends heartbeats to everyone for as long as it leads', () => {
    const made = node({ role: 'leader', term: 2, matched: { n2: 0 } });
    const beat =
      'send n2 AppendEntries@2 prev 0@0 [] commit 0; send n3 AppendEntries@2 prev 0@0 [] commit 0; arm heartbeat';
    for (let i = 0; i < 3; i++) expect(made.on('heartbeat timeout')).toBe(beat);
  });

  it('knows nothing of the others yet: nextIndex behind its log, matchIndex 0 (Figure 2)', () => {
    const made = node({ role: 'candidate', term: 2, log: '1 1' });
    made.on('n3 RequestVoteReply@2 granted');
    expect([made.progress('n2'), made.progress('n3')]).toEqual(Array(2).fill('probe match 0 next 3 paused'));
  });

  it('forgets what it knew when it led before', () => {
    const made = node({ role: 'leader', term: 2, log: '1 2', matched: { n2: 2 } });
    made.on('n2 RequestVoteReply@3 refused');
    made.on('election timeout');
    made.writeAll();
    made.on('n2 RequestVoteReply@4 granted');
    expect(made.progress('n2')).toBe('probe match 0 next 3 paused');
  });

  it('appends an entry that changes nothing and sends it at once (section 8)', () => {
    const made = node({ role: 'candidate', term: 2, log: '1', options: { noOpOnElection: true } });
    play(
      made,
      `
      n3 RequestVoteReply@2 granted → disarm election; arm heartbeat
        ; send n2 AppendEntries@2 prev 1@1 [2] commit 0; send n3 AppendEntries@2 prev 1@1 [2] commit 0
        ; persist log from 2 [2]
      `,
    );
    expect(made.raft.log.entryAt(logIndex(2)).command).toBe(NO_OP);
    expect(made.progress('n2')).toBe('probe match 0 next 2 paused');
  });

  it('appends nothing on election if that is switched off', () => {
    const made = node({ role: 'candidate', term: 2, log: '1', options: { noOpOnElection: false } });
    expect(made.on('n3 RequestVoteReply@2 granted')).not.toContain('persist');
    expect(made.log).toBe('1');
  });
});

describe('section 5.2: the leader of a term is recognised', () => {
  it('a candidate bows to an AppendEntries of its own term at once', () => {
    const made = node({ role: 'candidate', term: 2 });
    expect(made.on('n2 AppendEntries@2')).toBe('arm election; send n2 AppendEntriesReply@2 ok prev 0 match 0');
    expect([made.state, made.raft.leader]).toEqual(['follower@2 vote n1', 1]);
  });

  it('a candidate bows also when the log check fails', () => {
    const made = node({ role: 'candidate', term: 2 });
    expect(made.on('n2 AppendEntries@2 prev 7@1')).toBe(
      'arm election; send n2 AppendEntriesReply@2 no prev 7 conflict 1@0',
    );
    expect(made.state).toBe('follower@2 vote n1');
  });

  it('a candidate goes on after an AppendEntries of an older term', () => {
    const made = node({ role: 'candidate', term: 2 });
    expect(made.on('n2 AppendEntries@1')).toBe('send n2 AppendEntriesReply@2 no prev 0');
    expect(made.state).toBe('candidate@2 vote n1');
  });

  it('a leader that meets another leader of its term is a broken promise, not an event', () => {
    const made = node({ role: 'leader', term: 2 });
    expect(() => made.on('n2 AppendEntries@2')).toThrow(InvariantError);
    expect(() => node({ role: 'leader', term: 2 }).on('n2 AppendEntries@2')).toThrow(
      'a leader never meets another leader of its term (section 5.2)',
    );
  });
});

describe('section 5.2: the election timer starts anew only when a leader was heard, a vote given, a candidacy begun', () => {
  it.each([
    // role       event                                   armed anew
    ['follower', 'n2 AppendEntries@5', true],
    ['follower', 'n2 AppendEntries@5 prev 2@4 [5]', true],
    ['follower', 'n2 AppendEntries@5 prev 9@5', true], // its leader all the same
    ['follower', 'n2 AppendEntries@6 prev 9@5', true],
    ['follower', 'n2 AppendEntries@4 prev 2@4 [4]', false], // a leader of the past
    ['follower', 'n2 RequestVote@5 last 2@4', true],
    ['follower', 'n2 RequestVote@5 last 2@3', false], // refused: its log is behind
    ['follower', 'n2 RequestVote@4 last 2@4', false], // refused: its term is over
    ['follower', 'n2 RequestVote@6 last 2@3', false], // a newer term alone is no reason
    ['follower', 'n2 RequestVote@6 last 2@4', true],
    ['follower', 'n2 RequestVoteReply@5 granted', false],
    ['follower', 'n2 RequestVoteReply@6 refused', false],
    ['follower', 'n2 AppendEntriesReply@5 ok prev 0 match 1', false],
    ['follower', 'n2 AppendEntriesReply@6 no prev 0', false],
    ['follower', 'propose', false],
    ['follower', 'heartbeat timeout', false],
    ['follower', 'election timeout', true],
    ['candidate', 'n2 AppendEntries@5', true],
    ['candidate', 'n2 AppendEntries@4', false],
    ['candidate', 'n2 RequestVote@5 last 2@4', false], // refused: it voted for itself
    ['candidate', 'n2 RequestVote@6 last 2@3', false], // its own timer goes on
    ['candidate', 'n2 RequestVote@6 last 2@4', true],
    ['candidate', 'n2 RequestVoteReply@5 refused', false],
    ['candidate', 'n2 RequestVoteReply@6 refused', false],
    ['candidate', 'election timeout', true],
    ['leader', 'n2 RequestVote@6 last 2@3', true], // it had no such timer: now it waits
    ['leader', 'n2 AppendEntriesReply@6 no prev 0', true],
    ['leader', 'n2 RequestVote@5 last 2@4', false],
    ['leader', 'election timeout', false],
    ['leader', 'heartbeat timeout', false],
  ] as const)('%s, %s: %s', (role, event, armed) => {
    const made = node({ role, term: 5, log: '1 4' });
    const told = made.on(event).split('; ');
    expect(told.includes('arm election')).toBe(armed);
    expect(made.writeAll()).not.toContain('arm election');
  });

  it('a vote that was refused because another one had it does not help its candidate to wait', () => {
    const made = node({ term: 5, vote: 'n3' });
    expect(made.on('n2 RequestVote@5 last 0@0')).toBe('send n2 RequestVoteReply@5 refused');
  });
});
