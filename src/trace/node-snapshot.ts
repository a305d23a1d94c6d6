// The servers at one moment of a run, as plain data: what each holds in memory, on its disk and in its machine.
//
// Entries are written as in the paper's figures, index and term: `12@3` is the entry at index 12, of term 3. Nothing
// here keeps hold of a server, so a snapshot stays as it was.

import { hex } from '../base/hash.ts';
import { logIndex, nodeName, NOBODY, type NodeId } from '../base/ids.ts';
import type { Host } from '../sim/host.ts';
import type { FollowerView, LogView, Probe } from '../sim/process.ts';

/** What a leader believes of one follower. */
export interface FollowerSnapshot {
  readonly node: string;
  /** The next entry to send. */
  readonly nextIndex: number;
  /** The last entry known to be durable there. */
  readonly matchIndex: number;
  readonly mode: FollowerView['mode'];
}

export interface NodeSnapshot {
  readonly node: string;
  readonly status: Host['status'];
  /** What it holds in memory; null while it is down. */
  readonly memory: {
    readonly role: string;
    readonly term: number;
    readonly vote: string | null;
    readonly leader: string | null;
    readonly commitIndex: number;
    readonly lastIndex: number;
    /** The entries up to here are gone: a snapshot stands for them. */
    readonly base: number;
    /** The last entries. */
    readonly tail: readonly string[];
    /** Of a leader only. */
    readonly followers: readonly FollowerSnapshot[] | null;
  } | null;
  readonly disk: {
    readonly term: number;
    readonly vote: string | null;
    readonly last: string;
    /** The last entry that its snapshot stands for; 0 if it has none. */
    readonly snapshot: number;
    readonly cachedWrites: number;
    /** Why the server cannot start from it. */
    readonly unservable: string | null;
  };
  readonly machine: {
    /** The last entry that it executed. */
    readonly applied: number;
    /** Equal on two machines that executed the same commands; null if the process does not show its machine. */
    readonly hash: string | null;
    readonly values: Readonly<Record<string, string>> | null;
  };
}

const TAIL = 3;
/** No cluster has more servers. */
const IDS_MAX = 16;

const nameOf = (id: NodeId): string | null => (id === NOBODY ? null : nodeName(id));

export function nodeSnapshots(hosts: readonly Host[]): NodeSnapshot[] {
  return hosts.map((host) => {
    const { disk } = host;
    const last = disk.lastIndex;
    const { machine, lastApplied } = host.process;
    return {
      node: nodeName(host.id),
      status: host.status,
      memory: host.status === 'down' ? null : memoryOf(host),
      disk: {
        term: disk.hardState.term,
        vote: nameOf(disk.hardState.votedFor),
        last: last === 0 ? 'empty' : `${last}@${disk.termAt(last) ?? 0}`,
        snapshot: disk.snapshot?.lastIndex ?? 0,
        cachedWrites: disk.cachedWrites,
        unservable: host.unservable ?? null,
      },
      machine: {
        applied: lastApplied,
        hash: machine === undefined ? null : hex(machine.hash),
        values: machine === undefined ? null : Object.fromEntries(machine.values()),
      },
    };
  });
}

function memoryOf(host: Host): NonNullable<NodeSnapshot['memory']> {
  const { probe } = host.process;
  const { role, currentTerm, votedFor, leader, commitIndex, log } = probe;
  return {
    role,
    term: currentTerm,
    vote: nameOf(votedFor),
    leader: nameOf(leader),
    commitIndex,
    lastIndex: log.lastIndex,
    base: log.base,
    tail: tailOf(log),
    followers: role === 'leader' ? followersOf(host.id, probe) : null,
  };
}

function followersOf(leader: NodeId, probe: Probe): FollowerSnapshot[] {
  const followers: FollowerSnapshot[] = [];
  for (let id = 0; id < IDS_MAX; id++) {
    const follower = id === leader ? undefined : probe.followerOf(id as NodeId);
    if (follower === undefined) continue;
    const { nextIndex, matchIndex, mode } = follower;
    followers.push({ node: nodeName(id as NodeId), nextIndex, matchIndex, mode });
  }
  return followers;
}

function tailOf(log: LogView): string[] {
  const tail: string[] = [];
  for (let i = Math.max(log.base + 1, log.lastIndex - TAIL + 1); i <= log.lastIndex; i++)
    tail.push(`${i}@${log.termAt(logIndex(i))}`);
  return tail;
}
