// How long a lease runs, and how far it may be trusted (dissertation 6.4.1).
//
// A lease must end before the first follower forgets the leader, whatever their clocks do within a bound: the leader's
// may be slow and the follower's fast. Both times are counted from the same message, so the way of that is no matter.

import { MILLION, MILLISECOND } from '../base/units.ts';

/** What of a plan decides about leases: microseconds, and parts per million. */
export interface LeaseBounds {
  readonly electionTimeoutMin: number;
  readonly clockDriftMax: number;
}

/** What is left for clocks that are read in whole microseconds, and change their rate now and then. */
const SLACK = MILLISECOND;

/** The length of a lease on the leader's clock, in microseconds; 0 where clocks are too bad for any. */
export function leaseMicros({ electionTimeoutMin, clockDriftMax }: LeaseBounds): number {
  const shortened = Math.floor((electionTimeoutMin * (MILLION - clockDriftMax)) / (MILLION + clockDriftMax));
  return Math.max(0, shortened - SLACK);
}

/** True microseconds after which a lease has ended on every clock within the bound. */
export function leaseMicrosMax(bounds: LeaseBounds): number {
  return Math.ceil((leaseMicros(bounds) * MILLION) / (MILLION - bounds.clockDriftMax)) + SLACK / 2;
}
