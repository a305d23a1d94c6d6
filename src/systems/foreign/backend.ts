// What every transport offers of one server, and what a server may want in return, in the words of the port.
//
// A transport (a child process, a WebAssembly module, a script) translates these calls into its own form and the
// answers into calls of `Wishes`, in the order in which the server made them. It judges nothing.

import type { NodeId } from '../../base/ids.ts';
import type { Capability } from '../../protocol/capabilities.ts';
import type { Call, Operation } from '../../protocol/operation.ts';
import type { RoleName } from '../../protocol/roles.ts';
import type { ClusterOptions } from '../system.ts';

/** What a system says of itself before it runs. */
export interface Description {
  /** What it calls itself, with its version. */
  readonly title: string;
  readonly shows: readonly Capability[];
  /** How often it wants to be told that time has passed, in microseconds; 0: it arms timers instead. */
  readonly tickMicros: number;
  /** What its own machine understands; left out: it carries commands as texts, and the simulator executes them. */
  readonly operations?: readonly Operation['kind'][];
}

/** An entry as a system has it: what it carries is a token of a client's call, or something of its own. */
export interface ForeignEntry {
  readonly term: number;
  readonly data: string;
}

/** What a server finds on its disk. */
export interface ForeignDisk {
  readonly term: number;
  /** From 1; 0: nobody. */
  readonly vote: number;
  readonly log: readonly ForeignEntry[];
  readonly state: string;
}

/** What a server is told when it boots. */
export interface Boot {
  readonly options: ClusterOptions;
  readonly seed: number;
  readonly disk: ForeignDisk;
}

/** One server behind a transport; times are microseconds of the server's own clock. */
export interface Backend {
  start(boot: Boot, now: number, wishes: Wishes): void;
  stop(): void;
  tick(now: number, wishes: Wishes): void;
  timeout(timer: 'election' | 'heartbeat', now: number, wishes: Wishes): void;
  receive(from: NodeId, payload: string, now: number, wishes: Wishes): void;
  propose(data: string, now: number, wishes: Wishes): void;
  /** In place of `propose`, of a system with a machine of its own. */
  operate?(call: Call, wishes: Wishes): void;
  written(ticket: number, now: number, wishes: Wishes): void;
}

/** What leaves a server as a message. */
export interface ForeignMessage {
  /** From 1. */
  readonly to: number;
  readonly payload: string;
  readonly name: string;
  readonly reading: string;
  readonly term: number;
  readonly grants: boolean;
  readonly acknowledges: number;
}

export interface ForeignWrite {
  /** 0: the server goes on only when it is durable. */
  readonly ticket: number;
  /** Undefined: term and vote are as they were. */
  readonly hardState: { readonly term: number; readonly vote: number; readonly state: string } | undefined;
  /** Where the first entry goes; 0: the log stays as it is. */
  readonly from: number;
  readonly entries: readonly ForeignEntry[];
}

/** What a server wants, told in order; each call may throw a SystemTrouble. */
export interface Wishes {
  send(message: ForeignMessage): void;
  write(write: ForeignWrite): void;
  /** It applied the entry at an index; `term` is 0 if it does not say. */
  applied(index: number, term: number, data: string): void;
  /** It does not take the command; `leader` counts from 1, 0: it has no idea. */
  refused(data: string, leader: number): void;
  /** Its own machine has answered. */
  answered(call: Call, result: string): void;
  /** It does not take a call; `leader` as above. */
  refusedCall(call: Call, leader: number): void;
  arm(timer: 'election' | 'heartbeat'): void;
  disarm(timer: 'election' | 'heartbeat'): void;
  /** It stops by itself. */
  halt(reason: string): void;
  /** What it is now. */
  state(state: ForeignState): void;
}

export interface ForeignState {
  readonly role: RoleName;
  readonly term: number;
  /** From 1; 0: nobody. */
  readonly vote: number;
  readonly leader: number;
  readonly commit: number;
}

/** A system as a transport knows it. */
export interface Transport {
  readonly description: Description;
  /** The servers of a fresh cluster. */
  open(nodes: number): readonly Backend[];
}
