// The zoo: real bugs of real Raft implementations, each our node with one rule changed from outside.
//
// A variant names the rule that it changes, the property that its damage breaks, and those that see it coming. Where a
// correct companion rule would hide the bug, the variant says which one it switches off.

import { MILLISECOND, PERCENT } from '../base/units.ts';
import { logIndex, nextTerm, NOBODY, type LogIndex } from '../base/ids.ts';
import type { Configuration } from '../protocol/configuration.ts';
import { noteLeaderContact } from '../raft/leader-contact.ts';
import type { Log } from '../raft/log.ts';
import type { NodeOptions } from '../raft/options.ts';
import type { FollowerProgress } from '../raft/progress.ts';
import type { Rules } from '../raft/rules.ts';
import type { Handlers } from '../raft/state.ts';
import type { Parameters } from '../sim/parameters.ts';
import type { ProfileName } from '../sim/faults/profile.ts';
import type { SessionRules } from '../systems/in-process/key-value-machine.ts';

export interface Variant {
  /** What the faulty code does. */
  readonly fault: string;
  readonly section: string;
  /** The property that it breaks in the end. */
  readonly breaks: string;
  /** Properties that may notice earlier, or that other damage breaks first. */
  readonly noticedBy: readonly string[];
  /** Where the damage shows soonest; without it, under `chaos` with five nodes. */
  readonly hunt?: {
    readonly nodes?: number;
    readonly profile?: ProfileName;
    readonly parameters?: Partial<Parameters>;
  };
  /** Where it was seen. */
  readonly sources: readonly string[];
  readonly rules?: Partial<Rules>;
  /** Handlers around, or instead of, the paper's. */
  readonly handlers?: (paper: Handlers) => Partial<Handlers>;
  readonly sessions?: SessionRules;
  /** Companions that hide the bug, switched off. */
  readonly options?: Partial<NodeOptions>;
}

/** Crashes, power losses and cuts in quick succession. */
const CRASHY = {
  profile: 'disk',
  parameters: {
    crashEvery: 150 * MILLISECOND,
    downFor: 100 * MILLISECOND,
    powerLoss: 100 * PERCENT,
    cutEvery: 500 * MILLISECOND,
  },
} as const;

/** Messages that take longer than an election timeout. */
const SLOW = { profile: 'lossy', parameters: { delayMax: 250 * MILLISECOND } } as const;

/** The zoo: each variant with its fault, its section, where it was seen, and the promise that it breaks. */
export const variantTable = {
  'vote-reset-same-term-follower': {
    fault: 'Every transition to follower wipes the vote, also when the term stays the same.',
    section: '5.2',
    breaks: 'election-safety',
    noticedBy: ['vote-once', 'durability-honesty'],
    hunt: CRASHY,
    sources: ['ktoso/akka-raft#56', 'camunda/camunda#5356'],
    rules: { voteOnStepDown: () => NOBODY },
    // The no-op of the first leader makes every later candidate of the term lose by the log check.
    options: { noOpOnElection: false },
  },
  'stale-vote-response-counted': {
    fault: 'A candidate counts votes that were granted in an older term.',
    section: '5.2',
    breaks: 'election-safety',
    noticedBy: ['leader-completeness', 'state-machine-safety', 'log-matching', 'commit-legitimacy'],
    hunt: SLOW,
    sources: ['xnnyygn/xraft#33', 'ktoso/akka-raft#46'],
    rules: { voteCounts: (reply) => reply.granted },
  },
  'duplicate-votes-counted': {
    fault: 'A candidate counts votes, not voters: a vote that arrives twice counts twice.',
    section: '5.2',
    breaks: 'election-safety',
    noticedBy: ['leader-completeness', 'state-machine-safety', 'log-matching', 'commit-legitimacy'],
    hunt: {
      profile: 'lossy',
      parameters: { duplicate: 20 * PERCENT, delayMax: 200 * MILLISECOND, cutEvery: 1000 * MILLISECOND },
    },
    sources: ['ktoso/akka-raft#45', 'xnnyygn/xraft#27'],
    rules: { recordVote: (votes, voter) => void votes.push(voter) },
  },
  'vote-no-log-check': {
    fault: 'A voter does not look at the candidate’s log.',
    section: '5.4.1',
    breaks: 'leader-completeness',
    noticedBy: ['state-machine-safety', 'handlers-never-throw'],
    sources: ['Ongaro’s dissertation, 3.6.1'],
    rules: { logIsUpToDate: () => true },
  },
  'vote-not-persisted-before-reply': {
    fault: 'A vote leaves before it is durable; a crash forgets it.',
    section: '5.2, Figure 2',
    breaks: 'vote-once',
    noticedBy: ['durability-honesty', 'monotonicity', 'election-safety'],
    hunt: CRASHY,
    sources: ['tikv/tikv#1610', 'ktoso/akka-raft#62'],
    rules: { waitsForDisk: (message) => message.kind !== 'AppendEntries' && message.kind !== 'RequestVoteReply' },
  },
  'append-truncates-always': {
    fault: 'A follower cuts its log behind prevLogIndex on every request, also where nothing conflicts.',
    section: '5.3',
    breaks: 'leader-completeness',
    noticedBy: ['commit-legitimacy', 'durability-honesty', 'state-machine-safety'],
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
  'ack-before-persist': {
    fault: 'A follower acknowledges entries before they are durable; a crash loses them.',
    section: '5.3, Figure 2',
    breaks: 'leader-completeness',
    noticedBy: ['durability-honesty', 'commit-legitimacy'],
    hunt: CRASHY,
    sources: ['deventlab/d-engine#444'],
    rules: { waitsForDisk: (message) => message.kind !== 'AppendEntries' && message.kind !== 'AppendEntriesReply' },
  },
  'prevote-refreshes-leader-contact': {
    fault:
      'Who gives a pre-vote behaves as if it had heard its leader: it then ignores the very candidate that it helped.',
    section: 'dissertation 4.2.3, 9.6',
    breaks: 'bounded-liveness',
    noticedBy: [],
    sources: ['hashicorp/raft#609'],
    handlers: (paper) => ({
      PreVote: (node, message) => {
        paper.PreVote(node, message);
        noteLeaderContact(node);
      },
    }),
    options: { preVote: true, checkQuorum: true },
  },
  'prevote-resets-durable-vote': {
    fault: 'A server that asks for pre-votes wipes the vote that it gave in its term.',
    section: 'dissertation 9.6',
    breaks: 'vote-once',
    noticedBy: ['durability-honesty', 'election-safety'],
    hunt: SLOW,
    sources: ['canonical/raft#196'],
    handlers: (paper) => ({
      campaign: (node) => {
        node.setTermAndVote(node.currentTerm, NOBODY);
        paper.campaign(node);
      },
    }),
    options: { preVote: true },
  },
  'pre-vote-counts-any-term': {
    fault: 'Pre-votes count that were given in an older term, for another question.',
    section: 'dissertation 9.6',
    breaks: 'steady-leader',
    noticedBy: [],
    hunt: SLOW,
    sources: ['etcd-io/etcd#8346'],
    rules: { preVoteCounts: (reply) => reply.granted },
    options: { preVote: true },
  },
  'term-inflation': {
    fault: 'A server raises its term when it asks for pre-votes, and not when it has them.',
    section: 'dissertation 9.6',
    breaks: 'steady-leader',
    noticedBy: [],
    sources: ['etcd-io/etcd#12959'],
    handlers: (paper) => ({
      campaign: (node) => {
        node.setTermAndVote(nextTerm(node.currentTerm), NOBODY);
        paper.campaign(node);
      },
    }),
    options: { preVote: true },
  },
  'stickiness-ignored': {
    fault: 'A server that hears its leader votes for whoever asks.',
    section: 'dissertation 4.2.3',
    breaks: 'steady-leader',
    noticedBy: [],
    sources: ['Ongaro’s dissertation, 4.2.3', 'hashicorp/raft#524', 'canonical/raft#137'],
    rules: { isStickyTo: () => false },
    options: { checkQuorum: true },
  },
  'leader-without-checkquorum': {
    fault: 'A leader looks for answers of a quorum, and leads on without them.',
    section: 'dissertation 6.2',
    breaks: 'leader-hears-quorum',
    noticedBy: [],
    hunt: { profile: 'partitions' },
    sources: ['Decentralized Thoughts, 2020-12-12', 'databendlabs/openraft#2080'],
    rules: { hasQuorumContact: () => true },
    options: { checkQuorum: true },
  },
  'retry-without-dedup': {
    fault: 'The state machine knows no sessions: a command that comes again is executed again.',
    section: '8',
    breaks: 'exactly-once',
    noticedBy: ['linearizability'],
    sources: ['Ongaro’s dissertation, 6.3'],
    sessions: { isRepeated: () => false },
  },
} as const satisfies Record<string, Variant>;

/** The name of a variant. */
export type VariantName = keyof typeof variantTable;

/** The names of all variants. */
export const variantNames: readonly VariantName[] = Object.keys(variantTable) as VariantName[];

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
