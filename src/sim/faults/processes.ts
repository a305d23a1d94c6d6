// Faults of processes: they crash and lose what is volatile, stand still, or come back to an empty disk.
//
// What a crash leaves on the disk is drawn by the scheduler, who also restarts the process.

import type { NodeId } from '../../base/ids.ts';
import type { Host } from '../host.ts';
import { MILLION, MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import { count, duration, odds } from '../parameter.ts';
import { around, between, fault } from './fault.ts';

/** A crash strikes at once, or after some of the effects of the victim's next step. */
export const crash = fault({
  meaning: 'a process stops, loses what is volatile, and restarts from its disk',
  parameters: {
    crashEvery: duration('processes', 0, 'mean time between two crashes'),
    downFor: duration('processes', 500 * MILLISECOND, 'mean time until a crashed process restarts'),
    crashInStep: odds('processes', 300_000, 'a crash falls between two effects of one step'),
  },
  switch: 'crashEvery',
  shapedBy: [],
  steps: ['crash', 'restart'],
  profiles: {
    crashes: { crashEvery: 1200 * MILLISECOND },
    disk: { crashEvery: 1500 * MILLISECOND },
    chaos: { crashEvery: 2 * SECOND },
  },
  campaign: {
    stream: 'crash',
    odds: 600_000,
    draw: (random) => ({
      crashEvery: between(random, 50 * MILLISECOND, 3 * SECOND),
      downFor: between(random, 10 * MILLISECOND, SECOND),
      crashInStep: random.chance(500_000) ? between(random, 2 * PERCENT, MILLION) : 0,
      powerLoss: random.chance(700_000) ? between(random, 20 * PERCENT, MILLION) : 0,
      tornWrite: random.chance(500_000) ? between(random, 10 * PERCENT, MILLION) : 0,
    }),
  },
  strike: {
    stream: 'crashes',
    every: 'crashEvery',
    begin(striker, random, p) {
      const host = striker.victim(random);
      const isInStep = random.chance(p.crashInStep);
      const effects = random.below(5);
      if (host.status === 'down') return undefined;
      striker.strike(host);
      if (isInStep && host.status === 'up') host.crashAfterEffects = effects;
      else striker.scheduler.crash(host);
      return undefined;
    },
  },
});

export const pause = fault({
  meaning: 'a process stands still for a while and does not notice',
  parameters: {
    pauseEvery: duration('processes', 0, 'mean time between two pauses'),
    pauseFor: duration('processes', 400 * MILLISECOND, 'mean length of a pause'),
  },
  switch: 'pauseEvery',
  shapedBy: [],
  steps: ['pause', 'resume'],
  profiles: { crashes: { pauseEvery: 3 * SECOND }, chaos: { pauseEvery: 5 * SECOND } },
  campaign: {
    stream: 'pause',
    odds: 250_000,
    draw: (random) => ({
      pauseEvery: between(random, 100 * MILLISECOND, 4 * SECOND),
      pauseFor: between(random, 50 * MILLISECOND, SECOND),
    }),
  },
  strike: {
    stream: 'pauses',
    every: 'pauseEvery',
    begin(striker, random, p) {
      const host = striker.victim(random);
      const after = around(random, p.pauseFor);
      if (host.status !== 'up' || host.crashAfterEffects >= 0) return undefined;
      striker.strike(host);
      striker.world.pause(host);
      return { after, subject: host.id, number: host.pauses };
    },
  },
  end({ world, scheduler }, subject, number) {
    const host = world.hosts[subject] as Host;
    if (host.status === 'paused' && host.pauses === number) scheduler.resume(host);
  },
  mend: ({ scheduler }, host) => (host.status === 'paused' ? (): void => scheduler.resume(host) : undefined),
});

/** An operator's wish, or a balancer's: it comes at any moment, for any server. */
export const handOver = fault({
  meaning: 'the leader is asked to hand over its lead to a server, which may be down or far behind',
  parameters: { transferEvery: duration('processes', 0, 'mean time between two transfers of the lead') },
  switch: 'transferEvery',
  shapedBy: [],
  steps: ['transfer'],
  profiles: { whole: { transferEvery: 4 * SECOND } },
  campaign: {
    stream: 'transfer',
    odds: 250_000,
    draw: (random) => ({ transferEvery: between(random, 50 * MILLISECOND, 4 * SECOND) }),
  },
  strike: {
    stream: 'transfers',
    every: 'transferEvery',
    begin(striker, random) {
      const { world } = striker;
      const any = random.below(world.nodes) as NodeId;
      const target = random.below(world.nodes) as NodeId;
      const host = world.hosts[striker.leaderOr(random, any) ?? any] as Host;
      if (host.status === 'up' && host.crashAfterEffects < 0) world.transfer(host, target);
      return undefined;
    },
  },
});

/** Who is away, the nemesis chooses when the faults end: so the others must do without, as section 5.6 promises. */
export const absence = fault({
  meaning: 'as the last of the faults a server loses its disk, and the others go on without it',
  parameters: {
    absentMax: count('processes', 0, 'servers that are gone once the faults are over, as long as a majority is left'),
  },
  switch: 'absentMax',
  shapedBy: [],
  steps: ['crash', 'wipe'],
  profiles: {},
  campaign: {
    stream: 'absence',
    odds: 300_000,
    draw: (random, nodes) => ({ absentMax: random.between(1, Math.max(1, (nodes - 1) >>> 1)) }),
  },
});

export const wipe = fault({
  meaning: 'a crashed server finds its disk empty, and stays away for good',
  parameters: {
    wipesMax: count('processes', 0, 'disks that may be wiped by a crash; a wiped process stays away for good'),
  },
  switch: 'wipesMax',
  shapedBy: ['crashEvery'],
  steps: ['wipe'],
  profiles: {},
  // A majority keeps its disks.
  campaign: {
    stream: 'wipe',
    odds: 50_000,
    draw: (random, nodes) => ({ wipesMax: random.between(0, (nodes - 1) >>> 1) }),
  },
  onCrash: (host, p, before) => (before < p.wipesMax ? { after: 0, subject: host.id, number: host.life } : undefined),
  end({ world }, subject, number) {
    const host = world.hosts[subject] as Host;
    if (host.status === 'down' && host.life === number) world.wipe(host);
  },
});
