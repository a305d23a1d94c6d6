// Amounts behind flags: counts from one on, and some real time.
//
// Each reader names its flag in what it refuses.

import { UsageError } from '../../base/errors.ts';
import { parseDuration, parseWhole } from '../../run/quantity.ts';

const WORKERS_MAX = 256;

export function parseCount(flag: string, most: number): (text: string) => number {
  return (text) => {
    const n = parseWhole(flag, text);
    if (n < 1 || n > most) throw new UsageError(`${flag} is ${text}, expected a whole number from 1 to ${most}`);
    return n;
  };
}

/** Some real time, not none, in microseconds. */
export const parseTime =
  (flag: string) =>
  (text: string): number => {
    const time = parseDuration(flag, text);
    if (time === 0) throw new UsageError(`${flag} is ${text}, expected some time, such as 10m`);
    return time;
  };

export const parseThreads = parseCount('--workers', WORKERS_MAX);
