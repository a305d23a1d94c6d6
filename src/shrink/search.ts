// The search for a shorter schedule: proposes drafts to a rehearsal and keeps the best one that fails in the same way.
//
// The passes in `reduce.ts` and `exchange.ts` propose; what was tried in vain is not tried again. Nothing here is
// random, and only the budget knows of time.

import { mix, mixText, scramble } from '../base/hash.ts';
import type { PropertyName } from '../run/properties.ts';
import { canonical, textOf } from './canonical.ts';
import { compare, candidateOf, type Candidate } from './candidate.ts';
import { moveText, type Move } from './moves.ts';
import { runTrial, type TrialResult } from './trial.ts';
import type { Environment } from './environment.ts';

/** A pass over the best draft; it rests after every try, so that whoever drives it may look around. */
export type Pass<Result = void> = Generator<void, Result>;

/** A longer schedule is nothing that anybody would read, or that is written in a moment. */
const TOLD_MAX = 2_000;

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
  /** Takes an equally good draft if its canonical text is the smaller one. */
  takesTies = false;
  private readonly _isOver: () => boolean;
  private replaysMax = Infinity;
  /** By key: how a schedule went that was tried before. */
  private readonly known = new Map<number, TrialResult | undefined>();
  private lastId: number;

  /** The first draft breaks the promise. */
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

  /** The budget is used up: every further draft counts as a failure to fail. Time is never up before it can be told. */
  get isOver(): boolean {
    return this.replays >= this.replaysMax || (this.best.moves.length <= TOLD_MAX && this._isOver());
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

  /** How a draft goes, if it breaks the promise. */
  rehearse(moves: readonly Move[], setting: Environment = this.best.setting): TrialResult | undefined {
    if (this.isOver) return undefined;
    const key = moves.length > REMEMBERED ? undefined : keyOf(setting, moves);
    if (key !== undefined && this.known.has(key)) return this.known.get(key);
    this.replays++;
    const tried = runTrial(setting, moves, this.target);
    const rehearsed = tried.broken === this.target ? tried : undefined;
    if (key !== undefined) this.known.set(key, rehearsed);
    return rehearsed;
  }

  /** Takes a draft as the best one if it fails in the same way and is better. */
  try(moves: readonly Move[], setting: Environment = this.best.setting): boolean {
    const rehearsed = this.rehearse(moves, setting);
    return rehearsed !== undefined && this.offer(candidateOf(setting, rehearsed));
  }

  /** Takes a draft that fails as the best one if it is better. */
  offer(draft: Candidate): boolean {
    const difference = compare(draft, this.best);
    if (difference > 0 || (difference === 0 && !this.takesTies)) return false;
    if (difference === 0 && textOf(canonical(draft)) >= textOf(canonical(this.best))) return false;
    this.best = draft;
    return true;
  }
}

const idMax = (moves: readonly Move[]): number => moves.reduce((most, { id }) => Math.max(most, id), 0);

const clientMax = (moves: readonly Move[]): number =>
  moves.reduce((most, move) => ('client' in move ? Math.max(most, move.client) : most), -1);

/** Equal for drafts that go the same way; of two that do not, it is different but for one case in a billion. */
function keyOf(setting: Environment, moves: readonly Move[]): number {
  let low = stageOf(setting);
  let high = low;
  for (const move of moves) {
    const hash = hashOf(move);
    low = mix(low, hash);
    high = mix(high, scramble(hash));
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}

const stages = new WeakMap<Environment, number>();

/** Of a plan only what a search changes. */
function stageOf(setting: Environment): number {
  const known = stages.get(setting);
  if (known !== undefined) return known;
  const { plan, byHand, recovery } = setting;
  const { nodes, node, disks, seed, parameters } = plan;
  const time = recovery === undefined ? undefined : { recovery, seed, parameters };
  const hash = mixText(nodes, JSON.stringify([byHand, node, disks, time]));
  stages.set(setting, hash);
  return hash;
}

const hashes = new WeakMap<Move, number>();

function hashOf(move: Move): number {
  const known = hashes.get(move);
  if (known !== undefined) return known;
  const hash = mixText('origin' in move ? mix(move.id, move.origin) : move.id, moveText(move));
  hashes.set(move, hash);
  return hash;
}
