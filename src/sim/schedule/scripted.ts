// The scripted scheduler: a list of steps decides, and no random number is drawn.
//
// A step that is not possible (its message is not on its way, its timer is not armed, its process is down) is skipped
// and reported. A recorded run, taken as a script, gives the same run.

import type { Message } from '../../protocol/message.ts';
import { makeCall } from '../../protocol/operation.ts';
import { Timer } from '../../protocol/timers.ts';
import { micros, nodeName, type NodeId } from '../../base/ids.ts';
import type { Host } from '../host.ts';
import type { Answer } from '../process.ts';
import type { Scheduler } from './scheduler.ts';
import type { Step } from '../step.ts';
import type { World } from '../world.ts';

/** A step of the script that could not be taken. */
export interface Skipped {
  /** Its place in the script, from 0. */
  readonly place: number;
  readonly why: string;
}

/** A message that was sent and neither delivered nor dropped. */
export interface OnItsWay {
  readonly message: Message;
  /** Its number on its link. */
  readonly number: number;
  /** Counts all messages in the order in which they were sent. */
  readonly sequence: number;
  copies: number;
}

export class ScriptedScheduler implements Scheduler {
  private readonly world: World;
  private readonly script: readonly Step[];
  private readonly messages: Map<number, OnItsWay>[];
  private readonly answers: Map<number, Answer>[] = [];
  readonly skipped: Skipped[] = [];
  private place = 0;
  private sent = 0;

  constructor(world: World, script: readonly Step[]) {
    this.world = world;
    this.script = script;
    this.messages = Array.from({ length: world.nodes * world.nodes }, () => new Map<number, OnItsWay>());
  }

  messageSent(link: number, number: number, message: Message): void {
    this._onLink(link).set(number, { message, number, sequence: ++this.sent, copies: 1 });
  }

  timerArmed(host: Host, timer: Timer): void {
    host.setDeadline(timer, this.world.now);
  }

  writeIssued(): void {
    // The disk keeps what was issued; the script says when it becomes durable.
  }

  answerGiven(answer: Answer, number: number): void {
    this.toClient(answer.client).set(number, answer);
  }

  answerArrived(): void {
    // The script says what the client does next.
  }

  next(): boolean {
    const world = this.world;
    const step = this.script[this.place];
    const isOwnCrash = step?.kind === 'crash' && step.node === world.crashPending?.id;
    if (!isOwnCrash && this.crashDoomed()) return true;
    if (step === undefined) return false;
    if (step.at > world.now) world.now = micros(step.at);
    const why = this.take(step);
    if (why !== undefined) this.skipped.push({ place: this.place, why });
    this.place++;
    return true;
  }

  /** A process that must crash does so now, if no step came that said it. */
  crashDoomed(): boolean {
    const { crashPending } = this.world;
    if (crashPending === undefined) return false;
    this.world.crash(crashPending, crashPending.disk.cachedWrites, false);
    return true;
  }

  /** What is on its way, in the order in which it was sent. */
  onTheirWay(): OnItsWay[] {
    const all: OnItsWay[] = [];
    for (const link of this.messages) for (const found of link.values()) all.push(found);
    return all.toSorted((a, b) => a.sequence - b.sequence);
  }

  /** What is on its way on one link, in the order in which it was sent. */
  onLink(link: number): Iterable<OnItsWay> {
    return this._onLink(link).values();
  }

  /** Answers that have not arrived, by client and number. */
  unanswered(): { readonly answer: Answer; readonly number: number }[] {
    const all: { readonly answer: Answer; readonly number: number }[] = [];
    for (const answers of this.answers) {
      if (answers !== undefined) for (const [number, answer] of answers) all.push({ answer, number });
    }
    return all;
  }

  /** A message on its way; undefined if there is none with this number. */
  find(link: number, number: number): OnItsWay | undefined {
    return this._onLink(link).get(number);
  }

  /** Takes a message, or one copy of it, off its way; false if it is not on it. */
  takeMessage(link: number, number: number): boolean {
    const found = this._onLink(link).get(number);
    if (found === undefined) return false;
    if (--found.copies === 0) this._onLink(link).delete(number);
    return true;
  }

  takeAnswer(client: number, number: number): boolean {
    return this.toClient(client).delete(number);
  }

  /** Takes a step, or says why it cannot be taken. */
  take(step: Step): string | undefined {
    const world = this.world;
    switch (step.kind) {
      case 'deliver':
      case 'drop':
      case 'duplicate':
        return this.moveMessage(step);
      case 'timer':
      case 'durable':
      case 'write-failed':
      case 'crash':
      case 'pause':
      case 'resume':
      case 'restart':
      case 'wipe':
      case 'clock':
        return this.takeOfProcess(step);
      case 'cut':
        if (world.network.isCutFault(step.fault) !== undefined) return `fault ${step.fault} is not over yet`;
        world.cut(step.fault, step.shape, step.links);
        return undefined;
      case 'slow':
        if (world.network.isCutFault(step.fault) !== undefined) return `fault ${step.fault} is not over yet`;
        world.slow(step.fault, step.factor, step.links);
        return undefined;
      case 'heal':
      case 'mend': {
        const isCut = world.network.isCutFault(step.fault);
        if (isCut !== (step.kind === 'heal')) return `there is no fault ${step.fault} to ${step.kind}`;
        if (isCut) world.heal(step.fault);
        else world.restore(step.fault);
        return undefined;
      }
      case 'calm':
        world.calm();
        return undefined;
      case 'call':
        if (world.host(step.node).status === 'paused') return `${nodeName(step.node)} is paused`;
        doom(world.host(step.node), step.effects);
        world.call(makeCall(step.client, step.sequence, step.operation), world.host(step.node));
        return undefined;
      case 'answer': {
        const answer = this.toClient(step.client).get(step.number);
        if (answer === undefined) return `there is no answer ${step.number} for c${step.client + 1}`;
        this.takeAnswer(step.client, step.number);
        world.answer(answer, step.number, step.lost);
        return undefined;
      }
    }
  }

  private moveMessage(step: Extract<Step, { kind: 'deliver' | 'drop' | 'duplicate' }>): string | undefined {
    const world = this.world;
    const { from, to, number } = step;
    world.host(from);
    const host = world.host(to);
    const found = this.find(world.linkOf(from, to), number);
    if (found === undefined) return `message ${number} from ${nodeName(from)} to ${nodeName(to)} is not on its way`;
    if (step.kind === 'duplicate') {
      found.copies++;
      world.duplicate(number, found.message);
      return undefined;
    }
    if (step.kind === 'deliver') {
      if (host.status !== 'up') return notUp(host);
      if (world.network.isCut(world.linkOf(from, to))) return `the link ${nodeName(from)}→${nodeName(to)} is cut`;
    }
    this.takeMessage(world.linkOf(from, to), number);
    if (step.kind === 'drop') {
      world.drop(number, found.message, step.reason);
      return undefined;
    }
    doom(host, step.effects);
    world.deliver(number, found.message);
    return undefined;
  }

  private takeOfProcess(step: Extract<Step, { node: NodeId }>): string | undefined {
    const world = this.world;
    const host = world.host(step.node);
    switch (step.kind) {
      case 'timer': {
        const timer = Timer[step.timer];
        if (host.status !== 'up') return notUp(host);
        if (!host.armed(timer)) return `${nodeName(host.id)} has no ${step.timer} timer`;
        doom(host, step.effects);
        world.fireTimer(host, timer);
        return undefined;
      }
      case 'durable':
      case 'write-failed':
        if (host.status !== 'up') return notUp(host);
        if (host.disk.cachedWrites === 0) return `${nodeName(host.id)} has no write on its way`;
        if (step.kind === 'write-failed') world.failWrite(host, step.error, step.kept);
        else {
          doom(host, step.effects);
          world.completeWrite(host);
        }
        return undefined;
      case 'crash':
        if (host.status === 'down') return notUp(host);
        world.crash(host, step.kept, step.torn);
        return undefined;
      case 'wipe':
        if (host.status !== 'down') return `${nodeName(host.id)} is not down`;
        world.wipe(host);
        return undefined;
      case 'restart':
        if (host.status !== 'down') return `${nodeName(host.id)} is not down`;
        world.restart(host);
        return undefined;
      case 'pause':
        if (host.status !== 'up') return notUp(host);
        world.pause(host);
        return undefined;
      case 'resume':
        if (host.status !== 'paused') return `${nodeName(host.id)} is not paused`;
        world.resume(host);
        return undefined;
      case 'clock':
        world.setClock(host, step.ratePpm, step.jump);
        return undefined;
      case 'call':
        return undefined;
    }
  }

  private _onLink(link: number): Map<number, OnItsWay> {
    return this.messages[link] as Map<number, OnItsWay>;
  }

  private toClient(client: number): Map<number, Answer> {
    return (this.answers[client] ??= new Map<number, Answer>());
  }
}

function doom(host: Host, effects: number | undefined): void {
  if (effects !== undefined) host.crashAfterEffects = effects;
}

const notUp = (host: Host): string => `${nodeName(host.id)} is ${host.status}`;
