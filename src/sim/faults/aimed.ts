// Faults that know the state of the cluster: they lie in wait for a moment that dice alone seldom meet.
//
// An ambush begins at a drawn time, looks at the running servers every few milliseconds, and strikes once when what it
// waits for is there, or gives up. It sees what a server shows of itself; of one that shows no role, nobody ever leads.

import type { Random } from '../../base/random.ts';
import { MILLION, MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import type { NodeId } from '../../base/ids.ts';
import type { Host } from '../host.ts';
import { duration } from '../parameter.ts';
import type { LinkEnds } from '../step.ts';
import { between, fault, type Later, type Striker } from './fault.ts';

/** How long an ambush waits from one look to the next. */
const LOOK_EVERY = 3 * MILLISECOND;
/** After so many looks it gives up. */
const LOOKS_MAX = 500;

/** Some of the crashes fall between two effects of the victim's next step: behind none, one, two or three of them. */
const AT_ONCE = 8;
const EFFECTS_KEPT_MAX = 3;

/** An ambush begins: one draw, whatever comes of it, says how it will strike. */
const lieInWait = (_striker: Striker, random: Random): Later => ({
  after: LOOK_EVERY,
  subject: random.below(AT_ONCE),
  number: 0,
});

/** Looks for a victim and lets it crash, or waits for the next look. */
function lookFor(isVictim: (host: Host) => boolean, striker: Striker, how: number, looks: number): Later | undefined {
  if (striker.isOver) return undefined;
  const victim = striker.world.hosts.find(isVictim);
  if (victim === undefined) {
    return looks < LOOKS_MAX ? { after: LOOK_EVERY, subject: how, number: looks + 1 } : undefined;
  }
  striker.strike(victim);
  if (how <= EFFECTS_KEPT_MAX) victim.crashAfterEffects = how;
  else striker.scheduler.crash(victim);
  return undefined;
}

const canBeStruck = (host: Host): boolean => host.status === 'up' && host.crashAfterEffects < 0 && !host.crashPending;

/** Just elected: nothing of its term is committed yet, and its first entries are not known to be on a quorum. */
function isNewLeader(host: Host): boolean {
  if (!canBeStruck(host)) return false;
  const { role, currentTerm, log, commitIndex } = host.process.probe;
  return role === 'leader' && log.lastIndex > commitIndex && log.termAt(commitIndex) < currentTerm;
}

export const winnerCrash = fault({
  meaning: 'whoever has just won an election crashes while its first entries are on their way, or between two effects',
  parameters: { winnerCrashEvery: duration('processes', 0, 'mean time between two ambushes for a new leader') },
  switch: 'winnerCrashEvery',
  shapedBy: ['downFor', 'powerLoss'],
  steps: ['crash', 'restart'],
  profiles: {},
  campaign: {
    stream: 'winner crash',
    odds: 150_000,
    draw: (random) => ({
      winnerCrashEvery: between(random, 200 * MILLISECOND, 3 * SECOND),
      powerLoss: between(random, 20 * PERCENT, MILLION),
    }),
  },
  strike: { stream: 'winner crashes', every: 'winnerCrashEvery', begin: lieInWait },
  end: (striker, how, looks) => lookFor(isNewLeader, striker, how, looks),
});

/** Its term or its vote is not what its disk holds. */
function hasVoteOnItsWay(host: Host): boolean {
  if (!canBeStruck(host) || host.disk.cachedWrites === 0) return false;
  const { hardState } = host.disk;
  const { currentTerm, votedFor } = host.process.probe;
  return currentTerm > hardState.term || votedFor !== hardState.votedFor;
}

export const voteCrash = fault({
  meaning: 'a server crashes while its term or its vote is on its way to its disk',
  parameters: { voteCrashEvery: duration('processes', 0, 'mean time between two ambushes for a vote on its way') },
  switch: 'voteCrashEvery',
  shapedBy: ['downFor', 'powerLoss'],
  steps: ['crash', 'restart'],
  profiles: {},
  campaign: {
    stream: 'vote crash',
    odds: 150_000,
    draw: (random) => ({
      voteCrashEvery: between(random, 200 * MILLISECOND, 3 * SECOND),
      powerLoss: between(random, 20 * PERCENT, MILLION),
    }),
  },
  strike: { stream: 'vote crashes', every: 'voteCrashEvery', begin: lieInWait },
  end: (striker, how, looks) => lookFor(hasVoteOnItsWay, striker, how, looks),
});

/** How long a leader may still stand when its successor leads, in milliseconds. */
const BEHIND_MAX_MILLIS = 150;

/** What is next of an overtaking: to stop the leader, to look for its successor, to let it go on. */
const Phase = { stop: 0, stand: 1, goOn: 2 } as const;

/** The two numbers of what is next: whose, in which phase, how long behind; which cut (0: none), which pause. */
interface Overtaking {
  readonly id: number;
  readonly phase: number;
  readonly behind: number;
  readonly cut: number;
  readonly pause: number;
}
const IDS = 16;
const PHASES = 4;
const PAUSES = 2048;

const packed = (after: number, { id, phase, behind, cut, pause }: Overtaking): Later => ({
  after,
  subject: id + IDS * (phase + PHASES * behind),
  number: cut * PAUSES + (pause % PAUSES),
});

const unpacked = (subject: number, number: number): Overtaking => ({
  id: subject % IDS,
  phase: Math.floor(subject / IDS) % PHASES,
  behind: Math.floor(subject / (IDS * PHASES)),
  cut: Math.floor(number / PAUSES),
  pause: number % PAUSES,
});

/** Whether somebody leads in a newer term than this server knows. */
const isOvertaken = (striker: Striker, host: Host): boolean => {
  const leader = striker.leader();
  return leader !== undefined && leader.process.probe.currentTerm > host.process.probe.currentTerm;
};

/** All links of one server. */
function linksAround(nodes: number, id: NodeId): LinkEnds[] {
  const links: LinkEnds[] = [];
  for (let other = 0; other < nodes; other++) {
    if (other !== id) links.push([id, other as NodeId], [other as NodeId, id]);
  }
  return links;
}

/** What mends cuts and pauses mends these, too. A phase takes one step at most: what it breaks ends the run. */
export const overtaking = fault({
  meaning:
    'a leader stands still until another server leads, and then finds all that came, or the latest of it, at once',
  parameters: { overtakeEvery: duration('processes', 0, 'mean time between two leaders that stand still that long') },
  switch: 'overtakeEvery',
  shapedBy: [],
  steps: ['pause', 'resume', 'cut', 'heal'],
  profiles: {},
  campaign: {
    stream: 'overtaking',
    odds: 250_000,
    draw: (random) => ({ overtakeEvery: between(random, 300 * MILLISECOND, 3 * SECOND) }),
  },
  strike: {
    stream: 'overtakings',
    every: 'overtakeEvery',
    begin(striker, random) {
      const behind = random.below(BEHIND_MAX_MILLIS);
      const isCutOff = random.chance(500_000);
      const { world } = striker;
      const leader = striker.leader();
      if (leader === undefined || !canBeStruck(leader)) return undefined;
      const { id } = leader;
      striker.strike(leader);
      if (!isCutOff) {
        world.pause(leader);
        return packed(LOOK_EVERY, { id, phase: Phase.stand, behind, cut: 0, pause: leader.pauses });
      }
      const number = striker.nextFault();
      world.cut(number, 'isolate', linksAround(world.nodes, id));
      return packed(0, { id, phase: Phase.stop, behind, cut: number, pause: leader.pauses + 1 });
    },
  },
  end(striker, subject, number) {
    const { id, phase, behind, cut, pause } = unpacked(subject, number);
    const { world } = striker;
    const host = world.hosts[id] as Host;
    if (phase === Phase.stop) {
      if (striker.isOver) return undefined;
      if (canBeStruck(host)) world.pause(host);
      return packed(LOOK_EVERY, { id, phase: Phase.stand, behind, cut, pause: host.pauses });
    }
    const stands = host.status === 'paused' && host.pauses % PAUSES === pause;
    if (phase === Phase.goOn) {
      if (stands) striker.scheduler.resume(host);
      return undefined;
    }
    if (stands && !isOvertaken(striker, host)) return { after: LOOK_EVERY, subject, number };
    if (world.network.isCutFault(cut) === true) world.heal(cut);
    return stands ? packed(behind * MILLISECOND, { id, phase: Phase.goOn, behind, cut, pause }) : undefined;
  },
});
