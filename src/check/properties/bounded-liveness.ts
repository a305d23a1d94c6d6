// Bounded liveness (section 5.6): "if the leader fails, … election of a new leader"; as long as the timing requirement
// holds, "Raft will be able to elect and maintain a steady leader".
//
// Judged at the end of a run, when the faults have been over for long enough: there is a leader, a write that began
// after the faults has committed, all servers that can serve hold the same log, a leader has committed what it
// appended, and terms no longer grow. Where only a connected core was mended, that core has to elect and commit, if
// PreVote and CheckQuorum are on (thesis 4.2.3, 6.2, 9.6): plain Raft promises nothing there.

import { logIndex, nodeName } from '../../base/ids.ts';
import {
  isJoint,
  isMember,
  isQuorum,
  isSameConfiguration,
  isVoter,
  type Configuration,
} from '../../protocol/configuration.ts';
import type { Host } from '../../sim/host.ts';
import type { Probe } from '../../sim/process.ts';
import type { World } from '../../sim/world.ts';
import type { Parameters } from '../../sim/parameters.ts';
import { connectedCore, isPartlyBroken } from '../connected-core.ts';
import type { Judgement, Property, PropertyFacts } from '../property.ts';
import { seconds, slowMessages, timingTrouble } from './timing-requirement.ts';

/** What the promise depends on. */
export interface LivenessTerms {
  /** Timing, and how long after the faults the cluster has to be whole again. */
  readonly parameters: Parameters;
  /** Entries that may be on their way to one follower at once, at least. */
  readonly entriesAtOnce: number;
  /** The leader looks for the last common entry one index at a time (section 5.3), which may take longer than that. */
  readonly oneByOne: boolean;
  /** A new leader appends an entry (section 8); else only a call makes logs converge. */
  readonly noOp: boolean;
  /** Servers that hear a leader answer no candidate (thesis 4.2.3); else a removed server may disturb for ever. */
  readonly isSticky: boolean;
  /** PreVote and CheckQuorum are on: a connected core that holds a quorum works, whatever the others do. */
  readonly worksInPart: boolean;
  /** A snapshot is sent in pieces of so many bytes (section 7). */
  readonly pieceBytes: number;
  /** The scheduler under which time does not decide, if there is one. */
  readonly adversary?: string | undefined;
}

export const boundedLivenessFacts = {
  name: 'bounded-liveness',
  kind: 'liveness',
  mood: 'eventually',
  needs: ['roles', 'terms', 'log', 'commit', 'clients'],
} as const satisfies PropertyFacts;

export function boundedLiveness({
  parameters,
  entriesAtOnce,
  oneByOne,
  noOp,
  isSticky,
  worksInPart,
  pieceBytes,
  adversary,
}: LivenessTerms): Property {
  const { settle, delayMax, patience } = parameters;
  /** By term: when a server was first seen in it. A crash may lose a term that no message carried. */
  const begunAt: number[] = [];
  /** By server: when its log last changed. */
  const changedAt: number[] = [];
  let now = (): number => 0;
  return {
    name: boundedLivenessFacts.name,
    mood: boundedLivenessFacts.mood,
    turned(host) {
      begunAt[host.process.probe.currentTerm] ??= now();
      return undefined;
    },
    logChanged(host) {
      changedAt[host.id] = now();
      return undefined;
    },
    begin(world) {
      now = () => world.now;
    },
    finish(world, flood) {
      if (flood !== undefined && !(flood.bound === 'messages' && adversary === undefined)) {
        return unknown(`the run ended early, with ${flood.words}`);
      }
      if (adversary !== undefined) {
        return unknown(`the scheduler ${adversary} lets timers and messages come in any order, up to the end`);
      }
      const slow = slowMessages(parameters);
      if (slow !== undefined) return unknown(slow);
      const broken = (why: string): Judgement => {
        const trouble = timingTrouble(parameters, world.nodes);
        return trouble === undefined ? { outcome: 'fail', why } : unknown(trouble);
      };
      if (flood !== undefined) {
        const isHeld = parameters.pauseEvery > 0 && parameters.pauseFor > settle;
        return isHeld ? unknown(`the run ended early, with ${flood.words}`) : broken(FLOODED);
      }
      if (world.calmSince < 0) return unknown('the faults never ended');
      const calmFor = world.now - world.calmSince;
      if (calmFor < settle - SLACK) {
        return unknown(`the run ended ${seconds(calmFor)} after its faults; it takes ${seconds(settle)} to tell`);
      }
      const running = world.hosts.filter((host) => host.status === 'up');
      const configuration = configurationNow(running);
      if (configuration === undefined || !isServed(running, configuration)) {
        return DISKS_GONE;
      }
      const isPart = isPartlyBroken(world);
      if (isPart && !worksInPart) return PLAIN;
      const core = isPart ? connectedCore(world, configuration) : undefined;
      if (isPart && core === undefined) return NO_CORE;
      const serving = core ?? running.filter(({ id }) => isMember(configuration, id));
      const longest = serving.reduce((most, host) => Math.max(most, host.process.probe.log.lastIndex), 0);
      if (oneByOne && longest * 2 * delayMax > settle) {
        return unknown(`stepping back one by one over ${longest} entries may take longer than ${seconds(settle)}`);
      }
      const newestTerm = newestTermOf(serving);
      const calls = freshCalls(world);
      // A leader that only part of a core reaches may serve it from outside.
      const leaderless = noLeader(core === undefined ? serving : running, newestTerm);
      if (!isSticky && running.length > serving.length) {
        const removed = running.find((host) => !isMember(configuration, host.id) && mayDisturb(host));
        if (removed !== undefined) {
          return unknown(`${nodeName(removed.id)} was removed, does not know it, and may disturb the others for ever`);
        }
      }
      // Clients may wait at servers that nobody mended.
      const unwritten = core === undefined ? noFreshWrite(calls) : undefined;
      if (leaderless === undefined && unwritten !== undefined && patience * 2 > settle) {
        return unknown(`a client waits ${seconds(patience)} for an answer before it tries again`);
      }
      const stuck = leaderless ?? unwritten;
      const isLed = core === undefined || serving.some((host) => host.process.probe.role === 'leader');
      const parted =
        (isLed ? apart(serving) : undefined) ?? openTail(running, newestTerm, changedAt, world.now, settle);
      if (stuck === undefined && parted !== undefined && Math.ceil(longest / entriesAtOnce) * 2 * delayMax > settle) {
        return unknown(
          `${longest} entries, ${entriesAtOnce} at a time, may take longer than ${seconds(settle)} to be sent`,
        );
      }
      const pieces = Math.ceil(largestSnapshot(serving) / pieceBytes);
      // While clients write, a follower may need another one as soon as it has one.
      if (stuck === undefined && parted !== undefined && pieces * 2 * delayMax * SNAPSHOTS_MAX > settle) {
        return unknown(`snapshots of ${pieces} pieces may take longer than ${seconds(settle)} to be sent`);
      }
      if (stuck === undefined && parted !== undefined && !noOp && calls.completed === 0) {
        return unknown('no entry came behind the faults that could make the logs equal: no call, and no no-op');
      }
      const newestTermSince = begunAt[newestTerm] ?? 0;
      const why =
        stuck ??
        parted ??
        (isJoint(configuration) ? 'the configuration is still joint, long after the faults' : undefined) ??
        (newestTermSince > world.calmSince + settle / 2
          ? `terms still grow: term ${newestTerm} began ${seconds(newestTermSince - world.calmSince)} after the faults`
          : undefined);
      return why === undefined ? { outcome: 'pass', why: '' } : broken(why);
    },
  };
}

/** The configuration of the leader of the newest term; without one, that of the newest log. */
function configurationNow(running: readonly Host[]): Configuration | undefined {
  let best: Host | undefined;
  for (const host of running) {
    if (best === undefined || isNewer(host.process.probe, best.process.probe)) best = host;
  }
  return best?.process.probe.configuration;
}

function isNewer(one: Probe, other: Probe): boolean {
  const leads = ({ role, currentTerm }: Probe): number => (role === 'leader' ? currentTerm : 0);
  if (leads(one) !== leads(other)) return leads(one) > leads(other);
  if (one.log.lastTerm !== other.log.lastTerm) return one.log.lastTerm > other.log.lastTerm;
  return one.log.lastIndex > other.log.lastIndex;
}

/**
 * Whether a quorum of this configuration runs; without a leader, also one of each that a member still uses: the next
 * leader may be elected by it.
 */
function isServed(running: readonly Host[], configuration: Configuration): boolean {
  const ids = running.map(({ id }) => id);
  if (!isQuorum(configuration, ids)) return false;
  const members = running.filter(({ id }) => isMember(configuration, id));
  return (
    members.some((host) => host.process.probe.role === 'leader') ||
    members.every((host) => {
      const used = host.process.probe.configuration;
      return used.voters.length === 0 || isSameConfiguration(used, configuration) || isQuorum(used, ids);
    })
  );
}

const newestTermOf = (hosts: readonly Host[]): number =>
  hosts.reduce((newest, host) => Math.max(newest, host.process.probe.currentTerm), 0);

/** Thesis 4.2.3: a server that was removed and did not hear of it stands for election again and again. */
function mayDisturb({ id, process: { probe } }: Host): boolean {
  return isVoter(probe.configuration, id) || probe.commitIndex < probe.log.lastIndex;
}

const PLAIN: Judgement = {
  outcome: 'not applicable',
  why:
    'only a part of the cluster was mended, and PreVote and CheckQuorum are not both on: an old leader that a few ' +
    'still hear, or a candidate that nobody can elect, may keep plain Raft from working for as long as that lasts',
};
const NO_CORE: Judgement = { outcome: 'not applicable', why: 'no connected part of the cluster holds a quorum' };
const DISKS_GONE: Judgement = { outcome: 'not applicable', why: 'the disks of a majority are gone' };
const FLOODED = 'messages pile up without end: one brings on more than one other';

/** A run ends at its last event, which may come a moment before its limit. */
const SLACK = 500_000;

/** So many snapshots one after the other may bring a follower up. */
const SNAPSHOTS_MAX = 4;

const unknown = (why: string): Judgement => ({ outcome: 'unknown', why });

/** In bytes. */
function largestSnapshot(serving: readonly Host[]): number {
  return serving.reduce((most, host) => Math.max(most, host.process.probe.snapshot?.state.bytes ?? 0), 0);
}

function noLeader(serving: readonly Host[], newestTerm: number): string | undefined {
  const leaders = serving.filter((host) => host.process.probe.role === 'leader');
  if (leaders.some((host) => host.process.probe.currentTerm === newestTerm)) return undefined;
  return `no server leads term ${newestTerm}, long after the faults`;
}

/** A leader that has stopped taking commands long ago, and has not committed the last one of its own term. */
function openTail(
  running: readonly Host[],
  newestTerm: number,
  changedAt: readonly number[],
  now: number,
  settle: number,
): string | undefined {
  for (const host of running) {
    const { id } = host;
    const { role, currentTerm, log, commitIndex } = host.process.probe;
    if (role !== 'leader' || currentTerm < newestTerm || log.lastTerm !== currentTerm) continue;
    const since = now - (changedAt[id] ?? 0);
    if (commitIndex >= log.lastIndex || since < settle / 4) continue;
    const tail = `has not committed entry ${log.lastIndex} of its own term`;
    return `${nodeName(id)} leads term ${currentTerm} and ${tail}, which it appended ${seconds(since)} ago`;
  }
  return undefined;
}

interface FreshCalls {
  readonly completed: number;
  readonly writes: number;
  readonly completedWrites: number;
}

/** The calls that began after the faults. */
function freshCalls(world: World): FreshCalls {
  let [completed, writes, completedWrites] = [0, 0, 0];
  const history = world.sessions.history();
  for (let i = history.length - 1; i >= 0; i--) {
    const call = history[i];
    if (call === undefined || call.invokedAt <= world.calmStep) break;
    const isCompleted = call.completedAt >= 0;
    if (isCompleted) completed++;
    // A read by another path may wait for an entry of the leader's term, which only a write brings without a no-op.
    if (call.operation.kind === 'get' || call.operation.kind === 'read') continue;
    writes++;
    if (isCompleted) completedWrites++;
  }
  return { completed, writes, completedWrites };
}

function noFreshWrite({ writes, completedWrites }: FreshCalls): string | undefined {
  if (writes === 0 || completedWrites > 0) return undefined;
  if (writes === 1) return 'the one write that began after the faults has not committed';
  return `none of the ${writes} writes that began after the faults has committed`;
}

function apart(serving: readonly Host[]): string | undefined {
  const [first] = serving;
  if (first === undefined) return undefined;
  const { log, commitIndex } = first.process.probe;
  for (const host of serving) {
    const other = host.process.probe;
    if (other.log.lastIndex !== log.lastIndex) {
      const lengths = `${nodeName(first.id)} has ${log.lastIndex} entries, ${nodeName(host.id)} ${other.log.lastIndex}`;
      return `the logs have not converged: ${lengths}`;
    }
    if (other.log.prefixHashAt(logIndex(log.lastIndex)) !== log.prefixHashAt(log.lastIndex)) {
      return `the logs have not converged: ${nodeName(first.id)} and ${nodeName(host.id)} hold different entries`;
    }
    if (other.commitIndex !== commitIndex) {
      const indexes = `${nodeName(first.id)} ${commitIndex}, ${nodeName(host.id)} ${other.commitIndex}`;
      return `commit indexes have not converged: ${indexes}`;
    }
  }
  return undefined;
}
