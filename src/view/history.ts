// A run from its first step to its last, so that every moment of it can be looked at: who was what, and what was on its
// way.
//
// It is written down like a trace, by a recorder that reads what it is shown and changes nothing. Servers keep a moment
// for each step that touched them, logs the entries of each place, messages the steps at which they left and ended.

import { assert, InvariantError } from '../base/errors.ts';
import type { NodeId } from '../base/ids.ts';
import type { Capability } from '../protocol/capabilities.ts';
import type { Entry, Message } from '../protocol/message.ts';
import type { Host } from '../sim/host.ts';
import type { Recorder } from '../sim/observer.ts';
import type { Answer } from '../sim/process.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { LogHistory, type ReadableLog } from './log-history.ts';
import { momentOf, placeAfter, type ServerMoment } from './moments.ts';

/** How a message, or one copy of it, ended. */
export interface Ending {
  readonly step: number;
  readonly isLost: boolean;
}

/** A message from its sender on. */
export interface Flight {
  readonly message: Message;
  /** Its number on its link. */
  readonly number: number;
  readonly sentAt: number;
  /** Steps at which another copy of it came to be. */
  readonly doubledAt: number[];
  readonly endings: Ending[];
  /** It arrived when a later one of its link had arrived before. */
  isOvertaken: boolean;
}

/** An answer on its way to its client. */
export interface AnswerFlight {
  readonly node: NodeId;
  readonly answer: Answer;
  readonly number: number;
  readonly sentAt: number;
  ending: Ending | undefined;
}

/** A step as a file tells it. */
export interface RecordedStep {
  readonly step: Step;
  readonly print: string;
  readonly line: string;
  readonly sent: readonly Message[];
  readonly answers: readonly { readonly node: NodeId; readonly answer: Answer }[];
  /** What the server of the step became; undefined if that is not known, or if it became nothing. */
  readonly look: RecordedLook | undefined;
}

export interface RecordedLook {
  readonly node: number;
  readonly moment: ServerMoment;
  readonly memory: ReadableLog;
  readonly disk: ReadableLog;
}

export const NO_LOG: ReadableLog = {
  base: 0,
  lastIndex: 0,
  prefixHashAt: () => undefined,
  entryAt() {
    throw new InvariantError('an entry is read only where a log has one');
  },
};

export class History implements Recorder {
  readonly servers: number;
  /** What the system shows of itself; undefined: everything, or nobody knows. */
  shows: readonly Capability[] | undefined = undefined;
  /** By number of the step, from 1; the place 0 is before the first step. */
  readonly steps: (Step | undefined)[] = [undefined];
  readonly prints: string[] = [''];
  /** In the one-line notation. */
  readonly lines: string[] = [''];
  readonly flights: Flight[] = [];
  readonly answers: AnswerFlight[] = [];
  /** By step: how many messages and answers had been sent before it. */
  private readonly flightsBefore: number[] = [0, 0];
  private readonly answersBefore: number[] = [0, 0];
  /** By step: the message that it is about. */
  private readonly flightOfStep = new Map<number, Flight>();
  private readonly answerOfStep = new Map<number, AnswerFlight>();
  private readonly moments: ServerMoment[][] = [];
  private readonly memories: LogHistory[] = [];
  private readonly disks: LogHistory[] = [];
  private readonly notation = new TraceRecorder({ lines: true });
  private readonly byName = new Map<string, Flight>();
  private readonly answersByName = new Map<string, AnswerFlight>();
  private readonly sentOnLink: number[] = [];
  private readonly arrivedOnLink: number[] = [];
  private readonly answersGiven: number[] = [];
  private hosts: readonly Host[] = [];
  private current: Step | undefined = undefined;

  constructor(servers: number) {
    this.servers = servers;
    for (let i = 0; i < servers; i++) {
      this.moments.push([]);
      this.memories.push(new LogHistory());
      this.disks.push(new LogHistory());
    }
  }

  /** Looks at these servers from now on: before the first step. */
  watch(hosts: readonly Host[]): void {
    this.hosts = hosts;
    this.shows = hosts[0]?.process.shows;
    for (const host of hosts) this.look(host, 0);
  }

  /** What a file tells of a server before the first step. */
  watchRecorded(look: RecordedLook): void {
    this.noteLook(look);
  }

  /** Takes over a step that a file tells. */
  takeRecorded({ step, print, line, sent, answers, look }: RecordedStep): void {
    this.open(step);
    for (const message of sent) this.noteSent(message);
    for (const { node, answer } of answers) this.noteAnswered(node, answer);
    this.close(step, print, line);
    if (look !== undefined) this.noteLook(look);
  }

  // ── what a view asks ───────────────────────────────────────────────────────────────────────────────────────────

  /** The number of the last step. */
  get last(): number {
    return this.steps.length - 1;
  }

  step(number: number): Step {
    const step = this.steps[number];
    assert(step !== undefined, 'a view asks for steps that were taken');
    return step;
  }

  /** A server after a step. */
  server(node: number, step: number): ServerMoment {
    const moments = this.moments[node] as readonly ServerMoment[];
    return moments[placeAfter(moments, step)] as ServerMoment;
  }

  /** Every moment of a server, in order. */
  momentsOf(node: number): readonly ServerMoment[] {
    return this.moments[node] as readonly ServerMoment[];
  }

  /** The log of a server after a step, in memory, or on its disk. */
  log(node: number, where: 'memory' | 'disk'): LogHistory {
    return (where === 'memory' ? this.memories : this.disks)[node] as LogHistory;
  }

  entry(node: number, index: number, step: number): Entry | undefined {
    const isDown = this.server(node, step).status === 'down';
    return this.log(node, isDown ? 'disk' : 'memory').entryAt(index, step);
  }

  flight(step: number): Flight | undefined {
    return this.flightOfStep.get(step);
  }

  answer(step: number): AnswerFlight | undefined {
    return this.answerOfStep.get(step);
  }

  /** The messages that left in a step. */
  sentIn(step: number): readonly Flight[] {
    return this.flights.slice(this.flightsBefore[step], this.flightsBefore[step + 1] ?? this.flights.length);
  }

  /** The answers that were given in a step. */
  answeredIn(step: number): readonly AnswerFlight[] {
    return this.answers.slice(this.answersBefore[step], this.answersBefore[step + 1] ?? this.answers.length);
  }

  /** What is on its way after a step, in the order in which it was sent. */
  onTheirWay(step: number): readonly { readonly flight: Flight; readonly copies: number }[] {
    const found: { flight: Flight; copies: number }[] = [];
    const end = this.flightsBefore[step + 1] ?? this.flights.length;
    for (let i = 0; i < end; i++) {
      const flight = this.flights[i] as Flight;
      const copies = copiesAfter(flight, step);
      if (copies > 0) found.push({ flight, copies });
    }
    return found;
  }

  // ── what the world tells ───────────────────────────────────────────────────────────────────────────────────────

  begin(step: Step, message: Message | undefined): void {
    this.current = step;
    this.open(step);
    this.notation.begin(step, message);
  }

  private open(step: Step): void {
    const number = this.steps.length;
    this.flightsBefore[number] = this.flights.length;
    this.answersBefore[number] = this.answers.length;
    if ('from' in step) this.note(step, number);
    else if (step.kind === 'answer') this.noteAnswer(step, number);
  }

  private note(step: Extract<Step, { readonly from: NodeId }>, number: number): void {
    const flight = this.byName.get(nameOf(step.from, step.to, step.number));
    if (flight === undefined) return;
    this.flightOfStep.set(number, flight);
    if (step.kind === 'duplicate') flight.doubledAt.push(number);
    else {
      flight.endings.push({ step: number, isLost: step.kind === 'drop' });
      if (step.kind === 'drop') return;
      const link = step.from * this.servers + step.to;
      if (step.number < (this.arrivedOnLink[link] ?? 0)) flight.isOvertaken = true;
      this.arrivedOnLink[link] = Math.max(this.arrivedOnLink[link] ?? 0, step.number);
    }
  }

  private noteAnswer(step: Extract<Step, { readonly kind: 'answer' }>, number: number): void {
    const found = this.answersByName.get(`${step.client} ${step.number}`);
    if (found === undefined) return;
    this.answerOfStep.set(number, found);
    found.ending = { step: number, isLost: step.lost };
  }

  sent(message: Message): void {
    this.noteSent(message);
    this.notation.sent(message);
  }

  private noteSent(message: Message): void {
    const { from, to } = message;
    const link = from * this.servers + to;
    const number = (this.sentOnLink[link] ?? 0) + 1;
    this.sentOnLink[link] = number;
    const sentAt = this.steps.length;
    const flight: Flight = { message, number, sentAt, doubledAt: [], endings: [], isOvertaken: false };
    this.flights.push(flight);
    this.byName.set(nameOf(from, to, number), flight);
  }

  answered(node: NodeId, answer: Answer): void {
    this.noteAnswered(node, answer);
    this.notation.answered(node, answer);
  }

  private noteAnswered(node: NodeId, answer: Answer): void {
    const { client } = answer;
    const number = (this.answersGiven[client] ?? 0) + 1;
    this.answersGiven[client] = number;
    const flight = { node, answer, number, sentAt: this.steps.length, ending: undefined };
    this.answers.push(flight);
    this.answersByName.set(`${client} ${number}`, flight);
  }

  truncated(effects: number): void {
    this.notation.truncated(effects);
  }

  end(host: Host | undefined, fingerprint: string): void {
    this.notation.end(host, fingerprint);
    const [traced] = this.notation.drain();
    assert(traced !== undefined && this.current !== undefined, 'a step ends after it began');
    const number = this.steps.length;
    this.close(traced.data, fingerprint, traced.line);
    const node = host?.id ?? nodeOf(this.current);
    const moved = node === undefined ? undefined : this.hosts[node];
    if (moved !== undefined) this.look(moved, number);
  }

  private close(step: Step, print: string, line: string): void {
    const number = this.steps.length;
    this.steps.push(step);
    this.prints.push(print);
    this.lines.push(line);
    this.flightsBefore[number + 1] = this.flights.length;
    this.answersBefore[number + 1] = this.answers.length;
  }

  private look(host: Host, step: number): void {
    const { id, disk, status } = host;
    this.noteLook({
      node: id,
      moment: momentOf(host, step, this.moments[id]?.at(-1), this.servers),
      memory: status === 'down' ? NO_LOG : host.process.probe.log,
      disk: {
        base: disk.base,
        lastIndex: disk.lastIndex,
        prefixHashAt: (index) => disk.prefixHashAt(index),
        entryAt: (index) => disk.entryAt(index),
      },
    });
  }

  private noteLook({ node, moment, memory, disk }: RecordedLook): void {
    (this.moments[node] as ServerMoment[]).push(moment);
    (this.disks[node] as LogHistory).look(disk, moment.step);
    (this.memories[node] as LogHistory).look(memory, moment.step);
  }
}

const nameOf = (from: number, to: number, number: number): string => `${from} ${to} ${number}`;

/** How many copies of a message are on their way after a step. */
function copiesAfter({ sentAt, doubledAt, endings }: Flight, step: number): number {
  if (sentAt > step) return 0;
  let copies = 1;
  for (const at of doubledAt) if (at <= step) copies++;
  for (const ending of endings) if (ending.step <= step) copies--;
  return copies;
}
