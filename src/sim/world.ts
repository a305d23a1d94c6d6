// The world: processes, disks, links and clients, and the one loop that moves them.
//
// Each public verb is one step, atomic and recorded; a scheduler decides which comes next. The world carries out the
// effects of a step in order and may crash the process between any two of them. It knows nothing of Raft beyond the
// port in `process.ts`, draws no random number, and folds every step into the fingerprint.

import { UsageError, unreachable } from '../base/errors.ts';
import { Fingerprint } from '../base/fingerprint.ts';
import { logIndex, micros, nodeId, NOBODY, type LogIndex, type Micros, type NodeId } from '../base/ids.ts';
import { initialConfiguration, type Configuration } from '../protocol/configuration.ts';
import type { Message, Write } from '../protocol/message.ts';
import { EffectKind, Outbox, type Effect } from '../protocol/outbox.ts';
import type { Call } from '../protocol/operation.ts';
import { Counters } from './counters.ts';
import { roleCode } from '../protocol/roles.ts';
import { timerNames, type Timer, type TimerName } from '../protocol/timers.ts';
import { Host } from './host.ts';
import { Network } from './network/network.ts';
import type { Observer, Recorder, Violation } from './observer.ts';
import { Door, enterDoor, type Answer, type Process } from './process.ts';
import { UNSCHEDULED, type Scheduler } from './schedule/scheduler.ts';
import { Sessions } from './clients/session.ts';
import { stepKinds, type DropReason, type LinkEnds, type StepKind } from './step.ts';

const NOTHING = new Outbox();
const CODES = Object.fromEntries(stepKinds.map((kind, code) => [kind, code + 1])) as Readonly<Record<StepKind, number>>;

const DELIVER = CODES.deliver;
const TIMER = CODES.timer;
const DURABLE = CODES.durable;

export class World {
  readonly nodes: number;
  /** That of the servers which the world began with. */
  readonly configuration: Configuration;
  readonly hosts: readonly Host[];
  readonly network: Network;
  readonly sessions: Sessions = new Sessions();
  readonly counters: Counters = new Counters();
  readonly fingerprint: Fingerprint = new Fingerprint();

  now: Micros = micros(0);
  /** When the last step was taken; `now` may be later, when what was queued had lost its meaning. */
  lastStepAt: Micros = micros(0);
  /** Steps taken so far; the number of the step being taken. */
  steps = 0;
  /** When the faults ended, and at which step; -1 as long as they have not. */
  calmSince = -1;
  calmStep = -1;
  /** A process that must crash before anything else happens. */
  crashPending: Host | undefined = undefined;

  private observer: Observer | undefined = undefined;
  private recorder: Recorder | undefined = undefined;
  private scheduler: Scheduler = UNSCHEDULED;
  private readonly answerNumbers: number[] = [];
  /** What numbers the subject of this step: a message, a write, a timer. */
  private number = 0;

  constructor(processes: readonly Process[]) {
    this.nodes = processes.length;
    this.configuration = initialConfiguration(processes.length);
    this.hosts = processes.map((process, i) => new Host(nodeId(i), process));
    this.network = new Network(processes.length);
  }

  get violation(): Violation | undefined {
    return this.observer?.violation;
  }

  /** Lets someone watch, and someone write down, what happens from here on; neither changes anything. */
  useWitnesses(observer: Observer | undefined, recorder: Recorder | undefined): void {
    this.observer = observer;
    this.recorder = recorder;
  }

  /** Lets a scheduler decide from here on. */
  useScheduler(scheduler: Scheduler): void {
    this.scheduler = scheduler;
  }

  /** Takes the next step; false if the scheduler has none. */
  next(): boolean {
    return this.scheduler.next();
  }

  host(id: NodeId): Host {
    const host = this.hosts[id];
    if (host === undefined) throw new UsageError(`there is no node n${id + 1} in a cluster of ${this.nodes}`);
    return host;
  }

  linkOf(from: NodeId, to: NodeId): number {
    return from * this.nodes + to;
  }

  // ── messages ───────────────────────────────────────────────────────────────────────────────────────────────────

  deliver(number: number, message: Message): void {
    const host = this.hosts[message.to] as Host;
    const { from, to } = message;
    this.enter(DELIVER, from * this.nodes + to, number);
    if (this.recorder !== undefined) this.recorder.begin({ kind: 'deliver', at: this.now, from, to, number }, message);
    this.counters.delivered++;
    this.network.onTheirWay--;
    this.observer?.received(host, message);
    this.run(host, Door.receive, message, 0);
  }

  drop(number: number, message: Message, reason: DropReason): void {
    const { from, to } = message;
    this.enter(CODES.drop, from * this.nodes + to, number);
    this.recorder?.begin({ kind: 'drop', at: this.now, from, to, number, reason }, message);
    this.counters.dropped[reason]++;
    this.network.onTheirWay--;
    this.leave(undefined);
  }

  duplicate(number: number, message: Message): void {
    const { from, to } = message;
    this.enter(CODES.duplicate, from * this.nodes + to, number);
    this.recorder?.begin({ kind: 'duplicate', at: this.now, from, to, number }, message);
    this.counters.duplicated++;
    this.network.onTheirWay++;
    this.leave(undefined);
  }

  // ── timers and disks ───────────────────────────────────────────────────────────────────────────────────────────

  fireTimer(host: Host, timer: Timer): void {
    this.enter(TIMER, host.id, timer);
    if (this.recorder !== undefined) {
      const name = timerNames[timer] as TimerName;
      this.recorder.begin({ kind: 'timer', at: this.now, node: host.id, timer: name }, undefined);
    }
    host.setDeadline(timer, Infinity);
    this.observer?.fired(host, timer);
    this.run(host, Door.timeout, undefined, timer);
  }

  completeWrite(host: Host): void {
    const ticket = host.disk.completeOldest();
    this.enter(DURABLE, host.id, ticket);
    if (this.recorder !== undefined) {
      this.recorder.begin({ kind: 'durable', at: this.now, node: host.id }, undefined);
    }
    this.counters.writes++;
    this.run(host, Door.writeCompleted, undefined, ticket);
  }

  /** The oldest cached write fails: the node is told, and stops; `kept` cached writes reach the disk all the same. */
  failWrite(host: Host, error: 'write' | 'sync', kept: number): void {
    const ticket = host.disk.oldestTicket();
    this.enter(CODES['write-failed'], host.id, ticket);
    this.recorder?.begin({ kind: 'write-failed', at: this.now, node: host.id, error, kept }, undefined);
    this.counters.faults['write-failed']++;
    host.disk.crash(kept, false);
    this.run(host, Door.writeFailed, undefined, ticket);
  }

  // ── processes ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** The process stops; of its cached writes `kept` survive, and the next may leave a torn piece. */
  crash(host: Host, kept: number, torn: boolean): void {
    this.enter(CODES.crash, host.id, kept * 2 + (torn ? 1 : 0));
    this.recorder?.begin({ kind: 'crash', at: this.now, node: host.id, kept, torn }, undefined);
    this.counters.faults.crash++;
    this.counters.lostWrites += Math.max(0, host.disk.cachedWrites - kept);
    if (torn && host.disk.cachedWrites > kept) this.counters.tornWrites++;
    host.disk.crash(kept, torn);
    this.stop(host);
    this.leave(undefined);
  }

  /** Empties the disk of a process that is down. */
  wipe(host: Host): void {
    this.enter(CODES.wipe, host.id, 0);
    this.recorder?.begin({ kind: 'wipe', at: this.now, node: host.id }, undefined);
    this.counters.faults.wipe++;
    host.disk.wipe();
    this.leave(undefined);
  }

  /** Boots a process from its disk. One that finds its disk wiped or damaged stays away: it might vote twice. */
  restart(host: Host): void {
    this.enter(CODES.restart, host.id, host.life);
    this.recorder?.begin({ kind: 'restart', at: this.now, node: host.id }, undefined);
    const recovery = host.disk.recover();
    if (recovery.outcome === 'wiped' || recovery.outcome === 'damaged') {
      host.unservable = recovery.outcome;
      this.leave(undefined);
      return;
    }
    if (host.life > 0) this.counters.restarts++;
    if (recovery.outcome === 'torn') this.counters.tornTails++;
    host.life++;
    host.status = 'up';
    let outbox = NOTHING;
    try {
      outbox = host.process.start(recovery.recovered);
      this.observer?.started(host);
    } catch (error) {
      this.threw(host, error);
    }
    this.perform(host, outbox);
    this.leave(host);
  }

  pause(host: Host): void {
    this.enter(CODES.pause, host.id, 0);
    this.recorder?.begin({ kind: 'pause', at: this.now, node: host.id }, undefined);
    this.counters.faults.pause++;
    host.status = 'paused';
    host.pauses++;
    this.leave(undefined);
  }

  resume(host: Host): void {
    this.enter(CODES.resume, host.id, 0);
    this.recorder?.begin({ kind: 'resume', at: this.now, node: host.id }, undefined);
    host.status = 'up';
    this.leave(undefined);
  }

  /** Changes a clock: its rate, and a jump that moves every armed deadline. */
  setClock(host: Host, ratePpm: number, jump: number): void {
    this.enter(CODES.clock, host.id, ratePpm);
    this.fingerprint.add(jump);
    this.recorder?.begin({ kind: 'clock', at: this.now, node: host.id, ratePpm, jump }, undefined);
    if (ratePpm !== 0 || jump !== 0) this.counters.faults.clock++;
    host.changeClock(this.now, ratePpm, jump);
    this.leave(undefined);
  }

  // ── links ──────────────────────────────────────────────────────────────────────────────────────────────────────

  cut(fault: number, shape: string, links: readonly LinkEnds[]): void {
    this.enter(CODES.cut, fault, links.length);
    for (const [from, to] of links) this.fingerprint.add(this.linkOf(from, to));
    this.recorder?.begin({ kind: 'cut', at: this.now, fault, shape, links }, undefined);
    this.counters.faults.cut++;
    this.network.cut(fault, links);
    this.leave(undefined);
  }

  heal(fault: number): void {
    this.enter(CODES.heal, fault, 0);
    this.recorder?.begin({ kind: 'heal', at: this.now, fault }, undefined);
    this.network.end(fault);
    this.leave(undefined);
  }

  slow(fault: number, factor: number, links: readonly LinkEnds[]): void {
    this.enter(CODES.slow, fault, factor);
    for (const [from, to] of links) this.fingerprint.add(this.linkOf(from, to));
    this.recorder?.begin({ kind: 'slow', at: this.now, fault, factor, links }, undefined);
    this.counters.faults.slow++;
    this.network.slow(fault, links, factor);
    this.leave(undefined);
  }

  restore(fault: number): void {
    this.enter(CODES.mend, fault, 0);
    this.recorder?.begin({ kind: 'mend', at: this.now, fault }, undefined);
    this.network.end(fault);
    this.leave(undefined);
  }

  /** The faults are over: what the liveness properties count from. */
  calm(): void {
    this.enter(CODES.calm, 0, 0);
    this.recorder?.begin({ kind: 'calm', at: this.now }, undefined);
    this.calmSince = this.now;
    this.calmStep = this.steps;
    this.leave(undefined);
  }

  // ── clients ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A client sends a call to a node; a node that is down refuses it at once. */
  call(call: Call, host: Host): void {
    const { client, sequence, operation } = call;
    this.enter(CODES.call, host.id, client);
    this.fingerprint.add(sequence);
    if (this.recorder !== undefined) {
      this.recorder.begin({ kind: 'call', at: this.now, client, sequence, node: host.id, operation }, undefined);
    }
    if (this.sessions.called(call, this.steps)) this.counters.calls++;
    else this.counters.repeatedCalls++;
    if (host.status !== 'up') {
      this.give({ client, sequence, outcome: 'refused', result: '', leader: NOBODY }, host.id);
      this.leave(undefined);
      return;
    }
    let outbox = NOTHING;
    try {
      outbox = host.process.call(call);
    } catch (error) {
      this.threw(host, error);
    }
    this.perform(host, outbox);
    this.leave(host);
  }

  /** An answer arrives at its client, or is lost on the way. */
  answer(answer: Answer, number: number, lost: boolean): void {
    this.enter(CODES.answer, answer.client, number * 2 + (lost ? 1 : 0));
    this.recorder?.begin({ kind: 'answer', at: this.now, client: answer.client, number, lost }, undefined);
    if (lost) this.counters.lostAnswers++;
    else {
      if (answer.outcome === 'ok') {
        this.sessions.answered(answer.client, answer.sequence, answer.result, this.steps);
      } else this.counters.refusals++;
      this.scheduler.answerArrived(answer);
    }
    this.leave(undefined);
  }

  // ── inside a step ──────────────────────────────────────────────────────────────────────────────────────────────

  private enter(code: number, subject: number, number: number): void {
    this.steps++;
    this.lastStepAt = this.now;
    this.fingerprint.fold(this.now, (code << 16) ^ subject);
    this.number = number;
  }

  /** Something happens to a process, through one of its doors; what it throws stops it. */
  private run(host: Host, door: Door, message: Message | undefined, number: number): void {
    let outbox = NOTHING;
    try {
      outbox = enterDoor(host.process, door, message, number);
    } catch (error) {
      this.threw(host, error);
    }
    this.perform(host, outbox);
    this.leave(host);
  }

  private threw(host: Host, error: unknown): void {
    host.thrown = error instanceof Error ? error : new Error(String(error));
    host.crashPending = true;
    this.crashPending = host;
  }

  private perform(host: Host, outbox: Outbox): void {
    let count = outbox.length;
    if (host.crashAfterEffects >= 0) {
      if (host.crashAfterEffects < count) count = host.crashAfterEffects;
      this.recorder?.truncated(count);
      this.counters.crashesInStep++;
      host.crashPending = true;
      this.crashPending = host;
    }
    for (let i = 0; i < count; i++) this.carryOut(host, outbox.at(i));
  }

  private carryOut(host: Host, effect: Effect): void {
    switch (effect.kind) {
      case EffectKind.send:
        return this.send(host, effect.message as Message);
      case EffectKind.arm:
        return this.scheduler.timerArmed(host, effect.timer);
      case EffectKind.disarm:
        return host.setDeadline(effect.timer, Infinity);
      case EffectKind.persist: {
        const write = effect.write as Write;
        host.disk.issue(write);
        return this.scheduler.writeIssued(host, write);
      }
      case EffectKind.apply:
        return this.apply(host, effect.first, effect.last);
      case EffectKind.accept:
        return host.process.accept(effect.request, effect.last, effect.term);
      case EffectKind.refuse:
        return this.give(host.process.refuse(effect.request, effect.leader), host.id);
      case EffectKind.halt:
        host.crashPending = true;
        this.crashPending = host;
        return;
      default:
        return unreachable(effect.kind);
    }
  }

  private apply(host: Host, from: LogIndex, to: LogIndex): void {
    try {
      for (let i = Math.max(from, host.process.lastApplied + 1); i <= to; i++) {
        const index = logIndex(i);
        const applied = host.process.apply(index);
        this.counters.applied++;
        if (this.observer !== undefined) this.observer.applied(host, index, applied);
        if (applied.answer !== undefined) this.give(applied.answer, host.id);
      }
    } catch (error) {
      this.threw(host, error);
    }
  }

  private send(host: Host, message: Message): void {
    const link = message.from * this.nodes + message.to;
    const number = this.network.nextNumber(link);
    this.counters.sent++;
    this.network.onTheirWay++;
    if (this.observer !== undefined) this.observer.sent(host, message);
    if (this.recorder !== undefined) this.recorder.sent(message);
    this.scheduler.messageSent(link, number, message);
  }

  private give(answer: Answer, node: NodeId): void {
    const number = (this.answerNumbers[answer.client] ?? 0) + 1;
    this.answerNumbers[answer.client] = number;
    this.recorder?.answered(node, answer);
    this.scheduler.answerGiven(answer, number);
  }

  private stop(host: Host): void {
    if (host.status !== 'down') {
      host.process.stop();
      this.observer?.crashed(host);
    }
    host.status = 'down';
    host.disarmAll();
    host.crashAfterEffects = -1;
    host.crashPending = false;
    host.thrown = undefined;
    if (this.crashPending === host) this.crashPending = undefined;
  }

  /** Ends a step: folds the process that moved into the fingerprint and lets the observers look. */
  private leave(host: Host | undefined): void {
    if (host !== undefined && host.status === 'up') {
      const probe = host.process.probe;
      const fingerprint = this.fingerprint;
      const log = probe.log;
      fingerprint.fold(this.number, (probe.currentTerm << 2) ^ roleCode(probe.role));
      fingerprint.fold(log.prefixHash, (probe.commitIndex << 4) ^ (probe.votedFor + 1));
      if (this.observer !== undefined) this.observer.stepped(host);
    } else {
      this.fingerprint.fold(this.number, 0);
    }
    if (this.recorder !== undefined) this.recorder.end(host, this.fingerprint.toString());
  }
}
