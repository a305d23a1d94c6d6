// The zoo: bugs of what a leader believes of its followers (Figure 2, volatile state on leaders), and of what it makes
// of their answers (5.3).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { logIndex, type LogIndex } from '../../base/ids.ts';
import type { Configuration } from '../../protocol/configuration.ts';
import type { AppendEntriesReply } from '../../protocol/message.ts';
import type { Followers } from '../../raft/progress.ts';
import { paperRules } from '../../raft/rules.ts';
import type { NodeState } from '../../raft/state.ts';
import { ADVERSARY, LONELY } from '../hunts.ts';
import type { Variant } from '../row.ts';

/** Variants of a leader’s beliefs. */
export const progressVariants = {
  'match-index-regresses': {
    fault: 'An answer that comes late lowers what the leader knows of its follower.',
    section: '5.3',
    breaks: 'monotonicity',
    noticedBy: [],
    sources: ['zhebrak/raftos#25', 'bakwc/PySyncObj#167'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        paper.AppendEntriesReply(node, reply);
        const progress =
          node.role === 'leader' && reply.term === node.currentTerm ? node.followerOf(reply.from) : undefined;
        if (progress !== undefined && reply.success) progress.matchIndex = reply.matchIndex;
      },
    }),
  },
  'match-from-current-state': {
    fault: 'A leader takes what it has sent by now for what an answer acknowledges.',
    section: '5.3',
    breaks: 'leader-completeness',
    noticedBy: ['progress-truth', 'commit-legitimacy', 'state-machine-safety', 'handlers-never-throw'],
    sources: ['Students’ Guide to Raft', 'adjoint-io/raft#130'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        const progress = reply.success && reply.term === node.currentTerm ? node.followerOf(reply.from) : undefined;
        const matchIndex = progress === undefined ? reply.matchIndex : logIndex(progress.nextIndex - 1);
        paper.AppendEntriesReply(node, { ...reply, matchIndex });
      },
    }),
  },
  'answers-taken-in-order': {
    fault: 'A leader takes an answer for that to the oldest message on its way, whichever it answers.',
    section: '5.3',
    breaks: 'progress-truth',
    noticedBy: ['commit-legitimacy'],
    hunt: { profile: 'lossy' },
    sources: ['Ongaro’s dissertation, 10.2.1: pipelining over a network that may reorder'],
    rules: {
      acknowledgedIndex: (reply, progress) =>
        progress.inflight.length > 0 ? (progress.inflight.at(0) as LogIndex) : reply.matchIndex,
    },
  },
  'hint-ignored': {
    fault: 'A leader steps back one entry at a time, though the follower said where its term begins.',
    section: '5.3, end',
    breaks: 'message-budget',
    noticedBy: ['bounded-liveness'],
    hunt: { profile: 'partitions', parameters: { cutEvery: 600_000, cutFor: 2_000_000, clients: 12, thinkMax: 5_000 } },
    sources: ['Students’ Guide to Raft: an optimization that matters with long logs'],
    rules: { nextIndexAfterRejection: (_log, reply) => reply.prevLogIndex },
  },
  'next-not-advanced-on-success': {
    fault: 'An acknowledgement raises matchIndex and leaves nextIndex: the same entries are sent over and over.',
    section: '5.3',
    breaks: 'monotonicity',
    noticedBy: ['progress-truth', 'bounded-liveness', 'message-budget'],
    sources: ['bakwc/PySyncObj#167', 'willemt/raft#118'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        const before = node.followerOf(reply.from)?.nextIndex;
        paper.AppendEntriesReply(node, reply);
        const progress = node.followerOf(reply.from);
        if (progress !== undefined && before !== undefined && reply.success) progress.nextIndex = before;
      },
    }),
  },
  'nack-advances-match': {
    fault: 'A leader takes the end of the log that a refusal tells of for what the follower holds of its own.',
    section: '5.3',
    breaks: 'leader-completeness',
    noticedBy: [
      'progress-truth',
      'bounded-liveness',
      'commit-legitimacy',
      'state-machine-safety',
      'handlers-never-throw',
    ],
    sources: ['Howard and others, Smart Casual Verification of CCF, 2025'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        const progress =
          node.role === 'leader' && reply.term === node.currentTerm ? node.followerOf(reply.from) : undefined;
        if (progress !== undefined && !reply.success) progress.acknowledge(endOf(reply));
        paper.AppendEntriesReply(node, reply);
      },
    }),
  },
  'progress-not-reset-on-election': {
    fault: 'What a leader knew of its followers survives until it leads again.',
    section: '5.3, Figure 2',
    breaks: 'monotonicity',
    noticedBy: [
      'leader-completeness',
      'commit-legitimacy',
      'state-machine-safety',
      'handlers-never-throw',
      'log-matching',
      'durability-honesty',
      'progress-truth',
    ],
    hunt: ADVERSARY,
    sources: ['Figure 2, reinitialized after election'],
    handlers: (paper) => {
      const known = new WeakMap<NodeState, Followers>();
      return {
        RequestVoteReply: (node, reply) => {
          const wasLeader = node.role === 'leader';
          paper.RequestVoteReply(node, reply);
          if (wasLeader || node.followers === undefined) return;
          const before = known.get(node);
          known.set(node, node.followers);
          for (const progress of node.followers.list) {
            progress.matchIndex = before?.of(progress.id)?.matchIndex ?? progress.matchIndex;
          }
        },
      };
    },
  },
  'self-match-not-counted': {
    fault:
      'The leader’s own copy does not count: an entry is committed once a majority of servers beside one holds it.',
    section: '5.3',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['camunda/camunda#8357', 'apache/kudu KUDU-1469'],
    rules: { quorumMatch: oneTooMany },
  },
  'commit-scan-stops-at-old-term': {
    fault: 'The search for what is committed ends at the first entry of an older term, and never gets beyond it.',
    section: '5.4.2',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['zhebrak/raftos#30'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) =>
        paper.AppendEntriesReply(node, isStuck(node) ? { ...reply, matchIndex: node.commitIndex } : reply),
    }),
  },
  'heartbeat-ack-ignored': {
    fault: 'An acknowledgement of a request without entries teaches the leader nothing.',
    section: '5.3',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['camunda/camunda#8324'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        if (!reply.success || reply.matchIndex > reply.prevLogIndex) paper.AppendEntriesReply(node, reply);
      },
    }),
    options: { probeWithEntries: false },
  },
  'refused-pipeline-never-resumes': {
    fault:
      'A leader that sends ahead of the answers ignores a refusal: heartbeats go on, and the follower is never served.',
    section: '5.3',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['grafana/pyroscope#5518'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        const isAhead = node.followerOf(reply.from)?.mode === 'replicate' && reply.term === node.currentTerm;
        if (reply.success || !isAhead) paper.AppendEntriesReply(node, reply);
      },
    }),
  },
  'conflict-window-limit': {
    fault: 'The search for the place where two logs part gives up a few entries before the end of the leader’s.',
    section: '5.3',
    breaks: 'bounded-liveness',
    noticedBy: ['message-budget'],
    hunt: { profile: 'partitions' },
    sources: ['databendlabs/openraft, change log, 6d53aa12'],
    rules: {
      nextIndexAfterRejection(log, reply, backtracking): LogIndex {
        const next = paperRules.nextIndexAfterRejection(log, reply, backtracking);
        return logIndex(Math.max(next, Math.min(reply.prevLogIndex, log.lastIndex - WINDOW)));
      },
    },
  },
} as const satisfies Record<string, Variant>;

/** How many entries before the end are looked at. */
const WINDOW = 4;

/** The end of the follower's log, as far as a refusal tells. */
const endOf = ({ prevLogIndex, conflictTerm, conflictIndex }: AppendEntriesReply): LogIndex =>
  conflictTerm === 0 && conflictIndex > 0 ? logIndex(conflictIndex - 1) : prevLogIndex;

/** The first entry that is not committed is of an older term. */
const isStuck = (node: NodeState): boolean =>
  node.role === 'leader' &&
  node.log.lastIndex > node.commitIndex &&
  node.log.termAt(logIndex(node.commitIndex + 1)) !== node.currentTerm;

/** What one server more than a majority holds. */
function oneTooMany({ voters }: Configuration, matchIndexes: readonly LogIndex[]): LogIndex {
  const sorted = voters.map((voter) => matchIndexes[voter] ?? logIndex(0)).toSorted((a, b) => b - a);
  return sorted[Math.min(voters.length - 1, (voters.length >>> 1) + 1)] ?? logIndex(0);
}
