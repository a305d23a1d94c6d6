// Which messages and answers are on their way, for those who look at a run at one moment.
//
// It listens in front of another recorder and hands everything on. It counts what was sent as the network does, so that
// a message has here the number that its steps name it by.

import type { ClientId, NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Host } from '../sim/host.ts';
import type { Recorder } from '../sim/observer.ts';
import type { Answer } from '../sim/process.ts';
import type { Step } from '../sim/step.ts';

export interface MessageInFlight {
  readonly message: Message;
  /** Counts the messages of this link from 1. */
  readonly number: number;
  /** More than one after duplications. */
  readonly copies: number;
}

export interface AnswerInFlight {
  readonly node: NodeId;
  readonly answer: Answer;
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

export class InFlightRecorder implements Recorder {
  private readonly next: Recorder;
  private readonly sentByLink = new Map<string, number>();
  private readonly underway = new Map<string, Writable<MessageInFlight>>();
  private readonly answersByClient: number[] = [];
  private readonly answersUnderway = new Map<string, AnswerInFlight>();

  constructor(next: Recorder) {
    this.next = next;
  }

  /** In the order in which they were sent. */
  get messages(): readonly MessageInFlight[] {
    return [...this.underway.values()];
  }

  get answers(): readonly AnswerInFlight[] {
    return [...this.answersUnderway.values()];
  }

  begin(step: Step, message: Message | undefined): void {
    if (step.kind === 'deliver' || step.kind === 'drop') this.take(`${step.from} ${step.to} ${step.number}`);
    else if (step.kind === 'duplicate') {
      const known = this.underway.get(`${step.from} ${step.to} ${step.number}`);
      if (known !== undefined) known.copies++;
    } else if (step.kind === 'answer') this.answersUnderway.delete(answerKey(step.client, step.number));
    this.next.begin(step, message);
  }

  truncated(effects: number): void {
    this.next.truncated(effects);
  }

  end(host: Host | undefined, fingerprint: string): void {
    this.next.end(host, fingerprint);
  }

  sent(message: Message): void {
    const link = `${message.from} ${message.to}`;
    const number = (this.sentByLink.get(link) ?? 0) + 1;
    this.sentByLink.set(link, number);
    this.underway.set(`${link} ${number}`, { message, number, copies: 1 });
    this.next.sent(message);
  }

  answered(node: NodeId, answer: Answer): void {
    const { client } = answer;
    const number = (this.answersByClient[client] ?? 0) + 1;
    this.answersByClient[client] = number;
    this.answersUnderway.set(answerKey(client, number), { node, answer });
    this.next.answered(node, answer);
  }

  private take(key: string): void {
    const known = this.underway.get(key);
    if (known === undefined) return;
    if (known.copies > 1) known.copies--;
    else this.underway.delete(key);
  }
}

const answerKey = (client: ClientId, number: number): string => `${client} ${number}`;
