// The zoo: bugs of a follower’s log (section 5.3), and of what a server does to its own.
//
// A row is as small as the real bug. It must never need a flag in the node.

import { logIndex, NOBODY } from '../../base/ids.ts';
import { ZERO_INDEX, ZERO_TERM, type AppendEntries, type Entry } from '../../protocol/message.ts';
import type { NodeState } from '../../raft/state.ts';
import { advanceCommit } from '../../raft/replication.ts';
import { ADVERSARY, CRASHY } from '../hunts.ts';
import type { Variant } from '../row.ts';

/** Variants of logs. */
export const logVariants = {
  'truncate-to-commit-on-role-change': {
    fault: 'A server drops what it does not know to be committed when it stands for election.',
    section: '5.4.1',
    breaks: 'leader-completeness',
    noticedBy: ['commit-legitimacy', 'durability-honesty', 'state-machine-safety', 'committed-on-quorum'],
    sources: ['camunda/camunda#57393'],
    handlers: (paper) => ({
      campaign: (node) => {
        if (node.log.lastIndex > node.commitIndex) node.cutLogFrom(logIndex(node.commitIndex + 1));
        paper.campaign(node);
      },
    }),
  },
  'heartbeat-skips-log-check': {
    fault: 'A heartbeat is answered with success whatever stands at prevLogIndex.',
    section: '5.3',
    breaks: 'leader-completeness',
    noticedBy: ['durability-honesty', 'commit-legitimacy', 'state-machine-safety', 'handlers-never-throw'],
    sources: ['Students’ Guide to Raft'],
    handlers: (paper) => ({
      AppendEntries: (node, message) => {
        const isNew = message.term >= node.currentTerm;
        paper.AppendEntries(node, message);
        if (isNew && message.entries.length === 0) succeed(node, message);
      },
    }),
  },
  'append-keeps-conflicts': {
    fault: 'A follower keeps entries that conflict, and appends only behind the end of its log.',
    section: '5.3',
    breaks: 'log-matching',
    noticedBy: [
      'durability-honesty',
      'state-machine-safety',
      'commit-legitimacy',
      'handlers-never-throw',
      'progress-truth',
    ],
    sources: ['amino-os/Amino.Run#143', 'camunda/camunda#5360'],
    rules: { cutPoint: () => ZERO_INDEX },
  },
  'commit-not-clamped': {
    fault: 'A follower takes over leaderCommit, also beyond the end of its log.',
    section: '5.3, Figure 2',
    breaks: 'handlers-never-throw',
    noticedBy: ['commit-legitimacy', 'state-machine-safety'],
    sources: ['vesoft-inc/nebula#681', 'cockroachdb/cockroach#122100'],
    rules: { followerCommit: (leaderCommit) => leaderCommit },
  },
  'entry-term-restamped': {
    fault: 'A new leader gives its uncommitted entries the new term, to be allowed to commit them.',
    section: '5.4.2',
    breaks: 'log-matching',
    noticedBy: ['leader-completeness', 'state-machine-safety', 'commit-legitimacy', 'committed-on-quorum'],
    sources: ['a wrong cure for Figure 8'],
    handlers: (paper) => ({
      RequestVoteReply: (node, reply) => {
        const wasLeader = node.role === 'leader';
        paper.RequestVoteReply(node, reply);
        if (node.role === 'leader' && !wasLeader) restamp(node);
      },
    }),
  },
  'async-append-ack-aba': {
    fault: 'A write that completes vouches for the whole log, also for what was put in the place of its entries since.',
    section: 'dissertation 10.2.1',
    breaks: 'commit-legitimacy',
    noticedBy: ['leader-completeness'],
    hunt: CRASHY,
    sources: ['etcd-io/raft#8', 'cockroachdb/cockroach#124440'],
    handlers: (paper) => ({
      writeCompleted: (node, ticket) => {
        paper.writeCompleted(node, ticket);
        node.durableIndex = node.log.lastIndex;
        if (node.role === 'leader') advanceCommit(node);
      },
    }),
  },
  'truncation-lowers-term': {
    fault: 'A follower that cuts its log falls back to the term of its last entry, and may vote again.',
    section: '5.1, 5.2',
    breaks: 'monotonicity',
    noticedBy: ['vote-once', 'durability-honesty', 'handlers-never-throw', 'election-safety'],
    hunt: { ...ADVERSARY, scheduler: 'walk' },
    sources: ['nats-io/nats-server#5975'],
    // A no-op in every term is the last entry, and of the current term.
    options: { noOpOnElection: false },
    handlers: (paper) => ({
      AppendEntries: (node, message) => {
        const { lastIndex } = node.log;
        const hash = node.log.prefixHash;
        paper.AppendEntries(node, message);
        const isCut = node.log.lastIndex < lastIndex || (lastIndex > 0 && node.log.prefixHashAt(lastIndex) !== hash);
        if (!isCut) return;
        node.currentTerm = node.log.lastTerm;
        node.votedFor = NOBODY;
      },
    }),
  },
  'late-append-passes-for-new': {
    fault: 'A follower takes a request of an older leader for one of its own.',
    section: '5.1, 5.3',
    breaks: 'leader-completeness',
    noticedBy: [
      'commit-legitimacy',
      'durability-honesty',
      'state-machine-safety',
      'handlers-never-throw',
      'log-matching',
      'committed-on-quorum',
    ],
    hunt: ADVERSARY,
    sources: ['nats-io/nats-server#7209'],
    handlers: (paper) => ({
      AppendEntries: (node, message) =>
        paper.AppendEntries(node, node.role === 'leader' ? message : { ...message, term: node.currentTerm }),
    }),
  },
} as const satisfies Record<string, Variant>;

function succeed(node: NodeState, { from, prevLogIndex }: AppendEntries): void {
  node.send({
    kind: 'AppendEntriesReply',
    from: node.id,
    to: from,
    term: node.currentTerm,
    success: true,
    prevLogIndex,
    matchIndex: prevLogIndex,
    conflictTerm: ZERO_TERM,
    conflictIndex: ZERO_INDEX,
  });
}

function restamp(node: NodeState): void {
  const first = logIndex(node.commitIndex + 1);
  const entries: Entry[] = [];
  for (let index = first; index <= node.log.lastIndex; index = logIndex(index + 1)) {
    entries.push({ term: node.currentTerm, command: node.log.entryAt(index).command });
  }
  if (entries.length === 0) return;
  node.cutLogFrom(first);
  for (const entry of entries) node.append(entry);
}
