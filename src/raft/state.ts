// The state of one server (Figure 2), and how it speaks to its host.
//
// Handlers change the state through the functions of this file and leave effects behind. What must be durable before a
// message leaves is held back under the ticket of the last write. No decision of the protocol is made here.
//
// Invariant: a held message belongs to the current term, or it never leaves.

import { assert } from '../base/errors.ts';
import type { Effect, TimerName } from '../protocol/effect.ts';
import { Fifo } from '../base/fifo.ts';
import { logIndex, nodeId, NOBODY, type LogIndex, type NodeId, type Term } from '../base/ids.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry, type Message } from '../protocol/message.ts';
import type { Recovered } from '../protocol/recovered.ts';
import { Log } from './log.ts';
import type { NodeOptions } from './options.ts';
import type { FollowerProgress } from './progress.ts';
import type { Rules } from './rules.ts';

/** What a server is, with what only such a server has. */
export type Role =
  | { readonly name: 'follower' }
  | { readonly name: 'candidate'; readonly votes: NodeId[]; readonly ballotTicket: number }
  | { readonly name: 'leader'; readonly progress: readonly FollowerProgress[] };

const FOLLOWER: Role = Object.freeze({ name: 'follower' });

const ARM: Readonly<Record<TimerName, Effect>> = {
  election: Object.freeze({ kind: 'arm', timer: 'election' }),
  heartbeat: Object.freeze({ kind: 'arm', timer: 'heartbeat' }),
};
const DISARM: Readonly<Record<TimerName, Effect>> = {
  election: Object.freeze({ kind: 'disarm', timer: 'election' }),
  heartbeat: Object.freeze({ kind: 'disarm', timer: 'heartbeat' }),
};

interface HeldMessage {
  readonly ticket: number;
  readonly message: Message;
}

interface PendingWrite {
  readonly ticket: number;
  /** The log is durable up to here once the write is; lowered when a later write cuts below it. */
  lastIndex: LogIndex;
}

export class NodeState {
  readonly id: NodeId;
  readonly peers: readonly NodeId[];
  readonly options: NodeOptions;
  readonly rules: Rules;
  /** Room for the match indexes that a leader counts. */
  readonly matches: LogIndex[];

  currentTerm: Term = ZERO_TERM;
  votedFor: NodeId = NOBODY;
  readonly log: Log;
  role: Role = FOLLOWER;
  leader: NodeId = NOBODY;
  commitIndex: LogIndex = ZERO_INDEX;
  /** The log is durable on this server up to here. */
  durableIndex: LogIndex = ZERO_INDEX;

  /** The effects of this step are the first `#effectCount`; the array itself stays with the node. */
  private readonly effects: Effect[] = [];
  private effectCount = 0;
  private batch: readonly Entry[] = NO_ENTRIES;
  private batchFirst: LogIndex = ZERO_INDEX;
  /** The hash of the log that the batch was taken from. */
  private batchChain = 0;
  private hardStateChanged = false;
  private logChangedFrom: LogIndex = ZERO_INDEX;
  private lastTicket = 0;
  private durableTicket = 0;
  private readonly pendingWrites = new Fifo<PendingWrite>();
  private readonly held = new Fifo<HeldMessage>();

  constructor(id: NodeId, clusterSize: number, options: NodeOptions, rules: Rules, recovered: Recovered) {
    const peers: NodeId[] = [];
    for (let i = 0; i < clusterSize; i++) if (i !== id) peers.push(nodeId(i));
    this.id = id;
    this.peers = peers;
    this.matches = Array.from({ length: clusterSize }, () => ZERO_INDEX);
    this.options = options;
    this.rules = rules;
    this.currentTerm = recovered.hardState.term;
    this.votedFor = recovered.hardState.votedFor;
    this.log = new Log(recovered.log);
    this.durableIndex = this.log.lastIndex;
  }

  get clusterSize(): number {
    return this.peers.length + 1;
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

  becomeFollowerRole(): void {
    this.role = FOLLOWER;
  }

  /** The entries that one AppendEntries carries from an index on; followers that are equally far share the array. */
  batchFrom(first: LogIndex): readonly Entry[] {
    const { prefixHash } = this.log;
    if (this.batchFirst !== first || this.batchChain !== prefixHash) {
      this.batch = this.log.batchFrom(first, this.options.batchBytesMax);
      this.batchFirst = first;
      this.batchChain = prefixHash;
    }
    return this.batch;
  }

  append(entry: Entry): LogIndex {
    this.log.append(entry);
    const index = this.log.lastIndex;
    if (this.logChangedFrom === 0) this.logChangedFrom = index;
    return index;
  }

  /** Cuts the log; what is on its way to the disk proves nothing about the entries that will stand there. */
  cutLogFrom(index: LogIndex): void {
    assert(index > this.commitIndex, 'a committed entry is never cut (section 5.4)');
    this.log.cutFrom(index);
    this.batchFirst = ZERO_INDEX;
    const kept = logIndex(index - 1);
    if (this.durableIndex > kept) this.durableIndex = kept;
    for (let i = 0; i < this.pendingWrites.length; i++) {
      const write = this.pendingWrites.at(i) as PendingWrite;
      if (write.lastIndex > kept) write.lastIndex = kept;
    }
    if (this.logChangedFrom === 0 || index < this.logChangedFrom) this.logChangedFrom = index;
  }

  arm(timer: TimerName): void {
    this.want(ARM[timer]);
  }

  disarm(timer: TimerName): void {
    this.want(DISARM[timer]);
  }

  /** Sends a message, now or as soon as everything that it reveals is durable. */
  send(message: Message): void {
    const ticket = this.nextTicket;
    if (ticket > this.durableTicket && this.rules.waitsForDisk(message)) this.held.push({ ticket, message });
    else this.want({ kind: 'send', message });
  }

  accept(request: number, index: LogIndex): void {
    this.want({ kind: 'accept', request, index, term: this.currentTerm });
  }

  refuse(request: number): void {
    this.want({ kind: 'refuse', request, leader: this.leader });
  }

  halt(reason: string): void {
    this.want({ kind: 'halt', reason });
  }

  /** Entries are committed up to an index: apply them in order (section 5.3). */
  commitTo(index: LogIndex): void {
    if (index <= this.commitIndex) return;
    assert(index <= this.log.lastIndex, 'commitIndex never passes the end of the log');
    this.want({ kind: 'apply', from: logIndex(this.commitIndex + 1), to: index });
    this.commitIndex = index;
  }

  /** A write is durable: lets go what waited for it. Writes become durable in the order of their tickets. */
  writeCompleted(ticket: number): void {
    const write = this.pendingWrites.shift();
    assert(write.ticket === ticket, 'writes complete in order');
    this.durableTicket = ticket;
    if (write.lastIndex > this.durableIndex) this.durableIndex = write.lastIndex;
    while (this.held.length > 0 && (this.held.at(0) as HeldMessage).ticket <= ticket) {
      const { message } = this.held.shift();
      if (message.term === this.currentTerm) this.want({ kind: 'send', message });
    }
  }

  /** Ends a step: everything that it changed becomes one write. Returns the effects in order. */
  takeEffects(): readonly Effect[] {
    if (this.isDirty) this.persist();
    const count = this.effectCount;
    if (count === 0) return NO_EFFECTS;
    this.effectCount = 0;
    // Most steps have one or two effects, and a literal is the fastest array of its size.
    const effects = this.effects;
    if (count === 1) return [effects[0] as Effect];
    return count === 2 ? [effects[0] as Effect, effects[1] as Effect] : effects.slice(0, count);
  }

  private want(effect: Effect): void {
    this.effects[this.effectCount++] = effect;
  }

  private persist(): void {
    const ticket = ++this.lastTicket;
    const from = this.logChangedFrom;
    this.pendingWrites.push({ ticket, lastIndex: this.log.lastIndex });
    this.want({
      kind: 'persist',
      write: {
        ticket,
        hardState: this.hardStateChanged ? { term: this.currentTerm, votedFor: this.votedFor } : undefined,
        from,
        entries: from > 0 ? this.log.tailFrom(from) : NO_ENTRIES,
      },
    });
    this.hardStateChanged = false;
    this.logChangedFrom = ZERO_INDEX;
  }
}

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);
const NO_EFFECTS: readonly Effect[] = Object.freeze([]);
