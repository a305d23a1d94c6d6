// Figure 2, persistent state: what a message reveals is durable before the message leaves.
//
// Each script moves one node and its disk. Writes are answered late, out of step with the messages, or never.

import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/errors.ts';
import type { NodeEvent } from '../support/effects.ts';
import { logIndex } from '../../src/base/ids.ts';
import { Disk } from '../../src/sim/disk/disk.ts';
import { node, play, restart, TestNode, type NodeSpec } from '../support/node.ts';
import { effectsText, readMessage } from '../support/text.ts';

describe('nothing that reveals a state leaves before the state is durable', () => {
  it.each([
    // what is revealed, event, written, what leaves then
    ['a new term', 'n2 RequestVote@6 last 0@0', 'term 6 vote nobody', 'send n2 RequestVoteReply@6 refused'],
    ['a vote', 'n2 RequestVote@5 last 2@4', 'term 5 vote n2', 'send n2 RequestVoteReply@5 granted'],
    ['both', 'n2 RequestVote@6 last 2@4', 'term 6 vote n2', 'send n2 RequestVoteReply@6 granted'],
    ['entries', 'n2 AppendEntries@5 prev 2@4 [5]', 'log from 3 [5]', 'send n2 AppendEntriesReply@5 ok prev 2 match 3'],
    [
      'a cut and entries',
      'n2 AppendEntries@5 prev 1@1 [5 5]',
      'log from 2 [5 5]',
      'send n2 AppendEntriesReply@5 ok prev 1 match 3',
    ],
    [
      'a term, by a refusal',
      'n2 AppendEntries@6 prev 9@6',
      'term 6 vote nobody',
      'send n2 AppendEntriesReply@6 no prev 9 conflict 3@0',
    ],
    [
      'everything',
      'n2 AppendEntries@6 prev 1@1 [6]',
      'term 6 vote nobody + log from 2 [6]',
      'send n2 AppendEntriesReply@6 ok prev 1 match 2',
    ],
    [
      "a candidate's term and its vote for itself",
      'election timeout',
      'term 6 vote n1',
      'send n2 RequestVote@6 last 2@4; send n3 RequestVote@6 last 2@4',
    ],
  ])('%s: %s', (_title, event, written, leaves) => {
    const made = node({ log: '1 4', term: 5 });
    const told = made.on(event);
    expect(told).toContain(`persist ${written}`);
    expect(told).not.toContain('send');
    expect(made.pendingWrites).toBe(1); // one record, so that no crash can tear it
    expect(made.on('written')).toBe(leaves);
  });

  it.each([
    'n2 RequestVote@5 last 1@1',
    'n2 AppendEntries@5 prev 9@5',
    'n2 AppendEntries@5 prev 2@4',
    'n2 AppendEntries@4',
  ])('what reveals nothing new leaves at once: %s', (event) => {
    const made = node({ log: '1 4', term: 5 });
    const told = made.on(event);
    expect(told).toContain('send n2');
    expect(told).not.toContain('persist');
  });

  it('a second vote of the same term for the same candidate waits for the first', () => {
    play(
      node({ term: 5 }),
      `
      n2 RequestVote@5 last 0@0 → arm election; persist term 5 vote n2
      n2 RequestVote@5 last 0@0 → arm election
      n3 RequestVote@5 last 0@0 → nothing
      written → send n2 RequestVoteReply@5 granted; send n2 RequestVoteReply@5 granted
        ; send n3 RequestVoteReply@5 refused
      `,
    );
  });

  it('the answer to a heartbeat waits for the entries that it would acknowledge', () => {
    play(
      node({ log: '1', term: 3 }),
      `
      n2 AppendEntries@3 prev 1@1 [3] → arm election; persist log from 2 [3]
      n2 AppendEntries@3 prev 2@3 → arm election
      written → send n2 AppendEntriesReply@3 ok prev 1 match 2; send n2 AppendEntriesReply@3 ok prev 2 match 2
      `,
    );
  });

  it('each write lets go only what waited for it, in order', () => {
    play(
      node({ log: '1', term: 3 }),
      `
      n2 AppendEntries@3 prev 1@1 [3] → arm election; persist log from 2 [3]
      n2 AppendEntries@3 prev 2@3 [3] → arm election; persist log from 3 [3]
      n2 AppendEntries@3 prev 3@3 → arm election
      written → send n2 AppendEntriesReply@3 ok prev 1 match 2
      written → send n2 AppendEntriesReply@3 ok prev 2 match 3; send n2 AppendEntriesReply@3 ok prev 3 match 3
      n2 AppendEntries@3 prev 3@3 → arm election; send n2 AppendEntriesReply@3 ok prev 3 match 3
      `,
    );
  });

  it("a leader's entries may leave at once, for it has a majority of durable votes (thesis 10.2.1)", () => {
    const made = node({ role: 'leader', nodes: 2, term: 2, matched: { n2: 0 } });
    play(
      made,
      `
      propose → accept 1 at 1@2; send n2 AppendEntries@2 prev 0@0 [2] commit 0; persist log from 1 [2]
      heartbeat timeout → send n2 AppendEntries@2 prev 1@2 [] commit 0; arm heartbeat
      n2 RequestVote@1 last 0@0 → nothing
      written → send n2 RequestVoteReply@2 refused
      `,
    );
  });
});

describe('a message that waited too long never leaves', () => {
  it('a vote of an older term', () => {
    play(
      node({ term: 5 }),
      `
      n2 RequestVote@6 last 0@0 → arm election; persist term 6 vote n2
      n3 RequestVote@7 last 0@0 → arm election; persist term 7 vote n3
      written → nothing
      written → send n3 RequestVoteReply@7 granted
      `,
    );
  });

  it('an acknowledgement of entries that the next leader has cut', () => {
    const made = node({ log: '1', term: 2 });
    play(
      made,
      `
      n2 AppendEntries@2 prev 1@1 [2 2] → arm election; persist log from 2 [2 2]
      n3 AppendEntries@3 prev 1@1 [3] → arm election; persist term 3 vote nobody + log from 2 [3]
      written → nothing
      written → send n3 AppendEntriesReply@3 ok prev 1 match 2
      `,
    );
  });

  it('an acknowledgement after the server has become a candidate', () => {
    play(
      node({ nodes: 2, log: '1', term: 2 }),
      `
      n2 AppendEntries@2 prev 1@1 [2] → arm election; persist log from 2 [2]
      election timeout → arm election; persist term 3 vote n1
      written → nothing
      written → send n2 RequestVote@3 last 2@2
      `,
    );
  });
});

describe('what is written', () => {
  it('nothing, if nothing changed', () => {
    const made = node({ log: '1 2', term: 2, vote: 'n2' });
    for (const event of [
      'n2 AppendEntries@2 prev 2@2',
      'n2 AppendEntries@2 [1 2]',
      'n2 AppendEntries@2 prev 2@2 commit 2',
      'n2 RequestVote@2 last 2@2',
      'n3 RequestVote@2 last 2@2',
      'n3 AppendEntries@1 prev 2@2 [1]',
      'heartbeat timeout',
      'propose',
    ]) {
      expect(made.on(event)).not.toContain('persist');
    }
  });

  it('the log from the first change to its end', () => {
    play(
      node({ log: '1 1 1 1', term: 3 }),
      `
      n2 AppendEntries@3 prev 1@1 [1 3 3] → arm election; persist log from 3 [3 3]
      n2 AppendEntries@3 prev 3@3 [3 3] → arm election; persist log from 5 [3]
      `,
    );
  });

  it('a cut, also if nothing comes in its place', () => {
    // The paper's rules never cut without a conflicting entry; a node that does has to write it all the same.
    const made = node({
      log: '1 1 1',
      term: 3,
      rules: { cutPoint: (_log, prevLogIndex) => logIndex(prevLogIndex + 1) },
    });
    expect(made.on('n2 AppendEntries@3 prev 1@1')).toBe('arm election; persist log from 2 []');
    expect(made.log).toBe('1');
  });

  it('tickets count the writes of a life from 1', () => {
    const made = node({ role: 'leader', nodes: 1, term: 2 });
    const tickets = [1, 2].flatMap((request) =>
      made.step(made.proposal(request)).flatMap((effect) => (effect.kind === 'persist' ? [effect.write.ticket] : [])),
    );
    expect(tickets).toEqual([2, 3]);
  });

  it.each([[2], [0], [9]])('an answer to write %i when write 1 is due is a broken promise', (ticket) => {
    const made = node({ term: 2 });
    made.on('n2 AppendEntries@2 [2]');
    made.on('n2 AppendEntries@2 prev 1@2 [2]');
    expect(() => made.step({ kind: 'WriteCompleted', ticket })).toThrow(InvariantError);
  });

  it('so is an answer when nothing was written', () => {
    expect(() => node().step({ kind: 'WriteCompleted', ticket: 1 })).toThrow(InvariantError);
  });
});

describe('a node and its disk, through a crash', () => {
  /** A node that writes to a disk; nothing is durable before `sync`. */
  class Machine {
    readonly disk = new Disk();
    readonly sent: string[] = [];
    private readonly spec: NodeSpec;
    private node: TestNode;

    constructor(spec: NodeSpec = {}) {
      this.spec = spec;
      this.node = this.boot();
    }

    on(text: string): void {
      this.step(
        text === 'election timeout' ? { kind: 'Timeout', timer: 'election' } : readMessage(text, this.node.raft.id),
      );
    }

    sync(): void {
      while (this.disk.cachedWrites > 0) this.step({ kind: 'WriteCompleted', ticket: this.disk.completeOldest() });
    }

    crash(kept: number, torn = false): string {
      this.disk.crash(kept, torn);
      this.node = this.boot();
      return `${this.node.state} log [${this.node.log}]`;
    }

    private boot(): TestNode {
      const recovery = this.disk.recover();
      if (recovery.outcome !== 'clean' && recovery.outcome !== 'torn') throw new Error(recovery.outcome);
      return restart(this.spec, recovery.recovered);
    }

    private step(event: NodeEvent): void {
      for (const effect of this.node.step(event)) {
        if (effect.kind === 'persist') this.disk.issue(effect.write);
        if (effect.kind === 'send') this.sent.push(effectsText([effect]));
      }
    }
  }

  it('a vote that left is a vote for ever', () => {
    const machine = new Machine();
    machine.on('n2 RequestVote@3 last 0@0');
    machine.sync();
    expect(machine.sent).toEqual(['send n2 RequestVoteReply@3 granted']);
    expect(machine.crash(0)).toBe('follower@3 vote n2 log []');
    machine.on('n3 RequestVote@3 last 9@9');
    expect(machine.sent.at(-1)).toBe('send n3 RequestVoteReply@3 refused');
  });

  it('a vote that was lost with the cache was told to nobody, and may be given again', () => {
    const machine = new Machine();
    machine.on('n2 RequestVote@3 last 0@0');
    expect([machine.crash(0), machine.sent]).toEqual(['follower@0 vote nobody log []', []]);
    machine.on('n3 RequestVote@3 last 0@0');
    machine.sync();
    expect(machine.sent).toEqual(['send n3 RequestVoteReply@3 granted']);
  });

  it('a candidate that crashes before its vote is durable has asked nobody', () => {
    const machine = new Machine();
    machine.on('election timeout');
    expect([machine.crash(0), machine.sent]).toEqual(['follower@0 vote nobody log []', []]);
  });

  it('no crash leaves entries without the term that they imply', () => {
    for (const kept of [0, 1, 2]) {
      for (const torn of [false, true]) {
        const machine = new Machine();
        machine.on('n2 AppendEntries@2 [1 2]');
        machine.on('n3 AppendEntries@5 prev 1@1 [3 4 5]');
        const state = machine.crash(kept, torn);
        const [, at, log = ''] = /^follower@(\d+) vote \w+ log \[(.*)\]$/.exec(state) ?? [];
        expect(Number(at)).toBeGreaterThanOrEqual(Math.max(0, ...log.split(' ').map(Number)));
      }
    }
  });

  it('what was acknowledged is there after every crash', () => {
    for (const [kept, torn] of [
      [0, false],
      [0, true],
      [1, false],
    ] as const) {
      const machine = new Machine();
      machine.on('n2 AppendEntries@2 [1 2]');
      machine.sync();
      expect(machine.sent).toEqual(['send n2 AppendEntriesReply@2 ok prev 0 match 2']);
      machine.on('n2 AppendEntries@2 prev 2@2 [2]');
      expect(machine.crash(kept, torn)).toBe(`follower@2 vote nobody log [1 2${kept === 1 ? ' 2' : ''}]`);
    }
  });
});
