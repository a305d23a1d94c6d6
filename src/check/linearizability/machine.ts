// A model with a memory: states and kinds of calls are numbers, and what a call makes of a state is worked out once.
//
// All searches of one key share a machine. Nothing in it depends on the order in which it is asked.

import { assert } from '../../base/errors.ts';
import { NO_STATE, PairTable } from './interned.ts';
import type { Model, TimedCall } from './model.ts';

export class Machine<Call extends TimedCall> {
  readonly model: Model<Call>;
  private readonly names = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly transitions = new PairTable();
  private readonly reaches = new PairTable();
  private readonly kinds = new Map<string, number>();
  private readonly examples: Call[] = [];
  /** By kind: what the model says of it. */
  readonly isBlind: boolean[] = [];
  readonly isIdle: boolean[] = [];
  readonly isRead: boolean[] = [];
  /** Neither leaves the state as it is nor lets it grow. */
  readonly isBreak: boolean[] = [];
  readonly initial: number;

  constructor(model: Model<Call>) {
    this.model = model;
    this.initial = this.stateNumber(model.initial);
  }

  /** The number of what a call does and was answered. */
  kindOf(call: Call): number {
    const { model } = this;
    const name = model.nameOf(call);
    const known = this.kinds.get(name);
    if (known !== undefined) return known;
    this.kinds.set(name, this.examples.length);
    this.isBlind.push(model.overwrites(call));
    this.isIdle.push(model.changesNothing(call));
    this.isRead.push(model.isRead(call));
    this.isBreak.push(!model.changesNothing(call) && model.growth?.isGrowth(call) !== true);
    return this.examples.push(call) - 1;
  }

  /** The state that a call of a kind leaves, or `NO_STATE`. */
  step(state: number, kind: number): number {
    const known = this.transitions.get(state, kind);
    if (known !== undefined) return known;
    const changed = this.model.step(this.textOf(state), this.example(kind));
    const number = changed === undefined ? NO_STATE : this.stateNumber(changed);
    this.transitions.set(state, kind, number);
    return number;
  }

  /** May a state that only grows become what a read of this kind found? */
  canReach(state: number, read: number): boolean {
    const known = this.reaches.get(state, read);
    if (known !== undefined) return known === 1;
    const can = this.model.growth?.canBecome(this.textOf(state), this.example(read)) !== false;
    this.reaches.set(state, read, can ? 1 : 0);
    return can;
  }

  /** How much a state costs to keep. */
  sizeOf(state: number): number {
    return this.textOf(state).length;
  }

  private textOf(state: number): string {
    return this.texts[state] ?? '';
  }

  private example(kind: number): Call {
    const example = this.examples[kind];
    assert(example !== undefined, 'a kind has an example');
    return example;
  }

  private stateNumber(text: string): number {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    this.names.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
