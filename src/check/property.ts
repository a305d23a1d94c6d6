// What a property is: a promise, told what happens to the one process that moved.
//
// A property keeps the little that it must remember, answers in O(1) and changes nothing that it is shown. It names the
// two facts that contradict each other. Always-properties speak during the run, eventually-properties at its end.

import type { Capability } from '../protocol/capabilities.ts';
import type { IntVector } from '../base/int-vector.ts';
import type { LogIndex } from '../base/ids.ts';
import type { Foreign, Message, RequestVote, RequestVoteReply } from '../protocol/message.ts';
import type { Configuration } from '../protocol/configuration.ts';
import type { Call } from '../protocol/operation.ts';
import type { RoleName } from '../protocol/roles.ts';
import type { Snapshot } from '../protocol/snapshot.ts';
import type { Timer } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';
import type { Answer, Applied } from '../sim/process.ts';
import type { Flood } from '../sim/bounds.ts';
import type { World } from '../sim/world.ts';

/** always: after every step. eventually: at the end of a run, some time after the faults have ended. */
export type Mood = 'always' | 'eventually';

/** safety: something bad never happens. liveness: something good happens in time, and only a long run shows it. */
export type PropertyKind = 'safety' | 'liveness';

/** What is known of a property before any run. */
export interface PropertyFacts {
  readonly name: string;
  readonly kind: PropertyKind;
  readonly mood: Mood;
  readonly needs: readonly Capability[];
}

/** The violation in one sentence, or undefined. */
export type Finding = string | undefined;

/** What the monitor knew of a process before the step, and keeps for the next. */
export interface Known {
  role: RoleName | 'down';
  term: number;
  commitIndex: LogIndex;
  /** The configuration in force there: the one by which the next step counts. */
  configuration: Configuration;
  /** The highest term of the messages that it sent. */
  told: number;
  /** Its log as last seen: like the committed one up to `base`, then by prefix hashes. Bounded by the live log. */
  base: number;
  readonly tail: number[];
  snapshot: Snapshot | undefined;
  /** The place before the first entry on its disk. */
  diskBase: number;
}

/** What is known of all processes together. */
export interface Ghost {
  readonly known: readonly Known[];
  /** By index: the hash of the log up to there when it was first committed anywhere. */
  readonly committed: IntVector;
  /** By index: the term of the server that committed it first. */
  readonly committedIn: IntVector;
  /** By index: the state of the machine that executed it first. What no log holds any more is forgotten in all. */
  readonly states: IntVector;
}

/** What an eventually-property says at the end; unknown if the run did not last long enough to tell. */
export interface Judgement {
  /** unknown: the run did not last long enough to tell. not applicable: the faults left nothing to promise. */
  readonly outcome: 'pass' | 'fail' | 'unknown' | 'not applicable';
  /** What was found, in one sentence; empty if the promise is kept. */
  readonly why: string;
}

/**
 * A promise that is checked while a run goes on: of its listeners only those that it has are called, each with the one
 * process that moved. What a listener returns ends the run, as the sentence that says what is broken.
 * What a listener is shown is the world itself: it reads it and never changes it.
 */
export interface Property {
  /** What a broken promise is reported as. */
  readonly name: string;
  /** Whether it speaks during the run, or at its end. */
  readonly mood: Mood;
  /** A process booted from its disk. */
  started?(host: Host): Finding;
  /** A message arrives; what the process does about it comes behind this. */
  received?(host: Host, message: Message): Finding;
  /** A timer runs out; what the process does about it comes behind this. */
  fired?(host: Host, timer: Timer): Finding;
  /** A message leaves. */
  sent?(host: Host, message: Message): Finding;
  /**
   * A vote leaves, granted or refused, or a candidate's request, which is its vote for itself; of another Raft only
   * what claims to grant a vote.
   */
  voted?(host: Host, message: RequestVote | RequestVoteReply | Foreign): Finding;
  /** The process became leader of a term. */
  elected?(host: Host): Finding;
  /** Its log is not what it was: unchanged up to `kept`, `before` was its last index. */
  logChanged?(host: Host, kept: LogIndex, before: LogIndex): Finding;
  /** Its commitIndex rose from `before`. Told before the ghost learns of it. */
  committed?(host: Host, before: LogIndex): Finding;
  /** A machine became what a snapshot says. */
  installed?(host: Host, snapshot: Snapshot): Finding;
  /** Its snapshot is another one than before. */
  snapshotChanged?(host: Host, before: Snapshot | undefined): Finding;
  /** No log holds entries before this index any more: nobody will ask for them. */
  compacted?(host: Host, index: LogIndex): Finding;
  /** A committed entry was executed. */
  applied?(host: Host, index: LogIndex, applied: Applied): Finding;
  /** A call reaches a process that is up; what it does about it comes behind this. */
  asked?(host: Host, call: Call): Finding;
  /** It answers a read that took no place in the log, as of an index. */
  served?(host: Host, answer: Answer, index: LogIndex): Finding;
  /** Its role or its term is not what it was. */
  turned?(host: Host): Finding;
  /** Its commitIndex fell. */
  uncommitted?(host: Host, before: LogIndex): Finding;
  /** A step of the process ended. */
  stepped?(host: Host): Finding;
  /** A handler threw. */
  threw?(host: Host, error: Error): Finding;
  /** The run begins. */
  begin?(world: World): void;
  /** The run is over; with a flood if it ended early, beyond one of its bounds. */
  finish?(world: World, flood?: Flood): Judgement;
  /** The same, instead, for a judgement that takes long: it rests now and then. */
  finishing?(world: World): Generator<undefined, Judgement>;
}
