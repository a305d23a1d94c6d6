// The two sides of a node's one door: events go in, effects come out.
//
// Everything that can happen to a node is an event, and a message is one as it is. Everything that a node wants is an
// effect, carried out by its host in order; a host may crash between any two of them. The node names timers; how
// long they run is the host's business, and so are the clock and the dice.

import type { Command, Message, Write } from './message.ts';
import type { LogIndex, NodeId, Term } from '../base/ids.ts';

/** Followers and candidates wait for a leader, leaders for their next heartbeat. */
export type TimerName = 'election' | 'heartbeat';

export type NodeEvent =
  | Message
  | { readonly kind: 'Timeout'; readonly timer: TimerName }
  | { readonly kind: 'WriteCompleted'; readonly ticket: number }
  | { readonly kind: 'WriteFailed'; readonly ticket: number }
  | { readonly kind: 'Propose'; readonly request: number; readonly command: Command };

export type Effect =
  | { readonly kind: 'send'; readonly message: Message }
  | { readonly kind: 'persist'; readonly write: Write }
  /** Starts the timer anew with a fresh random length. */
  | { readonly kind: 'arm'; readonly timer: TimerName }
  | { readonly kind: 'disarm'; readonly timer: TimerName }
  /** The entries from one index to another are committed: execute them in order. */
  | { readonly kind: 'apply'; readonly from: LogIndex; readonly to: LogIndex }
  /** A proposal has its place in the leader's log; whether it commits is not known yet. */
  | { readonly kind: 'accept'; readonly request: number; readonly index: LogIndex; readonly term: Term }
  /** A proposal was not taken; `leader` is the best guess, NOBODY if there is none. */
  | { readonly kind: 'refuse'; readonly request: number; readonly leader: NodeId }
  /** The node must not act any more in this life (a write failed). */
  | { readonly kind: 'halt'; readonly reason: string };
