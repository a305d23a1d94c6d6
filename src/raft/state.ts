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
import { Outbox } from '../protocol/outbox.ts';
import type { Recovered } from '../protocol/recovered.ts';
import type { RoleName } from '../protocol/roles.ts';
import type { Timer, TimerName } from '../protocol/timers.ts';
import { Log } from './log.ts';
import type { NodeOptions } from './options.ts';
import type { FollowerProgress, Followers } from './progress.ts';
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
  /** A server that heard no leader tries to become one. */
  readonly campaign: (node: NodeState) => void;
  readonly propose: (node: NodeState, request: number, command: Command) => void;
  readonly changeMembers: (node: NodeState, change: MembershipChange) => void;
  /** Somebody wants the leader to hand over its lead. */
  readonly transfer: (node: NodeState, target: NodeId) => void;
  /** What a server makes of what it finds on its disk, before anything else. */
  readonly recover: (recovered: Recovered) => Recovered;
}

/** How one server behaves: what it may choose, what it decides, what it does. A variant replaces parts of it. */
export interface Behaviour {
  readonly options: NodeOptions;
  readonly rules: Rules;
  readonly handlers: Handlers;
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
  /** Leaders only. */
  followers: Followers | undefined = undefined;
  /** Leaders only: who is to take over; nobody if no transfer is going on. */
  transferee: NodeId = NOBODY;

  readonly outbox: Outbox = new Outbox();
  /** The configuration before the first that stands in the log. */
  private readonly firstConfiguration: Configuration;
  /** Room for the match indexes that a leader counts, by id. */
  readonly matches: LogIndex[] = [];
  private batch: readonly Entry[] = NO_ENTRIES;
  private batchFirst: LogIndex = ZERO_INDEX;
  /** The hash of the log that the batch was taken from. */
  private batchHash = 0;
  private hardStateChanged = false;
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
    this.rules = behaviour.rules;
    this.handlers = behaviour.handlers;
    this.firstConfiguration = configuration;
    this.configuration = configuration;
    this.peers = peersOf(id, configuration);
    this.currentTerm = recovered.hardState.term;
    this.votedFor = recovered.hardState.votedFor;
    this.log = new Log(recovered.log);
    this.commitIndex = this.log.base;
    this.durableIndex = this.log.lastIndex;
    if (this.log.configurationIndex > 0) this.followLog();
  }

  /** The configuration at a place where one stands; at 0 the one before all of the log. */
  configurationAt(index: LogIndex): Configuration {
    return index === 0 ? this.firstConfiguration : this.log.configurationAt(index);
  }

  /** What a leader knows of a follower; undefined for anyone else. */
  followerOf(id: NodeId): FollowerProgress | undefined {
    return this.followers?.of(id);
  }

  /** The ticket of the write that will hold everything changed so far. */
  get nextTicket(): number {
    return this.lastTicket + (this.isDirty ? 1 : 0);
  }

  private get isDirty(): boolean {
    return this.hardStateChanged || this.logChangedFrom > 0;
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
    this.outbox.apply(logIndex(this.commitIndex + 1), index);
    this.commitIndex = index;
    if (commitsConfiguration) this.followLog();
  }

  /** A write is durable: lets go what waited for it. Writes become durable in the order of their tickets. */
  noteWriteCompleted(ticket: number): void {
    assert(ticket === this.durableTicket + 1 && this.pendingWrites.length > 0, 'writes complete in order');
    const lastIndex = this.pendingWrites.shift();
    this.durableTicket = ticket;
    if (lastIndex > this.durableIndex) this.durableIndex = lastIndex;
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
    this.outbox.persist({
      ticket: ++this.lastTicket,
      hardState: this.hardStateChanged ? { term: this.currentTerm, votedFor: this.votedFor } : undefined,
      from,
      entries: from > 0 ? this.log.tailFrom(from) : NO_ENTRIES,
    });
    this.hardStateChanged = false;
    this.logChangedFrom = ZERO_INDEX;
  }
}

function peersOf(id: NodeId, { voters, outgoing, learners }: Configuration): NodeId[] {
  const peers = voters.filter((voter) => voter !== id);
  for (const other of outgoing) if (other !== id && !peers.includes(other)) peers.push(other);
  for (const other of learners) if (other !== id && !peers.includes(other)) peers.push(other);
  return peers.sort((a, b) => a - b);
}

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);
