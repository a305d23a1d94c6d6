// The timers of a server, by name and by number.
//
// A node names a timer; how long it runs is its host's business. Where timers differ, a switch over
// `Timer` ends in `unreachable`: a new row here does not compile until each of these places has an answer.

/** The number of each timer: what the hot path passes around, and the place of its deadline. */
export const Timer = {
  /** Followers and candidates wait for a leader (section 5.2). */
  election: 0,
  /** Leaders wait until they have to be heard again (section 5.2). */
  heartbeat: 1,
  /** How long a server that heard its leader answers no candidate (thesis 4.2.3). */
  leaderContact: 2,
  /** How long a leader may go without a quorum of answers (thesis 6.2). */
  quorumCheck: 3,
  /** A server that is not ours counts its own time in ticks. */
  tick: 4,
  /** How long a leader waits for the one that is to take over (thesis 3.10). */
  transfer: 5,
  /** How long it takes to write a snapshot of the machine out, before it can be stored (section 7). */
  snapshot: 6,
  /** How long a leader may answer reads by its lease, from the time it sent the round (thesis 6.4.1). */
  lease: 7,
  /** How long a round of catching up may take (thesis 4.2.1). */
  catchUp: 8,
} as const;

export type TimerName = keyof typeof Timer;
export type Timer = (typeof Timer)[TimerName];

/** How each timer is spoken of. */
export const timerTable: Readonly<Record<TimerName, { readonly verb: string; readonly title: string }>> = {
  election: { verb: 'timeout', title: 'election timeout' },
  heartbeat: { verb: 'heartbeat', title: 'heartbeat' },
  leaderContact: { verb: 'lose contact', title: 'end of leader contact' },
  quorumCheck: { verb: 'check quorum', title: 'quorum check' },
  tick: { verb: 'tick', title: 'tick' },
  transfer: { verb: 'give up transfer', title: 'end of a transfer' },
  snapshot: { verb: 'finish snapshot', title: 'snapshot finished' },
  lease: { verb: 'end lease', title: 'end of a lease' },
  catchUp: { verb: 'end round', title: 'end of a round of catching up' },
};

/** Whether a timer runs on a clock that may be fast or slow, but never jumps. */
export const isMonotonic = (timer: Timer): boolean => timer === Timer.leaderContact || timer === Timer.lease;

/** By number. */
export const timerNames: readonly TimerName[] = Object.keys(Timer) as TimerName[];
/** All timers, for loops over the timers of a server. */
export const timers: readonly Timer[] = Object.values(Timer);
