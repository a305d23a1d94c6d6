// What a leader knows of its followers (Figure 2, volatile state on leaders) and how boldly it sends to each.
//
// probe: the leader does not know where the logs meet; one request is out, and the next waits for its answer or for
// a heartbeat. replicate: it knows, and sends ahead of the answers, up to a window of messages. snapshot: the entries
// that the follower needs are gone (section 7); one piece of a snapshot is out, and the next waits like a probe.
//
// Invariants: matchIndex never falls within a leadership, and nextIndex > matchIndex; there is a snapshot exactly in
// the mode of that name.

import { Fifo } from '../base/fifo.ts';
import { logIndex, type LogIndex, type NodeId } from '../base/ids.ts';
import type { MembershipChange } from '../protocol/configuration.ts';
import { ZERO_INDEX } from '../protocol/message.ts';
import type { Snapshot } from '../protocol/snapshot.ts';

export class FollowerProgress {
  readonly id: NodeId;
  /** The next entry to send. */
  nextIndex: LogIndex;
  /** The highest entry known to be durable on the follower. */
  matchIndex: LogIndex = ZERO_INDEX;
  mode: 'probe' | 'replicate' | 'snapshot' = 'probe';
  /** A probe or a piece of a snapshot is out: wait. */
  paused = false;
  /** It answered since the last quorum check (thesis 6.2). */
  isActive = true;
  /** The last round that it has answered (thesis 6.4). */
  round = 0;
  /** How often in a row it said that its log ends before `matchIndex`. */
  lapses = 0;
  /** How far it will know that entries are committed, once what was sent to it has arrived. */
  toldCommit: LogIndex = ZERO_INDEX;
  /** The last index of each message on its way, oldest first. */
  readonly inflight: Fifo<LogIndex> = new Fifo<LogIndex>();
  /** What is sent in pieces: the same one to its end, even if there is a newer one by then. */
  snapshot: Snapshot | undefined = undefined;
  /** The byte of it that comes next. */
  offset = 0;

  constructor(id: NodeId, nextIndex: LogIndex) {
    this.id = id;
    this.nextIndex = nextIndex;
  }

  /** The follower holds everything up to an index. */
  acknowledge(matchIndex: LogIndex): void {
    if (matchIndex > this.matchIndex) this.matchIndex = matchIndex;
    if (this.nextIndex <= this.matchIndex) this.nextIndex = logIndex(this.matchIndex + 1);
    while (this.inflight.length > 0 && (this.inflight.at(0) as LogIndex) <= this.matchIndex) this.inflight.shift();
    if (this.snapshot !== undefined) {
      if (this.matchIndex < this.snapshot.lastIndex) return;
      this.snapshot = undefined;
    }
    this.mode = 'replicate';
    this.paused = false;
  }

  /** The entries that the follower needs are gone: it gets this snapshot in their place, from its first byte on. */
  beginSnapshot(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.offset = 0;
    this.inflight.clear();
    this.mode = 'snapshot';
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

/** The followers of one leadership, by id. */
export class Followers {
  /** In the order of their ids. */
  readonly list: FollowerProgress[] = [];
  private readonly byId: (FollowerProgress | undefined)[] = [];

  /** A fresh leader knows nothing of the others: it starts at the end of its own log (Figure 2). */
  constructor(ids: readonly NodeId[], lastIndex: LogIndex) {
    this.become(ids, lastIndex);
  }

  /** Follows a change of the configuration: what is known of those who stay is kept, nothing is known of new ones. */
  become(ids: readonly NodeId[], lastIndex: LogIndex): void {
    const { list, byId } = this;
    for (let i = 0; i < list.length; i++) {
      const { id } = list[i] as FollowerProgress;
      if (!ids.includes(id)) byId[id] = undefined;
    }
    list.length = 0;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as NodeId;
      while (byId.length <= id) byId.push(undefined);
      const progress = byId[id] ?? new FollowerProgress(id, logIndex(lastIndex + 1));
      byId[id] = progress;
      list.push(progress);
    }
  }

  /** What is known of a server; undefined for one that does not follow this leader. */
  of(id: NodeId): FollowerProgress | undefined {
    return this.byId[id];
  }
}

/** A change that waits for its new voters. */
export interface CatchUp {
  readonly change: MembershipChange;
  readonly newcomers: readonly NodeId[];
  /** Where the log ended when the round began. */
  roundEnd: LogIndex;
  /** Rounds that may still take too long. */
  roundsLeft: number;
  /** This round has taken longer than an election timeout. */
  isSlow: boolean;
}
