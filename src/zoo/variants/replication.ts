// The zoo: bugs of replication (section 5.3), of what a leader believes of its followers, and of commitment (5.4.2).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { logIndex, type LogIndex } from '../../base/ids.ts';
import { MILLISECOND } from '../../base/units.ts';
import type { Configuration } from '../../protocol/configuration.ts';
import type { Log } from '../../raft/log.ts';
import type { FollowerProgress } from '../../raft/progress.ts';
import type { Variant } from '../row.ts';

/** Variants of replication. */
export const replicationVariants = {
  'append-truncates-always': {
    fault: 'A follower cuts its log behind prevLogIndex on every request, also where nothing conflicts.',
    section: '5.3',
    breaks: 'leader-completeness',
    noticedBy: [
      'progress-truth',
      'commit-legitimacy',
      'committed-on-quorum',
      'durability-honesty',
      'state-machine-safety',
    ],
    sources: ['ktoso/akka-raft#66', 'zhebrak/raftos#26'],
    rules: {
      cutPoint(log, prevLogIndex, _entries, commitIndex): LogIndex {
        const cut = Math.max(prevLogIndex, commitIndex) + 1;
        return logIndex(cut <= log.lastIndex ? cut : 0);
      },
    },
  },
  'append-skips-prev-check': {
    fault: 'A follower appends wherever its log ends, without looking for the entry before.',
    section: '5.3',
    breaks: 'log-matching',
    noticedBy: ['durability-honesty', 'handlers-never-throw', 'state-machine-safety', 'commit-legitimacy'],
    sources: ['ktoso/akka-raft#32'],
    rules: { prevMatches: () => true },
  },
  'zero-prev-index-always-matches': {
    fault: 'prevLogIndex 0 of a log counted from 0, the first entry, passes for the place before it: no check is made.',
    section: '5.3',
    breaks: 'log-matching',
    noticedBy: ['durability-honesty', 'handlers-never-throw', 'state-machine-safety', 'commit-legitimacy'],
    hunt: { profile: 'partitions' },
    sources: ['ktoso/akka-raft#58', 'willemt/raft#118'],
    rules: { prevMatches: (log, index, term) => index <= 1 || log.has(index, term) },
    // Stepping back by whole terms mostly jumps over the one index that matters.
    options: { backtracking: 'one' },
  },
  'reject-hint-always-last-index': {
    fault:
      'The end of its log is the hint of a follower whose entry conflicts: it is asked for the same entry for ever.',
    section: '5.3',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: { profile: 'partitions' },
    sources: ['cubefs/cubefs#2376'],
    rules: {
      nextIndexAfterRejection: (_log, { prevLogIndex, conflictTerm, conflictIndex }) =>
        conflictTerm === 0 ? conflictIndex : logIndex(prevLogIndex + 1),
    },
  },
  'commit-beyond-verified-prefix': {
    fault: 'A follower commits up to the end of its log instead of the last entry that the request verified.',
    section: '5.3, Figure 2',
    breaks: 'state-machine-safety',
    noticedBy: ['commit-legitimacy'],
    sources: ['atomix/copycat#265', 'scylladb/scylladb#9965', 'rabbitmq/ra#508'],
    // A probe that carries entries replaces the unverified ones before the follower looks at leaderCommit.
    options: { probeWithEntries: false },
    rules: {
      followerCommit: (leaderCommit, _verified, lastIndex) => (leaderCommit < lastIndex ? leaderCommit : lastIndex),
    },
  },
  'commit-counts-prior-term': {
    fault: 'A leader commits entries of older terms by counting replicas.',
    section: '5.4.2, Figure 8',
    breaks: 'leader-completeness',
    noticedBy: ['commit-legitimacy', 'state-machine-safety'],
    hunt: {
      profile: 'partitions',
      parameters: {
        cutEvery: 250 * MILLISECOND,
        cutFor: 250 * MILLISECOND,
        clients: 2,
        thinkMin: 100 * MILLISECOND,
        thinkMax: 400 * MILLISECOND,
      },
    },
    sources: ['logcabin/logcabin#44', 'bakwc/PySyncObj#169', 'canonical/raft#302'],
    rules: { mayCommitByCounting: () => true },
    // A no-op in every term commits the older entries by the rule, before they can be counted.
    options: { noOpOnElection: false },
  },
  'commit-median-wrong': {
    fault: 'A leader commits the index that most servers are at, instead of one that a majority has reached.',
    section: '5.3',
    breaks: 'leader-completeness',
    noticedBy: ['commit-legitimacy', 'state-machine-safety'],
    sources: ['ktoso/akka-raft#42'],
    rules: { quorumMatch: mostFrequent },
  },
  'progress-reset-too-late': {
    fault: 'A new leader sets up its progress only after it has taken a command, which the followers then never get.',
    section: '5.3, Figure 2',
    breaks: 'log-matching',
    noticedBy: ['durability-honesty', 'handlers-never-throw', 'state-machine-safety', 'commit-legitimacy'],
    sources: ['ktoso/akka-raft#58'],
    rules: { firstIndexToSend: skipFirstOfLeadership },
  },
} as const satisfies Record<string, Variant>;

/** The value that occurs most often, the larger one of equals. */
function mostFrequent(_configuration: Configuration, matchIndexes: readonly LogIndex[]): LogIndex {
  let best = logIndex(0);
  let bestCount = 0;
  for (const index of matchIndexes) {
    const count = matchIndexes.filter((other) => other === index).length;
    if (count > bestCount || (count === bestCount && index > best)) {
      best = index;
      bestCount = count;
    }
  }
  return best;
}

/**
 * Starts one entry late with a follower that has acknowledged nothing yet, once a second entry waits behind the
 * first.
 */
function skipFirstOfLeadership(progress: FollowerProgress, log: Log): LogIndex {
  const fresh = progress.matchIndex === 0 && log.lastIndex > progress.nextIndex;
  return fresh ? logIndex(progress.nextIndex + 1) : progress.nextIndex;
}
