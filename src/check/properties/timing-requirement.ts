// The timing requirement (section 5.6): "broadcastTime ≪ electionTimeout ≪ MTBF". Under parameters that break it no
// Raft can elect and keep a leader, and a cluster without one is no finding.
//
// It must stay on the side of the finding: timing under which a correct cluster recovers is never called hopeless.

import type { Parameters } from '../../sim/parameters.ts';

/** A follower must hear of its leader, there and back, well before its timeout. */
const ROUND_TRIPS = 4;

/** An election may be split a few times in a row: so many of the longest timeouts make up the time to recover. */
const ELECTIONS = 8;

/** Why messages are too slow for elections to mean anything; undefined if they are not. */
export function slowMessages({ delayMax, electionTimeoutMin }: Parameters): string | undefined {
  if (delayMax * ROUND_TRIPS <= electionTimeoutMin) return undefined;
  const timeout = `an election timeout may be ${milliseconds(electionTimeoutMin)}`;
  return `the timing requirement is not met: a message may take ${milliseconds(delayMax)}, ${timeout}`;
}

/** Why a cluster that is not whole again may have had no chance to be; undefined if it had one. */
export function timingTrouble(p: Parameters, nodes: number): string | undefined {
  const { electionTimeoutMin: shortest, electionTimeoutMax: longest, settle } = p;
  const timeout = `an election timeout may be ${milliseconds(shortest)}`;
  const disk = p.writeDelayMax + p.syncDelayMax;
  // The candidate stores its vote before it asks, and each voter before it answers.
  const election = 2 * (p.delayMax + disk);
  if (election > shortest) {
    return `the timing requirement is not met: a vote may take ${milliseconds(disk)} to be stored, ${timeout}`;
  }
  if (nodes > 1 && p.heartbeatInterval + p.delayMax >= shortest) {
    const between = `the time between two heartbeats is ${milliseconds(p.heartbeatInterval)}`;
    return `the timing requirement is not met: ${between}, ${timeout}`;
  }
  if (nodes > 1 && longest - shortest <= election) {
    const apart = longest === shortest ? 'are all equal' : `lie at most ${milliseconds(longest - shortest)} apart`;
    return `election timeouts ${apart}: servers may stand together and split the votes again and again`;
  }
  if (settle < ELECTIONS * longest) {
    const alone = `an election timeout alone may be ${milliseconds(longest)}`;
    return `${duration(settle)} to recover are too short to tell: ${alone}`;
  }
  return lateText(p);
}

/** What faults leave behind that comes when the cluster should have been at rest for long. */
function lateText(p: Parameters): string | undefined {
  const late = p.settle / 2;
  const of = duration(p.settle);
  if (p.longDelay > 0 && p.longDelayMax > late) {
    return `a message may be held up for ${duration(p.longDelayMax)}, which is long for ${of} to recover`;
  }
  const slowest = p.delayMax * p.slowFactor;
  if (p.slowEvery > 0 && slowest > late) {
    return `a message on a slow link may take ${duration(slowest)}, which is long for ${of} to recover`;
  }
  const slowestWrite = (p.writeDelayMax + p.syncDelayMax) * p.slowDiskFactor;
  if (p.slowDiskEvery > 0 && slowestWrite > late) {
    return `a write on a slow disk may take ${duration(slowestWrite)}, which is long for ${of} to recover`;
  }
  if (p.clockEvery > 0 && p.clockJumpMax > late) {
    return `a clock may jump by ${duration(p.clockJumpMax)}, which is long for ${of} to recover`;
  }
  return undefined;
}

const milliseconds = (micros: number): string =>
  micros < 1_000 ? `${micros} us` : `${Math.floor(micros / 100) / 10} ms`;

export const seconds = (micros: number): string => `${Math.floor(micros / 100_000) / 10} s`;

const duration = (micros: number): string => (micros < 1_000_000 ? milliseconds(micros) : seconds(micros));
