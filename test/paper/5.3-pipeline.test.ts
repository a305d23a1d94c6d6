// Section 5.3 in practice (thesis 10.2): entries go in batches, ahead of the answers, and losses are made good.

import { stepNode } from '../support/effects.ts';
import { describe, expect, it } from 'vitest';
import type { AppendEntries, Entry } from '../../src/protocol/message.ts';
import { node, play, settle, type TestNode } from '../support/node.ts';
import { numbers, readMessage, termsOf } from '../support/text.ts';

describe('sections 5.3 and 10.2.1 of the thesis: batches, windows and probes', () => {
  it.each([
    // sizes of the entries, limit, entries in the first message
    ['10 10 10', 30, 3],
    ['10 10 10', 29, 2],
    ['10 10 10', 20, 2],
    ['10 10 10', 10, 1],
    ['10 10 10', 0, 1], // one entry always goes
    ['50 10 10', 30, 1],
    ['10 50 10', 30, 1], // no entry is passed by
    ['10 20 10', 30, 2],
  ])('entries of %s bytes, at most %i: %i in a message', (sizes, batchBytesMax, count) => {
    const made = node({ role: 'leader', term: 2, options: { batchBytesMax } });
    for (const size of numbers(sizes)) made.on(`propose ${size} bytes`);
    made.outbox.length = 0;
    made.on('heartbeat timeout'); // the probe goes out again, with entries
    const [message] = made.outbox as AppendEntries[];
    expect(message?.entries.length).toBe(count);
  });

  it('a probe is sent once; it waits for its answer or for the next heartbeat', () => {
    const made = node({ role: 'leader', log: '1', term: 2 });
    play(
      made,
      `
      propose → accept 1 at 2@2; persist log from 2 [2]
      written → nothing
      propose → accept 2 at 3@2; persist log from 3 [2]
      written → nothing
      n2 AppendEntriesReply@2 no prev 1 conflict 1@0 → send n2 AppendEntries@2 prev 0@0 [1 2 2] commit 0
      n3 AppendEntriesReply@2 ok prev 1 match 1 → send n3 AppendEntries@2 prev 1@1 [2 2] commit 0
      heartbeat timeout → send n2 AppendEntries@2 prev 0@0 [1 2 2] commit 0
        ; send n3 AppendEntries@2 prev 3@2 [] commit 0; arm heartbeat
      propose → accept 3 at 4@2; send n3 AppendEntries@2 prev 3@2 [2] commit 0; persist log from 4 [2]
      `,
    );
  });

  it('a window of messages may be on its way; it goes on with every acknowledgement', () => {
    const options = { inflightMax: 2, batchBytesMax: 20 };
    const made = node({ role: 'leader', nodes: 2, term: 2, matched: { n2: 0 }, options });
    play(
      made,
      `
      propose → accept 1 at 1@2; send n2 AppendEntries@2 prev 0@0 [2] commit 0; persist log from 1 [2]
      propose → accept 2 at 2@2; send n2 AppendEntries@2 prev 1@2 [2] commit 0; persist log from 2 [2]
      propose → accept 3 at 3@2; persist log from 3 [2]
      propose → accept 4 at 4@2; persist log from 4 [2]
      propose → accept 5 at 5@2; persist log from 5 [2]
      n2 AppendEntriesReply@2 ok prev 0 match 1 → send n2 AppendEntries@2 prev 2@2 [2 2] commit 0
      n2 AppendEntriesReply@2 ok prev 0 match 1 → nothing
      n2 AppendEntriesReply@2 ok prev 2 match 4 → send n2 AppendEntries@2 prev 4@2 [2] commit 0
      n2 AppendEntriesReply@2 ok prev 1 match 2 → nothing
      n2 AppendEntriesReply@2 ok prev 4 match 5 → nothing
      `,
    );
    expect(made.progress('n2')).toBe('replicate match 5 next 6');
  });

  it('a lost message is found by the next heartbeat, even when the window is full', () => {
    const made = node({ role: 'leader', nodes: 2, term: 2, matched: { n2: 0 }, options: { inflightMax: 2 } });
    play(
      made,
      `
      propose → accept 1 at 1@2; send n2 AppendEntries@2 prev 0@0 [2] commit 0; persist log from 1 [2]
      propose → accept 2 at 2@2; send n2 AppendEntries@2 prev 1@2 [2] commit 0; persist log from 2 [2]
      propose → accept 3 at 3@2; persist log from 3 [2]
      heartbeat timeout → send n2 AppendEntries@2 prev 2@2 [] commit 0; arm heartbeat
      n2 AppendEntriesReply@2 no prev 2 conflict 1@0 → send n2 AppendEntries@2 prev 0@0 [2 2 2] commit 0
      n2 AppendEntriesReply@2 ok prev 0 match 3 → nothing
      `,
    );
    expect(made.progress('n2')).toBe('replicate match 3 next 4');
  });

  it('after losses the window is empty again', () => {
    const options = { inflightMax: 2, batchBytesMax: 0 };
    const made = node({ role: 'leader', nodes: 2, log: '2 2 2 2', matched: { n2: 0 }, options });
    play(
      made,
      `
      heartbeat timeout → send n2 AppendEntries@2 prev 2@2 [] commit 0; arm heartbeat
      n2 AppendEntriesReply@2 no prev 2 conflict 1@0 → send n2 AppendEntries@2 prev 0@0 [2] commit 0
      n2 AppendEntriesReply@2 ok prev 0 match 1 → apply 1..1
        ; send n2 AppendEntries@2 prev 1@2 [2] commit 1; send n2 AppendEntries@2 prev 2@2 [2] commit 1
      `,
    );
  });

  it('a lost answer is made good by the answer to the next heartbeat', () => {
    const made = node({ role: 'leader', nodes: 2, log: '2 2', matched: { n2: 0 } });
    play(
      made,
      `
      heartbeat timeout → send n2 AppendEntries@2 prev 2@2 [] commit 0; arm heartbeat
      n2 AppendEntriesReply@2 ok prev 2 match 2 → apply 1..2
      `,
    );
    expect(made.progress('n2')).toBe('replicate match 2 next 3');
  });

  it('probes may be empty until the leader knows where the logs meet', () => {
    const made = node({ role: 'leader', log: '1 1 2', term: 2, options: { probeWithEntries: false } });
    play(
      made,
      `
      heartbeat timeout → send n2 AppendEntries@2 prev 2@1 [] commit 0; send n3 AppendEntries@2 prev 2@1 [] commit 0
        ; arm heartbeat
      n2 AppendEntriesReply@2 no prev 2 conflict 1@0 → send n2 AppendEntries@2 prev 0@0 [] commit 0
      n2 AppendEntriesReply@2 ok prev 0 match 0 → send n2 AppendEntries@2 prev 0@0 [1 1 2] commit 0
      n3 AppendEntriesReply@2 ok prev 2 match 2 → send n3 AppendEntries@2 prev 2@1 [2] commit 0
      n3 AppendEntriesReply@2 ok prev 2 match 3 → apply 1..3
      `,
    );
  });

  it('what is committed is told with the next message, or at once if that is wished', () => {
    const spec = { role: 'leader', nodes: 4, log: '2 2', matched: { n2: 0, n3: 0 } } as const; // n4 is being probed
    const [lazy, eager] = [node(spec), node({ ...spec, options: { notifyCommit: true } })];
    for (const made of [lazy, eager]) made.on('n2 AppendEntriesReply@2 ok prev 0 match 1');
    const decisive = 'n3 AppendEntriesReply@2 ok prev 0 match 1';
    expect(lazy.on(decisive)).toBe('apply 1..1');
    expect(eager.on(decisive)).toBe(
      'apply 1..1; send n2 AppendEntries@2 prev 2@2 [] commit 1; send n3 AppendEntries@2 prev 2@2 [] commit 1',
    );
    expect(eager.on(decisive)).toBe('nothing'); // once
  });

  it('two servers converge whatever the network loses, once it loses no more', () => {
    const leader = node({ role: 'leader', term: 2, options: { inflightMax: 3, batchBytesMax: 20 } });
    const follower = node({ id: 'n2', term: 2 });
    for (let i = 0; i < 20; i++) {
      leader.on('propose');
      if (i % 3 === 0) leader.outbox.length = 0;
      if (i % 5 === 0) leader.on('heartbeat timeout');
      settle(leader, follower);
    }
    leader.on('heartbeat timeout');
    settle(leader, follower);
    expect([follower.log, leader.progress('n2')]).toEqual([leader.log, 'replicate match 20 next 21']);
  });
});

describe('messages are copies: what happens to a log later does not change them', () => {
  const sent = (made: TestNode): AppendEntries => made.outbox.at(-1) as AppendEntries;

  it('entries on their way to a follower stay when the leader appends, or is deposed and cut', () => {
    const made = node({ role: 'leader', nodes: 2, log: '1 2 2', matched: { n2: 1 } });
    made.on('n2 AppendEntriesReply@2 no prev 3 conflict 2@0');
    const probe = sent(made);
    made.on('propose');
    expect(termsOf(probe.entries)).toBe('2 2');
    made.on('n2 AppendEntries@3 prev 1@1 [3]');
    expect([made.log, termsOf(probe.entries)]).toEqual(['1 3', '2 2']);
  });

  it('entries on their way to the disk stay when the log is cut', () => {
    const made = node({ log: '1', term: 2 });
    const effects = stepNode(made.raft, readMessage('n2 AppendEntries@2 prev 1@1 [2 2]', made.raft.id));
    made.on('n3 AppendEntries@3 prev 1@1 [3]');
    const [write] = effects.flatMap((effect) => (effect.kind === 'persist' ? [effect.write] : []));
    expect([made.log, termsOf(write?.entries ?? [])]).toEqual(['1 3', '2 2']);
  });

  it("a follower's log is not the array of the request", () => {
    const made = node({ term: 2 });
    const request = readMessage('n2 AppendEntries@2 [2 2]', made.raft.id) as AppendEntries;
    made.raft.receive(request);
    (request.entries as Entry[]).length = 0;
    expect(made.log).toBe('2 2');
  });

  it('two followers may be sent the same array, which stays as it is', () => {
    const made = node({ role: 'leader', term: 2, matched: { n2: 0, n3: 0 } });
    made.on('propose');
    const first = [...made.outbox] as AppendEntries[];
    made.on('propose');
    made.on('n3 AppendEntries@3 [3]');
    expect(first.map(({ entries }) => termsOf(entries))).toEqual(['2', '2']);
  });

  it('after a cut, a leader sends what its log holds now', () => {
    const made = node({ role: 'leader', nodes: 2, log: '1 2 2', matched: { n2: 1 } });
    expect(made.on('n2 AppendEntriesReply@2 no prev 3 conflict 2@0')).toBe(
      'send n2 AppendEntries@2 prev 1@1 [2 2] commit 0',
    );
    made.on('n2 AppendEntries@3 prev 1@1 [3 3]');
    made.on('election timeout');
    made.writeAll();
    made.on('n2 RequestVoteReply@4 granted');
    expect(made.on('n2 AppendEntriesReply@4 no prev 3 conflict 2@0')).toBe(
      'send n2 AppendEntries@4 prev 1@1 [3 3] commit 0',
    );
  });
});
