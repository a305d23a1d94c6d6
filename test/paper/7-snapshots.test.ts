// Log compaction and InstallSnapshot (section 7, Figures 12 and 13), rule by rule on one node.

import { describe, expect, it } from 'vitest';
import { node, play, recovered, restart, settle } from '../support/node.ts';
import { snapshotAt } from '../support/text.ts';

const WHOLE = 'from 0 bytes 100 done';

describe('a snapshot of the own machine', () => {
  it('is asked for after so many committed entries, once at a time', () => {
    const made = node({ role: 'leader', term: 2, log: '2 2 2', options: { compactEvery: 2 } });
    play(
      made,
      `n2 AppendEntriesReply@2 ok prev 0 match 1 → apply 1..1; send n2 AppendEntries@2 prev 1@2 [2 2] commit 1
       n2 AppendEntriesReply@2 ok prev 1 match 2 → apply 2..2; capture; arm snapshot
       n2 AppendEntriesReply@2 ok prev 2 match 3 → apply 3..3
       snapshot timeout → persist snapshot 2@2 base 2`,
    );
    expect(made.log, 'the log stays until the snapshot is durable').toBe('2 2 2');
    expect([made.on('written'), made.log]).toEqual(['nothing', '. . 2']);
  });

  it('is asked for after so many bytes', () => {
    const made = node({ role: 'leader', term: 2, log: '2 2 2', options: { compactBytes: 20 } });
    expect(made.on('n2 AppendEntriesReply@2 ok prev 0 match 1')).not.toContain('capture');
    expect(made.on('n2 AppendEntriesReply@2 ok prev 1 match 2')).toBe('apply 2..2; capture; arm snapshot');
  });

  it('leaves a tail of the log, if an option says so', () => {
    const made = node({ log: '1 1 1 1', commit: 4, options: { compactKeep: 3 } });
    expect(made.on('compact 4')).toBe('persist snapshot 4@1 base 1');
    made.on('written');
    expect(made.log).toBe('. 1 1 1');
  });

  it.each([
    ['that is older than the one before', 'compact 2'],
    ['that is as old', 'compact 3'],
  ])('%s changes nothing', (_what, again) => {
    const made = node({ log: '1 1 1 1', commit: 4, options: { compactKeep: 4 } });
    made.on('compact 3');
    expect(made.on(again)).toBe('nothing');
  });

  it('of what is not known to be committed changes nothing', () => {
    const made = node({ log: '1 1 1', commit: 2 });
    expect([made.on('compact 3'), made.on('compact 2')]).toEqual(['nothing', 'persist snapshot 2@1 base 2']);
  });

  it('is where a restarted server goes on', () => {
    const { log, hardState } = recovered('term 2 vote n1 log 1 1 2');
    log.compactTo(2);
    const made = restart({}, { hardState, snapshot: snapshotAt(2, 1), log });
    expect([made.log, made.view.commit, made.view.durable]).toEqual(['. . 2', 2, 3]);
  });

  it('must stand for what a log no longer has', () => {
    const { log, hardState } = recovered('term 2 vote n1 log 1 1 2');
    log.compactTo(2);
    expect(() => restart({}, { hardState, snapshot: undefined, log })).toThrow('what a log no longer has');
    expect(() => restart({}, { hardState, snapshot: snapshotAt(1, 1), log })).toThrow('what a log no longer has');
    expect(() => restart({}, { hardState, snapshot: snapshotAt(4, 1), log })).toThrow('goes on from its snapshot');
  });
});

describe('a snapshot of the leader', () => {
  it.each([
    // log, committed, snapshot, what stays
    ['', 0, '2@1', '. .'],
    ['1', 0, '2@1', '. .'],
    ['1 1', 0, '2@1', '. .'],
    ['1 1 1', 0, '2@1', '. . 1'],
    ['1 1 1 2', 1, '2@1', '. . 1 2'],
    ['1 2 2', 0, '2@1', '. .'],
    ['1 1 1', 1, '2@2', '. .'],
    ['1 1 1 1', 0, '2@2', '. .'],
  ])('meets the log [%s], committed %i, up to %s: [%s]', (log, commit, last, stays) => {
    const made = node({ log, term: 2, commit });
    made.on(`n2 InstallSnapshot@2 ok last ${last} ${WHOLE}`);
    made.writeAll();
    expect([made.log, made.view.commit]).toEqual([stays, 2]);
  });

  it.each([
    ['1 1 1', 2, '2@1', 2],
    ['1 1 1', 3, '2@1', 3],
    ['1 1 1 2', 3, '1@1', 3],
  ])('that is stale leaves the log [%s], committed %i, alone: up to %s', (log, commit, last, match) => {
    const made = node({ log, term: 2, commit });
    const index = last.split('@')[0] ?? '';
    const told = `arm election; send n2 InstallSnapshotReply@2 ok last ${index} from 0 match ${match}`;
    expect([made.on(`n2 InstallSnapshot@2 ok last ${last} ${WHOLE}`), made.log]).toEqual([told, log]);
  });

  it('is acknowledged when it is durable, and not before', () => {
    play(
      node({ term: 2, log: '1' }),
      `n2 InstallSnapshot@2 ok last 3@2 ${WHOLE} → arm election; restore snapshot 3@2; persist snapshot 3@2 base 3 anew
       written → send n2 InstallSnapshotReply@2 ok last 3 from 0 match 3`,
    );
  });

  it('makes what is on its way to the disk prove nothing', () => {
    const made = node({ term: 2, log: '1' });
    made.on('n2 AppendEntries@2 prev 1@1 [2 2]');
    made.on(`n3 InstallSnapshot@3 ok last 5@3 ${WHOLE}`);
    made.on('written');
    expect(made.view.durable, 'the entries were replaced').toBeLessThanOrEqual(1);
    made.on('written');
    expect(made.view.durable).toBe(5);
  });

  it('is taken apart by term and by snapshot', () => {
    const made = node({ term: 2 });
    play(
      made,
      `n2 InstallSnapshot@2 no last 3@1 from 0 bytes 40 → arm election; send n2 InstallSnapshotReply@2 no last 3 from 0 next 40
       n2 InstallSnapshot@2 no last 4@1 from 40 bytes 40 → arm election; send n2 InstallSnapshotReply@2 no last 4 from 40
       n2 InstallSnapshot@2 no last 3@1 from 40 bytes 40 → arm election; send n2 InstallSnapshotReply@2 no last 3 from 40 next 80
       n2 InstallSnapshot@2 no last 3@1 from 40 bytes 40 → arm election; send n2 InstallSnapshotReply@2 no last 3 from 40 next 80`,
    );
    expect(made.on('n3 InstallSnapshot@3 ok last 3@1 from 80 bytes 20 done')).toContain('persist term 3 vote nobody');
    expect(made.writeAll()).toBe('send n3 InstallSnapshotReply@3 no last 3 from 80');
  });
});

describe('a leader', () => {
  /** It has sent n3 a probe behind entry 2 when it compacts its log. */
  const compacted = (base: number, options = {}): ReturnType<typeof node> => {
    const made = node({ role: 'leader', term: 2, log: '1 1 2', matched: { n2: 3 }, options });
    made.on(`compact ${base}`);
    made.writeAll();
    return made;
  };

  it.each([
    [1, 'no prev 2 conflict 2@0', 'send n3 AppendEntries@2 prev 1@1 [1 2] commit 3'],
    [2, 'no prev 2 conflict 2@0', `send n3 InstallSnapshot@2 ok last 2@1 ${WHOLE}`],
    [2, 'no prev 2 conflict 1@0', `send n3 InstallSnapshot@2 ok last 2@1 ${WHOLE}`],
    [1, 'no prev 2 conflict 1@0', `send n3 InstallSnapshot@2 ok last 1@1 ${WHOLE}`],
    [1, 'no prev 2 conflict 2@1', 'send n3 AppendEntries@2 prev 1@1 [1 2] commit 3'],
  ])('whose log begins behind %i, and that is refused with %s', (base, refusal, sends) => {
    expect(compacted(base).on(`n3 AppendEntriesReply@2 ${refusal}`)).toBe(sends);
  });

  it('sends the same snapshot to its end, and then the newest', () => {
    const made = compacted(2, { snapshotChunkBytes: 60 });
    made.on('n3 AppendEntriesReply@2 no prev 2 conflict 1@0');
    made.on('compact 3');
    made.writeAll();
    play(
      made,
      `n3 InstallSnapshotReply@2 no last 2 from 0 next 60 → send n3 InstallSnapshot@2 ok last 2@1 from 60 bytes 40 done
       n3 InstallSnapshotReply@2 ok last 2 from 60 match 2 → send n3 InstallSnapshot@2 no last 3@2 from 0 bytes 60`,
    );
  });

  it('does not let a follower wait for another one that needs a snapshot', () => {
    const made = compacted(2, { snapshotChunkBytes: 60 });
    made.on('n3 AppendEntriesReply@2 no prev 2 conflict 1@0');
    expect(made.on('propose')).toContain('send n2 AppendEntries@2 prev 3@2 [2] commit 3');
    expect(made.progress('n3')).toBe('snapshot match 0 next 1 paused');
    expect(made.on('heartbeat timeout')).toContain('send n3 InstallSnapshot@2 no last 2@1 from 0 bytes 60');
  });

  it('brings a server that has nothing up to date', () => {
    const leader = compacted(2, { snapshotChunkBytes: 30 });
    const follower = node({ id: 'n3', term: 2 });
    leader.on('heartbeat timeout');
    settle(leader, follower);
    expect([follower.log, follower.view.commit]).toEqual(['. . 2', 3]);
    expect(leader.progress('n3')).toBe('replicate match 3 next 4');
  });
});
