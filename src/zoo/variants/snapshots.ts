// The zoo: bugs of log compaction and of InstallSnapshot (section 7).
//
// A row is as small as the real bug. It must never need a flag in the node. All of them take snapshots often, since a
// follower has to fall behind a snapshot before most of them can show.

import { logIndex } from '../../base/ids.ts';
import { MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import type { Configuration } from '../../protocol/configuration.ts';
import { ZERO_INDEX, ZERO_TERM } from '../../protocol/message.ts';
import { makeSnapshot, type Snapshot } from '../../protocol/snapshot.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Variant } from '../row.ts';

/** A snapshot every few entries. */
const OFTEN = { compactEvery: 4 } as const;
/** The same, in many pieces. */
const IN_PIECES = { compactEvery: 4, snapshotChunkBytes: 16 } as const;

/** Servers are away for long enough to need a snapshot when they are back, over links that double and delay. */
const AWAY = {
  profile: 'lossy',
  parameters: {
    cutEvery: 600 * MILLISECOND,
    cutFor: 600 * MILLISECOND,
    duplicate: 10 * PERCENT,
    longDelay: 3 * PERCENT,
    longDelayMax: 2 * SECOND,
  },
} as const;

/** Servers crash and come back, often with less than they had. */
const FALLING = {
  profile: 'disk',
  parameters: {
    crashEvery: 200 * MILLISECOND,
    downFor: 300 * MILLISECOND,
    powerLoss: 100 * PERCENT,
    cutEvery: 600 * MILLISECOND,
  },
} as const;

/** What stands for no entry at all. */
const nothing = (configuration: Configuration): Snapshot =>
  makeSnapshot({ lastIndex: ZERO_INDEX, lastTerm: ZERO_TERM, prefixHash: 0, configuration }, { hash: 0, bytes: 0 });

/** Variants of snapshots. */
export const snapshotVariants = {
  'snapshot-older-installed': {
    fault: 'A follower installs any snapshot, also one that is older than what it knows to be committed.',
    section: '7',
    breaks: 'snapshot-consistency',
    noticedBy: [
      'monotonicity',
      'state-machine-safety',
      'durability-honesty',
      'progress-truth',
      'handlers-never-throw',
      'committed-on-quorum',
    ],
    hunt: AWAY,
    sources: ['databendlabs/openraft#543', 'eBay/NuRaft#407'],
    rules: { isSnapshotStale: () => false },
    options: OFTEN,
  },
  'snapshot-lowers-term': {
    fault: 'A follower takes over the term of a snapshot’s last entry as its own.',
    section: '5.1, 7',
    breaks: 'monotonicity',
    noticedBy: ['durability-honesty', 'vote-once', 'election-safety', 'handlers-never-throw'],
    hunt: AWAY,
    sources: ['willemt/raft#118'],
    handlers: (paper) => ({
      InstallSnapshot(node, message) {
        paper.InstallSnapshot(node, message);
        if (message.done && message.lastIncludedTerm > 0) node.currentTerm = message.lastIncludedTerm;
      },
    }),
    options: OFTEN,
  },
  'snapshot-discards-matching-suffix': {
    fault: 'A follower drops its whole log for a snapshot, also the entries that go on from it and were acknowledged.',
    section: '7, Figure 13',
    breaks: 'progress-truth',
    noticedBy: ['commit-legitimacy', 'leader-completeness', 'durability-honesty'],
    hunt: AWAY,
    sources: ['Ongaro’s dissertation, 5.1'],
    rules: { continuesSnapshot: () => false },
    options: OFTEN,
  },
  'snapshot-kept-over-conflict': {
    fault: 'A follower keeps a log that is long enough for a snapshot, also if it holds another entry at its end.',
    section: '7, Figure 13',
    breaks: 'state-machine-safety',
    noticedBy: ['snapshot-consistency', 'log-matching', 'commit-legitimacy'],
    hunt: AWAY,
    sources: ['hashicorp/raft#697'],
    rules: { continuesSnapshot: (log, lastIncludedIndex) => lastIncludedIndex <= log.lastIndex },
    options: OFTEN,
  },
  'snapshot-refused-if-log-longer': {
    fault: 'A follower takes a snapshot for stale when its log is longer, whatever of that is committed.',
    section: '7',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: AWAY,
    sources: ['willemt/raft#118', 'RedisLabs/raft#49'],
    rules: { isSnapshotStale: (lastIncludedIndex, _commitIndex, lastIndex) => lastIncludedIndex <= lastIndex },
    options: OFTEN,
  },
  'snapshot-index-mismatch': {
    fault: 'A snapshot gets the label of the entry behind the last one that its state holds.',
    section: '7',
    breaks: 'state-machine-safety',
    noticedBy: ['snapshot-consistency'],
    hunt: AWAY,
    sources: ['Students’ Guide to Raft'],
    handlers: (paper) => ({
      describeSnapshot: (node, index, state) =>
        paper.describeSnapshot(node, index < node.log.lastIndex ? logIndex(index + 1) : index, state),
    }),
    options: OFTEN,
  },
  'snapshot-term-of-next-entry': {
    fault: 'A snapshot gets the term of the entry behind its last one.',
    section: '7',
    breaks: 'snapshot-consistency',
    noticedBy: ['handlers-never-throw', 'bounded-liveness', 'log-matching'],
    hunt: AWAY,
    sources: ['ArcadeData/arcadedb#5356'],
    handlers: (paper) => ({
      describeSnapshot(node, index, state) {
        const sound = paper.describeSnapshot(node, index, state);
        if (index >= node.log.lastIndex) return sound;
        const { lastIndex, prefixHash, configuration } = sound;
        const lastTerm = node.log.termAt(logIndex(index + 1));
        return makeSnapshot({ lastIndex, lastTerm, prefixHash, configuration }, state);
      },
    }),
    options: OFTEN,
  },
  'compact-before-snapshot-durable': {
    fault: 'A server drops the beginning of its log first, and writes the snapshot that stands for it afterwards.',
    section: '7',
    breaks: 'handlers-never-throw',
    noticedBy: [],
    hunt: FALLING,
    sources: ['RedisLabs/redisraft#43'],
    handlers: (paper) => ({
      compact(node, snapshot) {
        const base = snapshot.lastIndex;
        if (base > node.commitIndex || node.log.base >= base) return paper.compact(node, snapshot);
        const older = node.snapshot ?? nothing(node.configurationOf(ZERO_INDEX));
        node.compactTo(older, base);
        node.isCapturing = true;
        node.captured = snapshot;
        node.arm(Timer.snapshot);
      },
    }),
    options: OFTEN,
  },
  'install-snapshot-no-state': {
    fault: 'A follower goes on from the index of a snapshot, and its machine stays what it was.',
    section: '7',
    breaks: 'state-machine-safety',
    noticedBy: ['snapshot-consistency', 'handlers-never-throw'],
    hunt: AWAY,
    sources: ['NodeDB-Lab/nodedb#162', 'atomix/atomix#417'],
    handlers: () => ({ restore: (node, snapshot) => node.goOnFrom(snapshot) }),
    options: OFTEN,
  },
  'newer-snapshot-begins-anew': {
    fault: 'A leader that takes another snapshot drops the one that it is sending, and begins with the first byte.',
    section: '7',
    breaks: 'message-budget',
    noticedBy: [],
    hunt: AWAY,
    sources: ['etcd-io/raft: a follower in StateSnapshot is sent no other one until it answers or fails'],
    rules: { snapshotToSend: (_begun, latest) => latest },
    options: IN_PIECES,
  },
  'piece-taken-out-of-order': {
    fault: 'A follower takes any piece of the snapshot that it is receiving, also where one before it is missing.',
    section: '7, Figure 13',
    breaks: 'snapshot-consistency',
    noticedBy: [],
    hunt: AWAY,
    sources: ['Figure 13, 3: write data into snapshot file at given offset'],
    rules: { isNextPiece: () => true },
    options: IN_PIECES,
  },
  'log-cut-behind-the-snapshot': {
    fault: 'With the entries that a snapshot stands for goes the one behind it.',
    section: '7',
    breaks: 'handlers-never-throw',
    noticedBy: ['leader-append-only', 'progress-truth', 'durability-honesty', 'state-machine-safety'],
    hunt: AWAY,
    sources: ['Students’ Guide to Raft: off by one where a log begins behind a snapshot'],
    rules: { baseAfterSnapshot: (lastIndex) => logIndex(lastIndex + 1) },
    options: OFTEN,
  },
  'chunk-restart-after-reboot': {
    fault:
      'A leader never goes back to an earlier piece: a follower that restarted in the middle waits for the first one.',
    section: '7, Figure 13',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: { profile: 'crashes', parameters: { crashEvery: 800 * MILLISECOND, downFor: 100 * MILLISECOND } },
    sources: ['logcabin/logcabin#174'],
    rules: { offsetAfterAnswer: (offset, nextOffset) => Math.max(offset, nextOffset) },
    options: IN_PIECES,
  },
  'prev-below-snapshot-is-conflict': {
    fault: 'A follower takes an entry that its snapshot stands for, for one that it does not have.',
    section: '5.3, 7',
    breaks: 'handlers-never-throw',
    noticedBy: [],
    hunt: AWAY,
    sources: ['databendlabs/openraft#71a290cd', 'willemt/raft#118'],
    rules: { prevMatches: (log, prevLogIndex, prevLogTerm) => log.has(prevLogIndex, prevLogTerm) },
    options: OFTEN,
  },
  'leader-reads-compacted-entry': {
    fault: 'A leader sends entries to a follower that needs the first one that is gone, and looks up the one before.',
    section: '5.3, 7',
    breaks: 'handlers-never-throw',
    noticedBy: [],
    hunt: AWAY,
    sources: ['etcd-io/raft#31', 'ktoso/akka-raft#48'],
    rules: { needsSnapshot: (nextIndex, base) => nextIndex < base },
    options: OFTEN,
  },
  'snapshot-acked-before-durable': {
    fault: 'A follower says that it holds a snapshot before that is durable; a crash loses it.',
    section: '7, Figure 2',
    breaks: 'durability-honesty',
    noticedBy: ['progress-truth', 'commit-legitimacy', 'leader-completeness'],
    hunt: FALLING,
    sources: ['Raft paper, Figure 13'],
    rules: {
      waitsForDisk: ({ kind }) =>
        kind !== 'AppendEntries' && kind !== 'InstallSnapshot' && kind !== 'InstallSnapshotReply',
    },
    options: OFTEN,
  },
  'dedup-missing-from-snapshot': {
    fault: 'Client sessions are no part of snapshots: a command that comes again is executed again.',
    section: '7, dissertation 6.3',
    breaks: 'state-machine-safety',
    noticedBy: ['exactly-once', 'linearizability', 'snapshot-consistency'],
    hunt: AWAY,
    sources: ['atomix/atomix#417', 'Ongaro’s dissertation, 6.3'],
    sessions: { areSaved: () => false },
    options: OFTEN,
  },
} as const satisfies Record<string, Variant>;
