// The timed scheduler: virtual time decides. Whatever becomes possible is queued for a moment drawn from the seed.
//
// Draws about a message are keyed by its link and number, so that one more or less shifts no other. Timers are queued
// lazily: arming one anew only moves its deadline, and the queued event finds out when it comes up.

import { assert } from '../base/assert.ts';
import type { Message, Write } from '../base/message.ts';
import { keyedBelow, keyedChance, type Random } from '../base/random.ts';
import { micros } from '../base/ids.ts';
import { EventKind } from './event-kind.ts';
import { ELECTION, type Host } from './host.ts';
import { Nemesis, type Hands } from './nemesis.ts';
import type { Parameters } from './parameters.ts';
import type { Call } from '../base/operation.ts';
import type { Answer } from './process.ts';
import { EventQueue } from './queue.ts';
import type { Scheduler } from './scheduler.ts';
import { Workload } from './workload.ts';
import type { World } from './world.ts';

/** How long a run lasts: in virtual time or in steps, and from when on there are no faults. */
export interface Limits {
  readonly until: number;
  readonly stepsMax: number;
  readonly faultsUntil: number;
  readonly faultStepsMax: number;
}

// What a keyed draw is about; the numbers keep the draws of one message apart.
const DELAY = 0x1000_0001;
const LOSS = 0x2000_0003;
const DUPLICATE = 0x3000_0005;
const REORDER = 0x4000_0007;
const LONG_DELAY = 0x5000_000b;
const LONG_DELAY_LENGTH = 0x6000_000d;
const COPY = 0x7000_0011;

export class TimedScheduler implements Scheduler, Hands {
  readonly #world: World;
  readonly #p: Parameters;
  // What every message, timer and write asks for, as fields: the table of all parameters is no object for a hot path.
  readonly #delayMin: number;
  readonly #delayRange: number;
  readonly #loss: number;
  readonly #duplicate: number;
  readonly #reorder: number;
  readonly #longDelay: number;
  readonly #capacity: number;
  readonly #electionTimeoutMin: number;
  readonly #electionTimeoutMax: number;
  readonly #heartbeatInterval: number;
  readonly #writeDelayMin: number;
  readonly #writeDelayMax: number;
  readonly #syncDelayMin: number;
  readonly #syncDelayMax: number;
  readonly #writeError: number;
  readonly #syncError: number;
  readonly #limits: Limits;
  readonly #queue = new EventQueue();
  readonly #nemesis: Nemesis;
  readonly #workload: Workload;
  readonly #linkKeys: Int32Array;
  readonly #onLink: Int32Array;
  readonly #lastArrival: Float64Array;
  readonly #timers: readonly Random[];
  readonly #disks: readonly Random[];
  readonly #diskFree: Float64Array;
  readonly #queuedTimers: Float64Array;
  readonly #crashes: Random;
  readonly #answers: Random;
  readonly #held: { readonly host: Host; kind: number; subject: number; number: number; payload: unknown }[] = [];
  #calm = false;
  /** What is still to be mended when calm comes, one step after the other. */
  readonly #mending: (() => void)[] = [];

  constructor(world: World, parameters: Parameters, limits: Limits, seed: Random) {
    const { nodes } = world;
    this.#world = world;
    this.#p = parameters;
    this.#delayRange = parameters.delayMax - parameters.delayMin + 1;
    this.#delayMin = parameters.delayMin;
    this.#loss = parameters.loss;
    this.#duplicate = parameters.duplicate;
    this.#reorder = parameters.reorder;
    this.#longDelay = parameters.longDelay;
    this.#capacity = parameters.capacity;
    this.#electionTimeoutMin = parameters.electionTimeoutMin;
    this.#electionTimeoutMax = parameters.electionTimeoutMax;
    this.#heartbeatInterval = parameters.heartbeatInterval;
    this.#writeDelayMin = parameters.writeDelayMin;
    this.#writeDelayMax = parameters.writeDelayMax;
    this.#syncDelayMin = parameters.syncDelayMin;
    this.#syncDelayMax = parameters.syncDelayMax;
    this.#writeError = parameters.writeError;
    this.#syncError = parameters.syncError;
    this.#limits = limits;
    this.#linkKeys = Int32Array.from({ length: nodes * nodes }, (_, link) => seed.stream('link', link).key());
    this.#onLink = new Int32Array(nodes * nodes);
    this.#lastArrival = new Float64Array(nodes * nodes);
    this.#timers = world.hosts.map((host) => seed.stream('timer', host.id));
    this.#disks = world.hosts.map((host) => seed.stream('disk', host.id));
    this.#diskFree = new Float64Array(nodes);
    this.#queuedTimers = new Float64Array(nodes * 2).fill(Infinity);
    this.#crashes = seed.stream('crash');
    this.#answers = seed.stream('answer');
    this.#nemesis = new Nemesis(world, parameters, this.#queue, seed, this);
    this.#workload = new Workload(world, parameters, this.#queue, seed);
    for (const host of world.hosts) this.#queue.push(0, EventKind.restart, host.id, 0, undefined);
    this.#nemesis.begin();
    this.#workload.begin();
    if (limits.faultsUntil !== Infinity) this.#queue.push(limits.faultsUntil, EventKind.calm, 0, 0, undefined);
  }

  // ── what became possible ───────────────────────────────────────────────────────────────────────────────────────

  messageSent(link: number, number: number, message: Message): void {
    const now = this.#world.now;
    if (this.#world.network.isCut(link)) {
      this.#queue.push(now, EventKind.dropCut, link, number, message);
      return;
    }
    const key = this.#linkKeys[link] as number;
    if (!this.#calm) {
      if (keyedChance(key, number ^ LOSS, this.#loss)) {
        this.#queue.push(now, EventKind.dropLost, link, number, message);
        return;
      }
      if (this.#capacity > 0 && (this.#onLink[link] as number) >= this.#capacity) {
        this.#queue.push(now, EventKind.dropFull, link, number, message);
        return;
      }
      if (keyedChance(key, number ^ DUPLICATE, this.#duplicate)) {
        this.#queue.push(now, EventKind.duplicate, link, number, message);
      }
    }
    this.#send(link, number, message, number);
  }

  /** Puts a message, or the copy of one, on its way. */
  #send(link: number, number: number, message: Message, draw: number): void {
    const now = this.#world.now;
    const key = this.#linkKeys[link] as number;
    let delay = this.#delayMin + keyedBelow(key, draw ^ DELAY, this.#delayRange);
    delay *= this.#world.network.slowness(link);
    let arrival = now + delay;
    const odd = !this.#calm && keyedChance(key, draw ^ LONG_DELAY, this.#longDelay);
    if (odd) {
      arrival += keyedBelow(key, draw ^ LONG_DELAY_LENGTH, this.#p.longDelayMax + 1);
    } else if (this.#reorder === 0 || this.#calm || !keyedChance(key, draw ^ REORDER, this.#reorder)) {
      const last = this.#lastArrival[link] as number;
      if (arrival < last) arrival = last;
      this.#lastArrival[link] = arrival;
    }
    this.#onLink[link] = (this.#onLink[link] as number) + 1;
    this.#queue.push(arrival, EventKind.deliver, link, number, message);
  }

  timerArmed(host: Host, timer: number): void {
    let local = this.#heartbeatInterval;
    if (timer === ELECTION) {
      local = (this.#timers[host.id] as Random).between(this.#electionTimeoutMin, this.#electionTimeoutMax);
    }
    const deadline = this.#world.now + host.clock.toTrue(local);
    host.setDeadline(timer, deadline);
    this.#queueTimer(host, timer, deadline);
  }

  #queueTimer(host: Host, timer: number, deadline: number): void {
    const slot = host.id * 2 + timer;
    if ((this.#queuedTimers[slot] as number) <= deadline) return;
    this.#queuedTimers[slot] = deadline;
    this.#queue.push(deadline, EventKind.timer, slot, 0, undefined);
  }

  writeIssued(host: Host, write: Write): void {
    const random = this.#disks[host.id] as Random;
    const delay =
      random.between(this.#writeDelayMin, this.#writeDelayMax) + random.between(this.#syncDelayMin, this.#syncDelayMax);
    const free = this.#diskFree[host.id] as number;
    const now = this.#world.now;
    const done = (free > now ? free : now) + delay;
    this.#diskFree[host.id] = done;
    const writeFails = random.chance(this.#writeError);
    const syncFails = random.chance(this.#syncError);
    let kind: number = EventKind.durable;
    if (writeFails && !this.#calm) kind = EventKind.writeError;
    else if (syncFails && !this.#calm) kind = EventKind.syncError;
    this.#queue.push(done, kind, host.id, host.life, write);
  }

  answerGiven(answer: Answer, number: number): void {
    const lost = !this.#calm && this.#answers.chance(this.#p.answerLoss);
    const delay = this.#answers.between(this.#p.delayMin, this.#p.delayMax);
    const kind = lost ? EventKind.answerLost : EventKind.answer;
    this.#queue.push(this.#world.now + delay, kind, answer.client, number, answer);
  }

  answerArrived(answer: Answer): void {
    this.#workload.answered(answer);
  }

  // ── what happens next ──────────────────────────────────────────────────────────────────────────────────────────

  next(): boolean {
    const world = this.#world;
    const before = world.steps;
    if (before >= this.#limits.stepsMax) return false;
    if (world.doomed !== undefined) {
      this.crash(world.doomed);
      return true;
    }
    if (before >= this.#limits.faultStepsMax) this.#calmDown();
    const queue = this.#queue;
    do {
      if (this.#mending.length > 0) {
        (this.#mending.shift() as () => void)();
        continue;
      }
      const at = queue.peekTime();
      if (at < 0 || at > this.#limits.until) return false;
      queue.pop();
      assert(at >= world.now, 'time never runs backwards');
      world.now = micros(at);
      this.#take();
    } while (world.steps === before);
    return true;
  }

  /** What the event that was just popped means; it may have lost its meaning since it was queued. */
  #take(): void {
    const queue = this.#queue;
    const world = this.#world;
    switch (queue.kind) {
      case EventKind.deliver:
        return this.#deliver(queue.subject, queue.number, queue.payload as Message);
      case EventKind.timer:
        return this.#timer(queue.subject);
      case EventKind.durable:
      case EventKind.writeError:
      case EventKind.syncError:
        return this.#written(queue.kind, world.hosts[queue.subject] as Host, queue.number);
      case EventKind.dropLost:
        return world.drop(queue.number, queue.payload as Message, 'lost');
      case EventKind.dropCut:
        return world.drop(queue.number, queue.payload as Message, 'cut');
      case EventKind.dropFull:
        return world.drop(queue.number, queue.payload as Message, 'full');
      case EventKind.duplicate: {
        const { subject, number } = queue;
        const message = queue.payload as Message;
        world.duplicate(number, message);
        return this.#send(subject, number, message, number ^ COPY);
      }
      case EventKind.answer:
        return world.answer(queue.payload as Answer, queue.number, false);
      case EventKind.answerLost:
        return world.answer(queue.payload as Answer, queue.number, true);
      case EventKind.call:
        return this.#call(world.hosts[queue.subject] as Host, queue.payload as Call);
      case EventKind.client:
        return this.#workload.wake(queue.subject, queue.number);
      case EventKind.arrival:
        return this.#workload.arrive();
      case EventKind.restart:
        return this.#restart(world.hosts[queue.subject] as Host, queue.number);
      case EventKind.calm:
        return this.#calmDown();
      case EventKind.quiet:
        return this.#workload.quiet();
      default:
        return this.#nemesis.take(queue.kind, queue.subject, queue.number);
    }
  }

  #deliver(link: number, number: number, message: Message): void {
    const world = this.#world;
    const host = world.hosts[message.to] as Host;
    if (host.status === 'paused') return this.#hold(host);
    this.#onLink[link] = (this.#onLink[link] as number) - 1;
    if (world.network.isCut(link)) return world.drop(number, message, 'cut');
    if (host.status === 'down') return world.drop(number, message, 'down');
    world.deliver(number, message);
  }

  #timer(slot: number): void {
    const host = this.#world.hosts[slot >>> 1] as Host;
    const timer = slot & 1;
    const { now } = this.#world;
    if (this.#queuedTimers[slot] !== now) return;
    if (host.status === 'paused') return this.#hold(host);
    this.#queuedTimers[slot] = Infinity;
    const deadline = host.deadline(timer);
    if (deadline === Infinity) return;
    if (deadline > now) return this.#queueTimer(host, timer, deadline);
    this.#world.fireTimer(host, timer);
  }

  #written(kind: number, host: Host, life: number): void {
    if (host.life !== life || host.status === 'down') return;
    if (host.status === 'paused') return this.#hold(host);
    const world = this.#world;
    if (kind === EventKind.durable) return world.completeWrite(host);
    if (kind === EventKind.writeError) return world.failWrite(host, 'write', 0);
    // A failed sync may have written some of what was cached, in order (and says nothing about how much).
    world.failWrite(host, 'sync', this.#crashes.below(host.disk.cachedWrites + 1));
  }

  #call(host: Host, call: Call): void {
    if (host.status === 'paused') return this.#hold(host);
    this.#world.call(call, host);
  }

  /** Something comes up for a process that is paused: it waits until the process resumes, or is gone. */
  #hold(host: Host): void {
    const { kind, subject, number, payload } = this.#queue;
    this.#held.push({ host, kind, subject, number, payload });
  }

  #release(host: Host): void {
    const { now } = this.#world;
    const waiting = this.#held.filter((event) => event.host === host);
    const others = this.#held.filter((event) => event.host !== host);
    this.#held.length = 0;
    for (const event of others) this.#held.push(event);
    for (const event of waiting) {
      if (event.kind === EventKind.timer) this.#queuedTimers[event.subject] = now;
      this.#queue.push(now, event.kind, event.subject, event.number, event.payload);
    }
  }

  // ── processes come and go ──────────────────────────────────────────────────────────────────────────────────────

  crash(host: Host): void {
    // Every crash draws the same number of times, whatever comes of it.
    const loses = this.#crashes.chance(this.#p.powerLoss);
    const tears = this.#crashes.chance(this.#p.tornWrite);
    const cached = host.disk.cachedWrites;
    const survive = this.#crashes.below(cached + 1);
    const powerLoss = loses && !this.#calm;
    const kept = powerLoss ? survive : cached;
    const torn = powerLoss && tears;
    const downFor = this.#nemesis.downFor();
    this.#world.crash(host, kept, torn);
    this.#diskFree[host.id] = 0;
    this.#queuedTimers[host.id * 2] = Infinity;
    this.#queuedTimers[host.id * 2 + 1] = Infinity;
    this.#release(host);
    if (this.#nemesis.mayWipe()) this.#queue.push(this.#world.now, EventKind.wipe, host.id, host.life, undefined);
    const back = this.#calm ? this.#world.now : this.#world.now + downFor;
    this.#queue.push(back, EventKind.restart, host.id, host.life, undefined);
  }

  #restart(host: Host, life: number): void {
    if (host.status === 'down' && host.life === life && host.unservable === undefined) this.#world.restart(host);
  }

  /** The schedule of faults ends: everything that is broken is mended, one step after the other. */
  #calmDown(): void {
    if (this.#calm) return;
    this.#calm = true;
    const world = this.#world;
    this.#nemesis.end();
    for (const fault of world.network.activeFaults) {
      this.#mending.push(() => (world.network.isCutFault(fault) === true ? world.heal(fault) : world.mend(fault)));
    }
    for (const host of world.hosts) {
      host.doom = -1;
      if (host.clock.ratePpm !== 0) this.#mending.push(() => world.setClock(host, 0, 0));
      if (host.status === 'paused') this.#mending.push(() => this.resume(host));
      this.#mending.push(() => this.requeueTimers(host));
      this.#mending.push(() => this.#restart(host, host.life));
    }
    this.#mending.push(() => {
      world.calm();
      this.#queue.push(world.now + Math.floor(this.#p.settle / 2), EventKind.quiet, 0, 0, undefined);
    });
  }

  resume(host: Host): void {
    this.#world.resume(host);
    this.#release(host);
  }

  /** After a change of the clock a deadline may be nearer than the event that was queued for it. */
  requeueTimers(host: Host): void {
    const { now } = this.#world;
    for (const timer of [0, 1]) {
      // It may have passed while the process was paused.
      if (host.armed(timer)) this.#queueTimer(host, timer, Math.max(host.deadline(timer), now));
    }
  }
}
