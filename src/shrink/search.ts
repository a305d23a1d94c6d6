// The search for a shorter schedule: each candidate has its trial, and the best one that fails in the same way is kept.
//
// The passes in `reduce.ts` and `substitution.ts` propose; what was tried in vain is not tried again. Nothing here is
// random, and only the budget knows of time.

import type { PropertyName } from '../run/properties.ts';
import { canonical, textOf } from './canonical.ts';
import { compare, candidateOf, type Candidate } from './candidate.ts';
import { moveText, type Move } from './moves.ts';
import { runTrial, type TrialResult } from './trial.ts';
import type { Environment } from './environment.ts';

/** A pass over the best candidate; it rests after every try, so that its driver may look around. */
export type Pass<Result = void> = Generator<void, Result>;

/** A longer schedule is too long to be read, or to be written in a moment. */
const RENDERED_MAX = 2_000;

/** Longer schedules are not looked up: they hardly ever come twice. */
const REMEMBERED = 100;

export class Search {
  readonly target: PropertyName;
  best: Candidate;
  replays = 0;
  /** What is being tried now, in words. */
  phase = '';
  /** No fewer servers than this. */
  serversMin = 1;
  /** Takes an equally good candidate if its canonical text is the smaller one. */
  takesTies = false;
  private readonly _isOver: () => boolean;
  private replaysMax = Infinity;
  /** By key: how a schedule went that was tried before. */
  private readonly known = new Map<string, TrialResult | undefined>();
  private readonly moveNumbers = new Numbering<Move>(identityText);
  private readonly environmentNumbers = new Numbering<Environment>(environmentText);
  private lastId: number;

  /** The first candidate violates the property. */
  constructor(first: Candidate, target: PropertyName, isOver: () => boolean) {
    this.best = first;
    this.target = target;
    this._isOver = isOver;
    this.lastId = idMax(first.moves);
  }

  /** No more than so many tries from here on. */
  allow(replays: number): void {
    this.replaysMax = this.replays + replays;
  }

  /** The budget is used up: no further candidate fails. Time is never up before the best one can be rendered. */
  get isOver(): boolean {
    return this.replays >= this.replaysMax || (this.best.moves.length <= RENDERED_MAX && this._isOver());
  }

  /** A name for a move that the best schedule does not have; the same ones again after `forget`. */
  id(): number {
    return ++this.lastId;
  }

  /** New moves may have the names of those that were tried in vain, so that the same schedule is known again. */
  forget(): void {
    this.lastId = idMax(this.best.moves);
  }

  /** The lowest number of a client that neither the best schedule nor these moves know. */
  client(moves: readonly Move[]): number {
    return 1 + Math.max(clientMax(this.best.moves), clientMax(moves));
  }

  /** How a candidate goes, if it violates the property. */
  trial(moves: readonly Move[], environment: Environment = this.best.environment): TrialResult | undefined {
    if (this.isOver) return undefined;
    const key = moves.length > REMEMBERED ? undefined : this.keyOf(environment, moves);
    if (key !== undefined && this.known.has(key)) return this.known.get(key);
    this.replays++;
    const tried = runTrial(environment, moves, this.target);
    const result = tried.broken === this.target ? tried : undefined;
    if (key !== undefined) this.known.set(key, result);
    return result;
  }

  /** Equal for candidates that go the same way, and for no others. */
  private keyOf(environment: Environment, moves: readonly Move[]): string {
    let key = String(this.environmentNumbers.of(environment));
    for (const move of moves) key += ` ${this.moveNumbers.of(move)}`;
    return key;
  }

  /** Takes a candidate as the best one if it fails in the same way and is better. */
  try(moves: readonly Move[], environment: Environment = this.best.environment): boolean {
    const result = this.trial(moves, environment);
    return result !== undefined && this.offer(candidateOf(environment, result));
  }

  /** Takes a candidate that fails as the best one if it is better. */
  offer(candidate: Candidate): boolean {
    const difference = compare(candidate, this.best);
    if (difference > 0 || (difference === 0 && !this.takesTies)) return false;
    if (difference === 0 && textOf(canonical(candidate)) >= textOf(canonical(this.best))) return false;
    this.best = candidate;
    return true;
  }
}

const idMax = (moves: readonly Move[]): number => moves.reduce((most, { id }) => Math.max(most, id), 0);

const clientMax = (moves: readonly Move[]): number =>
  moves.reduce((most, move) => ('client' in move ? Math.max(most, move.client) : most), -1);

/** Of an environment only what a search changes, and what decides how a schedule goes. */
function environmentText({ plan, byHand, recovery }: Environment): string {
  const { nodes, node, disks, seed, parameters } = plan;
  const time = recovery === undefined ? undefined : { recovery, seed, parameters };
  return JSON.stringify([nodes, byHand, node, disks, time]);
}

const identityText = (move: Move): string => `${move.id} ${'origin' in move ? move.origin : ''} ${moveText(move)}`;

/** Numbers things by a text: equal texts, equal numbers. */
class Numbering<Thing extends object> {
  private readonly nameOf: (thing: Thing) => string;
  private readonly numbers = new Map<string, number>();
  private readonly known = new WeakMap<Thing, number>();

  constructor(nameOf: (thing: Thing) => string) {
    this.nameOf = nameOf;
  }

  of(thing: Thing): number {
    const known = this.known.get(thing);
    if (known !== undefined) return known;
    const text = this.nameOf(thing);
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    this.known.set(thing, number);
    return number;
  }
}
