// The decisions of the protocol, each a pure function with the section that it comes from.
//
// The node asks these rules and decides nothing of the kind by itself. A variant of the zoo replaces one of them from
// outside; the node knows no variant. They must never keep state, and never change what they are given.

import { logIndex, NOBODY, type LogIndex, type NodeId, type Term } from '../base/ids.ts';
import { isQuorum, isVoter, jointOf, quorumIndex, votersApart, type Configuration } from '../protocol/configuration.ts';
import {
  ZERO_INDEX,
  type AppendEntriesReply,
  type Entry,
  type Message,
  type PreVoteReply,
  type RequestVote,
  type RequestVoteReply,
  type TimeoutNow,
} from '../protocol/message.ts';
import type { Damage, Remedy } from '../protocol/recovered.ts';
import type { Log } from './log.ts';
import type { Backtracking } from './options.ts';
import type { Snapshot } from '../protocol/snapshot.ts';
import type { FollowerProgress } from './progress.ts';

export interface Rules {
  /** 5.2: the vote of a node that becomes a follower; only a new term frees it. */
  voteOnStepDown(votedFor: NodeId, termRose: boolean): NodeId;
  /** 5.4.1: is the candidate's log at least as up to date as the voter's? */
  logIsUpToDate(theirTerm: Term, theirIndex: LogIndex, ourTerm: Term, ourIndex: LogIndex): boolean;
  /** 5.2: does this reply count in an election of this term? */
  voteCounts(reply: RequestVoteReply, currentTerm: Term): boolean;
  /** 5.2: notes a vote; each server has one. */
  recordVote(votes: NodeId[], voter: NodeId): void;
  /** 5.2: do the votes of these servers make a leader? */
  isElected(configuration: Configuration, votes: readonly NodeId[]): boolean;
  /** 5.1: does a server take over the newer term of this message? Thesis 9.6: that of a question it does not. */
  adoptsTerm(message: Message): boolean;
  /** Thesis 9.6: does this reply count for a server that asks in this term? */
  preVoteCounts(reply: PreVoteReply, currentTerm: Term): boolean;
  /** Thesis 4.2.3: does a server that knows this leader refuse to help the asker to its place? */
  isStickyTo(asker: NodeId, leader: NodeId, hasLeaderContact: boolean): boolean;
  /** Thesis 6.4: may a leader read, whose newest committed entry is of this term? */
  mayRead(committedTerm: Term, currentTerm: Term): boolean;
  /** Thesis 6.4: the last round that a quorum has answered; by id, the leader's own among them. */
  confirmedRound(configuration: Configuration, rounds: readonly LogIndex[]): number;
  /** Thesis 6.4: has a server executed enough to answer a read with this index? */
  mayServe(readIndex: LogIndex, commitIndex: LogIndex): boolean;
  /** Thesis 6.4.1: does a lease hold although the lead is, or was, to be handed over? */
  leaseHolds(isHandingOver: boolean): boolean;
  /** Thesis 6.4.1: must a server that starts with this term stay loyal for a while, to whomever? */
  waitsAfterRestart(term: Term): boolean;
  /** Thesis 4.2.3: may the sender of this request for a vote disturb a leader that works? */
  isPermitted(message: RequestVote): boolean;
  /** Thesis 3.10: is this request to take over of the term in which the server is? */
  heedsTimeoutNow(message: TimeoutNow, currentTerm: Term): boolean;
  /** Thesis 3.10: does a follower hold enough of its leader’s log to take over? */
  mayTakeOver(matchIndex: LogIndex, lastIndex: LogIndex): boolean;
  /** Thesis 3.10: who is still to take over from a leader that has lost its lead? */
  transfereeOnStepDown(transferee: NodeId): NodeId;
  /** Thesis 3.10: does a leader take commands while this server (nobody: none) is to take over? */
  takesCommands(transferee: NodeId): boolean;
  /** Thesis 6.2: may a leader that these servers, itself among them, have answered go on? */
  hasQuorumContact(configuration: Configuration, active: readonly NodeId[]): boolean;
  /** 5.1, Figure 2 (persistent state): must what was written so far be durable before this message leaves? */
  waitsForDisk(message: Message): boolean;
  /** FAST 2018: what a server does about a synced record that went bad: it may have told others of it. */
  readonly onDamage: (damage: Damage) => Remedy;
  /** 5.3: does the log hold the entry that precedes the new ones? */
  prevMatches(log: Log, prevLogIndex: LogIndex, prevLogTerm: Term): boolean;
  /** 5.3: where the follower's log has to be cut: at the first entry that conflicts; 0 if there is none. */
  cutPoint(log: Log, prevLogIndex: LogIndex, entries: readonly Entry[], commitIndex: LogIndex): LogIndex;
  /** 5.3, Figure 2 (AppendEntries, 5): how far the request shows a follower that entries are committed. */
  followerCommit(leaderCommit: LogIndex, verifiedIndex: LogIndex, lastIndex: LogIndex): LogIndex;
  /** 5.3: the first entry that the next AppendEntries to a follower carries. */
  firstIndexToSend(progress: FollowerProgress, log: Log): LogIndex;
  /** 5.3, end: where the leader tries next after a follower refused the entry after prevLogIndex. */
  nextIndexAfterRejection(log: Log, reply: AppendEntriesReply, backtracking: Backtracking): LogIndex;
  /** 5.3: up to which entry a follower holds the log that answered with success. */
  acknowledgedIndex(reply: AppendEntriesReply, progress: FollowerProgress): LogIndex;
  /** 5.3: the highest index that a quorum holds; by id, the leader's own durable index among them. */
  quorumMatch(configuration: Configuration, matchIndexes: readonly LogIndex[]): LogIndex;
  /** 5.4.2: a leader counts replicas only for entries of its own term (Figure 8). */
  mayCommitByCounting(entryTerm: Term, currentTerm: Term): boolean;
  /** 6: where the configuration stands that a server with this log uses; 0: before all of it. */
  configurationInForce(log: Log, commitIndex: LogIndex): LogIndex;
  /** Thesis 4.1, as repaired in 2015: has the leader committed an entry of its own term? */
  hasCommittedInTerm(log: Log, commitIndex: LogIndex, currentTerm: Term): boolean;
  /** 6, thesis 4.1: is the change that leads to the configuration at this index still under way? */
  isChangeUnderWay(configurationIndex: LogIndex, commitIndex: LogIndex): boolean;
  /** Thesis 4.1: is one change, at once, safe? */
  isSingleStep(old: Configuration, next: Configuration): boolean;
  /** 6: the configuration that a leader appends first on the way from one to another. */
  firstStep(old: Configuration, next: Configuration, isJointUsed: boolean): Configuration;
  /** Thesis 4.2.1, 4.2.2: may a server stand for election under this configuration? */
  mayStand(configuration: Configuration, id: NodeId): boolean;
  /** Thesis 4.2.2: may a server stand that this configuration knows, and one behind it, not committed, does not? */
  mayFinishChange(before: Configuration, id: NodeId): boolean;
  /** 6: does a leader go on to C_new from a committed joint configuration that a leader of this term began? */
  leavesJoint(began: Term, currentTerm: Term): boolean;
  /** Thesis 4.2.2: does a leader lead on once this configuration is committed? */
  leadsOn(committed: Configuration, id: NodeId): boolean;
  /** 7: is the entry before the next one gone, so that a follower needs a snapshot? */
  needsSnapshot(nextIndex: LogIndex, base: LogIndex): boolean;
  /** 7: does a server need nothing of a snapshot, since it knows as much to be committed? */
  isSnapshotStale(lastIncludedIndex: LogIndex, commitIndex: LogIndex, lastIndex: LogIndex): boolean;
  /** 7, Figure 13, 6: does the log go on from the snapshot, so that what stands behind it stays? */
  continuesSnapshot(log: Log, lastIncludedIndex: LogIndex, lastIncludedTerm: Term): boolean;
  /** 7, Figure 13, 3: does this piece begin where the one before ended? */
  isNextPiece(offset: number, received: number): boolean;
  /** 7: the snapshot that a follower gets, while it may be receiving one. */
  snapshotToSend(begun: Snapshot | undefined, latest: Snapshot): Snapshot;
  /** 7: the byte with which a leader goes on after an answer; a follower that starts anew begins at 0. */
  offsetAfterAnswer(offset: number, nextOffset: number): number;
  /** 7: how much of the log goes with a snapshot up to an index; a tail may stay for those who are a bit behind. */
  baseAfterSnapshot(lastIndex: LogIndex, keptEntries: number): LogIndex;
}

export const paperRules: Rules = Object.freeze({
  voteOnStepDown: (votedFor: NodeId, termRose: boolean): NodeId => (termRose ? NOBODY : votedFor),

  logIsUpToDate: (theirTerm: Term, theirIndex: LogIndex, ourTerm: Term, ourIndex: LogIndex): boolean =>
    theirTerm > ourTerm || (theirTerm === ourTerm && theirIndex >= ourIndex),

  voteCounts: (reply: RequestVoteReply, currentTerm: Term): boolean => reply.granted && reply.term === currentTerm,

  recordVote(votes: NodeId[], voter: NodeId): void {
    if (!votes.includes(voter)) votes.push(voter);
  },

  isElected: isQuorum,

  adoptsTerm: (message: Message): boolean => message.kind !== 'PreVote',

  preVoteCounts: (reply: PreVoteReply, currentTerm: Term): boolean => reply.granted && reply.askedTerm === currentTerm,

  // The leader itself may have stepped down and ask for its place again.
  isStickyTo: (asker: NodeId, leader: NodeId, hasLeaderContact: boolean): boolean =>
    hasLeaderContact && asker !== leader,

  mayRead: (committedTerm: Term, currentTerm: Term): boolean => committedTerm === currentTerm,

  confirmedRound: quorumIndex,

  mayServe: (readIndex: LogIndex, commitIndex: LogIndex): boolean => readIndex <= commitIndex,

  leaseHolds: (isHandingOver: boolean): boolean => !isHandingOver,

  waitsAfterRestart: (term: Term): boolean => term > 0,

  isPermitted: (message: RequestVote): boolean => message.isTransfer,

  heedsTimeoutNow: (message: TimeoutNow, currentTerm: Term): boolean => message.term === currentTerm,

  mayTakeOver: (matchIndex: LogIndex, lastIndex: LogIndex): boolean => matchIndex === lastIndex,

  transfereeOnStepDown: (): NodeId => NOBODY,

  takesCommands: (transferee: NodeId): boolean => transferee === NOBODY,

  hasQuorumContact: isQuorum,

  // A leader may send entries while its own disk still works on them (thesis 10.2.1): it counts itself later. Its
  // snapshots are durable, and a round says nothing of entries.
  waitsForDisk: ({ kind }: Message): boolean =>
    kind !== 'AppendEntries' && kind !== 'InstallSnapshot' && kind !== 'HeartbeatRound',

  // Only a torn tail may be cut, and the disk knows it: nobody was told of it. Whoever forgets more might vote twice.
  onDamage: (): Remedy => 'stay away',

  // What a snapshot stands for is committed, and so the same in every log.
  prevMatches: (log: Log, prevLogIndex: LogIndex, prevLogTerm: Term): boolean =>
    prevLogIndex < log.base || log.has(prevLogIndex, prevLogTerm),

  // Entries that are there already stay: the request may be older than what came after them.
  cutPoint(log: Log, prevLogIndex: LogIndex, entries: readonly Entry[]): LogIndex {
    const last = log.lastIndex;
    for (let i = 0; i < entries.length; i++) {
      const index = logIndex(prevLogIndex + 1 + i);
      if (index > last) return ZERO_INDEX;
      if (index > log.base && log.termAt(index) !== (entries[i] as Entry).term) return index;
    }
    return ZERO_INDEX;
  },

  // Behind the last entry that this request verified, the follower's log may be another leader's.
  followerCommit: (leaderCommit: LogIndex, verifiedIndex: LogIndex): LogIndex =>
    leaderCommit < verifiedIndex ? leaderCommit : verifiedIndex,

  firstIndexToSend: (progress: FollowerProgress): LogIndex => progress.nextIndex,

  nextIndexAfterRejection(log: Log, reply: AppendEntriesReply, backtracking: Backtracking): LogIndex {
    const { prevLogIndex, conflictTerm, conflictIndex } = reply;
    if (backtracking === 'one') return prevLogIndex;
    const sameTerm = conflictTerm === 0 ? ZERO_INDEX : log.lastIndexOfTerm(conflictTerm);
    const next = sameTerm > 0 ? logIndex(sameTerm + 1) : conflictIndex;
    return next < prevLogIndex ? next : prevLogIndex;
  },

  // What the leader has sent since says nothing about what was answered.
  acknowledgedIndex: (reply: AppendEntriesReply): LogIndex => reply.matchIndex,

  quorumMatch: quorumIndex,

  mayCommitByCounting: (entryTerm: Term, currentTerm: Term): boolean => entryTerm === currentTerm,

  configurationInForce: (log: Log): LogIndex => log.configurationIndex,

  // Else the changes of two leaders may start from one configuration and lead to two without a common server.
  hasCommittedInTerm: (log: Log, commitIndex: LogIndex, currentTerm: Term): boolean =>
    log.termAt(commitIndex) === currentTerm,

  isChangeUnderWay: (configurationIndex: LogIndex, commitIndex: LogIndex): boolean => configurationIndex > commitIndex,

  isSingleStep: (old: Configuration, next: Configuration): boolean => votersApart(old, next) <= 1,

  // Learners never count: who only moves learners needs no joint configuration.
  firstStep: (old: Configuration, next: Configuration, isJointUsed: boolean): Configuration =>
    isJointUsed && votersApart(old, next) > 0 ? jointOf(old, next) : next,

  mayStand: isVoter,

  // It may be the only one with the log to be elected, and to finish the change.
  mayFinishChange: isVoter,

  // Whoever began it: nobody else will finish it.
  leavesJoint: (): boolean => true,

  leadsOn: isVoter,

  needsSnapshot: (nextIndex: LogIndex, base: LogIndex): boolean => nextIndex <= base,

  isSnapshotStale: (lastIncludedIndex: LogIndex, commitIndex: LogIndex): boolean => lastIncludedIndex <= commitIndex,

  continuesSnapshot: (log: Log, lastIncludedIndex: LogIndex, lastIncludedTerm: Term): boolean =>
    log.has(lastIncludedIndex, lastIncludedTerm),

  isNextPiece: (offset: number, received: number): boolean => offset === received,

  // A newer one would begin at its first byte: with frequent snapshots none would ever arrive.
  snapshotToSend: (begun: Snapshot | undefined, latest: Snapshot): Snapshot => begun ?? latest,

  offsetAfterAnswer: (_offset: number, nextOffset: number): number => nextOffset,

  baseAfterSnapshot: (lastIndex: LogIndex, keptEntries: number): LogIndex =>
    logIndex(lastIndex > keptEntries ? lastIndex - keptEntries : 0),
});
