// Section 5.3: the leader's log is the truth, and followers are brought to it, entry by entry.

import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/errors.ts';
import { logIndex } from '../../src/base/ids.ts';
import type { Message } from '../../src/protocol/message.ts';
import type { NodeOptions } from '../../src/raft/options.ts';
import { node, play, settle, type TestNode } from '../support/node.ts';
import { commandAt, effectsText, messageText, server } from '../support/text.ts';

describe('section 5.3: a follower that lost what it had acknowledged', () => {
  const refusal = 'n3 AppendEntriesReply@2 no prev 3 conflict 2@0';
  const leader = (): TestNode => node({ role: 'leader', term: 2, log: '1 2 2', matched: { n2: 3, n3: 3 } });

  it('is sent what is missing at its third refusal in a row', () => {
    const made = leader();
    expect([made.on(refusal), made.on(refusal)]).toEqual(['nothing', 'nothing']);
    expect(made.on(refusal)).toBe('send n3 AppendEntries@2 prev 1@1 [2 2] commit 3');
    expect(made.progress('n3')).toBe('replicate match 3 next 4');
  });

  it('but not where an answer came in between, which late ones may follow', () => {
    const made = leader();
    made.on(refusal);
    made.on(refusal);
    made.on('n3 AppendEntriesReply@2 ok prev 3 match 3');
    expect(made.on(refusal)).toBe('nothing');
  });
});

describe('section 5.3: a follower checks, cuts at the first conflict, appends', () => {
  it.each([
    // log, request, log after, written, reply
    ['', 'prev 0@0 []', '', '', 'ok prev 0 match 0'],
    ['', 'prev 0@0 [1 1 3]', '1 1 3', 'log from 1 [1 1 3]', 'ok prev 0 match 3'],
    ['1 1 2', 'prev 3@2 []', '1 1 2', '', 'ok prev 3 match 3'],
    ['1 1 2', 'prev 1@1 []', '1 1 2', '', 'ok prev 1 match 1'], // proves no more than it says
    ['1 1 2', 'prev 3@2 [3 3]', '1 1 2 3 3', 'log from 4 [3 3]', 'ok prev 3 match 5'],
    // what is there already stays, also when the request is short and late
    ['1 1 2', 'prev 0@0 [1 1 2]', '1 1 2', '', 'ok prev 0 match 3'],
    ['1 1 2 2', 'prev 1@1 [1]', '1 1 2 2', '', 'ok prev 1 match 2'],
    ['1 1 2 2', 'prev 1@1 [1 2]', '1 1 2 2', '', 'ok prev 1 match 3'],
    ['1 1 2', 'prev 1@1 [1 2 3]', '1 1 2 3', 'log from 4 [3]', 'ok prev 1 match 4'],
    // conflicts
    ['1 1 2 2', 'prev 2@1 [3]', '1 1 3', 'log from 3 [3]', 'ok prev 2 match 3'],
    ['1 1 2 2', 'prev 0@0 [1 1 3]', '1 1 3', 'log from 3 [3]', 'ok prev 0 match 3'],
    ['1 1 2 2', 'prev 1@1 [1 2 3]', '1 1 2 3', 'log from 4 [3]', 'ok prev 1 match 4'],
    ['1 2 2 2', 'prev 1@1 [1 3 3]', '1 1 3 3', 'log from 2 [1 3 3]', 'ok prev 1 match 4'],
    ['2', 'prev 0@0 [1]', '1', 'log from 1 [1]', 'ok prev 0 match 1'],
    // the entry before is missing: where the log ends
    ['', 'prev 1@1 [3]', '', '', 'no prev 1 conflict 1@0'],
    ['1 1', 'prev 3@2 [3]', '1 1', '', 'no prev 3 conflict 3@0'],
    ['1 1', 'prev 9@2 []', '1 1', '', 'no prev 9 conflict 3@0'],
    // the entry before is another one: its term, and where that begins
    ['1 2 2', 'prev 3@3 [3]', '1 2 2', '', 'no prev 3 conflict 2@2'],
    ['1 2 2', 'prev 2@1 [3]', '1 2 2', '', 'no prev 2 conflict 2@2'],
    ['1 1 1', 'prev 3@2 []', '1 1 1', '', 'no prev 3 conflict 1@1'],
    ['1 1 2', 'prev 2@2 []', '1 1 2', '', 'no prev 2 conflict 1@1'], // same term elsewhere is no match
  ])('log [%s], %s: log [%s]', (log, request, after, written, reply) => {
    const made = node({ log, term: 3 });
    const told = `${made.on(`n2 AppendEntries@3 ${request}`)}; ${made.writeAll()}`;
    expect(made.log).toBe(after);
    expect(/persist ([^;]*)/.exec(told)?.[1] ?? '').toBe(written);
    expect(told).toContain(`send n2 AppendEntriesReply@3 ${reply}`);
  });

  it('keeps the entry that it has, not an equal one of the request', () => {
    const made = node({ log: '1 1', term: 3 });
    const kept = made.raft.log.entryAt(logIndex(2));
    made.on('n2 AppendEntries@3 prev 1@1 [1 3]');
    expect(made.raft.log.entryAt(logIndex(2))).toBe(kept);
  });

  it('reordered requests of one leader leave the longer log', () => {
    const made = node({ term: 3 });
    made.on('n2 AppendEntries@3 [3 3 3 3]');
    made.on('n2 AppendEntries@3 prev 1@3 [3]');
    made.on('n2 AppendEntries@3 [3]');
    made.on('n2 AppendEntries@3');
    expect(made.log).toBe('3 3 3 3');
  });

  it('a heartbeat takes exactly the path of every other request', () => {
    play(
      node({ log: '1 2 2', term: 3 }),
      `
      n2 AppendEntries@3 prev 3@2 commit 2 → arm election; apply 1..2; send n2 AppendEntriesReply@3 ok prev 3 match 3
      n2 AppendEntries@3 prev 3@3 commit 3 → arm election; send n2 AppendEntriesReply@3 no prev 3 conflict 2@2
      n2 AppendEntries@2 prev 3@2 commit 3 → send n2 AppendEntriesReply@3 no prev 3
      `,
    );
  });
});

describe('section 5.3: a follower commits what its leader committed, as far as the request proves', () => {
  it.each([
    // log, commit before, request, applied
    ['1 1 2 2', 0, 'prev 4@2 [] commit 3', 'apply 1..3'],
    ['1 1 2 2', 0, 'prev 4@2 [] commit 4', 'apply 1..4'],
    ['1 1 2 2', 0, 'prev 4@2 [] commit 9', 'apply 1..4'],
    ['1 1 2 2', 0, 'prev 2@1 [] commit 4', 'apply 1..2'], // 3 and 4 may be another leader's
    ['1 1 2 2', 0, 'prev 1@1 [1 2] commit 4', 'apply 1..3'],
    ['1 1 2 2', 0, 'prev 2@1 [3] commit 4', 'apply 1..3'],
    ['1 1', 0, 'prev 2@1 [3 3 3] commit 3', 'apply 1..3'],
    ['1 1 2 2', 2, 'prev 4@2 [] commit 3', 'apply 3..3'],
    ['1 1 2 2', 3, 'prev 4@2 [] commit 3', ''],
    ['1 1 2 2', 3, 'prev 4@2 [] commit 1', ''], // a late request: commitIndex never falls
    ['1 1 2 2', 3, 'prev 1@1 [] commit 4', ''],
    ['1 1 2 2', 0, 'prev 4@3 [] commit 4', ''], // the check failed
    ['1 1 2 2', 0, 'prev 9@3 [] commit 4', ''],
  ])('log [%s] committed to %i, %s: %s', (log, commit, request, applied) => {
    const made = node({ log, commit, term: 3 });
    const told = made.on(`n2 AppendEntries@3 ${request}`);
    expect(/apply [\d.]+/.exec(told)?.[0] ?? '').toBe(applied);
    const end = /\.\.(\d+)/.exec(applied)?.[1];
    expect(made.raft.commitIndex).toBe(end === undefined ? commit : Number(end));
  });

  it.each([
    ['1 1 2', 3, 'prev 2@1 [3]'],
    ['1 1 2', 2, 'prev 0@0 [2]'],
    ['1 1 2', 1, 'prev 0@0 [3 3 3 3]'],
  ])('log [%s] committed to %i: a request that would cut it, %s, is a broken promise', (log, commit, request) => {
    const made = node({ log, commit, term: 3 });
    expect(() => made.on(`n2 AppendEntries@3 ${request}`)).toThrow(InvariantError);
    expect(made.log).toBe(log);
  });

  it('cuts the entry right behind the committed ones', () => {
    const made = node({ log: '1 1 2', commit: 2, term: 3 });
    made.on('n2 AppendEntries@3 prev 2@1 [3]');
    expect(made.log).toBe('1 1 3');
  });
});

describe('section 5.3: a leader takes commands and sends them to everyone', () => {
  it('gives a command the next place of its log and sends it before its own disk has it', () => {
    const made = node({ role: 'leader', log: '1 2', matched: { n2: 2, n3: 2 } });
    play(
      made,
      `
      propose → accept 1 at 3@2
        ; send n2 AppendEntries@2 prev 2@2 [2] commit 2; send n3 AppendEntries@2 prev 2@2 [2] commit 2
        ; persist log from 3 [2]
      propose → accept 2 at 4@2
        ; send n2 AppendEntries@2 prev 3@2 [2] commit 2; send n3 AppendEntries@2 prev 3@2 [2] commit 2
        ; persist log from 4 [2]
      `,
    );
    expect(made.raft.log.entryAt(logIndex(4))).toEqual({ term: 2, command: commandAt(4, 2) });
  });

  it('anyone else names the leader that it knows', () => {
    expect(node({ leader: 'n3' }).on('propose')).toBe('refuse 1, leader n3');
    expect(node().on('propose')).toBe('refuse 1, leader nobody');
    expect(node({ role: 'candidate' }).on('propose')).toBe('refuse 1, leader nobody');
    const made = node({ leader: 'n3', log: '1' });
    made.on('n2 AppendEntries@2 prev 1@1');
    expect([made.on('propose'), made.log]).toEqual(['refuse 1, leader n2', '1']);
    made.on('n3 RequestVote@3 last 1@1');
    expect(made.on('propose')).toBe('refuse 2, leader nobody');
  });

  it('commits what a majority holds and tells it with the next message', () => {
    const made = node({ role: 'leader', nodes: 5, log: '2 2 2', matched: { n2: 0, n3: 0, n4: 0, n5: 0 } });
    play(
      made,
      `
      n2 AppendEntriesReply@2 ok prev 0 match 3 → nothing
      n3 AppendEntriesReply@2 ok prev 0 match 2 → apply 1..2
      n4 AppendEntriesReply@2 ok prev 0 match 1 → nothing
      n5 AppendEntriesReply@2 ok prev 0 match 3 → apply 3..3
      `,
    );
    expect(made.on('heartbeat timeout')).toContain('send n2 AppendEntries@2 prev 3@2 [] commit 3');
  });

  it('commits across gaps: an acknowledgement stands for everything before it', () => {
    const made = node({ role: 'leader', log: '2 2 2 2' });
    expect(made.on('n2 AppendEntriesReply@2 ok prev 4 match 4')).toBe('apply 1..4');
  });

  it('the only server commits what its own disk has', () => {
    const made = node({ role: 'leader', nodes: 1, term: 2 });
    play(
      made,
      `
      propose → accept 1 at 1@2; persist log from 1 [2]
      propose → accept 2 at 2@2; persist log from 2 [2]
      written → apply 1..1
      written → apply 2..2
      `,
    );
  });

  it('a slow follower delays nobody', () => {
    const made = node({ role: 'leader', term: 2, matched: { n2: 0 } }); // n3 has never answered
    for (let i = 1; i <= 3; i++) {
      expect(made.on('propose')).toBe(
        `accept ${i} at ${i}@2; send n2 AppendEntries@2 prev ${i - 1}@${i > 1 ? 2 : 0} [2] commit ${i - 1}` +
          `; persist log from ${i} [2]`,
      );
      made.on('written');
      expect(made.on(`n2 AppendEntriesReply@2 ok prev ${i - 1} match ${i}`)).toBe(`apply ${i}..${i}`);
    }
  });

  it('tells two followers apart', () => {
    const made = node({ role: 'leader', nodes: 5, log: '2 2', matched: { n2: 2, n3: 1 } });
    expect(['n2', 'n3', 'n4'].map((peer) => made.progress(peer))).toEqual([
      'replicate match 2 next 3',
      'replicate match 1 next 3 inflight 1',
      'probe match 0 next 1 paused',
    ]);
  });
});

describe('section 5.3: acknowledgements only ever raise what is known', () => {
  const ok = (match: number): string => `n2 AppendEntriesReply@3 ok prev 0 match ${match}`;
  const no = (prev: number, conflict: string): string => `n2 AppendEntriesReply@3 no prev ${prev} conflict ${conflict}`;

  it.each([
    // replies in their order, progress
    [[ok(0)], 'replicate match 0 next 5'],
    [[ok(2), ok(1)], 'replicate match 2 next 5'],
    [[ok(4), ok(2), ok(3), ok(0)], 'replicate match 4 next 5'],
    [[ok(4), ok(4)], 'replicate match 4 next 5'],
    // refusals of what was acknowledged since: late
    [[ok(4), no(2, '1@0')], 'replicate match 4 next 5'],
    [[ok(4), no(4, '1@0')], 'replicate match 4 next 5'],
    [[ok(3), no(3, '2@0')], 'replicate match 3 next 5'],
    // never down to what is known to be there
    [[ok(2), no(4, '1@0')], 'probe match 2 next 3 paused'],
    [[ok(2), no(4, '1@1')], 'probe match 2 next 3 paused'],
    [[ok(2), no(3, '3@0')], 'probe match 2 next 3 paused'],
    // and out of the probe again with the next acknowledgement
    [[ok(2), no(4, '1@0'), ok(3)], 'replicate match 3 next 5'],
    [[ok(2), no(4, '1@0'), ok(4)], 'replicate match 4 next 5'],
  ])('%j: %s', (replies, progress) => {
    const made = node({ role: 'leader', log: '1 2 3 3', term: 3 });
    for (const reply of replies) made.on(reply);
    expect(made.progress('n2').replace(/ inflight \d+$/, '')).toBe(progress);
  });

  it('an answer to another leader is no answer: only replies of the term count', () => {
    const made = node({ role: 'leader', log: '1 2 3 3', term: 3 });
    const before = made.progress('n2');
    made.on('n2 AppendEntriesReply@2 ok prev 0 match 4');
    made.on('n2 AppendEntriesReply@2 no prev 4 conflict 1@0');
    expect([made.progress('n2'), made.raft.commitIndex]).toEqual([before, 0]);
  });

  it('a probe listens to the answer to itself only', () => {
    const made = node({ role: 'leader', log: '1 1 2 2 3', term: 3 }); // the probe is out with prev 4
    play(
      made,
      `
      n2 AppendEntriesReply@3 no prev 3 conflict 1@0 → nothing
      n2 AppendEntriesReply@3 no prev 5 conflict 1@0 → nothing
      n2 AppendEntriesReply@3 no prev 4 conflict 3@0 → send n2 AppendEntries@3 prev 2@1 [2 2 3] commit 0
      n2 AppendEntriesReply@3 no prev 4 conflict 3@0 → nothing
      `,
    );
    expect(made.progress('n2')).toBe('probe match 0 next 3 paused');
  });

  describe.each(['term', 'one'] as const)(
    'a refusal of what was sent in an earlier term (backtracking by %s)',
    (by) => {
      // n1 leads term 1 and sends its ninth entry to n2. The message is late: n1 loses six entries to the leader of
      // term 2, leads again in term 3, and only then does n2 refuse the request of term 1 (with term 3, as it must).
      function story(): { readonly leader: TestNode; readonly refusal: Message } {
        const leader = node({ role: 'leader', log: '1 1 1', matched: { n2: 3 }, options: { backtracking: by } });
        for (let i = 0; i < 6; i++) leader.on('propose');
        const [late] = leader.outbox.filter(({ to }) => to === server('n2')).slice(-1);
        leader.on('n3 AppendEntries@2 prev 3@1 [2]');
        leader.on('election timeout');
        leader.writeAll();
        leader.on('n2 RequestVoteReply@3 granted');
        leader.on('n2 AppendEntriesReply@3 ok prev 4 match 4');

        const follower = node({ id: 'n2', log: '1 1 1 2', term: 3, leader: 'n1' });
        if (late !== undefined) follower.step(late);
        const [refusal] = follower.outbox;
        if (refusal === undefined) throw new Error('n2 has to refuse');
        expect(messageText(refusal)).toBe('AppendEntriesReply@3 no prev 8');
        expect([leader.state, leader.log]).toEqual(['leader@3 vote n1', '1 1 1 2']);
        return { leader, refusal };
      }

      it('may name a place that the log no longer has', () => {
        const { leader, refusal } = story();
        expect(() => leader.step(refusal)).not.toThrow();
      });

      it('says nothing about this term', () => {
        const { leader, refusal } = story();
        const before = leader.progress('n2');
        expect(effectsText(leader.step(refusal))).toBe('nothing');
        expect(leader.progress('n2')).toBe(before);
      });
    },
  );
});

describe('section 5.3: after a refusal the leader goes back', () => {
  it.each([
    // leader's log, refusal of its probe, next probe by term, next probe one by one
    ['1 1 1 4 4 5', 'no prev 6 conflict 3@0', 'prev 2@1', 'prev 5@4'], // the follower has two entries
    ['1 1 1 4 4 5', 'no prev 6 conflict 1@0', 'prev 0@0', 'prev 5@4'], // the follower has none
    ['1 1 1 4 4 5', 'no prev 6 conflict 6@0', 'prev 5@4', 'prev 5@4'],
    ['1 1 1 4 4 5', 'no prev 6 conflict 3@4', 'prev 5@4', 'prev 5@4'], // the leader has that term too: its end
    ['1 1 1 4 4 5', 'no prev 6 conflict 4@1', 'prev 3@1', 'prev 5@4'],
    ['1 1 1 4 4 5', 'no prev 6 conflict 4@2', 'prev 3@1', 'prev 5@4'], // it has not: before the follower's first
    ['1 1 1 4 4 5', 'no prev 6 conflict 2@3', 'prev 1@1', 'prev 5@4'],
    ['1 1 1 4 4 5', 'no prev 6 conflict 1@2', 'prev 0@0', 'prev 5@4'],
    ['1 1 1 4 4 5', 'no prev 6 conflict 9@0', 'prev 5@4', 'prev 5@4'], // never forward
  ])('leader [%s], %s: %s', (log, refusal, byTerm, oneByOne) => {
    for (const [backtracking, probe] of [
      ['term', byTerm],
      ['one', oneByOne],
    ] as const) {
      const made = node({ role: 'leader', log, term: 7, options: { backtracking } });
      expect(made.on(`n2 AppendEntriesReply@7 ${refusal}`)).toContain(`send n2 AppendEntries@7 ${probe} [`);
      expect(made.on(`n2 AppendEntriesReply@7 ${refusal}`)).toBe('nothing'); // once is enough
    }
  });

  it('a leader that is sure of nothing arrives at the beginning, which always matches', () => {
    const made = node({ role: 'leader', log: '1 2', term: 3, options: { backtracking: 'one' } });
    play(
      made,
      `
      n2 AppendEntriesReply@3 no prev 2 conflict 1@1 → send n2 AppendEntries@3 prev 1@1 [2] commit 0
      n2 AppendEntriesReply@3 no prev 1 conflict 1@0 → send n2 AppendEntries@3 prev 0@0 [1 2] commit 0
      n2 AppendEntriesReply@3 ok prev 0 match 2 → nothing
      `,
    );
  });

  describe('Figure 7: the leader of term 8 and what its followers may look like', () => {
    const LEADER = '1 1 1 4 4 5 5 6 6 6';
    const followers = [
      // follower, log, refusals by term, refusals one by one
      ['a', '1 1 1 4 4 5 5 6 6', 1, 1],
      ['b', '1 1 1 4', 1, 6],
      ['c', '1 1 1 4 4 5 5 6 6 6 6', 0, 0],
      ['d', '1 1 1 4 4 5 5 6 6 6 7 7', 0, 0],
      ['e', '1 1 1 4 4 4 4', 2, 5],
      ['f', '1 1 1 2 2 2 3 3 3 3 3', 2, 7],
    ] as const;

    /** Lets n1 win term 8 and speak with n2 until both are silent; returns the number of refusals. */
    function bringUp(log: string, wishes: Partial<NodeOptions>): [TestNode, TestNode, number] {
      const options = { noOpOnElection: true, ...wishes };
      const leader = node({ role: 'candidate', log: LEADER, term: 8, options });
      const follower = node({ id: 'n2', log, term: 8, options });
      leader.on('n3 RequestVoteReply@8 granted');
      const said = settle(leader, follower);
      return [leader, follower, said.filter((line) => line.includes(' no prev ')).length];
    }

    it.each(followers)('follower (%s) [%s] converges after %i refusals by term', (_name, log, byTerm) => {
      const [leader, follower, refusals] = bringUp(log, { backtracking: 'term' });
      expect(follower.log).toBe(`${LEADER} 8`);
      expect(follower.raft.log.prefixHashAt(logIndex(11))).toBe(leader.raft.log.prefixHashAt(logIndex(11)));
      expect(leader.progress('n2')).toBe('replicate match 11 next 12');
      expect(refusals).toBe(byTerm);
    });

    it.each(followers)('follower (%s) [%s] converges one by one as well', (_name, log, _byTerm, oneByOne) => {
      const [leader, follower, refusals] = bringUp(log, { backtracking: 'one' });
      expect(follower.log).toBe(`${LEADER} 8`);
      expect(leader.progress('n2')).toBe('replicate match 11 next 12');
      expect(refusals).toBe(oneByOne);
    });

    it.each(followers)('follower (%s) [%s] converges in messages of one entry', (_name, log, byTerm) => {
      const [, follower, refusals] = bringUp(log, { batchBytesMax: 0 });
      expect(follower.log).toBe(`${LEADER} 8`);
      expect(refusals).toBe(byTerm);
    });

    it.each(followers)('follower (%s) [%s] converges after empty probes', (_name, log, byTerm) => {
      const [, follower, refusals] = bringUp(log, { probeWithEntries: false });
      expect(follower.log).toBe(`${LEADER} 8`);
      expect(refusals).toBe(byTerm);
    });

    it('the entry of term 8 is committed when one of them has it, and everything before it', () => {
      const [leader, follower] = bringUp('1 1 1 4', {});
      expect(leader.raft.commitIndex).toBe(11);
      leader.on('heartbeat timeout');
      settle(leader, follower);
      expect(follower.raft.commitIndex).toBe(11);
    });
  });
});
