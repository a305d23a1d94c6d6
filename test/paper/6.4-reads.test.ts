// Dissertation 6.4: reads that take no place in the log, rule by rule: by index, by lease, at followers.

import { describe, expect, it } from 'vitest';
import { node, play, type NodeSpec, type TestNode } from '../support/node.ts';

/** A leader of term 2 that has committed an entry of its term. */
const ready: NodeSpec = { role: 'leader', term: 2, log: '1 2', matched: { n2: 2 } };
const leading = (spec: NodeSpec = {}): TestNode => node({ ...ready, ...spec });

const ROUND = (round: number): string =>
  `send n2 HeartbeatRound@2 round ${round}; send n3 HeartbeatRound@2 round ${round}`;

describe('dissertation 6.4: a read by index', () => {
  it('waits for one round of heartbeats, and is answered as of the commit index when it came', () => {
    play(
      leading(),
      `
      read by index → ${ROUND(1)}
      n3 HeartbeatRoundReply@2 round 1 → serve 1 at 2
      n2 HeartbeatRoundReply@2 round 1 → nothing
      `,
    );
  });

  it('waits for an entry of the own term to be committed, and then for a round', () => {
    const made = leading({ matched: {} });
    expect(made.on('read by index')).toBe('nothing');
    expect(made.on('n2 AppendEntriesReply@2 ok prev 1 match 2')).toContain(ROUND(1));
    expect(made.on('n2 HeartbeatRoundReply@2 round 1')).toBe('serve 1 at 2');
  });

  it('shares a round with those that wait, and never one that was out when it came', () => {
    play(
      leading(),
      `
      read by index → ${ROUND(1)}
      read by index → nothing
      read by index → nothing
      n2 HeartbeatRoundReply@2 round 1 → serve 1 at 2; ${ROUND(2)}
      n3 HeartbeatRoundReply@2 round 1 → nothing
      n3 HeartbeatRoundReply@2 round 2 → serve 2 at 2; serve 3 at 2
      `,
    );
  });

  it.each([
    ['of an earlier round', 'n2 HeartbeatRoundReply@2 round 1'],
    ['of an earlier term', 'n2 HeartbeatRoundReply@1 round 2'],
    ['of a stranger', 'n4 HeartbeatRoundReply@2 round 2'],
  ])('an answer %s confirms nothing', (_which, late) => {
    const made = leading();
    made.on('read by index');
    made.on('n2 HeartbeatRoundReply@2 round 1');
    made.on('read by index');
    expect(made.on(late)).toBe('nothing');
    expect(made.on('n3 HeartbeatRoundReply@2 round 2')).toBe('serve 2 at 2');
  });

  it('needs more than one of four others', () => {
    const made = leading({ nodes: 5, matched: { n2: 2, n3: 2 } });
    made.on('read by index');
    expect(made.on('n2 HeartbeatRoundReply@2 round 1')).toBe('nothing');
    expect(made.on('n2 HeartbeatRoundReply@2 round 1')).toBe('nothing');
    expect(made.on('n5 HeartbeatRoundReply@2 round 1')).toBe('serve 1 at 2');
  });

  it('needs nobody in a cluster of one', () => {
    const made = node({ nodes: 1, role: 'leader', term: 2, log: '1 2' });
    expect(made.on('read by index')).toBe('serve 1 at 2');
  });

  it('goes with the next heartbeat to those that have not answered', () => {
    const made = leading();
    made.on('read by index');
    expect(made.on('heartbeat timeout')).toContain(ROUND(1));
  });

  it('is refused when the lead is lost, and never answered afterwards', () => {
    const made = leading();
    made.on('read by index');
    expect(made.on('n3 AppendEntries@3 prev 2@2')).toContain('refuse 1');
    expect(made.on('n2 HeartbeatRoundReply@2 round 1')).toBe('nothing');
  });

  it('is refused by whoever does not lead', () => {
    expect(node({ term: 2, log: '1 2', leader: 'n2' }).on('read by index')).toBe('refuse 1, leader n2');
  });
});

describe('dissertation 6.4: a follower’s read', () => {
  it('asks the leader for an index, and is answered when so much is executed', () => {
    play(
      node({ term: 2, log: '1 2', leader: 'n2' }),
      `
      read by follower → send n2 ReadIndex@2 request 1
      n2 ReadIndexReply@2 request 1 index 2 → nothing
      n2 AppendEntries@2 prev 2@2 commit 2 → arm election; apply 1..2; serve 1 at 2; send n2 AppendEntriesReply@2 ok prev 2 match 2
      `,
    );
  });

  it('is refused where no leader is known', () => {
    expect(node({ term: 2, log: '1 2' }).on('read by follower')).toBe('refuse 1, leader nobody');
  });

  it('takes the leader a round, too, which names only the follower’s read', () => {
    play(
      leading(),
      `
      n3 ReadIndex@2 request 7 → ${ROUND(1)}
      n2 HeartbeatRoundReply@2 round 1 → send n3 ReadIndexReply@2 request 7 index 2
      `,
    );
  });
});

describe('dissertation 6.4.1: a read by lease', () => {
  const options = { checkQuorum: true, lease: true };

  /** A leader whose round for the lease n3 has answered. */
  function holder(): TestNode {
    const made = leading({ options });
    made.on('n3 HeartbeatRoundReply@2 round 1');
    return made;
  }

  it.each<[string, string[], string]>([
    ['is answered at once while the lease holds', [], 'serve 1 at 2'],
    ['needs a round when the lease has run out', ['lease timeout'], 'nothing'],
    ['needs a round once the lead was to be handed over', ['transfer to n2'], ROUND(2)],
    ['needs one also when that was given up', ['transfer to n2', 'transfer timeout'], ROUND(2)],
  ])('%s', (_what, before, told) => {
    const made = holder();
    for (const event of before) made.on(event);
    expect(made.on('read by lease')).toBe(told);
  });

  it('waits for a round where no quorum has answered the one that the lease began with', () => {
    const made = leading({ options });
    expect(made.on('read by lease')).not.toContain('serve');
  });

  it('is refused by a follower', () => {
    expect(node({ term: 2, log: '1 2', leader: 'n2', options }).on('read by lease')).toBe('refuse 1, leader n2');
  });
});
