// What a server knows of the reads that it has not answered (thesis 6.4), and of its lease.
//
// All of it belongs to one reign or one leader: a change of either drops it, and the clients ask again. The decisions
// are in `reads.ts` and `follower-reads.ts`.

import type { LogIndex, NodeId } from '../base/ids.ts';
import type { Outbox } from '../protocol/outbox.ts';

/** A read that waits for its round. */
export interface PendingRead {
  readonly asker: NodeId;
  readonly request: number;
  /** What was committed when its round began. */
  index: LogIndex;
  /** 0: it waits for one to begin. */
  round: number;
}

export class ReadState {
  /** Leaders: the last round that was begun, and the last one that a quorum has answered. */
  round = 0;
  confirmed = 0;
  /** Leaders: reads in the order in which they came. */
  readonly pending: PendingRead[] = [];
  /** Leaders: the round for which the lease runs, 0 if none does; whether a quorum has answered it. */
  leaseRound = 0;
  hasLease = false;
  /** Leaders: somebody was told to take over in this reign, and may do so at any time. */
  hasToldHeir = false;
  /** Followers: requests for which the leader was asked. */
  readonly forwarded: number[] = [];
  /** Followers: requests whose index is known, and not executed yet. */
  readonly waiting: { readonly request: number; readonly index: LogIndex }[] = [];

  /** A reign begins, with rounds of its own. */
  beginReign(): void {
    this.round = 0;
    this.confirmed = 0;
    this.leaseRound = 0;
    this.hasLease = false;
    this.hasToldHeir = false;
  }

  /** A reign ends: the reads of its own clients (`self`) are refused, so that they ask elsewhere. */
  endReign(self: NodeId, nobody: NodeId, outbox: Outbox): void {
    for (let i = 0; i < this.pending.length; i++) {
      const { asker, request } = this.pending[i] as PendingRead;
      if (asker === self) outbox.refuse(request, nobody);
    }
    this.pending.length = 0;
    this.beginReign();
  }

  /** There is another term: the leader that was asked will not answer. */
  dropForwarded(nobody: NodeId, outbox: Outbox): void {
    for (let i = 0; i < this.forwarded.length; i++) outbox.refuse(this.forwarded[i] as number, nobody);
    this.forwarded.length = 0;
  }
}
