// The zoo: bugs of votes and candidacies (section 5.2), and of the order of logs (5.4.1).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { NOBODY, type NodeId } from '../../base/ids.ts';
import type { Configuration } from '../../protocol/configuration.ts';
import type { AppendEntriesReply, RequestVote } from '../../protocol/message.ts';
import { Timer } from '../../protocol/timers.ts';
import { Followers } from '../../raft/progress.ts';
import type { NodeState } from '../../raft/state.ts';
import { becomeFollower } from '../../raft/term.ts';
import { CRASHY, LONELY, SLOW } from '../hunts.ts';
import type { Variant } from '../row.ts';

/** Variants of votes and candidacies. */
export const voteVariants = {
  'vote-reset-candidate-step-down': {
    fault: 'A candidate that meets the leader of its term forgets that it voted for itself.',
    section: '5.2',
    breaks: 'vote-once',
    noticedBy: ['durability-honesty'],
    hunt: SLOW,
    sources: ['ktoso/akka-raft#56', 'microsoft/CCF#5891'],
    handlers: (paper) => ({
      AppendEntries: (node, message) => {
        if (node.role === 'candidate' && message.term === node.currentTerm) {
          node.setTermAndVote(node.currentTerm, NOBODY);
        }
        paper.AppendEntries(node, message);
      },
    }),
    options: { noOpOnElection: false },
  },
  'leader-clears-own-vote': {
    fault: 'A new leader wipes the vote that it gave itself, and may vote for a rival of its term.',
    section: '5.2',
    breaks: 'vote-once',
    noticedBy: ['durability-honesty', 'election-safety'],
    hunt: SLOW,
    sources: ['Figure 2, votedFor'],
    handlers: (paper) => ({
      RequestVoteReply: (node, reply) => {
        const wasLeader = node.role === 'leader';
        paper.RequestVoteReply(node, reply);
        if (node.role === 'leader' && !wasLeader) node.setTermAndVote(node.currentTerm, NOBODY);
      },
    }),
    options: { noOpOnElection: false },
  },
  'vote-log-check-length-only': {
    fault: 'A voter compares the lengths of the logs and not the terms of their last entries.',
    section: '5.4.1',
    breaks: 'leader-completeness',
    noticedBy: ['state-machine-safety', 'handlers-never-throw', 'commit-legitimacy'],
    hunt: { profile: 'partitions' },
    sources: ['Students’ Guide to Raft'],
    rules: { logIsUpToDate: (_theirTerm, theirIndex, _ourTerm, ourIndex) => theirIndex >= ourIndex },
  },
  'vote-log-check-term-only': {
    fault: 'A voter compares the terms of the last entries and not the lengths of the logs.',
    section: '5.4.1',
    breaks: 'leader-completeness',
    noticedBy: ['state-machine-safety', 'handlers-never-throw', 'commit-legitimacy'],
    hunt: { profile: 'partitions' },
    sources: ['Raft, 5.4.1'],
    rules: { logIsUpToDate: (theirTerm, _theirIndex, ourTerm) => theirTerm >= ourTerm },
  },
  'vote-log-check-componentwise': {
    fault:
      'A voter asks for a last entry that is neither of an older term nor at a lower index: two logs block each other.',
    section: '5.4.1',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['databendlabs/openraft, change log, a48a3282'],
    rules: {
      logIsUpToDate: (theirTerm, theirIndex, ourTerm, ourIndex) => theirTerm >= ourTerm && theirIndex >= ourIndex,
    },
  },
  'vote-log-check-by-commit-index': {
    fault: 'A voter looks for what it knows to be committed in the candidate’s log, not for what it holds.',
    section: '5.4.1',
    breaks: 'leader-completeness',
    noticedBy: ['state-machine-safety', 'handlers-never-throw', 'commit-legitimacy'],
    sources: ['a reading of 5.4.1 that ranks by commitIndex'],
    handlers: () => ({ RequestVote: voteByCommitIndex }),
  },
  'higher-term-handled-after-vote-check': {
    fault: 'The vote of an older term counts on in the new one: who voted then refuses the candidates that follow.',
    section: '5.1, 5.2',
    breaks: 'bounded-liveness',
    noticedBy: ['durability-honesty', 'vote-once'],
    sources: ['Students’ Guide to Raft'],
    rules: { voteOnStepDown: (votedFor) => votedFor },
  },
  'wait-for-all-vote-replies': {
    fault: 'A candidate waits for the votes of all.',
    section: '5.2',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['a reading of 5.2 that joins all requests'],
    rules: { isElected: hasEveryVote },
  },
  'self-vote-not-persisted': {
    fault: 'A candidate asks for votes before its own vote and its new term are durable; a crash forgets both.',
    section: '5.2, Figure 2',
    breaks: 'monotonicity',
    noticedBy: ['durability-honesty', 'vote-once'],
    hunt: CRASHY,
    sources: ['wenweihu86/raft-java#57'],
    rules: { waitsForDisk: (message) => message.kind !== 'AppendEntries' && message.kind !== 'RequestVote' },
  },
  'term-not-persisted-on-reject': {
    fault: 'A refusal of entries leaves before the newer term that it tells of is durable.',
    section: '5.1, Figure 2',
    breaks: 'monotonicity',
    noticedBy: ['durability-honesty'],
    hunt: CRASHY,
    sources: ['databendlabs/openraft, change log, 8651625e'],
    rules: {
      waitsForDisk: (message) =>
        message.kind === 'AppendEntriesReply' ? message.success : message.kind !== 'AppendEntries',
    },
  },
  'leader-adopts-term-without-step-down': {
    fault: 'A leader that learns of a newer term from an answer takes it over, and leads on in it.',
    section: '5.1',
    breaks: 'election-safety',
    noticedBy: ['durability-honesty', 'log-matching', 'leader-completeness', 'state-machine-safety', 'steady-leader'],
    sources: ['camunda/camunda#5360', 'hashicorp/raft#695'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        if (isDeposedBy(node, reply)) leadOn(node);
        paper.AppendEntriesReply(node, reply);
      },
    }),
  },
  'heartbeat-after-step-down': {
    fault: 'A leader that just stepped down sends one more round of heartbeats, in the term that it has only heard of.',
    section: '5.1',
    breaks: 'bounded-liveness',
    noticedBy: ['state-machine-safety', 'commit-legitimacy', 'handlers-never-throw', 'durability-honesty'],
    sources: ['eliben/raft#13'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        if (isDeposedBy(node, reply)) lastHeartbeats(node);
        paper.AppendEntriesReply(node, reply);
      },
    }),
  },
  'stale-append-deposes-leader': {
    fault: 'A leader that meets a request of an older leader steps down in its own term, and forgets its vote.',
    section: '5.1, 5.2',
    breaks: 'vote-once',
    noticedBy: ['durability-honesty', 'election-safety'],
    hunt: SLOW,
    sources: ['nats-io/nats-server#5314'],
    handlers: (paper) => ({
      AppendEntries: (node, message) => {
        if (node.role === 'leader' && message.term < node.currentTerm) {
          becomeFollower(node, node.currentTerm);
          node.setTermAndVote(node.currentTerm, NOBODY);
        }
        paper.AppendEntries(node, message);
      },
    }),
    options: { noOpOnElection: false },
  },
} as const satisfies Record<string, Variant>;

function voteByCommitIndex(node: NodeState, message: RequestVote): void {
  const isFree = node.votedFor === NOBODY || node.votedFor === message.from;
  const granted = message.term === node.currentTerm && isFree && message.lastLogIndex >= node.commitIndex;
  if (granted) {
    node.setTermAndVote(node.currentTerm, message.from);
    node.arm(Timer.election);
  }
  node.send({ kind: 'RequestVoteReply', from: node.id, to: message.from, term: node.currentTerm, granted });
}

function hasEveryVote({ voters }: Configuration, votes: readonly NodeId[]): boolean {
  return voters.every((voter) => votes.includes(voter));
}

/** An answer in the server's own term that asks for no leader of that term: it brought the term. */
const isDeposedBy = (node: NodeState, reply: AppendEntriesReply): boolean =>
  node.role === 'follower' && node.leader === NOBODY && reply.term === node.currentTerm && !reply.success;

function leadOn(node: NodeState): void {
  node.role = 'leader';
  node.leader = node.id;
  node.followers = new Followers(node.peers, node.log.lastIndex);
  node.disarm(Timer.election);
  node.arm(Timer.heartbeat);
}

function lastHeartbeats(node: NodeState): void {
  for (const to of node.peers) {
    node.send({
      kind: 'AppendEntries',
      from: node.id,
      to,
      term: node.currentTerm,
      prevLogIndex: node.log.lastIndex,
      prevLogTerm: node.log.lastTerm,
      entries: [],
      leaderCommit: node.commitIndex,
    });
  }
}
