// The nemesis: lets the faults of the table strike, and end.
//
// Each kind of fault has a stream of its own, so that taking one kind away shifts no other. Times between faults are
// drawn evenly from half to one and a half of their mean. Every fault that begins ends, or is mended when its nemesis
// does. A scenario may have several, one after the other; what one has queued means nothing to the next.

import type { NodeId } from '../../base/ids.ts';
import { isQuorum } from '../../protocol/configuration.ts';
import type { Random } from '../../base/random.ts';
import { EventKind } from '../schedule/event-kind.ts';
import type { Host } from '../host.ts';
import type { Parameters } from '../parameters.ts';
import type { EventQueue } from '../schedule/queue.ts';
import type { World } from '../world.ts';
import { around, type SchedulerActions, type Later, type Striker } from './fault.ts';
import { faultNames, faultRows, type AnyFault, type FaultName } from './table.ts';

/** How often a fault of one process aims at a leader, in parts per million: leaders are where it hurts. */
const AT_LEADER = 400_000;

/** What is queued when a fault is to strike next; one more is what then happens to it later. */
const beginningOf = (name: FaultName): number => EventKind.fault + 2 * faultNames.indexOf(name);
export const endingOf = (name: FaultName): number => beginningOf(name) + 1;

export class Nemesis implements Striker {
  readonly world: World;
  readonly scheduler: SchedulerActions;
  private readonly p: Parameters;
  private readonly queue: EventQueue;
  /** By place in the table: the stream of a fault that draws something. */
  private readonly streams: readonly (Random | undefined)[];
  private readonly downTimes: Random;
  private readonly absences: Random;
  /** Who is to be gone once the faults are over. */
  private readonly absent = new Set<Host>();
  /** Faults of links that it began. */
  readonly faults = new Set<number>();
  /** Processes that it struck. */
  readonly struck = new Set<Host>();
  /** By place in the table: how often a fault has struck crashed processes. */
  private readonly crashesStruck: number[] = faultRows.map(() => 0);
  /** Tells its own strikes in the queue from those of others. */
  private readonly era: number;
  isOver = false;

  constructor(
    world: World,
    parameters: Parameters,
    queue: EventQueue,
    seed: Random,
    scheduler: SchedulerActions,
    era = 0,
  ) {
    this.world = world;
    this.era = era;
    this.p = parameters;
    this.queue = queue;
    this.scheduler = scheduler;
    this.streams = faultRows.map(({ strike, stream }) => {
      const name = strike?.stream ?? stream;
      return name === undefined ? undefined : seed.stream(name);
    });
    this.downTimes = seed.stream('down times');
    this.absences = seed.stream('absences');
  }

  /** The first fault of a kind may come at once: short logs have bugs of their own. */
  begin(): void {
    for (let place = 0; place < faultRows.length; place++) {
      const random = this.streams[place];
      const every = this.meanOf(place);
      if (random !== undefined && every > 0) this.queueStrike(place, random.below(every));
    }
  }

  /** No new faults from here on. */
  end(): void {
    this.isOver = true;
    for (let i = 0; i < this.p.absentMax; i++) {
      const host = this.victim(this.absences);
      if (this.canBeAway(host)) this.absent.add(host);
    }
  }

  /** Whether a majority is left without a process, as every running server sees the members. */
  private canBeAway(host: Host): boolean {
    const { hosts } = this.world;
    const left: NodeId[] = [];
    for (const other of hosts) {
      if (other !== host && other.unservable === undefined && !this.absent.has(other)) left.push(other.id);
    }
    if (left.length * 2 <= hosts.length) return false;
    return hosts.every((one) => one.status === 'down' || isQuorum(one.process.probe.configuration, left));
  }

  /** A process crashed: more may strike it, and it comes back later; at once if `isCalm`, whatever was drawn. */
  afterCrash(host: Host, isCalm: boolean): void {
    const { now } = this.world;
    const downFor = around(this.downTimes, this.p.downFor);
    this.struck.add(host);
    for (let place = 0; place < faultRows.length && !this.isOver; place++) {
      const before = this.crashesStruck[place] as number;
      const later = (faultRows[place] as AnyFault).onCrash?.(host, this.p, before, this.world);
      if (later === undefined) continue;
      this.crashesStruck[place] = before + 1;
      this.queueLater(place, later);
    }
    this.queue.push(isCalm ? now : now + downFor, EventKind.restart, host.id, host.life, undefined);
  }

  /** Begins the next life of a process that is down, unless its disk keeps it away. */
  restart(host: Host): void {
    if (host.status === 'down' && host.unservable === undefined) this.world.restart(host);
  }

  /** What mends all that is broken of a process, in the order in which it is to be done. */
  mendsOf(host: Host): (() => void)[] {
    const mends: (() => void)[] = [];
    if (this.absent.has(host)) {
      mends.push(() => {
        if (host.status !== 'down') this.scheduler.crash(host);
      });
      mends.push(() => this.world.wipe(host));
      return mends;
    }
    for (let place = faultRows.length - 1; place >= 0; place--) {
      const mend = (faultRows[place] as AnyFault).mend?.(this, host);
      if (mend !== undefined) mends.push(mend);
    }
    mends.push(() => this.scheduler.requeueTimers(host));
    mends.push(() => this.restart(host));
    return mends;
  }

  /** What was queued comes up: a restart, a fault that is to strike, or what is to happen to one that did. */
  take(kind: number, subject: number, number: number): void {
    if (kind === EventKind.restart) {
      const host = this.world.hosts[subject] as Host;
      if (host.life === number) this.restart(host);
      return;
    }
    const place = (kind - EventKind.fault) >> 1;
    const isLater = ((kind - EventKind.fault) & 1) === 1;
    if (isLater) this.endNow(place, subject, number);
    else if (!this.isOver && number === this.era) this.strikeNow(place);
  }

  private strikeNow(place: number): void {
    const { strike } = faultRows[place] as AnyFault;
    const random = this.streams[place];
    if (strike === undefined || random === undefined) return;
    const every = this.meanOf(place);
    if (every > 0) this.queueStrike(place, around(random, every));
    const later = strike.begin(this, random, this.p);
    if (later !== undefined) this.queueLater(place, later);
  }

  private endNow(place: number, subject: number, number: number): void {
    const later = (faultRows[place] as AnyFault).end?.(this, subject, number, this.streams[place]);
    if (later !== undefined) this.queueLater(place, later);
  }

  private meanOf(place: number): number {
    const { strike } = faultRows[place] as AnyFault;
    return strike === undefined ? 0 : this.p[strike.every];
  }

  private queueStrike(place: number, after: number): void {
    this.queue.push(this.world.now + after, EventKind.fault + 2 * place, 0, this.era, undefined);
  }

  private queueLater(place: number, { after, subject, number }: Later): void {
    this.queue.push(this.world.now + after, EventKind.fault + 2 * place + 1, subject, number, undefined);
  }

  // ── what a fault may ask for ───────────────────────────────────────────────────────────────────────────────────

  strike(host: Host): void {
    this.struck.add(host);
  }

  nextFault(): number {
    const fault = this.world.network.nextFault();
    this.faults.add(fault);
    return fault;
  }

  victim(random: Random): Host {
    const any = random.below(this.world.nodes);
    return this.world.hosts[this.leaderOr(random, any as NodeId) as NodeId] as Host;
  }

  leaderOr(random: Random, otherwise: NodeId | undefined): NodeId | undefined {
    if (!random.chance(AT_LEADER)) return otherwise;
    return this.leader()?.id ?? otherwise;
  }

  leader(): Host | undefined {
    let leader: Host | undefined;
    for (const host of this.world.hosts) {
      if (host.status !== 'up' || host.process.probe.role !== 'leader') continue;
      if (leader === undefined || host.process.probe.currentTerm > leader.process.probe.currentTerm) leader = host;
    }
    return leader;
  }
}
