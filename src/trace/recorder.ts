// Writes down what the world does, step by step: the data of a trace and, if wanted, its line in words.
//
// It keeps everything until it is drained, or only the last few steps. It reads what it is shown, changes nothing, and
// a run with it is the same run. With lines it remembers what it last saw of each process; without them, nothing.

import { assert } from '../base/errors.ts';
import type { ClientId, NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Host } from '../sim/host.ts';
import type { Recorder } from '../sim/observer.ts';
import type { Answer } from '../sim/process.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import { sendsOf, stepLine, stepInWords } from './line.ts';
import { NodeView } from './node-view.ts';
import { withEffects } from './step-codec.ts';
import { oneLine } from './words.ts';

/** A step that was taken. */
export interface TracedStep {
  /** Counts the steps of the run from 1. */
  readonly step: number;
  readonly data: Step;
  /** The fingerprint of the run after the step. */
  readonly fingerprint: string;
  /** The step in the one-line notation; empty if no lines were asked for. */
  readonly line: string;
}

export interface RecorderOptions {
  readonly lines: boolean;
  /** Keep only this many of the last steps; everything if it is left out. */
  readonly keepLast?: number;
}

/** How much of an error's text a line holds. */
const THROWN_MAX = 100;

interface GivenAnswer {
  readonly node: NodeId;
  readonly answer: Answer;
}

export class TraceRecorder implements Recorder {
  private readonly lines: boolean;
  private readonly keepLast: number;
  /** A ring once it is full; `#oldest` is where it begins. */
  private kept: TracedStep[] = [];
  private oldest = 0;
  private steps = 0;
  private step: Step | undefined = undefined;
  private effects = -1;
  private message: Message | undefined = undefined;
  private refusal = '';
  private _sent: Message[] = [];
  private answers: Answer[] = [];
  private readonly views: NodeView[] = [];
  private readonly answersGiven: number[] = [];
  /** Answers on their way, by client and number. */
  private readonly underway = new Map<ClientId, Map<number, GivenAnswer>>();

  constructor(options: RecorderOptions) {
    const { lines, keepLast = Infinity } = options;
    assert(keepLast >= 1, 'a recorder keeps at least one step');
    this.lines = lines;
    this.keepLast = keepLast;
  }

  /** Everything kept, oldest first; nothing is kept any more. */
  drain(): TracedStep[] {
    const all = this.last(this.kept.length);
    this.kept = [];
    this.oldest = 0;
    return all;
  }

  /** The last steps that were kept, at most this many, oldest first. */
  last(n: number): TracedStep[] {
    const kept = this.kept;
    const inOrder = this.oldest === 0 ? kept : kept.slice(this.oldest).concat(kept.slice(0, this.oldest));
    return inOrder.slice(Math.max(0, inOrder.length - n));
  }

  begin(step: Step, message: Message | undefined): void {
    this.steps++;
    this.step = step;
    this.effects = -1;
    this.message = message;
    this.refusal = '';
    if (this._sent.length > 0) this._sent = [];
    if (this.answers.length > 0) this.answers = [];
  }

  sent(message: Message): void {
    if (this.lines) this._sent.push(message);
  }

  answered(node: NodeId, answer: Answer): void {
    if (!this.lines) return;
    const { client } = answer;
    const number = (this.answersGiven[client] ?? 0) + 1;
    this.answersGiven[client] = number;
    let underway = this.underway.get(client);
    if (underway === undefined) {
      underway = new Map();
      this.underway.set(client, underway);
    }
    underway.set(number, { node, answer });
    this.answers.push(answer);
  }

  changeRefused(reason: string): void {
    this.refusal = reason;
  }

  truncated(effects: number): void {
    this.effects = effects;
  }

  end(host: Host | undefined, fingerprint: string): void {
    const begun = this.step;
    assert(begun !== undefined, 'a step ends after it began');
    this.step = undefined;
    const data = this.effects < 0 ? begun : withEffects(begun, this.effects);
    const line = this.lines ? this.line(data, host) : '';
    const traced: TracedStep = { step: this.steps, data, fingerprint, line };
    if (this.kept.length < this.keepLast) {
      this.kept.push(traced);
      return;
    }
    this.kept[this.oldest] = traced;
    this.oldest = (this.oldest + 1) % this.keepLast;
  }

  private line(step: Step, host: Host | undefined): string {
    const node = nodeOf(step);
    const view = node === undefined ? undefined : this.viewOf(node);
    const around = {
      message: this.message,
      answer: step.kind === 'answer' ? this.takeAnswer(step.client, step.number) : undefined,
      term: view?.term,
      cached: view?.cached ?? 0,
      host: host ?? view?.host,
    };
    const changes = view !== undefined && host !== undefined ? this.changes(step, host, view) : [];
    const sends = sendsOf(this._sent, this.answers);
    const line = stepLine(this.steps, step.at, stepInWords(step, around), changes, sends);
    if (step.kind === 'crash') view?.crashed();
    return line;
  }

  private changes(step: Step, host: Host, view: NodeView): string[] {
    const changes = view.look(host, step.kind);
    if (this.refusal !== '') changes.push(`refuses: ${this.refusal}`);
    if (host.thrown !== undefined)
      changes.push(`threw ${oneLine(`${host.thrown.name}: ${host.thrown.message}`, THROWN_MAX)}`);
    else if (this.effects >= 0) changes.push(`crashes after ${this.effects} of its effects`);
    else if (host.crashPending) changes.push('halts');
    return changes;
  }

  private viewOf(node: NodeId): NodeView {
    const known = this.views[node];
    if (known !== undefined) return known;
    const fresh = new NodeView();
    this.views[node] = fresh;
    return fresh;
  }

  private takeAnswer(client: ClientId, number: number): GivenAnswer | undefined {
    const underway = this.underway.get(client);
    const given = underway?.get(number);
    underway?.delete(number);
    return given;
  }
}
