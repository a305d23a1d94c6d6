// The scripted scheduler: a list of steps decides, and no random number is drawn.
//
// A step that is not possible (its message is not on its way, its timer is not armed, its process is down) is skipped
// and reported. A recorded run, taken as a script, gives the same run.

import type { Message } from '../../protocol/message.ts';
import type { Timer } from '../../protocol/timers.ts';
import { micros } from '../../base/ids.ts';
import type { Host } from '../host.ts';
import type { Answer } from '../process.ts';
import type { Scheduler } from './scheduler.ts';
import type { Step } from '../step.ts';
import type { OnItsWay, StepContext } from '../steps/action.ts';
import { takeStep, whyNotNow } from '../steps/actions.ts';
import type { World } from '../world.ts';

export type { OnItsWay } from '../steps/action.ts';

/** A step of the script that could not be taken. */
export interface Skipped {
  /** Its place in the script, from 0. */
  readonly place: number;
  readonly why: string;
}

export class ScriptedScheduler implements Scheduler, StepContext {
  readonly world: World;
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
    if (!isOwnCrash && this.takePendingCrash()) return true;
    if (step === undefined) return false;
    if (step.at > world.now) world.now = micros(step.at);
    const why = this.take(step);
    if (why !== undefined) this.skipped.push({ place: this.place, why });
    this.place++;
    return true;
  }

  /** A process that must crash does so now, if no step came that said it. */
  takePendingCrash(): boolean {
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

  findAnswer(client: number, number: number): Answer | undefined {
    return this.toClient(client).get(number);
  }

  takeAnswer(client: number, number: number): boolean {
    return this.toClient(client).delete(number);
  }

  /** Why a step cannot be taken now; undefined if it can. */
  whyNot(step: Step): string | undefined {
    return whyNotNow(this, step);
  }

  /** Takes a step, or says why it cannot be taken. */
  take(step: Step): string | undefined {
    return takeStep(this, step);
  }

  private _onLink(link: number): Map<number, OnItsWay> {
    return this.messages[link] as Map<number, OnItsWay>;
  }

  private toClient(client: number): Map<number, Answer> {
    return (this.answers[client] ??= new Map<number, Answer>());
  }
}
