// All schedules within a few changes of one: how robust is a failure, and is a mend complete?
//
// A change leaves a step out, takes one more that is possible there, or exchanges two neighbours. A schedule is what
// really was taken: two that come to the same are one.

import type { Plan } from '../run/plan.ts';
import type { PropertyName } from '../run/properties.ts';
import type { Environment } from '../shrink/environment.ts';
import { moveText, type Move } from '../shrink/moves.ts';
import { optionsAt, type Fresh } from '../shrink/options.ts';
import { movesOf } from '../shrink/schedule.ts';
import { planFor } from '../shrink/shrink.ts';
import { runTrial } from '../shrink/trial.ts';
import type { Step } from '../sim/step.ts';

export interface AroundResult {
  /** How many schedules were tried, by the number of their changes; the first is the one itself. */
  readonly tried: readonly number[];
  /** How many of them broke each promise; `none` for those that kept all. */
  readonly broke: ReadonlyMap<PropertyName | 'none', number>;
  /** All of them were tried. */
  readonly isWhole: boolean;
}

const byHand = { writes: false, answers: false, drops: false, crashes: false } as const;

/** A search around the steps of a run under a plan, in pieces. */
export class Surroundings {
  private readonly environment: Environment;
  private readonly moves: readonly Move[];
  private readonly target: PropertyName;
  private readonly broke = new Map<PropertyName | 'none', number>();
  private readonly tried: number[] = [];
  private readonly known = new Set<string>();
  private readonly fresh: Fresh;

  /** `as` is the plan under which the schedules are tried: that of the run, or of another variant. */
  constructor(plan: Plan, steps: readonly Step[], target: PropertyName, as: Plan) {
    this.environment = { plan: planFor(as), byHand };
    this.target = target;
    // Writes and answers follow by themselves.
    this.moves = movesOf(plan, steps).filter(({ act }) => act !== 'durable' && act !== 'answer');
    let id = 1_000_000;
    this.fresh = {
      id: () => ++id,
      client: (moves) => 1 + moves.reduce((most, move) => ('client' in move ? Math.max(most, move.client) : most), -1),
    };
  }

  /** Tries all schedules with up to so many changes; the caller may stop asking. */
  *run(changes: number): Generator<undefined, AroundResult> {
    let round: (readonly Move[])[] = [this.moves];
    for (let count = 0; count <= changes; count++) {
      const next: (readonly Move[])[] = [];
      this.tried.push(0);
      for (const moves of round) {
        const taken = this.attempt(moves, count);
        yield;
        if (taken === undefined || count === changes) continue;
        for (const changed of this.changed(moves)) next.push(changed);
      }
      round = next;
    }
    return this.result(true);
  }

  result(isWhole: boolean): AroundResult {
    return { tried: this.tried, broke: this.broke, isWhole };
  }

  /** Tries a schedule; undefined if it is one that was tried. */
  private attempt(moves: readonly Move[], changes: number): readonly Move[] | undefined {
    const { broken, moves: taken } = runTrial(this.environment, moves, this.target);
    const name = taken.map(moveText).join('\n');
    if (this.known.has(name)) return undefined;
    this.known.add(name);
    this.tried[changes] = (this.tried[changes] ?? 0) + 1;
    const key = broken ?? 'none';
    this.broke.set(key, (this.broke.get(key) ?? 0) + 1);
    return taken;
  }

  private *changed(moves: readonly Move[]): Generator<readonly Move[]> {
    for (let i = 0; i < moves.length; i++) yield moves.toSpliced(i, 1);
    for (let i = 0; i + 1 < moves.length; i++) yield moves.toSpliced(i, 2, moves[i + 1] as Move, moves[i] as Move);
    for (let i = 0; i <= moves.length; i++) {
      const { broken, options } = optionsAt(this.environment, moves.slice(0, i), this.fresh);
      if (broken !== undefined) return;
      for (const option of options) yield moves.toSpliced(i, 0, option);
    }
  }
}
