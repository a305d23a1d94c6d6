// What a server of a real cluster logged: one event, whatever format it was written in.
//
// Events of one server stand in their order; those of different servers in any, since clocks of machines disagree. No
// promise that is judged here depends on an order between servers.

/** What an event may be about. A kind that a server never logs is missing, and nothing that needs it is ever kept. */
export const eventKinds = {
  restart: 'the server starts from its disk',
  term: 'it is in `term` from now on',
  vote: 'it votes for `for` in `term`',
  role: 'it is `role` (follower, candidate, leader) in `term`',
  append: 'the entry `index` of `term` is in its log, with `command` if that is told',
  truncate: 'the entries from `index` on are gone from its log',
  commit: 'the entries up to `index` are committed',
  apply: 'the entry `index` was executed: its `term`, its `command`, or both',
  snapshot: 'a snapshot stands for its log up to `index`, of `term`',
  extent: 'its log ends at `index`; what stands there is not told',
  configuration: 'the voters are `voters`',
  message: 'a message; it is counted, no more',
} as const;

export type LoggedKind = keyof typeof eventKinds;

export interface LoggedEvent {
  readonly kind: LoggedKind;
  readonly server: string;
  readonly line: number;
  readonly term?: number;
  readonly index?: number;
  readonly role?: string;
  readonly for?: string;
  readonly command?: string;
  readonly voters?: readonly string[];
  /** Of a restart: kinds that the server tells whenever they happen, though it may never come to one. */
  readonly tells?: readonly LoggedKind[];
}
