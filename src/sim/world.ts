// The world: processes, disks, links and clients, and the one loop that moves them.
//
// Each public verb is one step, atomic and recorded; a scheduler decides which comes next. What all steps have in
// common is in `step-frame.ts`. The world knows nothing of Raft beyond the port in `process.ts`, and draws no random
// number.

import { nodeName, NOBODY, type LogIndex, type NodeId } from '../base/ids.ts';
import type { MembershipChange } from '../protocol/configuration.ts';
import type { HandWritten, Message } from '../protocol/message.ts';
import { messageKinds } from '../protocol/messages/table.ts';
import type { Call } from '../protocol/operation.ts';
import { damageKinds, type DamageKind } from '../protocol/recovered.ts';
import { timerNames, type Timer, type TimerName } from '../protocol/timers.ts';
import type { Host } from './host.ts';
import { Door, type Answer } from './process.ts';
import { NO_EFFECTS, StepFrame } from './step-frame.ts';
import { stepKinds, type DropReason, type LinkEnds, type StepKind } from './step.ts';

const CODES = Object.fromEntries(stepKinds.map((kind, code) => [kind, code + 1])) as Readonly<Record<StepKind, number>>;

const DELIVER = CODES.deliver;
const TIMER = CODES.timer;
const DURABLE = CODES.durable;

export class World extends StepFrame {
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

  /** A message is on its way that no server sent. */
  inject(message: HandWritten): void {
    const { from, to, kind, term } = message;
    const link = this.linkOf(from, to);
    this.enter(CODES.send, link, term);
    this.fingerprint.add(messageKinds.indexOf(kind));
    this.recorder?.begin({ kind: 'send', at: this.now, message }, message);
    this.network.onTheirWay++;
    this.scheduler.messageSent(link, this.network.nextNumber(link), message);
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

  /** A synced record on the disk of a process that is down goes bad; 0 is that of term and vote. */
  damage(host: Host, record: LogIndex, how: DamageKind): void {
    this.enter(CODES.damage, host.id, record * damageKinds.length + damageKinds.indexOf(how));
    this.recorder?.begin({ kind: 'damage', at: this.now, node: host.id, record, how }, undefined);
    this.counters.faults.damage++;
    if (!host.disk.damage(record, how)) {
      this.brokenTrust ??= `the disk of ${nodeName(host.id)} lost entry ${record}, which it had reported durable`;
    }
    this.leave(undefined);
  }

  /** Boots a process from its disk. One that finds its disk wiped or damaged stays away: it might vote twice. */
  restart(host: Host): void {
    this.enter(CODES.restart, host.id, host.life);
    this.recorder?.begin({ kind: 'restart', at: this.now, node: host.id }, undefined);
    const recovery = host.disk.recover(host.process.remedyFor);
    if (recovery.outcome === 'wiped' || recovery.outcome === 'damaged') {
      host.unservable = recovery.outcome;
      this.leave(undefined);
      return;
    }
    if (host.life > 0) this.counters.restarts++;
    if (recovery.outcome === 'torn') this.counters.tornTails++;
    host.life++;
    host.status = 'up';
    let outbox = NO_EFFECTS;
    try {
      outbox = host.process.start(recovery.recovered);
      this.observer?.started(host);
    } catch (error) {
      this.threw(host, error);
    }
    this.perform(host, outbox);
    this.leave(host);
  }

  /** A process writes its machine out at once, and compacts its log. */
  compact(host: Host): void {
    this.enter(CODES.compact, host.id, 0);
    this.recorder?.begin({ kind: 'compact', at: this.now, node: host.id }, undefined);
    this.counters.faults.compact++;
    let outbox = NO_EFFECTS;
    try {
      outbox = host.process.compact?.() ?? NO_EFFECTS;
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

  /** Somebody asks a process to hand over its lead. */
  transfer(host: Host, target: NodeId): void {
    this.enter(CODES.transfer, host.id, target);
    this.recorder?.begin({ kind: 'transfer', at: this.now, node: host.id, target }, undefined);
    this.counters.faults.transfer++;
    this.run(host, Door.transfer, undefined, target);
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
    this.observer?.asked(host, call);
    this.run(host, Door.call, call, 0);
  }

  /** An answer arrives at its client, or is lost on the way. */
  answer(answer: Answer, number: number, lost: boolean): void {
    this.enter(CODES.answer, answer.client, number * 2 + (lost ? 1 : 0));
    this.recorder?.begin({ kind: 'answer', at: this.now, client: answer.client, number, lost }, undefined);
    if (lost) this.counters.lostAnswers++;
    else {
      if (answer.outcome === 'ok') {
        this.sessions.answered(answer.client, answer.sequence, answer.result, this.steps);
      } else if (answer.outcome === 'expired') this.counters.sessionsExpired++;
      else this.counters.refusals++;
      this.scheduler.answerArrived(answer);
    }
    this.leave(undefined);
  }

  /** An operator asks a node for other members. */
  changeMembers(host: Host, change: MembershipChange): void {
    const { voters, learners, removed } = change;
    this.enter(CODES['change-members'], host.id, voters.length * 256 + learners.length * 16 + removed.length);
    for (const list of [voters, learners, removed]) for (const id of list) this.fingerprint.add(id);
    this.recorder?.begin({ kind: 'change-members', at: this.now, node: host.id, change }, undefined);
    this.counters.changesAsked++;
    this.changeRefusal = '';
    let outbox = NO_EFFECTS;
    try {
      outbox = host.process.changeMembers?.(change) ?? NO_EFFECTS;
    } catch (error) {
      this.threw(host, error);
    }
    this.perform(host, outbox);
    this.leave(host);
  }
}
