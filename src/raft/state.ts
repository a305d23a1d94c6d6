// The state of one server (Figure 2), and how it speaks to its host.
//
// Handlers change the state through the functions of this file and leave effects in the outbox. What must be durable
// before a message leaves is held back under the ticket of the last write. No decision of the protocol is made here.
//
// Invariant: a held message belongs to the current term, or it never leaves.

import { assert } from '../base/errors.ts';
import { Fifo } from '../base/fifo.ts';
import { logIndex, NOBODY, type LogIndex, type NodeId, type Term } from '../base/ids.ts';
import type { Configuration, MembershipChange } from '../protocol/configuration.ts';
import {
  ZERO_INDEX,
  ZERO_TERM,
  type Command,
  type Entry,
  type Message,
  type MessageKind,
} from '../protocol/message.ts';
import type { ReadPath } from '../protocol/operation.ts';
import { Outbox } from '../protocol/outbox.ts';
import type { Recovered } from '../protocol/recovered.ts';
import type { RoleName } from '../protocol/roles.ts';
import type { Compaction, MachineState, Snapshot } from '../protocol/snapshot.ts';
import { Timer, type TimerName } from '../protocol/timers.ts';
import { Log } from './log.ts';
import type { NodeOptions } from './options.ts';
import type { CatchUp, FollowerProgress, Followers } from './progress.ts';
import { ReadState } from './read-state.ts';
import type { Rules } from './rules.ts';

type MessageHandlers = {
  readonly [Kind in Exclude<MessageKind, 'Foreign'>]: (
    node: NodeState,
    message: Extract<Message, { readonly kind: Kind }>,
  ) => void;
};

type TimeoutHandlers = { readonly [Name in Exclude<TimerName, 'tick'> as `${Name}Timeout`]: (node: NodeState) => void };

/** What a server does about each thing that can happen to it; `handlers.ts` has those of the paper. */
export interface Handlers extends MessageHandlers, TimeoutHandlers {
  /** A write is durable. */
  readonly writeCompleted: (node: NodeState, ticket: number) => void;
  /** A write failed. */
  readonly writeFailed: (node: NodeState, ticket: number) => void;
  /** A message is of a newer term, which is looked at before anything else (section 5.1). */
  readonly newerTerm: (node: NodeState, message: Message) => void;
  /** A server that heard no leader tries to become one. */
  readonly campaign: (node: NodeState) => void;
  readonly propose: (node: NodeState, request: number, command: Command) => void;
  readonly changeMembers: (node: NodeState, change: MembershipChange) => void;
  /** A client asks to read, without a place in the log. */
  readonly read: (node: NodeState, request: number, path: ReadPath) => void;
  /** Somebody wants the leader to hand over its lead. */
  readonly transfer: (node: NodeState, target: NodeId) => void;
  /** What a server makes of what it finds on its disk, before anything else. */
  readonly recover: (recovered: Recovered) => Recovered;
  /** What a snapshot of the machine after the entry at an index is. */
  readonly describeSnapshot: (node: NodeState, index: LogIndex, state: MachineState) => Snapshot;
  /** A snapshot of the server's own machine is there. */
  readonly compact: (node: NodeState, snapshot: Snapshot) => void;
  /** All pieces of a leader's snapshot are there. */
  readonly install: (node: NodeState, snapshot: Snapshot) => void;
  /** The machine is to become what a snapshot says. */
  readonly restore: (node: NodeState, snapshot: Snapshot) => void;
}

/** How one server behaves: what it may choose, what it decides, what it does. A variant replaces parts of it. */
export interface Behaviour {
  readonly options: NodeOptions;
  readonly rules: Rules;
  readonly handlers: Handlers;
}

/** Followers only: a snapshot that arrives in pieces, of which the first bytes are there. */
interface IncomingSnapshot {
  readonly term: Term;
  readonly lastIndex: LogIndex;
  received: number;
}

/** A change of the snapshot that is on its way to the disk. */
interface PendingCompaction {
  readonly ticket: number;
  readonly compaction: Compaction;
}

export class NodeState {
  readonly id: NodeId;
  readonly options: NodeOptions;
  readonly rules: Rules;
  readonly handlers: Handlers;

  role: RoleName = 'follower';
  currentTerm: Term = ZERO_TERM;
  votedFor: NodeId = NOBODY;
  leader: NodeId = NOBODY;
  readonly log: Log;
  commitIndex: LogIndex = ZERO_INDEX;
  /** The log is durable on this server up to here. */
  durableIndex: LogIndex = ZERO_INDEX;
  /** The configuration in force: the last in the log, committed or not (section 6). */
  configuration: Configuration;
  /** Where it stands in the log; 0 if it stands before. */
  configurationIndex: LogIndex = ZERO_INDEX;
  /** The leader was heard within the shortest election timeout; kept only where an option asks for it. */
  hasLeaderContact = false;
  /** Every other server of the configuration, in the order of their ids. */
  peers: readonly NodeId[];

  /** Candidates and pre-candidates only: who gave their vote, each once. */
  readonly votes: NodeId[] = [];
  /** Candidates only: the write that makes their own vote durable. */
  ballotTicket = -1;
  /** Leaders only: the change that waits for its new voters. */
  catchUp: CatchUp | undefined = undefined;
  /** Leaders only. */
  followers: Followers | undefined = undefined;
  /** Leaders only: who is to take over; nobody if no transfer is going on. */
  transferee: NodeId = NOBODY;
  readonly reads: ReadState = new ReadState();
  /** Leases need followers that are loyal. */
  readonly usesLeases: boolean;

  /** What stands for the entries that the log no longer has. */
  snapshot: Snapshot | undefined = undefined;
  /** The last entry of the newest snapshot, which may still be on its way to the disk. */
  snapshotIndex: LogIndex = ZERO_INDEX;
  incoming: IncomingSnapshot | undefined = undefined;
  /** The machine was asked to write itself out, and has not finished; what it was when it began. */
  isCapturing = false;
  captured: Snapshot | undefined = undefined;
  private bytesSinceSnapshot = 0;

  /** It has stopped, until its host starts it anew. */
  protected isHalted = false;
  readonly outbox: Outbox = new Outbox();
  /** The configuration before the first that stands in the log: that of the cluster's birth, or a snapshot's. */
  private firstConfiguration: Configuration;
  /** Room for the match indexes that a leader counts, by id. */
  readonly matches: LogIndex[] = [];
  /** Room for the rounds that a leader counts, by id. */
  readonly rounds: LogIndex[] = [];
  private batch: readonly Entry[] = NO_ENTRIES;
  private batchFirst: LogIndex = ZERO_INDEX;
  /** The hash of the log that the batch was taken from. */
  private batchHash = 0;
  private hardStateChanged = false;
  private compaction: Compaction | undefined = undefined;
  private readonly pendingCompactions = new Fifo<PendingCompaction>();
  private logChangedFrom: LogIndex = ZERO_INDEX;
  private lastTicket = 0;
  private durableTicket = 0;
  /**
   * For each write behind the durable one, in order: the log is durable up to here once it is; lowered when a later
   * write cuts below it.
   */
  private readonly pendingWrites = new Fifo<LogIndex>();
  /** Messages that wait, and for each the ticket that it waits for. */
  private readonly held = new Fifo<Message>();
  private readonly heldTickets = new Fifo<number>();

  constructor(id: NodeId, configuration: Configuration, behaviour: Behaviour, recovered: Recovered) {
    this.id = id;
    this.options = behaviour.options;
    this.usesLeases = behaviour.options.lease && behaviour.options.checkQuorum;
    this.rules = behaviour.rules;
    this.handlers = behaviour.handlers;
    this.firstConfiguration = recovered.snapshot === undefined ? configuration : recovered.snapshot.configuration;
    this.configuration = this.firstConfiguration;
    this.peers = peersOf(id, this.configuration);
    this.currentTerm = recovered.hardState.term;
    this.votedFor = recovered.hardState.votedFor;
    this.log = new Log(recovered.log);
    this.snapshot = recovered.snapshot;
    if (recovered.snapshot !== undefined) this.snapshotIndex = recovered.snapshot.lastIndex;
    this.commitIndex = this.snapshotIndex;
    this.durableIndex = this.log.lastIndex;
    if (this.log.configurationIndex > 0) this.followLog();
  }

  /** The configuration at a place where one stands; at 0 the one before all of the log. */
  configurationAt(index: LogIndex): Configuration {
    return index === 0 ? this.firstConfiguration : this.log.configurationAt(index);
  }

  /** The configuration that was in force when the log ended here. */
  configurationOf(index: LogIndex): Configuration {
    return this.configurationAt(this.log.configurationIndexBefore(logIndex(index + 1)));
  }

  /** What a leader knows of a follower; undefined for anyone else. */
  followerOf(id: NodeId): FollowerProgress | undefined {
    return this.followers?.of(id);
  }

  /** Whether a leader may answer reads by its lease (thesis 6.4.1). */
  get holdsLease(): boolean {
    const { hasLease, hasToldHeir } = this.reads;
    return hasLease && this.rules.leaseHolds(hasToldHeir || this.transferee !== NOBODY);
  }

  /** The ticket of the write that will hold everything changed so far. */
  get nextTicket(): number {
    return this.lastTicket + (this.isDirty ? 1 : 0);
  }

  private get isDirty(): boolean {
    return this.hardStateChanged || this.logChangedFrom > 0 || this.compaction !== undefined;
  }

  setTermAndVote(currentTerm: Term, votedFor: NodeId): void {
    assert(currentTerm >= this.currentTerm, 'the current term never falls');
    if (currentTerm === this.currentTerm && votedFor === this.votedFor) return;
    this.currentTerm = currentTerm;
    this.votedFor = votedFor;
    this.hardStateChanged = true;
  }

  /** The entries that one AppendEntries carries from an index on; followers that are equally far share the array. */
  batchFrom(first: LogIndex): readonly Entry[] {
    const { prefixHash } = this.log;
    if (this.batchFirst !== first || this.batchHash !== prefixHash) {
      this.batch = this.log.batchFrom(first, this.options.batchBytesMax);
      this.batchFirst = first;
      this.batchHash = prefixHash;
    }
    return this.batch;
  }

  append(entry: Entry): LogIndex {
    this.log.append(entry);
    const index = this.log.lastIndex;
    if (this.logChangedFrom === 0) this.logChangedFrom = index;
    if (this.log.configurationIndex === index) this.followLog();
    return index;
  }

  /** Cuts the log; what is on its way to the disk proves nothing about the entries that will stand there. */
  cutLogFrom(index: LogIndex): void {
    assert(index > this.commitIndex, 'a committed entry is never cut (section 5.4)');
    const cutsConfiguration = this.log.configurationIndex >= index;
    this.log.cutFrom(index);
    if (cutsConfiguration) this.followLog();
    this.batchFirst = ZERO_INDEX;
    const kept = logIndex(index - 1);
    if (this.durableIndex > kept) this.durableIndex = kept;
    const { pendingWrites } = this;
    for (let i = 0; i < pendingWrites.length; i++) {
      if ((pendingWrites.at(i) as LogIndex) > kept) pendingWrites.set(i, kept);
    }
    if (this.logChangedFrom === 0 || index < this.logChangedFrom) this.logChangedFrom = index;
  }

  arm(timer: Timer): void {
    this.outbox.arm(timer);
  }

  disarm(timer: Timer): void {
    this.outbox.disarm(timer);
  }

  /** Sends a message, now or as soon as everything that it reveals is durable. */
  send(message: Message): void {
    const ticket = this.nextTicket;
    if (ticket > this.durableTicket && this.rules.waitsForDisk(message)) {
      this.held.push(message);
      this.heldTickets.push(ticket);
    } else this.outbox.send(message);
  }

  /** Entries are committed up to an index: apply them in order (section 5.3). */
  commitTo(index: LogIndex): void {
    if (index <= this.commitIndex) return;
    assert(index <= this.log.lastIndex, 'commitIndex never passes the end of the log');
    const commitsConfiguration = this.log.configurationIndex > this.commitIndex;
    const first = logIndex(this.commitIndex + 1);
    this.outbox.apply(first, index);
    this.commitIndex = index;
    if (commitsConfiguration) this.followLog();
    if (this.options.compactEvery > 0 || this.options.compactBytes > 0) this.considerSnapshot(first);
  }

  /** Section 7: "a simple strategy is to take a snapshot when the log reaches a fixed size". */
  private considerSnapshot(first: LogIndex): void {
    const { compactEvery, compactBytes } = this.options;
    if (compactBytes > 0) {
      for (let i = first; i <= this.commitIndex; i = logIndex(i + 1)) {
        this.bytesSinceSnapshot += this.log.entryAt(i).command.bytes;
      }
    }
    if (this.isCapturing) return;
    const hasMany = compactEvery > 0 && this.commitIndex - this.snapshotIndex >= compactEvery;
    if (!hasMany && (compactBytes === 0 || this.bytesSinceSnapshot < compactBytes)) return;
    this.bytesSinceSnapshot = 0;
    this.isCapturing = true;
    this.outbox.capture();
    this.arm(Timer.snapshot);
  }

  /** A snapshot takes the place of the log up to a base, at once on the disk, and in memory as soon as it is there. */
  compactTo(snapshot: Snapshot, base: LogIndex): void {
    this.snapshotIndex = snapshot.lastIndex;
    this.compaction = { snapshot, base, restart: false };
  }

  /** A snapshot takes the place of the whole log; nothing that is on its way to the disk proves anything any more. */
  restartFrom(snapshot: Snapshot): void {
    const { lastIndex } = snapshot;
    if (this.log.lastIndex > this.commitIndex) this.cutLogFrom(logIndex(this.commitIndex + 1));
    this.logChangedFrom = ZERO_INDEX;
    this.batchFirst = ZERO_INDEX;
    this.log.restartAt(lastIndex, snapshot.lastTerm, snapshot.prefixHash);
    this.snapshot = snapshot;
    this.snapshotIndex = lastIndex;
    this.compaction = { snapshot, base: lastIndex, restart: true };
  }

  /** What a snapshot from outside stands for is committed, and so is the configuration that it brings. */
  goOnFrom(snapshot: Snapshot): void {
    this.commitIndex = snapshot.lastIndex;
    this.bytesSinceSnapshot = 0;
    this.firstConfiguration = snapshot.configuration;
    this.configurationIndex = UNKNOWN_INDEX;
    this.followLog();
  }

  private noteCompacted(ticket: number): void {
    if ((this.pendingCompactions.at(0) as PendingCompaction).ticket !== ticket) return;
    const { snapshot, base } = this.pendingCompactions.shift().compaction;
    // A snapshot that came from the leader meanwhile may have gone further.
    if (snapshot !== undefined && snapshot.lastIndex >= (this.snapshot?.lastIndex ?? 0)) this.snapshot = snapshot;
    if (base <= this.log.base) return;
    this.firstConfiguration = this.configurationOf(base);
    this.log.compactTo(base);
    this.followLog();
  }

  /** Nothing more is done in this life. */
  halt(reason: string): void {
    this.isHalted = true;
    this.outbox.halt(reason);
  }

  /** A write is durable: lets go what waited for it. Writes become durable in the order of their tickets. */
  noteWriteCompleted(ticket: number): void {
    assert(ticket === this.durableTicket + 1 && this.pendingWrites.length > 0, 'writes complete in order');
    const lastIndex = this.pendingWrites.shift();
    this.durableTicket = ticket;
    if (lastIndex > this.durableIndex) this.durableIndex = lastIndex;
    if (this.pendingCompactions.length > 0) this.noteCompacted(ticket);
    while (this.held.length > 0 && (this.heldTickets.at(0) as number) <= ticket) {
      this.heldTickets.shift();
      const message = this.held.shift();
      if (message.term === this.currentTerm) this.outbox.send(message);
    }
  }

  /** Ends a step: everything that it changed becomes one write. */
  protected finishStep(): Outbox {
    if (this.isDirty) this.persist();
    return this.outbox;
  }

  /** Section 6: "a server always uses the latest configuration in its log, regardless of whether it is committed". */
  private followLog(): void {
    const index = this.rules.configurationInForce(this.log, this.commitIndex);
    if (index === this.configurationIndex) return;
    this.configurationIndex = index;
    this.configuration = this.configurationAt(index);
    this.peers = peersOf(this.id, this.configuration);
    this.followers?.become(this.peers, this.log.lastIndex);
  }

  private persist(): void {
    const from = this.logChangedFrom;
    this.pendingWrites.push(this.log.lastIndex);
    const { compaction } = this;
    this.outbox.persist({
      ticket: ++this.lastTicket,
      hardState: this.hardStateChanged ? { term: this.currentTerm, votedFor: this.votedFor } : undefined,
      compaction,
      from,
      entries: from > 0 ? this.log.tailFrom(from) : NO_ENTRIES,
    });
    this.hardStateChanged = false;
    this.logChangedFrom = ZERO_INDEX;
    if (compaction === undefined) return;
    this.pendingCompactions.push({ ticket: this.lastTicket, compaction });
    this.compaction = undefined;
  }
}

function peersOf(id: NodeId, { voters, outgoing, learners }: Configuration): NodeId[] {
  const peers = voters.filter((voter) => voter !== id);
  for (const other of outgoing) if (other !== id && !peers.includes(other)) peers.push(other);
  for (const other of learners) if (other !== id && !peers.includes(other)) peers.push(other);
  return peers.sort((a, b) => a - b);
}

/** Of no configuration. */
const UNKNOWN_INDEX: LogIndex = logIndex(-1);

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);
