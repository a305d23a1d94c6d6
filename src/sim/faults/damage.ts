// Faults of records that were synced: bits that flip, writes that land on another record, writes that never got there
// although the disk said so, a record of term and vote that is gone.
//
// Each strikes a server that has just crashed, and is found when it reads its disk. Such a server stays away, so that a
// majority keeps its disks unless the plan allows for more. What is lost without a trace is another matter: no Raft
// survives that, and the run says so.

import { logIndex } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { Host } from '../host.ts';
import type { DamageKind } from '../../protocol/recovered.ts';
import { count, odds } from '../parameter.ts';
import type { World } from '../world.ts';
import { fault, type Later, type Striker } from './fault.ts';

/** The most servers that may lose their disks while a majority keeps its own. */
const minorityOf = (nodes: number): number => (nodes - 1) >>> 1;

/** As many as a majority can do without, and at least one if that is possible. */
const someOf = (random: Random, nodes: number): number =>
  Math.min(minorityOf(nodes), random.between(1, Math.max(1, minorityOf(nodes))));

/** One more, unless the plan keeps to a minority and as many servers have lost their disks already. */
function onCrash(host: Host, most: number, before: number, world: World): Later | undefined {
  // Two records leave one that is not the last.
  if (before >= most || host.disk.lastIndex < 2 || host.disk.isWiped) return undefined;
  let lost = 0;
  for (const { disk } of world.hosts) if (disk.isWiped || disk.isDamaged) lost++;
  const minority = minorityOf(world.configuration.voters.length);
  if (most <= minority && lost >= minority) return undefined;
  return { after: 0, subject: host.id, number: host.life };
}

/** The process if it is still down since that crash, and has something on its disk. */
function victim({ world }: Striker, subject: number, life: number): Host | undefined {
  const host = world.hosts[subject] as Host;
  const isMeant = host.status === 'down' && host.life === life && !host.disk.isWiped;
  return isMeant && host.disk.lastIndex > 0 ? host : undefined;
}

/** Half of the records that go bad are among the last ones: those matter most. */
function someRecord(host: Host, random: Random, ends: boolean): number {
  const last = host.disk.lastIndex - (ends ? 0 : 1);
  const isLate = random.chance(500_000);
  return last < 1 ? 0 : isLate ? Math.max(1, last - random.below(3)) : random.between(1, last);
}

function strike(striker: Striker, subject: number, life: number, random: Random | undefined, how: DamageKind): void {
  const host = victim(striker, subject, life);
  if (host === undefined || random === undefined) return;
  const record = someRecord(host, random, how !== 'lost');
  if (record > 0) striker.world.damage(host, logIndex(record), how);
}

export const bitRot = fault({
  meaning: 'bits flip in a synced record of a crashed server, which finds it by its checksum and stays away',
  parameters: { rotsMax: count('disk', 0, 'records in which bits may flip while a server is down') },
  switch: 'rotsMax',
  shapedBy: ['crashEvery'],
  steps: ['damage'],
  profiles: {},
  campaign: {
    stream: 'bit rot',
    odds: 120_000,
    draw: (random, nodes) => ({ rotsMax: someOf(random, nodes) }),
  },
  stream: 'bit rot',
  onCrash: (host, p, before, world) => onCrash(host, p.rotsMax, before, world),
  end: (striker, subject, number, random) => strike(striker, subject, number, random, 'flipped'),
});

export const misdirectedWrite = fault({
  meaning: 'a write lands on another record, which its checksum shows: it covers the place, too',
  parameters: { misdirectedMax: count('disk', 0, 'records over which another one may be written') },
  switch: 'misdirectedMax',
  shapedBy: ['crashEvery'],
  steps: ['damage'],
  profiles: {},
  campaign: {
    stream: 'misdirected write',
    odds: 120_000,
    draw: (random, nodes) => ({ misdirectedMax: someOf(random, nodes) }),
  },
  stream: 'misdirected writes',
  onCrash: (host, p, before, world) => onCrash(host, p.misdirectedMax, before, world),
  end: (striker, subject, number, random) => strike(striker, subject, number, random, 'misplaced'),
});

/** In the middle of a log the gap shows; at its end nothing does, and no Raft can know. */
export const lostWrite = fault({
  meaning: 'a write that was reported durable never got to the disk: a gap, or the end of the log without a trace',
  parameters: {
    lostWritesMax: count('disk', 0, 'writes that may be lost although the disk reported them durable'),
    lostAtEnd: odds('disk', 0, 'such a write is the last one, and no check can tell (no Raft survives that)'),
  },
  switch: 'lostWritesMax',
  shapedBy: ['crashEvery'],
  steps: ['damage'],
  profiles: {},
  campaign: {
    stream: 'lost write',
    odds: 120_000,
    draw: (random, nodes) => ({ lostWritesMax: someOf(random, nodes) }),
  },
  stream: 'lost writes',
  onCrash(host, p, before, world) {
    const later = onCrash(host, p.lostWritesMax, before, world);
    // The odds go with the strike: what ends it does not see the numbers of the plan.
    return later === undefined
      ? undefined
      : { after: 0, subject: host.id + world.nodes * p.lostAtEnd, number: host.life };
  },
  end(striker, subject, number, random) {
    if (random === undefined) return;
    const { nodes, hosts } = striker.world;
    const host = hosts[subject % nodes] as Host;
    const isAtEnd = random.chance(Math.floor(subject / nodes));
    if (!isAtEnd) return strike(striker, host.id, number, random, 'lost');
    if (victim(striker, host.id, number) !== undefined) striker.world.damage(host, host.disk.lastIndex, 'lost');
  },
});

export const lostVote = fault({
  meaning: 'the record of term and vote of a crashed server is gone, and its log is there',
  parameters: { votesLostMax: count('disk', 0, 'records of term and vote that may be lost while a server is down') },
  switch: 'votesLostMax',
  shapedBy: ['crashEvery'],
  steps: ['damage'],
  profiles: {},
  campaign: {
    stream: 'lost vote',
    odds: 120_000,
    draw: (random, nodes) => ({ votesLostMax: someOf(random, nodes) }),
  },
  onCrash: (host, p, before, world) => onCrash(host, p.votesLostMax, before, world),
  end(striker, subject, number) {
    const host = victim(striker, subject, number);
    if (host !== undefined) striker.world.damage(host, logIndex(0), 'lost');
  },
});
