// What a server does about each thing that can happen to it, by name: one handler for each message, timer and request.
//
// The node calls its handlers and nothing else, so that a variant of the zoo can wrap one of them from outside, where a
// rule alone does not say what is wrong.

import { unreachable } from '../base/errors.ts';
import type { Message } from '../protocol/message.ts';
import type { Recovered } from '../protocol/recovered.ts';
import { onCatchUpTimeout } from './catch-up.ts';
import { onQuorumCheckTimeout } from './check-quorum.ts';
import { onElectionTimeout, onRequestVote, onRequestVoteReply, onWriteCompleted, startElection } from './election.ts';
import { onReadIndexReply } from './follower-reads.ts';
import { onLeaderContactTimeout } from './leader-contact.ts';
import { onPreVote, onPreVoteReply, startPreVote } from './pre-vote.ts';
import {
  onAppendEntries,
  onAppendEntriesReply,
  onChangeMembers,
  onHeartbeatTimeout,
  onPropose,
} from './replication.ts';
import { onInstallSnapshot, onInstallSnapshotReply } from './install-snapshot.ts';
import { compact, describeSnapshot, install, onSnapshotTimeout, restore } from './snapshot.ts';
import { onHeartbeatRound, onHeartbeatRoundReply, onLeaseTimeout, onRead, onReadIndex } from './reads.ts';
import type { Handlers, NodeState } from './state.ts';
import { onTimeoutNow } from './take-over.ts';
import { settleChange } from './membership.ts';
import { onTransfer, onTransferTimeout } from './transfer.ts';
import { becomeFollower } from './term.ts';

export const paperHandlers: Handlers = Object.freeze({
  AppendEntries: onAppendEntries,
  AppendEntriesReply: onAppendEntriesReply,
  RequestVote: onRequestVote,
  RequestVoteReply: onRequestVoteReply,
  PreVote: onPreVote,
  PreVoteReply: onPreVoteReply,
  TimeoutNow: onTimeoutNow,
  InstallSnapshot: onInstallSnapshot,
  InstallSnapshotReply: onInstallSnapshotReply,
  HeartbeatRound: onHeartbeatRound,
  HeartbeatRoundReply: onHeartbeatRoundReply,
  ReadIndex: onReadIndex,
  ReadIndexReply: onReadIndexReply,
  electionTimeout: onElectionTimeout,
  heartbeatTimeout: onHeartbeatTimeout,
  leaderContactTimeout: onLeaderContactTimeout,
  quorumCheckTimeout: onQuorumCheckTimeout,
  transferTimeout(node: NodeState): void {
    onTransferTimeout(node);
    // A change of the members may have waited for the end of it.
    settleChange(node);
  },
  leaseTimeout: onLeaseTimeout,
  campaign: (node: NodeState): void => (node.options.preVote ? startPreVote(node) : startElection(node, false)),
  snapshotTimeout: onSnapshotTimeout,
  writeCompleted: onWriteCompleted,
  // What the disk holds is unknown now; only a restart finds out.
  writeFailed: (node: NodeState, ticket: number): void => node.halt(`write ${ticket} failed`),
  newerTerm: (node: NodeState, { term }: Message): void => becomeFollower(node, term),
  catchUpTimeout: onCatchUpTimeout,
  propose: onPropose,
  changeMembers: onChangeMembers,
  transfer: onTransfer,
  read: onRead,
  recover: (recovered: Recovered): Recovered => recovered,
  describeSnapshot,
  compact,
  install,
  restore,
});

/** Calls the handler of a message: a plain switch, since every message comes by. */
export function handleMessage(node: NodeState, message: Message): void {
  const { handlers } = node;
  switch (message.kind) {
    case 'AppendEntries':
      return handlers.AppendEntries(node, message);
    case 'AppendEntriesReply':
      return handlers.AppendEntriesReply(node, message);
    case 'RequestVote':
      return handlers.RequestVote(node, message);
    case 'RequestVoteReply':
      return handlers.RequestVoteReply(node, message);
    case 'PreVote':
      return handlers.PreVote(node, message);
    case 'PreVoteReply':
      return handlers.PreVoteReply(node, message);
    case 'TimeoutNow':
      return handlers.TimeoutNow(node, message);
    case 'HeartbeatRound':
      return handlers.HeartbeatRound(node, message);
    case 'HeartbeatRoundReply':
      return handlers.HeartbeatRoundReply(node, message);
    case 'ReadIndex':
      return handlers.ReadIndex(node, message);
    case 'ReadIndexReply':
      return handlers.ReadIndexReply(node, message);
    case 'Foreign':
      // No server of ours can read it.
      return;
    case 'InstallSnapshot':
      return handlers.InstallSnapshot(node, message);
    case 'InstallSnapshotReply':
      return handlers.InstallSnapshotReply(node, message);
    default:
      return unreachable(message);
  }
}
