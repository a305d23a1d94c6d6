// The vocabulary that node, world, checks and traces share: entries, messages, what goes to disk.
//
// It stands below both `raft/` and `sim/`, so that neither needs to know the other. Field names are the paper's
// (Figure 2). Each message has exactly its own fields, always written in this order. A message is never changed after
// it was made; entries may be shared between logs and messages, and arrays of entries between messages, but never the
// array in which a log keeps its entries.

import { logIndex, term, type LogIndex, type NodeId, type Term } from '../base/ids.ts';
import type { Compaction, Snapshot } from './snapshot.ts';

/** What a state machine executes; Raft sees only its digest and its size in bytes. */
export interface Command {
  readonly hash: number;
  readonly bytes: number;
}

/** The command that changes nothing: a new leader's first entry (section 8). */
export const NO_OP: Command = Object.freeze({ hash: 0, bytes: 0 });

/** A log entry; its index is its place. */
export interface Entry {
  readonly term: Term;
  readonly command: Command;
}

export interface RequestVote {
  readonly kind: 'RequestVote';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
  /** Thesis 4.2.3: the leader itself asked for this election, so that nobody need stay loyal to it. */
  readonly isTransfer: boolean;
}

export interface RequestVoteReply {
  readonly kind: 'RequestVoteReply';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly granted: boolean;
}

/** Thesis 9.6: could the sender win an election in the term behind its own? */
export interface PreVote {
  readonly kind: 'PreVote';
  readonly from: NodeId;
  readonly to: NodeId;
  /** The sender's term, which it has not raised. */
  readonly term: Term;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
}

export interface PreVoteReply {
  readonly kind: 'PreVoteReply';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly granted: boolean;
  /** The request's term, so that an answer to an earlier question is none to this one. */
  readonly askedTerm: Term;
}

export interface AppendEntries {
  readonly kind: 'AppendEntries';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly prevLogIndex: LogIndex;
  readonly prevLogTerm: Term;
  readonly entries: readonly Entry[];
  readonly leaderCommit: LogIndex;
}

export interface AppendEntriesReply {
  readonly kind: 'AppendEntriesReply';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly success: boolean;
  /** The request's prevLogIndex, so that the leader need not guess which request is answered. */
  readonly prevLogIndex: LogIndex;
  /** On success: prevLogIndex plus the number of entries of the request. */
  readonly matchIndex: LogIndex;
  /** On failure: the term of the follower's entry at prevLogIndex, 0 if it has none (section 5.3, end). */
  readonly conflictTerm: Term;
  /**
   * On failure: the first index of that term, or the follower's last index plus one; 0 if the request was of an older
   * term and the log was not looked at.
   */
  readonly conflictIndex: LogIndex;
}

/** Thesis 3.10: a leader hands over its lead. */
export interface TimeoutNow {
  readonly kind: 'TimeoutNow';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly lastLogIndex: LogIndex;
}

/**
 * A message of a server that is not ours: bytes that nobody reads but its receiver. What its sender says of them, the
 * reading and the claims, is for traces, shrinking and promises; without a claim nothing is promised of it.
 */
export interface Foreign {
  readonly kind: 'Foreign';
  readonly from: NodeId;
  readonly to: NodeId;
  /** The term that the sender claims to be in; 0: it claims none. */
  readonly term: Term;
  /** What its own world calls it. */
  readonly name: string;
  /** What it says, in a few words. */
  readonly reading: string;
  /** It claims to give its receiver the vote of `term`. */
  readonly grants: boolean;
  /** It claims that the entries up to here are on the sender's disk; 0: it claims nothing. */
  readonly acknowledges: LogIndex;
  /** What its receiver reads: a text, or bytes as the characters of one. */
  readonly payload: string;
}

/** Section 7: a piece of a snapshot, for a follower that needs entries which its leader no longer has. */
export interface InstallSnapshot {
  readonly kind: 'InstallSnapshot';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  /** The last entry that the snapshot stands for, and its term. */
  readonly lastIncludedIndex: LogIndex;
  readonly lastIncludedTerm: Term;
  /** Where this piece begins in the snapshot, and how many bytes it has. */
  readonly offset: number;
  readonly length: number;
  /** It is the last piece. */
  readonly done: boolean;
  /** The snapshot of which these are some bytes: who has not received all of them must not look at it. */
  readonly snapshot: Snapshot;
}

export interface InstallSnapshotReply {
  readonly kind: 'InstallSnapshotReply';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  /** The request's, so that an answer about one snapshot, or one piece of it, is none about another. */
  readonly lastIncludedIndex: LogIndex;
  readonly offset: number;
  /** The follower holds all that the snapshot stands for. */
  readonly installed: boolean;
  /** If so: how far its log is durable and committed. */
  readonly matchIndex: LogIndex;
  /** If not: the byte with which the next piece has to begin. */
  readonly nextOffset: number;
}

/** Thesis 6.4: do you still follow me? Begun for reads; `round` counts those of a reign. */
export interface HeartbeatRound {
  readonly kind: 'HeartbeatRound';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  /** With the term it names the round; nothing that a client chose does. */
  readonly round: number;
}

export interface HeartbeatRoundReply {
  readonly kind: 'HeartbeatRoundReply';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly round: number;
}

/** Thesis 6.4: a follower asks its leader how far its log must be executed before it may answer a read. */
export interface ReadIndex {
  readonly kind: 'ReadIndex';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  /** Tells the follower which read is answered. */
  readonly request: number;
}

export interface ReadIndexReply {
  readonly kind: 'ReadIndexReply';
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
  readonly request: number;
  readonly readIndex: LogIndex;
}

export type Message =
  | RequestVote
  | RequestVoteReply
  | AppendEntries
  | AppendEntriesReply
  | PreVote
  | PreVoteReply
  | TimeoutNow
  | InstallSnapshot
  | InstallSnapshotReply
  | HeartbeatRound
  | HeartbeatRoundReply
  | ReadIndex
  | ReadIndexReply
  | Foreign;
export type MessageKind = Message['kind'];

/** A message that can be written by hand: none that carries what has a sum of its own, or words of another Raft. */
export type HandWritten = Exclude<Message, InstallSnapshot | Foreign>;

/** The record that must be durable before a message reveals it (Figure 2, persistent state). */
export interface HardState {
  readonly term: Term;
  readonly votedFor: NodeId;
  /** What else a server that is not ours keeps beside its log; nobody but it reads that. */
  readonly state?: string;
}

/** One write to the disk: the hard state if it changed, then the log compacted, cut and extended. */
export interface Write {
  /** Counts the writes of a life of the process; completions come in this order. */
  readonly ticket: number;
  readonly hardState: HardState | undefined;
  /** Undefined: the snapshot and the beginning of the log stay as they are. */
  readonly compaction: Compaction | undefined;
  /** Where the first of `entries` goes; everything at and after it is cut first. 0: the log is untouched. */
  readonly from: LogIndex;
  readonly entries: readonly Entry[];
}

export const ZERO_INDEX: LogIndex = logIndex(0);
export const ZERO_TERM: Term = term(0);
