// How long each timer runs where time decides, on the clock of its server.
//
// The election timer is drawn, from the stream of its server (section 5.2), and how long a machine takes to be written
// out; all others are as long as the plan says. Kept as plain fields: every message of a leader arms a timer.

import { unreachable } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { leaseMicros } from '../../protocol/lease.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Host } from '../host.ts';
import type { Parameters } from '../parameters.ts';

export class TimerLengths {
  private electionTimeoutMin = 0;
  private electionTimeoutMax = 0;
  private heartbeatInterval = 0;
  private snapshotDelayMin = 0;
  private snapshotDelayMax = 0;
  private lease = 0;

  adopt(parameters: Parameters): void {
    this.electionTimeoutMin = parameters.electionTimeoutMin;
    this.electionTimeoutMax = parameters.electionTimeoutMax;
    this.heartbeatInterval = parameters.heartbeatInterval;
    this.snapshotDelayMin = parameters.snapshotDelayMin;
    this.snapshotDelayMax = parameters.snapshotDelayMax;
    this.lease = leaseMicros(parameters);
  }

  /** In microseconds. */
  of(timer: Timer, host: Host, random: Random): number {
    switch (timer) {
      case Timer.election:
        return random.between(this.electionTimeoutMin, this.electionTimeoutMax);
      case Timer.heartbeat:
        return this.heartbeatInterval;
      case Timer.leaderContact:
      case Timer.catchUp:
        return this.electionTimeoutMin;
      case Timer.lease:
        return this.lease;
      case Timer.tick:
        return host.process.tickMicros ?? this.heartbeatInterval;
      case Timer.quorumCheck:
      case Timer.transfer:
        return this.electionTimeoutMax;
      case Timer.snapshot:
        return random.between(this.snapshotDelayMin, this.snapshotDelayMax);
      default:
        return unreachable(timer);
    }
  }
}
