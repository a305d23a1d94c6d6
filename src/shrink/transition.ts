// What a server was and what became of it in one move: the facts behind an explanation.
//
// Everything is read from the server's probe and its disk before and after, and from the messages that left it.

import { logIndex, NOBODY, type NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { RoleName } from '../protocol/roles.ts';
import { Timer } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';

/** A server at one moment; what it had last if it is down. */
export interface NodeSnapshotBefore {
  readonly isUp: boolean;
  readonly role: RoleName;
  readonly term: number;
  readonly votedFor: NodeId;
  /** The leader that it has heard within the shortest election timeout, where an option of the node asks for that. */
  readonly heard: NodeId;
  readonly lastIndex: number;
  readonly commitIndex: number;
  /** The entries up to here are gone, and the last entry that a snapshot stands for. */
  readonly base: number;
  readonly snapshotIndex: number;
  /** By index from 1: the terms of its entries; 0 for those that are gone. */
  readonly log: readonly number[];
  readonly disk: { readonly term: number; readonly votedFor: NodeId; readonly lastIndex: number };
}

export function snapshotOf(host: Host): NodeSnapshotBefore {
  const { hardState, lastIndex } = host.disk;
  const disk = { term: hardState.term, votedFor: hardState.votedFor, lastIndex };
  if (host.status === 'down') {
    return {
      isUp: false,
      role: 'follower',
      term: hardState.term,
      votedFor: hardState.votedFor,
      heard: NOBODY,
      lastIndex,
      commitIndex: 0,
      base: host.disk.base,
      snapshotIndex: host.disk.snapshot?.lastIndex ?? 0,
      log: Array.from({ length: lastIndex }, (_, i) =>
        i < host.disk.base ? 0 : host.disk.entryAt(logIndex(i + 1)).term,
      ),
      disk,
    };
  }
  const { role, currentTerm, votedFor, leader, log, commitIndex } = host.process.probe;
  return {
    isUp: true,
    role,
    term: currentTerm,
    votedFor,
    heard: host.armed(Timer.leaderContact) ? leader : NOBODY,
    lastIndex: log.lastIndex,
    commitIndex,
    base: log.base,
    snapshotIndex: host.process.probe.snapshot?.lastIndex ?? 0,
    log: Array.from({ length: log.lastIndex }, (_, i) => (i < log.base ? 0 : log.termAt(logIndex(i + 1)))),
    disk,
  };
}

/** What one move did to its server. */
export interface Transition {
  readonly before: NodeSnapshotBefore;
  readonly after: NodeSnapshotBefore;
  /** What was sent in this move and in what followed by itself. */
  readonly sent: readonly Message[];
  /** The message was delivered before, too. */
  readonly isAgain: boolean;
}
