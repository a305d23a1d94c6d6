// What a server was after a step that touched it, as plain data that no later step changes.
//
// Everything is read from the port of a process, so that a foreign server shows here what it shows of itself. What it
// does not show is undefined, and a view says so.

import { nodeId, NOBODY, type NodeId } from '../base/ids.ts';
import type { Configuration } from '../protocol/configuration.ts';
import type { RoleName } from '../protocol/roles.ts';
import { timers, timerNames, type Timer, type TimerName } from '../protocol/timers.ts';
import type { Host, HostStatus } from '../sim/host.ts';
import type { FollowerView } from '../sim/process.ts';

export type MachineValues = readonly (readonly [key: string, value: string])[];

export interface ServerMoment {
  /** The step after which it was so. */
  readonly step: number;
  readonly status: HostStatus;
  /** `down` where it has no memory, `unknown` where it does not say. */
  readonly role: RoleName | 'down' | 'unknown';
  readonly term: number;
  readonly votedFor: NodeId;
  readonly leader: NodeId;
  readonly commitIndex: number;
  readonly lastIndex: number;
  /** The place before the first entry of its log. */
  readonly base: number;
  readonly applied: number;
  readonly disk: {
    readonly term: number;
    readonly votedFor: NodeId;
    readonly lastIndex: number;
    readonly cachedWrites: number;
  };
  readonly unservable: string | undefined;
  readonly life: number;
  /** A bit for each timer that runs. */
  readonly armed: number;
  readonly clock: { readonly ratePpm: number; readonly offset: number };
  /** Of a leader: what it believes of the others, by id. */
  readonly followers: readonly (FollowerView | undefined)[] | undefined;
  readonly configuration: Configuration | undefined;
  /** Undefined where the machine is not shown, or holds too much. */
  readonly values: MachineValues | undefined;
  readonly machineHash: number | undefined;
  readonly thrown: string | undefined;
}

/** A machine with more keys shows its hash only. */
const VALUES_MAX = 64;

const NEVER_SEEN = { term: 0, votedFor: NOBODY, leader: NOBODY, commitIndex: 0, lastIndex: 0, base: 0 } as const;

/** What a server is now; what did not change is shared with what it was before. */
export function momentOf(host: Host, step: number, before: ServerMoment | undefined, servers: number): ServerMoment {
  const { disk, status, clock, life, thrown, unservable } = host;
  const { machine, lastApplied } = host.process;
  const isDown = status === 'down';
  const probe = isDown ? undefined : host.process.probe;
  const isSameMachine = before !== undefined && before.applied === lastApplied && before.life === life;
  const { term, votedFor } = disk.hardState;
  return {
    step,
    status,
    role: host.process.shows?.includes('roles') === false && !isDown ? 'unknown' : (probe?.role ?? 'down'),
    term: probe?.currentTerm ?? NEVER_SEEN.term,
    votedFor: probe?.votedFor ?? NEVER_SEEN.votedFor,
    leader: probe?.leader ?? NEVER_SEEN.leader,
    commitIndex: probe?.commitIndex ?? NEVER_SEEN.commitIndex,
    lastIndex: probe?.log.lastIndex ?? NEVER_SEEN.lastIndex,
    base: probe?.log.base ?? NEVER_SEEN.base,
    applied: lastApplied,
    disk: { term, votedFor, lastIndex: disk.lastIndex, cachedWrites: disk.cachedWrites },
    unservable,
    life,
    armed: armedOf(host),
    clock: { ratePpm: clock.ratePpm, offset: clock.offset },
    followers: probe?.role === 'leader' ? followersOf(host, servers) : undefined,
    configuration: probe?.configuration,
    values: isSameMachine ? before.values : valuesOf(host),
    machineHash: machine?.hash,
    thrown: thrown === undefined ? undefined : `${thrown.name}: ${thrown.message}`,
  };
}

function armedOf(host: Host): number {
  let armed = 0;
  for (const timer of timers) if (host.armed(timer)) armed |= 1 << timer;
  return armed;
}

export const armedTimers = ({ armed }: ServerMoment): TimerName[] =>
  timerNames.filter((_, timer) => (armed & (1 << (timer as Timer))) !== 0);

function followersOf(host: Host, servers: number): (FollowerView | undefined)[] {
  return Array.from({ length: servers }, (_, id) => {
    const view = host.process.probe.followerOf(nodeId(id));
    if (view === undefined) return undefined;
    const { nextIndex, matchIndex, mode, isActive } = view;
    return { nextIndex, matchIndex, mode, isActive };
  });
}

function valuesOf({ process: { machine } }: Host): MachineValues | undefined {
  if (machine === undefined) return undefined;
  const values: (readonly [string, string])[] = [];
  for (const [key, value] of machine.values()) {
    if (values.length === VALUES_MAX) return undefined;
    values.push([key, value]);
  }
  return values;
}

/** The place of the last moment that is not behind a step. */
export function placeAfter(moments: readonly ServerMoment[], step: number): number {
  let [low, high] = [0, moments.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((moments[middle] as ServerMoment).step <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}
