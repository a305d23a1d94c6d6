// Who watches the world: checks, goals, traces. Observers read and never change anything.
//
// The world tells them of each thing as it happens, and of the end of each step. A violation is an observer's finding:
// the world stops at the first one.

import type { LogIndex, NodeId } from '../base/ids.ts';
import type { Call } from '../protocol/operation.ts';
import type { Message } from '../protocol/message.ts';
import type { Snapshot } from '../protocol/snapshot.ts';
import type { Timer } from '../protocol/timers.ts';
import type { Host } from './host.ts';
import type { Answer, Applied } from './process.ts';
import type { Step } from './step.ts';

/** A promise that was broken, with the facts that contradict each other. */
export interface Violation {
  readonly property: string;
  readonly why: string;
}

export interface Observer {
  /** A message arrives; what its receiver does about it comes behind this. */
  received(host: Host, message: Message): void;
  /** A timer runs out; what its process does about it comes behind this. */
  fired(host: Host, timer: Timer): void;
  /** A message leaves its sender. */
  sent(host: Host, message: Message): void;
  /** A node executed a committed entry. */
  applied(host: Host, index: LogIndex, applied: Applied): void;
  /** A machine became what a snapshot says. */
  installed(host: Host, snapshot: Snapshot): void;
  /** A call reaches a process that is up; what it does about it comes behind this. */
  asked(host: Host, call: Call): void;
  /** A process answers a read that took no place in the log, as of an index. */
  served(host: Host, answer: Answer, index: LogIndex): void;
  started(host: Host): void;
  crashed(host: Host): void;
  /** A step of a process ended. */
  stepped(host: Host): void;
  /** The first violation so far. */
  readonly violation: Violation | undefined;
}

/** Who writes down what the world does. */
export interface Recorder {
  /** A step begins; its message, if it is about one. */
  begin(step: Step, message: Message | undefined): void;
  /** The step just begun crashed its process after this many of its effects. */
  truncated(effects: number): void;
  /** The step ended, with this fingerprint of the run so far. */
  end(host: Host | undefined, fingerprint: string): void;
  sent(message: Message): void;
  answered(node: NodeId, answer: Answer): void;
  /** The step just begun asked for a change of the members that was not taken. */
  changeRefused?(reason: string): void;
}
