// The statistics of seeds that were run: what a batch, a shard or a whole campaign came to, in numbers that add up.
//
// Adding is the same in any order, and counts by word are in the order of the words, so that nothing here depends on
// which seed came first. These names stand in campaign.json and in reports.

import { goalNames, type GoalName } from '../check/goals.ts';
import { abstractNodeStates } from './node-states.ts';

export interface Statistics {
  readonly runs: number;
  readonly steps: number;
  readonly virtualMicros: number;
  readonly madeTwice: number;
  /** In how many runs each goal was reached. */
  readonly goals: Readonly<Record<GoalName, number>>;
  /** In how many runs a server was in each abstract node state, by name. */
  readonly stances: Readonly<Record<string, number>>;
  /** Runs by what was drawn: `scheduler timed`, `nodes 5`. */
  readonly drawn: Readonly<Record<string, number>>;
  /** Verdicts that stayed open, by property. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Runs in which a property could not be checked at all; older sums do not have it. */
  readonly notApplicable?: Readonly<Record<string, number>>;
}

/** How often each word came up. */
export class Counts {
  private readonly counts = new Map<string, number>();

  count(word: string, times = 1): void {
    this.counts.set(word, (this.counts.get(word) ?? 0) + times);
  }

  add(counts: Readonly<Record<string, number>>): void {
    for (const [word, times] of Object.entries(counts)) this.count(word, times);
  }

  get total(): number {
    return Array.from(this.counts.values()).reduce((sum, n) => sum + n, 0);
  }

  byWord(): Record<string, number> {
    return Object.fromEntries(Array.from(this.counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

export class StatisticsSum {
  runs = 0;
  steps = 0;
  virtualMicros = 0;
  madeTwice = 0;
  readonly goals = new Counts();
  readonly nodeStates = new Counts();
  readonly drawn = new Counts();
  readonly unknown = new Counts();
  readonly notApplicable = new Counts();

  add(other: Statistics): void {
    this.runs += other.runs;
    this.steps += other.steps;
    this.virtualMicros += other.virtualMicros;
    this.madeTwice += other.madeTwice;
    this.goals.add(other.goals);
    this.nodeStates.add(other.stances);
    this.drawn.add(other.drawn);
    this.unknown.add(other.unknown);
    this.notApplicable.add(other.notApplicable ?? {});
  }

  total(): Statistics {
    const goals = this.goals.byWord();
    const nodeStates = this.nodeStates.byWord();
    return {
      runs: this.runs,
      steps: this.steps,
      virtualMicros: this.virtualMicros,
      madeTwice: this.madeTwice,
      goals: Object.fromEntries(goalNames.map((name) => [name, goals[name] ?? 0])) as Record<GoalName, number>,
      stances: Object.fromEntries(abstractNodeStates.map((name) => [name, nodeStates[name] ?? 0])),
      drawn: this.drawn.byWord(),
      unknown: this.unknown.byWord(),
      notApplicable: this.notApplicable.byWord(),
    };
  }
}
