// What can happen to one server within a bound, as plain data.
//
// Whatever a server becomes depends on these alone, in their order: it reads no clock and draws nothing. That is why
// one server is worked out once, however many clusters it is met in.

import type { NodeId } from '../base/ids.ts';
import type { MembershipChange } from '../protocol/configuration.ts';
import type { Message } from '../protocol/message.ts';
import type { TimerName } from '../protocol/timers.ts';

/** One thing that happens to a server; `effects`: it crashes after so many effects of it. */
export type LocalEvent =
  | { readonly act: 'restart' }
  | { readonly act: 'crash' }
  | { readonly act: 'timer'; readonly timer: TimerName; readonly effects?: number }
  | { readonly act: 'call'; readonly number: number; readonly effects?: number }
  | { readonly act: 'change'; readonly change: MembershipChange; readonly effects?: number }
  /** `isDoubled`: a copy of the message stays on its way. */
  | { readonly act: 'deliver'; readonly message: Message; readonly effects?: number; readonly isDoubled?: true };

/** An event and whose it is: a step of a schedule. */
export interface ExploredStep {
  readonly node: NodeId;
  readonly event: LocalEvent;
}

/** How far a search goes. */
export interface ExploreBound {
  readonly nodes: number;
  /** No server times out into a term beyond. */
  readonly terms: number;
  /** How many calls clients make. */
  readonly calls: number;
  /** How many messages are on their way at once: of what is beyond, any are lost. */
  readonly messages: number;
  /** How often a message is doubled. */
  readonly duplicates: number;
  /** How often a server crashes, between two steps or within one. */
  readonly crashes: number;
  /** How many snapshots servers finish. */
  readonly snapshots: number;
  /** A leader is asked for other members, until one agrees; undefined: nobody asks. */
  readonly change: MembershipChange | undefined;
  /** From every state a fair schedule has to commit. */
  readonly isFair: boolean;
}
