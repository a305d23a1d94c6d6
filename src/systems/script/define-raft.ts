// A Raft in TypeScript or JavaScript as a system: plain functions that are asked, and a context that they speak to.
//
// Messages become texts when they leave, so that no two servers ever share an object. What the functions throw is a
// finding of the run; what they say in a wrong form is told like that of any other system.

import { UsageError } from '../../base/errors.ts';
import { nodeName, type NodeId } from '../../base/ids.ts';
import { Random } from '../../base/random.ts';
import type { Capability } from '../../protocol/capabilities.ts';
import type { RoleName } from '../../protocol/roles.ts';
import type { Backend, Boot, Transport, Wishes } from '../foreign/backend.ts';
import { foreignSystem } from '../foreign/foreign-system.ts';
import { shownIn } from '../foreign/shown.ts';
import { provideSystem } from '../system.ts';

/** An entry of a log: its term, and the command that it carries, a text without a meaning for the server. */
export interface RaftEntry {
  /** The term of the leader that made it. */
  readonly term: number;
  /** A client's command, or a text of the server's own; empty for a no-op. */
  readonly data: string;
}

/** What goes to the disk at once: term and vote, the log, or both. */
export interface RaftWrite {
  /** The current term; with it, `vote` is written, too. */
  readonly term?: number;
  /** The server voted for in `term`, from 1; 0: none. */
  readonly vote?: number;
  /** What else the server keeps beside its log; it comes back when it starts. */
  readonly state?: string;
  /** Where the first of `entries` goes; everything from there on is cut. Left out: the log stays as it is. */
  readonly from?: number;
  /** The entries to store. */
  readonly entries?: readonly RaftEntry[];
  /** 1, 2, 3…: the write takes its time, and `written` is called; left out: it is durable before anything else. */
  readonly ticket?: number;
}

/** What a message says of itself, for traces and promises; what is not claimed is not judged. */
export interface RaftClaims {
  /** What it is called. */
  readonly name?: string;
  /** What it says, in a few words. */
  readonly reading?: string;
  /** Its sender is in this term. */
  readonly term?: number;
  /** It gives its receiver the sender's vote of `term`. */
  readonly grants?: boolean;
  /** The sender's disk holds the entries up to here. */
  readonly acknowledges?: number;
}

/** What a server shows of itself after each call. */
export interface RaftState {
  /** `follower`, `pre-candidate`, `candidate` or `leader`. */
  readonly role: RoleName;
  /** The current term. */
  readonly term: number;
  /** The server voted for, from 1; 0: none. */
  readonly vote: number;
  /** Whom it follows, from 1; 0: nobody. */
  readonly leader: number;
  /** The commit index. */
  readonly commit: number;
}

/** What a server finds on its disk. */
export interface RaftDisk {
  /** The current term; 0 at first. */
  readonly term: number;
  /** The server voted for, from 1; 0: none. */
  readonly vote: number;
  /** From index 1 on. */
  readonly log: readonly RaftEntry[];
  /** What it wrote beside its log; empty at first. */
  readonly state: string;
}

/** What the plan asks for, in so far as a server can be told; times are microseconds. */
export interface RaftOptions {
  /** The shortest election timeout. */
  readonly electionTimeoutMin: number;
  /** The longest election timeout. */
  readonly electionTimeoutMax: number;
  /** How often a leader is to be heard. */
  readonly heartbeatInterval: number;
  /** Thesis 9.6. */
  readonly preVote: boolean;
  /** Thesis 6.2. */
  readonly checkQuorum: boolean;
}

/** The world of one server, in one life; nodes count from 1, times are microseconds of its own clock. */
export interface RaftContext {
  /** Which server it is, from 1. */
  readonly node: number;
  /** How many servers there are. */
  readonly nodes: number;
  /** What its disk holds; term 0 and an empty log at first. */
  readonly disk: RaftDisk;
  /** What the plan asks for. */
  readonly options: RaftOptions;
  /** Its clock, in microseconds. */
  now(): number;
  /** A whole number from 0 to `n - 1`, drawn from the seed: the only chance that a server may have. */
  random(n: number): number;
  /** Sends anything that JSON can hold. */
  send(to: number, message: unknown, claims?: RaftClaims): void;
  /** Writes to the disk. */
  write(write: RaftWrite): void;
  /** The entry at an index is committed, and executed here; in order, each once a life. */
  apply(index: number, command: string, term?: number): void;
  /** Does not take a client's command; `leader` is the best guess, from 1, 0: no idea. */
  refuse(command: string, leader?: number): void;
  /** Starts a timer anew, with a length that the plan has. */
  arm(timer: 'election' | 'heartbeat'): void;
  /** Stops a timer. */
  disarm(timer: 'election' | 'heartbeat'): void;
  /** The server stops by itself, as after a disk that failed. */
  halt(reason: string): void;
}

/** A running server: what it does when it is asked. */
export interface RaftServer {
  /** Time has passed: `tickMicros` or more. */
  tick?(): void;
  /** A timer that it armed has run out. */
  timeout?(timer: 'election' | 'heartbeat'): void;
  /** A message of another server, as `send` had it; it may come late, twice, out of order, or never. */
  receive(from: number, message: unknown): void;
  /** A client asks for a command. */
  propose(command: string): void;
  /** A write with a ticket is durable, and so are those before it. */
  written?(ticket: number): void;
  /** What it is now. */
  state?(): RaftState;
}

/** A Raft of one's own. */
export interface RaftDefinition {
  /** How plans name it. */
  readonly name: string;
  /** What it shows, of `capabilities`; what it applies and answers is always seen. */
  readonly shows?: readonly Capability[];
  /** How often `tick` is called, in microseconds of a server's clock; left out: the server arms timers. */
  readonly tickMicros?: number;
  /** A server boots. */
  start(context: RaftContext): RaftServer;
}

/** A Raft that plans may name. */
export interface DefinedRaft {
  /** How plans name it. */
  readonly name: string;
  /** What is seen of it; everything else is *not applicable*. */
  readonly shows: readonly Capability[];
}

/**
 * Makes a Raft of one's own known: plans may name it from now on, and everything that runs plans runs it.
 *
 * @throws UsageError if something is missing in it.
 *
 * @example
 * ```js
 * const silent = { receive: () => undefined, propose: () => undefined };
 * defineRaft({ name: 'silent', start: () => silent });
 * console.log(simulate(makePlan({ system: 'silent', nodes: 3, length: { steps: 100 } })).verdicts);
 * ```
 */
export function defineRaft(definition: RaftDefinition): DefinedRaft {
  const { name, tickMicros = 0, shows = [] } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new UsageError(`the name of a Raft is ${JSON.stringify(name)}, expected a text such as "my-raft"`);
  }
  if (typeof definition.start !== 'function') throw new UsageError(`the Raft ${name} has no function "start"`);
  if (!Number.isInteger(tickMicros) || tickMicros < 0) {
    throw new UsageError(`tickMicros of ${name} is ${String(tickMicros)}, expected microseconds`);
  }
  const description = { title: name, shows: shownIn(shows), tickMicros };
  const transport: Transport = {
    description,
    open: (nodes) => Array.from({ length: nodes }, (_, i) => new ScriptServer(definition, i + 1)),
  };
  provideSystem(foreignSystem(name, transport));
  return { name, shows: description.shows };
}

class ScriptServer implements Backend {
  private readonly definition: RaftDefinition;
  private readonly node: number;
  private server: RaftServer | undefined;
  private now = 0;
  private wishes: Wishes | undefined;

  constructor(definition: RaftDefinition, node: number) {
    this.definition = definition;
    this.node = node;
  }

  start(boot: Boot, now: number, wishes: Wishes): void {
    this.during(now, wishes, () => {
      this.server = this.definition.start(this.context(boot));
    });
  }

  stop(): void {
    this.server = undefined;
  }

  tick(now: number, wishes: Wishes): void {
    this.during(now, wishes, (server) => server.tick?.());
  }

  timeout(timer: 'election' | 'heartbeat', now: number, wishes: Wishes): void {
    this.during(now, wishes, (server) => server.timeout?.(timer));
  }

  receive(from: NodeId, payload: string, now: number, wishes: Wishes): void {
    this.during(now, wishes, (server) => server.receive(from + 1, JSON.parse(payload) as unknown));
  }

  propose(data: string, now: number, wishes: Wishes): void {
    this.during(now, wishes, (server) => server.propose(data));
  }

  written(ticket: number, now: number, wishes: Wishes): void {
    this.during(now, wishes, (server) => server.written?.(ticket));
  }

  private during(now: number, wishes: Wishes, act: (server: RaftServer) => void): void {
    this.now = now;
    this.wishes = wishes;
    try {
      act(this.server as RaftServer);
      const state = this.server?.state?.();
      if (state !== undefined) wishes.state(state);
    } finally {
      this.wishes = undefined;
    }
  }

  private context({ options, seed, disk }: Boot): RaftContext {
    const random = Random.fromSeed(String(seed));
    const wishes = (): Wishes => {
      if (this.wishes === undefined) throw new Error(`${nodeName((this.node - 1) as NodeId)} acts without being asked`);
      return this.wishes;
    };
    return {
      node: this.node,
      nodes: options.nodes,
      disk,
      options,
      now: () => this.now,
      random: (n) => random.below(n),
      send: (to, message, { name = 'message', reading = '', term = 0, grants = false, acknowledges = 0 } = {}) =>
        wishes().send({ to, payload: JSON.stringify(message), name, reading, term, grants, acknowledges }),
      write: ({ term, vote = 0, state = '', from = 0, entries = [], ticket = 0 }) =>
        wishes().write({
          ticket,
          hardState: term === undefined ? undefined : { term, vote, state },
          from,
          entries,
        }),
      apply: (index, command, term = 0) => wishes().applied(index, term, command),
      refuse: (command, leader = 0) => wishes().refused(command, leader),
      arm: (timer) => wishes().arm(timer),
      disarm: (timer) => wishes().disarm(timer),
      halt: (reason) => wishes().halt(reason),
    };
  }
}
