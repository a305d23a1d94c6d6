// What every step of the world has in common: it is entered, carried out and left.
//
// A step is recorded, counted and folded into the fingerprint. Its effects are carried out in order, and the process
// may crash between any two of them. Then those who watch look at the one process that moved. Which steps there are is
// in `world.ts`; nothing here decides anything, and no random number is drawn.

import { UsageError, unreachable } from '../base/errors.ts';
import { Fingerprint } from '../base/fingerprint.ts';
import { logIndex, micros, nodeId, type LogIndex, type Micros, type NodeId } from '../base/ids.ts';
import { initialConfiguration, type Configuration } from '../protocol/configuration.ts';
import type { Message, Write } from '../protocol/message.ts';
import type { Call } from '../protocol/operation.ts';
import { EffectKind, Outbox, type Effect } from '../protocol/outbox.ts';
import { roleCode } from '../protocol/roles.ts';
import type { Snapshot } from '../protocol/snapshot.ts';
import { Timer } from '../protocol/timers.ts';
import { Sessions } from './clients/session.ts';
import { Counters } from './counters.ts';
import { Host } from './host.ts';
import { Network } from './network/network.ts';
import type { Observer, Recorder, Violation } from './observer.ts';
import { enterDoor, type Answer, type Door, type Process } from './process.ts';
import { UNSCHEDULED, type Scheduler } from './schedule/scheduler.ts';

export const NO_EFFECTS: Outbox = new Outbox();

export abstract class StepFrame {
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
  /** What a disk did that no Raft survives, once it did; what rests on disks is promised no more. */
  brokenTrust: string | undefined = undefined;
  /** A process that must crash before anything else happens. */
  crashPending: Host | undefined = undefined;
  /** Why the last change of the members that was asked for was not taken; empty if it was. */
  changeRefusal = '';

  protected observer: Observer | undefined = undefined;
  protected recorder: Recorder | undefined = undefined;
  protected scheduler: Scheduler = UNSCHEDULED;
  private readonly answerNumbers: number[] = [];
  /** What numbers the subject of this step: a message, a write, a timer. */
  private number = 0;

  /** The last processes may be spare: members of nothing. */
  constructor(processes: readonly Process[], spares = 0) {
    this.nodes = processes.length;
    this.configuration = initialConfiguration(processes.length - spares);
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

  // ── inside a step ──────────────────────────────────────────────────────────────────────────────────────────────

  protected enter(code: number, subject: number, number: number): void {
    this.steps++;
    this.lastStepAt = this.now;
    this.fingerprint.fold(this.now, (code << 16) ^ subject);
    this.number = number;
  }

  /** Something happens to a process, through one of its doors; what it throws stops it. */
  protected run(host: Host, door: Door, brought: Message | Call | undefined, number: number): void {
    let outbox = NO_EFFECTS;
    try {
      outbox = enterDoor(host.process, door, brought, number);
    } catch (error) {
      this.threw(host, error);
    }
    this.perform(host, outbox);
    this.leave(host);
  }

  protected threw(host: Host, error: unknown): void {
    host.thrown = error instanceof Error ? error : new Error(String(error));
    host.crashPending = true;
    this.crashPending = host;
  }

  protected perform(host: Host, outbox: Outbox): void {
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
        if (effect.timer > Timer.heartbeat) host.noteArmed(effect.timer, this.now, this.steps);
        return this.scheduler.timerArmed(host, effect.timer);
      case EffectKind.disarm:
        return host.setDeadline(effect.timer, Infinity);
      case EffectKind.persist: {
        const write = effect.write as Write;
        host.disk.issue(write);
        return this.scheduler.writeIssued(host, write);
      }
      case EffectKind.store:
        return host.disk.writeThrough(effect.write as Write);
      case EffectKind.apply:
        return this.apply(host, effect.first, effect.last);
      case EffectKind.accept:
      case EffectKind.refuse:
        return this.decide(host, effect);
      case EffectKind.serve:
        return this.serve(host, effect.request, effect.last);
      case EffectKind.halt:
        host.crashPending = true;
        this.crashPending = host;
        return;
      case EffectKind.refuseChange:
        this.counters.changesRefused++;
        this.changeRefusal = effect.reason;
        return this.recorder?.changeRefused?.(effect.reason);
      case EffectKind.capture:
        return host.process.capture?.();
      case EffectKind.restore:
        return this.install(host, effect.snapshot as Snapshot);
      default:
        return unreachable(effect.kind);
    }
  }

  /** The node has decided about a proposal; what its process throws then is the process's own. */
  private decide(host: Host, { kind, request, last, term, leader }: Effect): void {
    try {
      if (kind === EffectKind.accept) host.process.accept(request, last, term);
      else this.give(host.process.refuse(request, leader), host.id);
    } catch (error) {
      this.threw(host, error);
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

  /** The machine goes on from a snapshot, in its place between the entries. */
  private install(host: Host, snapshot: Snapshot): void {
    try {
      host.process.restore?.(snapshot);
      this.counters.snapshotsInstalled++;
      if (this.observer !== undefined) this.observer.installed(host, snapshot);
    } catch (error) {
      this.threw(host, error);
    }
  }

  private serve(host: Host, request: number, index: LogIndex): void {
    try {
      const answer = host.process.serve(request, index);
      this.counters.readsServed++;
      this.observer?.served(host, answer, index);
      this.give(answer, host.id);
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

  protected give(answer: Answer, node: NodeId): void {
    const number = (this.answerNumbers[answer.client] ?? 0) + 1;
    this.answerNumbers[answer.client] = number;
    this.recorder?.answered(node, answer);
    this.scheduler.answerGiven(answer, number);
  }

  protected stop(host: Host): void {
    if (host.status !== 'down') {
      host.process.stop();
      this.observer?.crashed(host);
    }
    host.stopped();
    if (this.crashPending === host) this.crashPending = undefined;
  }

  /** Ends a step: folds the process that moved into the fingerprint and lets the observers look. */
  protected leave(host: Host | undefined): void {
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
