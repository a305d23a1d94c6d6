// The port: what the world asks of a process that it hosts, and what checks and traces may see of it.
//
// A process is one server with its state machine. It is passive: it acts only when called, and all that it wants stands
// in the outbox that comes back, which the world carries out in order before it calls again. Our own node and foreign
// ones stand behind this port alike.

import { unreachable } from '../base/errors.ts';
import type { ClientId, LogIndex, NodeId, Term } from '../base/ids.ts';
import type { Capability } from '../protocol/capabilities.ts';
import type { Configuration, MembershipChange } from '../protocol/configuration.ts';
import type { Entry, Message } from '../protocol/message.ts';
import type { Outbox } from '../protocol/outbox.ts';
import type { Damage, Recovered, Remedy } from '../protocol/recovered.ts';
import type { Call, Operation } from '../protocol/operation.ts';
import type { RoleName } from '../protocol/roles.ts';
import type { Snapshot } from '../protocol/snapshot.ts';
import type { Timer } from '../protocol/timers.ts';

/**
 * What a node tells a client; silence means that the outcome is unknown. expired: the machine no longer knows the
 * session, and did nothing now; what became of the call before, nobody can say.
 */
export interface Answer {
  readonly client: ClientId;
  readonly sequence: number;
  readonly outcome: 'ok' | 'refused' | 'expired';
  readonly result: string;
  /** Where to try instead, when refused; NOBODY if the node has no idea. */
  readonly leader: NodeId;
}

/** The log as others may read it, from `base` on: the place before its first entry, 0 if nothing was compacted. */
export interface LogView {
  readonly base: LogIndex;
  readonly lastIndex: LogIndex;
  readonly lastTerm: Term;
  /** The hash of the whole log. */
  readonly prefixHash: number;
  termAt(index: LogIndex): Term;
  entryAt(index: LogIndex): Entry;
  /** The hash of the prefix that ends here: equal on two logs exactly if they hold the same entries up to here. */
  prefixHashAt(index: LogIndex): number;
}

export interface FollowerView {
  readonly nextIndex: LogIndex;
  readonly matchIndex: LogIndex;
  readonly mode: 'probe' | 'replicate' | 'snapshot';
  /** It answered since the leader last looked for a quorum of answers (thesis 6.2). */
  readonly isActive: boolean;
  /** The requests with entries that it has not answered; left out by a process that does not show them. */
  readonly inflight?: { readonly length: number };
}

/** What a running server shows of itself. */
export interface Probe {
  readonly role: RoleName;
  readonly currentTerm: Term;
  readonly votedFor: NodeId;
  readonly leader: NodeId;
  /** Whom a leader is handing over to; nobody if it is not. */
  readonly transferee: NodeId;
  /** Whether a leader answers reads by a lease now (dissertation 6.4.1). */
  readonly holdsLease: boolean;
  readonly commitIndex: LogIndex;
  /** The one in force at this server. */
  readonly configuration: Configuration;
  readonly log: LogView;
  /** What stands for the entries that the log no longer has. */
  readonly snapshot?: Snapshot | undefined;
  /** What a leader knows of a follower; undefined for any other. */
  followerOf(id: NodeId): FollowerView | undefined;
}

/** What applying one entry did. A process reuses the record: it is good until the next `apply`. */
export interface Applied {
  /** The call that the entry carried; undefined for a no-op. */
  readonly call: Call | undefined;
  /** False if the call had had its effect before, or its session is not known. */
  readonly executed: boolean;
  readonly isExpired: boolean;
  /** The hash of the whole machine afterwards. */
  readonly stateHash: number;
  readonly answer: Answer | undefined;
}

/** The record that a process reuses. */
export type AppliedRecord = { -readonly [key in keyof Applied]: Applied[key] };

export const emptyApplied = (): AppliedRecord => ({
  call: undefined,
  executed: false,
  isExpired: false,
  stateHash: 0,
  answer: undefined,
});

/** What a state machine shows of itself. */
export interface MachineView {
  /** Equal on two machines that executed the same commands. */
  readonly hash: number;
  values(): Iterable<readonly [key: string, value: string]>;
}

export interface Process {
  /** What it shows of itself; left out: everything. */
  readonly shows?: readonly Capability[];
  /** How often it ticks, in microseconds of its own clock, if it counts its time itself; left out: it has timers. */
  readonly tickMicros?: number;
  /** It can be told by hand that its election or heartbeat timer runs out, although it keeps them to itself. */
  readonly canHurry?: boolean;
  /** What clients may ask of its own state machine; left out: everything. */
  readonly understands?: readonly Operation['kind'][] | undefined;
  /** The running server; only while the process is up. */
  readonly probe: Probe;
  /** Its state machine, also while it is down; a process that cannot show it has none. */
  readonly machine?: MachineView;
  /** The last entry that the state machine has executed; `apply` goes on behind it. */
  readonly lastApplied: LogIndex;
  /** What it does about a synced record that went bad; left out: it does not serve from such a disk. */
  readonly remedyFor?: (damage: Damage) => Remedy;
  /** Boots from what the disk holds; everything volatile starts anew. */
  start(recovered: Recovered): Outbox;
  /** Drops everything volatile. */
  stop(): void;
  receive(message: Message): Outbox;
  timeout(timer: Timer): Outbox;
  writeCompleted(ticket: number): Outbox;
  writeFailed(ticket: number): Outbox;
  /** Somebody asks it to hand over its lead to another server (thesis 3.10). */
  transfer(target: NodeId): Outbox;
  call(call: Call): Outbox;
  /** Asks for other members; left out by a process that knows no changes. */
  changeMembers?(change: MembershipChange): Outbox;
  /** Executes the next committed entry; entries come in order, each once a life. */
  apply(index: LogIndex): Applied;
  /** Notes that a call has a place in the log. */
  accept(request: number, index: LogIndex, term: Term): void;
  refuse(request: number, leader: NodeId): Answer;
  /** The machine writes out what it is now; the timer `snapshot` tells the server when it has (section 7). */
  capture?(): void;
  /** The machine becomes what a snapshot says; `apply` goes on behind it. */
  restore?(snapshot: Snapshot): void;
  /** Takes a snapshot at once, and compacts the log. */
  compact?(): Outbox;
  /** Answers a read from its machine, which has executed the log up to an index (dissertation 6.4). */
  serve(request: number, index: LogIndex): Answer;
}

/** The doors of a process through which the world reaches a running server, by number. */
export const Door = { receive: 0, timeout: 1, writeCompleted: 2, writeFailed: 3, transfer: 4, call: 5 } as const;
export type Door = (typeof Door)[keyof typeof Door];

/** Enters a door with a message or a call, or with the timer, the ticket or the server that it is about. */
export function enterDoor(server: Process, door: Door, brought: Message | Call | undefined, number: number): Outbox {
  switch (door) {
    case Door.receive:
      return server.receive(brought as Message);
    case Door.timeout:
      return server.timeout(number as Timer);
    case Door.writeCompleted:
      return server.writeCompleted(number);
    case Door.writeFailed:
      return server.writeFailed(number);
    case Door.transfer:
      return server.transfer(number as NodeId);
    case Door.call:
      return server.call(brought as Call);
    default:
      return unreachable(door);
  }
}
