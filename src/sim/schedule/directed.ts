// The directed scheduler: its caller takes steps one by one, and now and then lets time run.
//
// Between two windows of time nothing happens but what is asked for, and what follows from it by itself: writes reach
// the disk, answers their clients, messages into a cut link are lost, unless that is left to the director's hand, too.
// One and the same message, write or answer waits here and in the timed scheduler; the one that takes it first has it.

import type { Timer } from '../../protocol/timers.ts';
import type { Message, Write } from '../../protocol/message.ts';
import type { Random } from '../../base/random.ts';
import type { Host } from '../host.ts';
import type { Parameters } from '../parameters.ts';
import type { Answer } from '../process.ts';
import type { Scheduler } from './scheduler.ts';
import { ScriptedScheduler, type OnItsWay } from './scripted.ts';
import type { DropReason, Step } from '../step.ts';
import { TimedScheduler, type Claims } from './timed.ts';
import type { World } from '../world.ts';

/** What does not happen by itself between two windows of time. */
export interface ByHand {
  readonly writes: boolean;
  readonly answers: boolean;
  readonly drops: boolean;
  /** A process that must crash does so when a step says it, or before any other step. */
  readonly crashes: boolean;
}

/** What becomes of a message that is sent while time runs; undefined: what the network makes of it. */
export type Filter = (message: Message) => 'drop' | 'hold' | undefined;

interface PendingDrop {
  readonly message: Message;
  readonly number: number;
  readonly reason: DropReason;
}

/** More steps than any scenario takes; the bounds of a run (`bounds.ts`) say what ended one that goes beyond. */
export const STEPS_MAX = 20_000_000;

export class DirectedScheduler implements Scheduler, Claims {
  private readonly world: World;
  private readonly parameters: Parameters;
  private readonly byHand: ByHand;
  private readonly scripted: ScriptedScheduler;
  private readonly timed: TimedScheduler;
  /** Whether time runs. */
  private running = false;
  private filter: Filter | undefined = undefined;
  /** Answers that arrived at clients of the director, oldest first. */
  readonly arrived: Answer[] = [];
  private readonly toDrop: PendingDrop[] = [];
  /** Messages that wait until they are let go, and how often they have come up since. */
  private readonly heldBack = new Map<OnItsWay, number>();
  /** By node: writes that were completed out of turn, and the life in which they were. */
  private readonly early: { life: number; writes: number }[];

  constructor(world: World, parameters: Parameters, seed: Random, byHand: ByHand) {
    this.world = world;
    this.parameters = parameters;
    this.byHand = byHand;
    this.early = world.hosts.map(() => ({ life: 0, writes: 0 }));
    this.scripted = new ScriptedScheduler(world, []);
    const limits = { until: 0, stepsMax: STEPS_MAX, faultsUntil: Infinity, faultStepsMax: Infinity };
    this.timed = new TimedScheduler(world, parameters, limits, seed, this);
  }

  // ── what the director may see ──────────────────────────────────────────────────────────────────────────────────

  /** Messages on their way, in the order in which they were sent. */
  onTheirWay(): OnItsWay[] {
    return this.scripted.onTheirWay();
  }

  /** Messages on their way on one link, in the order in which they were sent. */
  onLink(link: number): Iterable<OnItsWay> {
    return this.scripted.onLink(link);
  }

  isHeld(found: OnItsWay): boolean {
    return this.heldBack.has(found);
  }

  unanswered(): readonly { readonly answer: Answer; readonly number: number }[] {
    return this.scripted.unanswered();
  }

  /** Why a step cannot be taken now; undefined if it can. */
  whyNot(step: Step): string | undefined {
    return this.scripted.whyNot(step);
  }

  // ── what the director may do ───────────────────────────────────────────────────────────────────────────────────

  /** Takes a step now, or says why it cannot be taken. */
  take(step: Step): string | undefined {
    const { crashPending } = this.world;
    if (crashPending !== undefined && !(step.kind === 'crash' && step.node === crashPending.id))
      this.crash(crashPending);
    const why = this.scripted.take(step);
    if (why !== undefined) return why;
    switch (step.kind) {
      case 'duplicate': {
        const link = this.world.linkOf(step.from, step.to);
        const found = this.scripted.find(link, step.number);
        if (found !== undefined) this.timed.sendAgain(link, step.number, found.message);
        return undefined;
      }
      case 'durable':
        this.earlyOf(this.world.host(step.node)).writes++;
        return undefined;
      case 'crash':
        this.timed.forget(this.world.host(step.node));
        return undefined;
      case 'resume':
        this.timed.release(this.world.host(step.node));
        return undefined;
      case 'clock':
        this.timed.requeueTimers(this.world.host(step.node));
        return undefined;
      default:
        return undefined;
    }
  }

  /** A process that must crash does so now, if no step came that said it. */
  takePendingCrash(): boolean {
    const { crashPending } = this.world;
    if (crashPending !== undefined) this.crash(crashPending);
    return crashPending !== undefined;
  }

  /** Takes one step that follows by itself from the ones before; false if there is none. */
  followUp(): boolean {
    const world = this.world;
    if (world.crashPending !== undefined) return !this.byHand.crashes && this.takePendingCrash();
    if (this.dropNext()) return true;
    if (!this.byHand.writes) {
      for (const host of world.hosts) {
        if (host.status !== 'up' || host.disk.cachedWrites === 0) continue;
        this.take({ kind: 'durable', at: world.now, node: host.id });
        return true;
      }
    }
    if (this.byHand.answers) return false;
    for (const { answer, number } of this.scripted.unanswered()) {
      this.take({ kind: 'answer', at: world.now, client: answer.client, number, lost: false });
      return true;
    }
    return false;
  }

  /** Keeps a message back until it is let go. */
  holdBack(found: OnItsWay): void {
    if (!this.heldBack.has(found)) this.heldBack.set(found, 0);
  }

  letGo(found: OnItsWay): void {
    const missed = this.heldBack.get(found) ?? 0;
    this.heldBack.delete(found);
    const { message, number } = found;
    const link = this.world.linkOf(message.from, message.to);
    for (let i = 0; i < missed; i++) this.timed.sendAgain(link, number, message);
  }

  /** Lets time run up to a moment: from now on `next` takes what comes up. */
  beginWindow(until: number, faults: Parameters | undefined, filter: Filter | undefined): void {
    this.running = true;
    this.filter = filter;
    this.timed.runUntil(until);
    if (faults !== undefined) this.timed.beginFaults(faults);
  }

  /** Time stands still again; what the faults of the window broke is mended by calls of `mend`. */
  endWindow(faults: Parameters | undefined): void {
    this.running = false;
    this.filter = undefined;
    if (faults !== undefined) this.timed.endFaults(this.parameters);
  }

  /** Everything that is broken is to be mended, by calls of `mend`, and there will be no more faults. */
  calmDown(): void {
    this.timed.calmDown();
  }

  /** Mends one thing that is due to be mended; false if there is none. */
  mend(): boolean {
    return this.timed.mend();
  }

  get eventsWaiting(): number {
    return this.timed.eventsWaiting;
  }

  next(): boolean {
    return this.dropNext() || this.timed.next();
  }

  // ── what became possible ───────────────────────────────────────────────────────────────────────────────────────

  messageSent(link: number, number: number, message: Message): void {
    this.scripted.messageSent(link, number, message);
    this.timed.messageSent(link, number, message);
    const fate = this.filter?.(message);
    if (fate === 'drop') this.toDrop.push({ message, number, reason: 'lost' });
    else if (fate === 'hold') this.holdBack(this.scripted.find(link, number) as OnItsWay);
    else if (!this.running && !this.byHand.drops && this.world.network.isCut(link)) {
      this.toDrop.push({ message, number, reason: 'cut' });
    }
  }

  timerArmed(host: Host, timer: Timer): void {
    this.timed.timerArmed(host, timer);
  }

  writeIssued(host: Host, write: Write): void {
    this.timed.writeIssued(host, write);
  }

  answerGiven(answer: Answer, number: number): void {
    this.scripted.answerGiven(answer, number);
    this.timed.answerGiven(answer, number);
  }

  answerArrived(answer: Answer): void {
    // The clients of the workload are the first; who comes behind them is the director's.
    if (answer.client < this.parameters.clients) this.timed.answerArrived(answer);
    else this.arrived.push(answer);
  }

  // ── what comes up while time runs ──────────────────────────────────────────────────────────────────────────────

  message(link: number, number: number): boolean {
    const found = this.scripted.find(link, number);
    if (found === undefined) return false;
    const missed = this.heldBack.get(found);
    if (missed === undefined) return this.scripted.takeMessage(link, number);
    this.heldBack.set(found, missed + 1);
    return false;
  }

  copy(link: number, number: number): boolean {
    const found = this.scripted.find(link, number);
    if (found === undefined) return false;
    found.copies++;
    return true;
  }

  write(host: Host): boolean {
    const early = this.earlyOf(host);
    if (early.writes === 0) return true;
    early.writes--;
    return false;
  }

  answer(answer: Answer, number: number): boolean {
    return this.scripted.takeAnswer(answer.client, number);
  }

  private dropNext(): boolean {
    for (let drop = this.toDrop.shift(); drop !== undefined; drop = this.toDrop.shift()) {
      const { message, number, reason } = drop;
      if (!this.scripted.takeMessage(this.world.linkOf(message.from, message.to), number)) continue;
      this.world.drop(number, message, reason);
      return true;
    }
    return false;
  }

  private crash(host: Host): void {
    this.world.crash(host, host.disk.cachedWrites, false);
    this.timed.forget(host);
  }

  private earlyOf(host: Host): { life: number; writes: number } {
    const early = this.early[host.id] as { life: number; writes: number };
    if (early.life !== host.life) {
      early.life = host.life;
      early.writes = 0;
    }
    return early;
  }
}
