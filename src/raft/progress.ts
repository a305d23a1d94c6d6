// What a leader knows of one follower (Figure 2, volatile state on leaders) and how boldly it sends.
//
// probe: the leader does not know where the logs meet; one request is out, and the next waits for its answer or for
// a heartbeat. replicate: it knows, and sends ahead of the answers, up to a window of messages.
//
// Invariant: matchIndex never falls within a reign, and nextIndex > matchIndex.

import { Fifo } from '../base/fifo.ts';
import { logIndex, type LogIndex } from '../base/ids.ts';
import { ZERO_INDEX } from '../protocol/message.ts';

export class FollowerProgress {
  /** The next entry to send. */
  nextIndex: LogIndex;
  /** The highest entry known to be durable on the follower. */
  matchIndex: LogIndex = ZERO_INDEX;
  mode: 'probe' | 'replicate' = 'probe';
  /** A probe is out: wait. */
  paused = false;
  /** The last index of each message on its way, oldest first. */
  readonly inflight: Fifo<LogIndex> = new Fifo<LogIndex>();

  constructor(nextIndex: LogIndex) {
    this.nextIndex = nextIndex;
  }

  /** The follower holds everything up to an index. */
  acknowledge(matchIndex: LogIndex): void {
    if (matchIndex > this.matchIndex) this.matchIndex = matchIndex;
    if (this.nextIndex <= this.matchIndex) this.nextIndex = logIndex(this.matchIndex + 1);
    while (this.inflight.length > 0 && (this.inflight.at(0) as LogIndex) <= this.matchIndex) this.inflight.shift();
    this.mode = 'replicate';
    this.paused = false;
  }

  /** The follower refused: step back to an index above what it is known to hold, and ask again. */
  stepBack(nextIndex: LogIndex): void {
    this.nextIndex = nextIndex > this.matchIndex ? nextIndex : logIndex(this.matchIndex + 1);
    this.inflight.clear();
    this.mode = 'probe';
    this.paused = false;
  }
}
