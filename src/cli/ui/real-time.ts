// The real time of this machine, for those who may know it: pools, budgets, leases.
//
// No decision of a run ever depends on it.

import type { RealTime } from '../../pool/pool.ts';

export const realTime: RealTime = {
  now: () => performance.now(),
  every(millis, call) {
    const timer = setInterval(call, millis);
    return () => clearInterval(timer);
  },
};
