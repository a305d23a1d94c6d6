// A run on tape: every step that was taken, and every message with the moment at which it left.

import type { Micros, NodeId } from '../../src/base/ids.ts';
import type { Message } from '../../src/protocol/message.ts';
import { makePlan, type PlanInput } from '../../src/run/plan.ts';
import { Simulation, type Run, type SimulateOptions } from '../../src/run/simulate.ts';
import type { Host } from '../../src/sim/host.ts';
import type { Recorder } from '../../src/sim/observer.ts';
import type { Answer } from '../../src/sim/process.ts';
import type { Step, StepKind } from '../../src/sim/step.ts';
import type { World } from '../../src/sim/world.ts';

export type StepOf<Kind extends StepKind> = Extract<Step, { readonly kind: Kind }>;

/** A message that left; `number` counts the messages of its link from 1. */
export interface Sent {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly number: number;
  readonly at: Micros;
  /** Its place among the steps: the step in which it left. */
  readonly place: number;
  readonly message: Message;
}

export interface Given {
  readonly node: NodeId;
  readonly answer: Answer;
  readonly at: Micros;
  readonly place: number;
}

export class Tape implements Recorder {
  readonly steps: Step[] = [];
  readonly sendings: Sent[] = [];
  readonly answers: Given[] = [];
  /** The fingerprint after each step. */
  readonly prints: string[] = [];
  private readonly numbers = new Map<string, number>();

  begin(step: Step): void {
    this.steps.push(step);
  }

  truncated(effects: number): void {
    const step = this.steps.pop() as Step;
    this.steps.push({ ...step, effects } as Step);
  }

  end(_host: Host | undefined, fingerprint: string): void {
    this.prints.push(fingerprint);
  }

  sent(message: Message): void {
    const { from, to } = message;
    const link = `${from}→${to}`;
    const number = (this.numbers.get(link) ?? 0) + 1;
    this.numbers.set(link, number);
    this.sendings.push({ from, to, number, at: this.last.at, place: this.steps.length - 1, message });
  }

  answered(node: NodeId, answer: Answer): void {
    this.answers.push({ node, answer, at: this.last.at, place: this.steps.length - 1 });
  }

  private get last(): Step {
    return this.steps.at(-1) as Step;
  }

  of<Kind extends StepKind>(...kinds: readonly Kind[]): StepOf<Kind>[] {
    return this.steps.filter((step): step is StepOf<Kind> => (kinds as readonly string[]).includes(step.kind));
  }

  /** What became of each message: its steps, by the name of the message. */
  fates(): Map<string, StepOf<'deliver' | 'drop' | 'duplicate'>[]> {
    const fates = new Map<string, StepOf<'deliver' | 'drop' | 'duplicate'>[]>(
      this.sendings.map((sent) => [messageName(sent), []]),
    );
    for (const step of this.of('deliver', 'drop', 'duplicate')) fates.get(messageName(step))?.push(step);
    return fates;
  }
}

export interface Taped {
  readonly tape: Tape;
  readonly run: Run;
  readonly world: World;
}

/** `n1→n2#3` */
export const messageName = ({ from, to, number }: Pick<Sent, 'from' | 'to' | 'number'>): string =>
  `n${from + 1}→n${to + 1}#${number}`;

/** Runs a plan to its end, on tape. */
export function taped(wishes: PlanInput, options: SimulateOptions = {}): Taped {
  const tape = new Tape();
  const simulation = new Simulation(makePlan(wishes), { ...options, recorder: tape });
  while (simulation.advance(1_000_000));
  return { tape, run: simulation.finish(), world: simulation.world };
}

/** Whom a step happens to; undefined for steps of links, clients and the whole world. */
export function nodeOf(step: Step): NodeId | undefined {
  if (step.kind === 'deliver') return step.to;
  return 'node' in step ? step.node : undefined;
}
