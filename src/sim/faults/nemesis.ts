// The nemesis: draws when which fault strikes, whom, and for how long.
//
// Each kind of fault has a stream of its own, so that taking one kind away shifts no other. Times between faults are
// drawn evenly from half to one and a half of their mean. Every fault that begins ends, or is mended when its nemesis
// does. A scenario may have several, one after the other; what one has queued means nothing to the next.

import type { NodeId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { drawCut, shuffledNodes } from '../network/partition.ts';
import { EventKind } from '../schedule/event-kind.ts';
import type { Host } from '../host.ts';
import type { Parameters } from '../parameters.ts';
import type { EventQueue } from '../schedule/queue.ts';
import type { LinkEnds } from '../step.ts';
import type { World } from '../world.ts';

/** What the nemesis needs the scheduler to do, because timers and held events are the scheduler's. */
export interface Hands {
  crash(host: Host): void;
  resume(host: Host): void;
  requeueTimers(host: Host): void;
}

/** How often a fault of one process aims at a leader, in parts per million: leaders are where it hurts. */
const AT_LEADER = 400_000;

export class Nemesis {
  private readonly world: World;
  private readonly p: Parameters;
  private readonly queue: EventQueue;
  private readonly hands: Hands;
  private readonly cuts: Random;
  private readonly slows: Random;
  private readonly crashes: Random;
  private readonly downTimes: Random;
  private readonly pauses: Random;
  private readonly clocks: Random;
  /** Cuts and slow spells that it began. */
  readonly faults = new Set<number>();
  /** Processes that it struck. */
  readonly struck = new Set<Host>();
  /** Tells its own strikes in the queue from those of others. */
  private readonly era: number;
  private wipes = 0;
  private ended = false;

  constructor(world: World, parameters: Parameters, queue: EventQueue, seed: Random, hands: Hands, era = 0) {
    this.world = world;
    this.era = era;
    this.p = parameters;
    this.queue = queue;
    this.hands = hands;
    this.cuts = seed.stream('cuts');
    this.slows = seed.stream('slow links');
    this.crashes = seed.stream('crashes');
    this.downTimes = seed.stream('down times');
    this.pauses = seed.stream('pauses');
    this.clocks = seed.stream('clocks');
  }

  begin(): void {
    const p = this.p;
    this.first(this.cuts, p.cutEvery, EventKind.cutBegins);
    this.first(this.slows, p.slowEvery, EventKind.slowBegins);
    this.first(this.crashes, p.crashEvery, EventKind.crash);
    this.first(this.pauses, p.pauseEvery, EventKind.pauseBegins);
    this.first(this.clocks, p.clockEvery, EventKind.clock);
  }

  /** No new faults from here on. */
  end(): void {
    this.ended = true;
  }

  /** A process crashed: it may lose its disk, and comes back later; at once if `isCalm`, whatever was drawn. */
  afterCrash(host: Host, isCalm: boolean): void {
    const { now } = this.world;
    const downFor = around(this.downTimes, this.p.downFor);
    this.struck.add(host);
    if (this.mayWipe()) this.queue.push(now, EventKind.wipe, host.id, host.life, undefined);
    this.queue.push(isCalm ? now : now + downFor, EventKind.restart, host.id, host.life, undefined);
  }

  /** Begins the next life of a process that is down, unless its disk keeps it away. */
  restart(host: Host): void {
    if (host.status === 'down' && host.unservable === undefined) this.world.restart(host);
  }

  /** Takes one of the disks that this run may wipe, if there is one left. */
  private mayWipe(): boolean {
    if (this.ended || this.wipes >= this.p.wipesMax) return false;
    this.wipes++;
    return true;
  }

  take(kind: number, subject: number, number: number): void {
    const { hosts } = this.world;
    switch (kind) {
      case EventKind.cutEnds:
        if (this.world.network.isCutFault(number) === true) this.world.heal(number);
        return;
      case EventKind.slowEnds:
        if (this.world.network.isCutFault(number) === false) this.world.restore(number);
        return;
      case EventKind.pauseEnds: {
        const host = hosts[subject] as Host;
        if (host.status === 'paused' && host.pauses === number) this.hands.resume(host);
        return;
      }
      case EventKind.restart: {
        const host = hosts[subject] as Host;
        if (host.life === number) this.restart(host);
        return;
      }
      case EventKind.wipe: {
        const host = hosts[subject] as Host;
        if (host.status === 'down' && host.life === number) this.world.wipe(host);
        return;
      }
      default:
        if (!this.ended && number === this.era) this.strike(kind);
    }
  }

  private strike(kind: number): void {
    const p = this.p;
    switch (kind) {
      case EventKind.cutBegins:
        this.again(this.cuts, p.cutEvery, kind);
        return this.cut();
      case EventKind.slowBegins:
        this.again(this.slows, p.slowEvery, kind);
        return this.slow();
      case EventKind.crash:
        this.again(this.crashes, p.crashEvery, kind);
        return this.crash();
      case EventKind.pauseBegins:
        this.again(this.pauses, p.pauseEvery, kind);
        return this.pause();
      case EventKind.clock:
        this.again(this.clocks, p.clockEvery, kind);
        return this.changeClock();
      default:
    }
  }

  private cut(): void {
    if (this.world.nodes < 2) return;
    const first = this.leaderOr(this.cuts, undefined);
    const { shape, links } = drawCut(this.world.nodes, this.cuts, first);
    const fault = this.nextFault();
    this.world.cut(fault, shape, links);
    this.queue.push(this.world.now + around(this.cuts, this.p.cutFor), EventKind.cutEnds, 0, fault, undefined);
  }

  /** All links to and from one node, or one link, or all links of the cluster become slow. */
  private slow(): void {
    if (this.world.nodes < 2) return;
    const order = shuffledNodes(this.world.nodes, this.slows);
    const [first, second] = order as [NodeId, NodeId];
    const scope = this.slows.below(3);
    const links: LinkEnds[] = [];
    for (const from of order) {
      for (const to of order) {
        if (from === to) continue;
        const slow = scope === 0 || (scope === 1 ? from === first || to === first : from === first && to === second);
        if (slow) links.push([from, to]);
      }
    }
    const fault = this.nextFault();
    this.world.slow(fault, this.p.slowFactor, links);
    this.queue.push(this.world.now + around(this.slows, this.p.slowFor), EventKind.slowEnds, 0, fault, undefined);
  }

  /** A crash strikes at once, or after some of the effects of the victim's next step. */
  private crash(): void {
    const host = this.victim(this.crashes);
    const inStep = this.crashes.chance(this.p.crashInStep);
    const doom = this.crashes.below(5);
    if (host.status === 'down') return;
    this.struck.add(host);
    if (inStep && host.status === 'up') host.crashAfterEffects = doom;
    else this.hands.crash(host);
  }

  private pause(): void {
    const host = this.victim(this.pauses);
    const length = around(this.pauses, this.p.pauseFor);
    if (host.status !== 'up' || host.crashAfterEffects >= 0) return;
    this.struck.add(host);
    this.world.pause(host);
    this.queue.push(this.world.now + length, EventKind.pauseEnds, host.id, host.pauses, undefined);
  }

  private changeClock(): void {
    const host = this.world.hosts[this.clocks.below(this.world.nodes)] as Host;
    const rate = this.clocks.between(-this.p.clockRateMax, this.p.clockRateMax);
    const jump = this.clocks.between(-this.p.clockJumpMax, this.p.clockJumpMax);
    const jumps = this.clocks.chance(500_000);
    if (host.status !== 'up') return;
    this.struck.add(host);
    this.world.setClock(host, rate, jumps ? jump : 0);
    this.hands.requeueTimers(host);
  }

  private nextFault(): number {
    const fault = this.world.network.nextFault();
    this.faults.add(fault);
    return fault;
  }

  private victim(random: Random): Host {
    const any = random.below(this.world.nodes);
    return this.world.hosts[this.leaderOr(random, any as NodeId) as NodeId] as Host;
  }

  /** The leader of the newest term if the dice aim at it and there is one. */
  private leaderOr(random: Random, otherwise: NodeId | undefined): NodeId | undefined {
    if (!random.chance(AT_LEADER)) return otherwise;
    let leader: Host | undefined;
    for (const host of this.world.hosts) {
      if (host.status !== 'up' || host.process.probe.role !== 'leader') continue;
      if (leader === undefined || host.process.probe.currentTerm > leader.process.probe.currentTerm) leader = host;
    }
    return leader === undefined ? otherwise : leader.id;
  }

  /** The first fault of a kind may come at once: short logs have bugs of their own. */
  private first(random: Random, every: number, kind: number): void {
    if (every > 0) this.queue.push(this.world.now + random.below(every), kind, 0, this.era, undefined);
  }

  private again(random: Random, every: number, kind: number): void {
    if (every > 0) this.queue.push(this.world.now + around(random, every), kind, 0, this.era, undefined);
  }
}

/** Evenly from half to one and a half of a mean. */
function around(random: Random, mean: number): number {
  const half = Math.floor(mean / 2);
  return random.between(mean - half, mean + half);
}
