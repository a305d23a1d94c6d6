// The timed scheduler: virtual time decides. Whatever becomes possible is queued for a moment drawn from the seed.
//
// What becomes of a message on its way is drawn in `post.ts`. Timers are queued lazily: arming one anew only moves its
// deadline, and the queued event finds out when it comes up.

import { assert } from '../../base/errors.ts';
import type { Message, Write } from '../../protocol/message.ts';
import type { Random } from '../../base/random.ts';
import { micros } from '../../base/ids.ts';
import { MILLION } from '../../base/units.ts';
import { EventKind } from './event-kind.ts';
import { Timer, timers } from '../../protocol/timers.ts';
import type { Host } from '../host.ts';
import type { SchedulerActions } from '../faults/fault.ts';
import { Nemesis } from '../faults/nemesis.ts';
import type { Parameters } from '../parameters.ts';
import type { Call } from '../../protocol/operation.ts';
import { COPY, Delivery } from '../network/delivery.ts';
import type { Answer } from '../process.ts';
import { Mending } from './mending.ts';
import { EventQueue } from './queue.ts';
import { TimerLengths } from './timer-lengths.ts';
import type { RunLimits, Scheduler } from './scheduler.ts';
import type { DropReason } from '../step.ts';
import { Workload } from '../clients/workload.ts';
import type { World } from '../world.ts';

/**
 * Someone who takes out of turn what waits in the queue. What comes up is asked for: false if it was taken already, or
 * must wait until it is sent again.
 */
export interface Claims {
  message(link: number, number: number): boolean;
  /** Whether a message that comes up to be doubled is still on its way. */
  copy(link: number, number: number): boolean;
  write(host: Host): boolean;
  answer(answer: Answer, number: number): boolean;
}

/** When so many events have lost their meaning one after the other, nothing will ever happen again. */
const IDLE_MAX = 1_000_000;

export class TimedScheduler implements Scheduler, SchedulerActions {
  private readonly world: World;
  private p: Parameters;
  // What every message, timer and write asks for, as fields: the table of all parameters is no object for a hot path.
  private writeDelayMin = 0;
  private writeDelayMax = 0;
  private syncDelayMin = 0;
  private syncDelayMax = 0;
  private writeError = 0;
  private syncError = 0;
  private readonly limits: RunLimits;
  private readonly claims: Claims | undefined;
  private readonly seed: Random;
  private readonly queue = new EventQueue();
  private nemesis: Nemesis;
  private windows = 0;
  private readonly post: Delivery;
  private readonly workload: Workload;
  private readonly lengths = new TimerLengths();
  private readonly timers: readonly Random[];
  private readonly disks: readonly Random[];
  private readonly diskFree: Float64Array;
  private readonly queuedTimers: Float64Array;
  private readonly crashes: Random;
  private readonly answers: Random;
  private readonly held: { readonly host: Host; kind: number; subject: number; number: number; payload: unknown }[] =
    [];
  /** No faults are drawn now. */
  private calm = false;
  /** Nor will there be any more. */
  private over = false;
  private until: number;
  /** What is still to be mended when calm comes, one step after the other. */
  private readonly mending: Mending;

  /** With `claims` the world boots by somebody else's hand, and faults come in windows only. */
  constructor(world: World, parameters: Parameters, limits: RunLimits, seed: Random, claims?: Claims) {
    const { nodes } = world;
    this.world = world;
    this.mending = new Mending(world);
    this.seed = seed;
    this.claims = claims;
    this.until = limits.until;
    this.p = parameters;
    this.limits = limits;
    this.post = new Delivery(world, this.queue, seed);
    this.adopt(parameters);
    this.timers = world.hosts.map((host) => seed.stream('timer', host.id));
    this.disks = world.hosts.map((host) => seed.stream('disk', host.id));
    this.diskFree = new Float64Array(nodes);
    this.queuedTimers = new Float64Array(nodes * timers.length).fill(Infinity);
    this.crashes = seed.stream('crash');
    this.answers = seed.stream('answer');
    this.nemesis = new Nemesis(world, parameters, this.queue, seed, this);
    this.workload = new Workload(world, parameters, this.queue, seed);
    if (claims === undefined) {
      for (const host of world.hosts) this.queue.push(0, EventKind.restart, host.id, 0, undefined);
      this.nemesis.begin();
    } else this.setCalm(true);
    this.workload.begin();
    if (limits.faultsUntil !== Infinity) this.queue.push(limits.faultsUntil, EventKind.calm, 0, 0, undefined);
  }

  private adopt(parameters: Parameters): void {
    this.p = parameters;
    this.post.adopt(parameters);
    this.lengths.adopt(parameters);
    this.writeDelayMin = parameters.writeDelayMin;
    this.writeDelayMax = parameters.writeDelayMax;
    this.syncDelayMin = parameters.syncDelayMin;
    this.syncDelayMax = parameters.syncDelayMax;
    this.writeError = parameters.writeError;
    this.syncError = parameters.syncError;
  }

  private setCalm(calm: boolean): void {
    this.calm = calm;
    this.post.calm = calm;
  }

  // ── windows: what a director lets happen ───────────────────────────────────────────────────────────────────────

  /** How far time may run from here on. */
  runUntil(at: number): void {
    this.until = at;
  }

  /** From now on faults are drawn as these parameters say; each window has streams of its own. */
  beginFaults(parameters: Parameters): void {
    const window = ++this.windows;
    this.adopt(parameters);
    this.setCalm(this.over);
    const seed = this.seed.stream('window', window);
    this.nemesis = new Nemesis(this.world, parameters, this.queue, seed, this, window);
    if (!this.over) this.nemesis.begin();
  }

  /** No more faults are drawn; what the window broke is mended, by calls of `mend`. */
  endFaults(parameters: Parameters): void {
    this.adopt(parameters);
    this.setCalm(true);
    this.nemesis.end();
    this.mending.addAll(this.nemesis.faults, this.nemesis.struck, this.nemesis);
  }

  /** Mends one thing that is due to be mended; false if there is none. */
  mend(): boolean {
    return this.mending.step();
  }

  /** Puts a message on its way again: one that was held, or a copy. */
  sendAgain(link: number, number: number, message: Message): void {
    this.post.send(link, number, message, number ^ COPY);
  }

  // ── what became possible ───────────────────────────────────────────────────────────────────────────────────────

  messageSent(link: number, number: number, message: Message): void {
    this.post.take(link, number, message);
  }

  timerArmed(host: Host, timer: Timer): void {
    const deadline = this.world.now + host.clock.toTrue(this.lengths.of(timer, host, this.timers[host.id] as Random));
    host.setDeadline(timer, deadline);
    this.queueTimer(host, timer, deadline);
  }

  private queueTimer(host: Host, timer: Timer, deadline: number): void {
    const slot = host.id * timers.length + timer;
    if ((this.queuedTimers[slot] as number) <= deadline) return;
    this.queuedTimers[slot] = deadline;
    this.queue.push(deadline, EventKind.timer, slot, 0, undefined);
  }

  writeIssued(host: Host, write: Write): void {
    const random = this.disks[host.id] as Random;
    const { slowness, isFull } = host.disk;
    let delay =
      random.between(this.writeDelayMin, this.writeDelayMax) + random.between(this.syncDelayMin, this.syncDelayMax);
    if (slowness > 1) delay *= slowness;
    const free = this.diskFree[host.id] as number;
    const now = this.world.now;
    // A slow disk takes longer for each write, not for all that wait: it is itself again when the spell is over.
    const done = slowness > 1 ? Math.max(free, now + delay) : (free > now ? free : now) + delay;
    this.diskFree[host.id] = done;
    const writeFails = random.chance(this.writeError);
    const syncFails = random.chance(this.syncError);
    let kind: number = EventKind.durable;
    if ((writeFails && !this.calm) || isFull) kind = EventKind.writeError;
    else if (syncFails && !this.calm) kind = EventKind.syncError;
    this.queue.push(done, kind, host.id, host.life, write);
  }

  answerGiven(answer: Answer, number: number): void {
    const lost = !this.calm && this.answers.chance(this.p.answerLoss);
    const delay = this.answers.between(this.p.delayMin, this.p.delayMax);
    const kind = lost ? EventKind.answerLost : EventKind.answer;
    this.queue.push(this.world.now + delay, kind, answer.client, number, answer);
  }

  answerArrived(answer: Answer): void {
    this.workload.answered(answer);
  }

  get eventsWaiting(): number {
    return this.queue.size;
  }

  // ── what happens next ──────────────────────────────────────────────────────────────────────────────────────────

  next(): boolean {
    const world = this.world;
    const before = world.steps;
    if (before >= this.limits.stepsMax) return false;
    if (world.network.isFlooded) return false;
    if (world.crashPending !== undefined) {
      this.crash(world.crashPending);
      return true;
    }
    if (before >= this.limits.faultStepsMax) this.calmDown();
    const queue = this.queue;
    let idle = 0;
    do {
      if (++idle > IDLE_MAX) return false;
      if (this.mending.isDue) {
        this.mending.next();
        continue;
      }
      const at = queue.peekTime();
      if (at < 0 || at > this.until) return false;
      queue.pop();
      // What a director let wait beyond its time happens as soon as it may.
      assert(at >= world.now || this.claims !== undefined, 'time never runs backwards');
      if (at > world.now) world.now = micros(at);
      this.take();
    } while (world.steps === before);
    return true;
  }

  /** What the event that was just popped means; it may have lost its meaning since it was queued. */
  private take(): void {
    const queue = this.queue;
    const world = this.world;
    switch (queue.kind) {
      case EventKind.deliver:
        return this.deliver(queue.subject, queue.number, queue.payload as Message);
      case EventKind.timer:
        return this.timer(queue.subject);
      case EventKind.durable:
      case EventKind.writeError:
      case EventKind.syncError:
        return this.written(queue.kind, world.hosts[queue.subject] as Host, queue.number);
      case EventKind.dropLost:
        return this.drop('lost');
      case EventKind.dropCut:
        return this.drop('cut');
      case EventKind.dropFull:
        return this.drop('full');
      case EventKind.duplicate: {
        const { subject, number } = queue;
        const message = queue.payload as Message;
        if (this.claims !== undefined && !this.claims.copy(subject, number)) return;
        world.duplicate(number, message);
        return this.post.send(subject, number, message, number ^ COPY);
      }
      case EventKind.answer:
        return this.answer(false);
      case EventKind.answerLost:
        return this.answer(true);
      case EventKind.call:
        return this.call(world.hosts[queue.subject] as Host, queue.payload as Call);
      case EventKind.client:
        return this.workload.wake(queue.subject, queue.number);
      case EventKind.arrival:
        return this.workload.arrive();
      case EventKind.calm:
        return this.calmDown();
      case EventKind.quiet:
        return this.workload.quiet();
      default:
        return this.nemesis.take(queue.kind, queue.subject, queue.number);
    }
  }

  private deliver(link: number, number: number, message: Message): void {
    const world = this.world;
    const host = world.hosts[message.to] as Host;
    if (host.status === 'paused') return this.hold(host);
    this.post.arrived(link);
    if (this.claims !== undefined && !this.claims.message(link, number)) return;
    if (world.network.isCut(link)) return world.drop(number, message, 'cut');
    if (host.status === 'down') return world.drop(number, message, 'down');
    world.deliver(number, message);
  }

  private drop(reason: DropReason): void {
    const { subject, number, payload } = this.queue;
    if (this.claims !== undefined && !this.claims.message(subject, number)) return;
    this.world.drop(number, payload as Message, reason);
  }

  private answer(lost: boolean): void {
    const { number } = this.queue;
    const answer = this.queue.payload as Answer;
    if (this.claims === undefined || this.claims.answer(answer, number)) this.world.answer(answer, number, lost);
  }

  private timer(slot: number): void {
    const host = this.world.hosts[Math.floor(slot / timers.length)] as Host;
    const timer = (slot % timers.length) as Timer;
    if (this.queuedTimers[slot] !== this.queue.at) return;
    if (host.status === 'paused') return this.hold(host);
    this.queuedTimers[slot] = Infinity;
    const deadline = host.deadline(timer);
    if (deadline === Infinity) return;
    if (deadline > this.world.now) return this.queueTimer(host, timer, deadline);
    this.world.fireTimer(host, timer);
  }

  private written(kind: number, host: Host, life: number): void {
    if (host.life !== life || host.status === 'down') return;
    if (host.status === 'paused') return this.hold(host);
    if (this.claims !== undefined && !this.claims.write(host)) return;
    // A server that goes on behind a failed write has lost the rest of its cache.
    if (host.disk.cachedWrites === 0) return;
    const world = this.world;
    if (kind === EventKind.durable) return world.completeWrite(host);
    if (kind === EventKind.writeError) return world.failWrite(host, 'write', 0);
    // A failed sync may have written some of what was cached, in order (and says nothing about how much).
    world.failWrite(host, 'sync', this.crashes.below(host.disk.cachedWrites + 1));
  }

  private call(host: Host, call: Call): void {
    if (host.status === 'paused') return this.hold(host);
    this.world.call(call, host);
  }

  /** Something comes up for a process that is paused: it waits until the process resumes, or is gone. */
  private hold(host: Host): void {
    const { kind, subject, number, payload } = this.queue;
    this.held.push({ host, kind, subject, number, payload });
  }

  /** What waited for a paused process comes up again. */
  release(host: Host): void {
    const { now } = this.world;
    const waiting = this.held.filter((event) => event.host === host);
    const others = this.held.filter((event) => event.host !== host);
    this.held.length = 0;
    for (const event of others) this.held.push(event);
    // A server that was away looks at its lease before it answers anybody.
    waiting.sort((a, b) => Number(this.isLease(b)) - Number(this.isLease(a)));
    for (const event of waiting) {
      if (event.kind === EventKind.timer) this.queuedTimers[event.subject] = now;
      this.queue.push(now, event.kind, event.subject, event.number, event.payload);
    }
  }

  private isLease({ kind, subject }: { readonly kind: number; readonly subject: number }): boolean {
    return kind === EventKind.timer && subject % timers.length === Timer.lease;
  }

  // ── processes come and go ──────────────────────────────────────────────────────────────────────────────────────

  crash(host: Host): void {
    // Every crash draws the same number of times, whatever comes of it.
    const loses = this.crashes.chance(this.p.powerLoss);
    const tears = this.crashes.chance(this.p.tornWrite);
    const cached = host.disk.cachedWrites;
    const survive = this.crashes.below(cached + 1);
    const powerLoss = loses && !this.calm;
    const kept = powerLoss ? survive : cached;
    const torn = powerLoss && tears;
    this.world.crash(host, kept, torn);
    this.forget(host);
    this.nemesis.afterCrash(host, this.calm);
  }

  /** A process is down: what was queued for its life means nothing any more. */
  forget(host: Host): void {
    this.diskFree[host.id] = 0;
    for (const timer of timers) this.queuedTimers[host.id * timers.length + timer] = Infinity;
    this.release(host);
  }

  /** The schedule of faults ends: everything that is broken is mended, one step after the other. */
  calmDown(): void {
    if (this.over) return;
    this.over = true;
    this.setCalm(true);
    const world = this.world;
    this.nemesis.end();
    this.mending.end(this.p.partialHeal, this.seed, this.nemesis);
    this.mending.add(() => {
      world.calm();
      const quiet = Math.floor((this.p.settle * this.p.callsAfterHeal) / MILLION);
      this.queue.push(world.now + quiet, EventKind.quiet, 0, 0, undefined);
    });
  }

  resume(host: Host): void {
    this.world.resume(host);
    this.release(host);
  }

  /** After a change of the clock a deadline may be nearer than the event that was queued for it. */
  requeueTimers(host: Host): void {
    const { now } = this.world;
    for (const timer of timers) {
      // It may have passed while the process was paused.
      if (host.armed(timer)) this.queueTimer(host, timer, Math.max(host.deadline(timer), now));
    }
  }
}
