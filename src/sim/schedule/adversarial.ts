// The adversarial scheduler: of all that can happen anything may come next, whatever its time.
//
// Links, disks, timers, calls and answers are threads, each with an order of its own; a strategy picks whose turn it
// is. Time still goes on, half a millisecond a step on average: it decides when faults strike, when clients think,
// and about how often timers go off, so that a plan's parameters mean what they mean elsewhere. Which armed timer goes
// off is drawn, and from then on it waits for its turn like anything else. Clocks therefore decide nothing here, and
// faults go on to the end: bounded liveness is not judged.

import { micros } from '../../base/ids.ts';
import { Fifo } from '../../base/fifo.ts';
import type { Message, Write } from '../../protocol/message.ts';
import type { Call } from '../../protocol/operation.ts';
import { Timer, timers } from '../../protocol/timers.ts';
import type { Random } from '../../base/random.ts';
import { EventKind } from './event-kind.ts';
import type { Host } from '../host.ts';
import { Mailbox } from '../network/mailbox.ts';
import type { SchedulerActions } from '../faults/fault.ts';
import { Nemesis } from '../faults/nemesis.ts';
import type { Parameters } from '../parameters.ts';
import type { Answer } from '../process.ts';
import { EventQueue } from './queue.ts';
import type { AdversaryName, RunLimits, Scheduler } from './scheduler.ts';
import { strategyFor, type Strategy } from './strategy.ts';
import { drawMeans } from './timer-means.ts';
import { Workload } from '../clients/workload.ts';
import type { World } from '../world.ts';

/** A step takes from 0 to this many microseconds: with it about as much happens in a second as in a timed run. */
const STEP_MAX = 1_000;
/** Answers to more clients than this share their threads. */
const ANSWER_THREADS_MAX = 16;
/** How often a message that comes up for a dead process is lost with it, and does not wait for the next life. */
const DIES_WITH_RECEIVER = 700_000;
/** How often elections come in quick succession. */
const HURRY = 250_000;

/** So often something comes up without a step in between only where nothing can happen any more. */
const IDLE_MAX = 1_000_000;

interface GivenAnswer {
  readonly answer: Answer;
  readonly number: number;
}

interface SentCall {
  readonly call: Call;
  readonly host: Host;
}

/** Timers with a thread of their own; those of options go off without waiting for a turn. */
const TURN_TIMERS: readonly Timer[] = [Timer.election, Timer.heartbeat];

export class AdversarialScheduler implements Scheduler, SchedulerActions {
  private readonly world: World;
  private readonly p: Parameters;
  // What every message and write asks for, as fields: the table of all parameters is no object for a hot path.
  private readonly loss: number;
  private readonly lossCorrelation: number;
  /** By link: 1 if the last message was lost. */
  private readonly wasLost: Uint8Array;
  private readonly duplicate: number;
  private readonly reorder: number;
  private readonly longDelay: number;
  private readonly capacity: number;
  private readonly writeError: number;
  private readonly syncError: number;
  private readonly limits: RunLimits;
  private readonly queue = new EventQueue();
  private readonly nemesis: Nemesis;
  private readonly workload: Workload;
  private readonly strategy: Strategy;
  private readonly pace: Random;
  private readonly fates: Random;
  private readonly timers: Random;
  private readonly optionalTimers: Random;
  private readonly snapshotTimers: Random;
  /** By timer: whether it goes off now and then; one that nobody ever armed never does. */
  private readonly isGoing: boolean[] = timers.map(() => false);
  private readonly disks: Random;
  private readonly crashes: Random;
  private readonly answerFates: Random;
  /** By timer: the mean time between two that go off in the whole cluster. */
  private readonly means: readonly number[];

  // Threads: first all links, then the disks, the timers, the calls by node, the answers by client.
  private readonly firstDisk: number;
  private readonly firstTimer: number;
  private readonly firstCall: number;
  private readonly firstAnswer: number;
  private readonly answerThreads: number;
  /** By thread: the process that must not be paused; -1 if there is none. */
  private readonly owner: Int32Array;
  /** By thread: how many things wait in it. */
  private readonly waiting: Int32Array;
  /** By thread: until when it is put off. */
  private readonly offUntil: Float64Array;
  private readonly isReady: Uint8Array;
  private ready = 0;

  private readonly mail: readonly Mailbox[];
  private readonly calls: readonly Fifo<SentCall>[];
  private readonly answers: readonly Fifo<GivenAnswer>[];

  constructor(world: World, parameters: Parameters, limits: RunLimits, seed: Random, name: AdversaryName) {
    const { nodes } = world;
    // Timers go off whatever a clock says: changing one would be a step without any meaning.
    const p: Parameters = { ...parameters, clockEvery: 0 }; // set-up only: once a run
    this.world = world;
    this.p = p;
    this.loss = p.loss;
    this.lossCorrelation = p.lossCorrelation;
    this.wasLost = new Uint8Array(nodes * nodes);
    this.duplicate = p.duplicate;
    this.reorder = p.reorder;
    this.longDelay = p.longDelay;
    this.capacity = p.capacity;
    this.writeError = p.writeError;
    this.syncError = p.syncError;
    this.limits = limits;
    this.pace = seed.stream('pace');
    this.fates = seed.stream('fates');
    this.timers = seed.stream('timers');
    this.disks = seed.stream('disks');
    this.crashes = seed.stream('crash');
    this.answerFates = seed.stream('answer');
    this.optionalTimers = seed.stream('optional timers');
    this.snapshotTimers = seed.stream('snapshots');
    this.means = drawMeans(p, nodes, this.timers, this.optionalTimers, this.snapshotTimers);

    this.firstDisk = nodes * nodes;
    this.firstTimer = this.firstDisk + nodes;
    this.firstCall = this.firstTimer + TURN_TIMERS.length * nodes;
    this.firstAnswer = this.firstCall + nodes;
    this.answerThreads = Math.max(1, Math.min(ANSWER_THREADS_MAX, p.clients));
    const threads = this.firstAnswer + this.answerThreads;
    this.owner = Int32Array.from({ length: threads }, (_, thread) => this.ownerOf(thread));
    this.waiting = new Int32Array(threads);
    this.offUntil = new Float64Array(threads);
    this.isReady = new Uint8Array(threads);
    this.mail = Array.from({ length: nodes * nodes }, () => new Mailbox());
    this.calls = world.hosts.map(() => new Fifo<SentCall>());
    this.answers = Array.from({ length: this.answerThreads }, () => new Fifo<GivenAnswer>());
    this.strategy = strategyFor(name, threads, seed.stream(name));

    this.nemesis = new Nemesis(world, p, this.queue, seed, this);
    this.workload = new Workload(world, p, this.queue, seed);
    for (const host of world.hosts) this.queue.push(0, EventKind.restart, host.id, 0, undefined);
    this.nemesis.begin();
    this.workload.begin();
    for (const timer of TURN_TIMERS) this.startTimer(timer);
  }

  private ownerOf(thread: number): number {
    const { nodes } = this.world;
    if (thread < this.firstDisk) return thread % nodes;
    if (thread < this.firstTimer) return thread - this.firstDisk;
    if (thread < this.firstCall) return Math.floor((thread - this.firstTimer) / TURN_TIMERS.length);
    return thread < this.firstAnswer ? thread - this.firstCall : -1;
  }

  // ── what became possible ───────────────────────────────────────────────────────────────────────────────────────

  messageSent(link: number, number: number, message: Message): void {
    const { now } = this.world;
    if (this.capacity > 0 && (this.mail[link] as Mailbox).length >= this.capacity) {
      this.queue.push(now, EventKind.dropFull, link, number, message);
      return;
    }
    if (this.duplicate > 0 && this.fates.chance(this.duplicate)) {
      this.queue.push(now, EventKind.duplicate, link, number, message);
    }
    if (this.longDelay > 0 && this.fates.chance(this.longDelay)) {
      const delay = this.fates.below(this.p.longDelayMax + 1);
      this.queue.push(now + delay, EventKind.deliver, link, number, message);
    } else this.put(link, number, message);
  }

  private put(link: number, number: number, message: Message): void {
    (this.mail[link] as Mailbox).push(message, number);
    this.count(link, (this.waiting[link] as number) + 1);
  }

  timerArmed(host: Host, timer: Timer): void {
    // A deadline means no more than that the timer is armed.
    host.setDeadline(timer, this.world.now);
    this.startTimer(timer);
  }

  writeIssued(host: Host, _write: Write): void {
    this.count(this.firstDisk + host.id, host.disk.cachedWrites);
  }

  answerGiven(answer: Answer, number: number): void {
    const slot = answer.client % this.answerThreads;
    const answers = this.answers[slot] as Fifo<GivenAnswer>;
    answers.push({ answer, number });
    this.count(this.firstAnswer + slot, answers.length);
  }

  answerArrived(answer: Answer): void {
    this.workload.answered(answer);
  }

  // ── who can move ───────────────────────────────────────────────────────────────────────────────────────────────

  /** So many things wait in a thread now. */
  private count(thread: number, waiting: number): void {
    this.waiting[thread] = waiting;
    this.judge(thread);
  }

  /** Tells the strategy if a thread has become ready or idle. */
  private judge(thread: number): void {
    const owner = this.owner[thread] as number;
    const ready =
      (this.waiting[thread] as number) > 0 &&
      (this.offUntil[thread] as number) <= this.world.now &&
      (owner < 0 || (this.world.hosts[owner] as Host).status !== 'paused');
    if (ready === (this.isReady[thread] === 1)) return;
    this.isReady[thread] = ready ? 1 : 0;
    if (ready) {
      this.ready++;
      this.strategy.ready(thread);
    } else {
      this.ready--;
      this.strategy.idle(thread);
    }
  }

  /** A process was paused, resumed or crashed. */
  private judgeAllOf(host: Host): void {
    for (let thread = 0; thread < this.owner.length; thread++) {
      if (this.owner[thread] === host.id) this.judge(thread);
    }
  }

  private putOff(thread: number, until: number): void {
    this.offUntil[thread] = until;
    this.queue.push(until, EventKind.free, thread, 0, undefined);
    this.judge(thread);
  }

  get eventsWaiting(): number {
    return this.queue.size;
  }

  // ── what happens next ──────────────────────────────────────────────────────────────────────────────────────────

  next(): boolean {
    const world = this.world;
    const before = world.steps;
    // Also behind the last step that was asked for: neither a run nor its script ends while a crash is pending.
    if (world.crashPending !== undefined) {
      this.crash(world.crashPending);
      return true;
    }
    if (before >= this.limits.stepsMax) return false;
    const queue = this.queue;
    const { until } = this.limits;
    for (let idle = 0; world.steps === before; idle++) {
      if (idle === IDLE_MAX) return false;
      const due = queue.peekTime();
      if (this.ready > 0) {
        const at = world.now + this.pace.below(STEP_MAX + 1);
        if (due < 0 || due > at) {
          if (at > until) return false;
          world.now = micros(at);
          this.move(this.strategy.choose());
          continue;
        }
      }
      if (due < 0 || due > until) return false;
      queue.pop();
      world.now = micros(due);
      this.take();
    }
    return true;
  }

  /** What its time has come for. */
  private take(): void {
    const queue = this.queue;
    const world = this.world;
    switch (queue.kind) {
      case EventKind.timer:
        return this.timerGoesOff(queue.subject as Timer);
      case EventKind.free:
        return this.judge(queue.subject);
      case EventKind.deliver:
        return this.put(queue.subject, queue.number, queue.payload as Message);
      case EventKind.duplicate:
        this.put(queue.subject, queue.number, queue.payload as Message);
        return world.duplicate(queue.number, queue.payload as Message);
      case EventKind.dropFull:
        return world.drop(queue.number, queue.payload as Message, 'full');
      case EventKind.call: {
        const host = world.hosts[queue.subject] as Host;
        const calls = this.calls[host.id] as Fifo<SentCall>;
        calls.push({ call: queue.payload as Call, host });
        return this.count(this.firstCall + host.id, calls.length);
      }
      case EventKind.client:
        return this.workload.wake(queue.subject, queue.number);
      case EventKind.arrival:
        return this.workload.arrive();
      default:
        this.nemesis.take(queue.kind, queue.subject, queue.number);
        // What waits for a process that was just paused must wait longer.
        for (const host of world.hosts) if (host.status === 'paused') this.judgeAllOf(host);
    }
  }

  /** It is the turn of a thread. */
  private move(thread: number): void {
    if (thread < this.firstDisk) this.moveMessage(thread);
    else if (thread < this.firstTimer) this.moveDisk(thread);
    else if (thread < this.firstCall) this.moveTimer(thread);
    else if (thread < this.firstAnswer) {
      const calls = this.calls[thread - this.firstCall] as Fifo<SentCall>;
      const { call, host } = calls.shift();
      this.count(thread, calls.length);
      this.world.call(call, host);
    } else {
      const answers = this.answers[thread - this.firstAnswer] as Fifo<GivenAnswer>;
      const { answer, number } = answers.shift();
      this.count(thread, answers.length);
      this.world.answer(answer, number, this.answerFates.chance(this.p.answerLoss));
    }
  }

  private moveMessage(link: number): void {
    const world = this.world;
    const fates = this.fates;
    const mail = this.mail[link] as Mailbox;
    const place = this.reorder > 0 && mail.length > 1 && fates.chance(this.reorder) ? fates.below(mail.length) : 0;
    const message = mail.messageAt(place);
    const number = mail.numberAt(place);
    const host = world.hosts[message.to] as Host;
    const isCut = world.network.isCut(link);
    if (!isCut && host.status === 'down' && !fates.chance(DIES_WITH_RECEIVER)) {
      return this.putOff(link, world.now + 1 + fates.below(2 * this.p.downFor + 1));
    }
    mail.take(place);
    this.count(link, mail.length);
    const slowness = world.network.slowness(link);
    if (slowness > 1) this.putOff(link, world.now + this.delay(slowness));
    if (isCut) return world.drop(number, message, 'cut');
    if (host.status === 'down') return world.drop(number, message, 'down');
    const isBurst = this.wasLost[link] === 1 && this.lossCorrelation > this.loss;
    const isLost = this.loss > 0 && fates.chance(isBurst ? this.lossCorrelation : this.loss);
    this.wasLost[link] = isLost ? 1 : 0;
    if (isLost) return world.drop(number, message, 'lost');
    world.deliver(number, message);
  }

  private delay(slowness: number): number {
    return this.fates.between(this.p.delayMin, this.p.delayMax) * slowness;
  }

  private moveDisk(thread: number): void {
    const world = this.world;
    const host = world.hosts[thread - this.firstDisk] as Host;
    const { isFull, slowness } = host.disk;
    if (slowness > 1) this.putOff(thread, world.now + this.disks.between(0, this.p.syncDelayMax) * slowness);
    if (isFull) world.failWrite(host, 'write', 0);
    else if (this.writeError > 0 && this.disks.chance(this.writeError)) world.failWrite(host, 'write', 0);
    else if (this.syncError > 0 && this.disks.chance(this.syncError)) {
      world.failWrite(host, 'sync', this.disks.below(host.disk.cachedWrites + 1));
    } else world.completeWrite(host);
    this.count(thread, host.disk.cachedWrites);
  }

  private moveTimer(thread: number): void {
    this.count(thread, 0);
    const slot = thread - this.firstTimer;
    const host = this.world.hosts[this.ownerOf(thread)] as Host;
    const timer = TURN_TIMERS[slot % TURN_TIMERS.length] as Timer;
    if (host.status === 'up' && host.armed(timer)) this.world.fireTimer(host, timer);
  }

  /** One of the armed timers goes off; one that has a thread waits for its turn, and the next one for its time. */
  private timerGoesOff(timer: Timer): void {
    const { hosts, nodes } = this.world;
    this.timerLater(timer);
    const first = this.drawsOf(timer).below(nodes);
    for (let i = 0; i < nodes; i++) {
      const host = hosts[(first + i) % nodes] as Host;
      if (!host.armed(timer)) continue;
      if (TURN_TIMERS.includes(timer)) return this.count(this.timerThread(host, timer), 1);
      if (host.status === 'up') this.world.fireTimer(host, timer);
      return;
    }
  }

  private drawsOf(timer: Timer): Random {
    if (TURN_TIMERS.includes(timer)) return this.timers;
    return timer === Timer.snapshot ? this.snapshotTimers : this.optionalTimers;
  }

  private timerThread(host: Host, timer: Timer): number {
    return this.firstTimer + host.id * TURN_TIMERS.length + TURN_TIMERS.indexOf(timer);
  }

  private startTimer(timer: Timer): void {
    if (this.isGoing[timer] === true) return;
    this.isGoing[timer] = true;
    this.timerLater(timer);
  }

  private timerLater(timer: Timer): void {
    const mean = this.means[timer] as number;
    const random = this.drawsOf(timer);
    const hurried = random.chance(HURRY);
    const wait = 1 + random.below(2 * (hurried ? Math.ceil(mean / 8) : mean));
    this.queue.push(this.world.now + wait, EventKind.timer, timer, 0, undefined);
  }

  // ── processes come and go ──────────────────────────────────────────────────────────────────────────────────────

  crash(host: Host): void {
    const powerLoss = this.crashes.chance(this.p.powerLoss);
    const tears = this.crashes.chance(this.p.tornWrite);
    const cached = host.disk.cachedWrites;
    const kept = powerLoss ? this.crashes.below(cached + 1) : cached;
    this.world.crash(host, kept, powerLoss && tears);
    this.waiting[this.firstDisk + host.id] = 0;
    for (const timer of TURN_TIMERS) this.waiting[this.timerThread(host, timer)] = 0;
    this.judgeAllOf(host);
    this.nemesis.afterCrash(host, false);
  }

  resume(host: Host): void {
    this.world.resume(host);
    this.judgeAllOf(host);
  }

  requeueTimers(): void {
    // No timer waits for its time here.
  }
}
