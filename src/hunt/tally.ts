// The sum of a campaign: what batches, shards and earlier nights came to, added up.
//
// Adding is the same in any order, and findings are kept by seed, so that a report depends neither on the number of
// workers nor on how the seeds were shared out. Memory is bounded: of each property the first findings are kept and
// the others only counted.

import { goalNames, type GoalName } from '../check/goals.ts';
import type { BatchResult, Finding } from './batch.ts';
import { Situations } from './situations.ts';

/** Everything that a campaign has come to, as plain data. */
export interface Tally {
  readonly runs: number;
  readonly steps: number;
  readonly virtualMicros: number;
  readonly madeTwice: number;
  /** In how many runs each goal was reached. */
  readonly goals: Readonly<Record<GoalName, number>>;
  readonly drawn: Readonly<Record<string, number>>;
  readonly unknown: Readonly<Record<string, number>>;
  /** How many abstract situations were reached, or about how many. */
  readonly situations: number;
  /** How many findings there are, by property. */
  readonly failures: Readonly<Record<string, number>>;
  /** The first of them, by seed. */
  readonly findings: readonly Finding[];
}

/** A sum as plain data. */
export interface SumState {
  readonly tally: Tally;
  /** What the sketch of the situations keeps. */
  readonly situations: readonly number[];
}

/** So many findings of a property are kept. */
export const FINDINGS_KEPT = 100;

export class Sum {
  #runs = 0;
  #steps = 0;
  #micros = 0;
  #madeTwice = 0;
  readonly #goals: number[] = goalNames.map(() => 0);
  readonly #drawn = new Map<string, number>();
  readonly #unknown = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  readonly #situations = new Situations();
  readonly #findings = new Map<string, Finding[]>();

  get runs(): number {
    return this.#runs;
  }

  get steps(): number {
    return this.#steps;
  }

  get situations(): number {
    return this.#situations.count();
  }

  /** How many findings there are. */
  get failures(): number {
    return Array.from(this.#failures.values()).reduce((sum, n) => sum + n, 0);
  }

  /** Adds a batch. */
  add(result: BatchResult): void {
    const goals = Object.fromEntries(goalNames.map((name, i) => [name, result.goals[i] ?? 0]));
    this.#addFigures(result, goals);
    for (const situation of result.situations) this.#situations.add(situation);
    for (const { property } of result.findings) addCounts(this.#failures, { [property]: 1 });
    for (const finding of result.findings) this.#keep(finding);
  }

  /** Adds what another campaign over other seeds came to. */
  addSum({ tally, situations }: SumState): void {
    this.#addFigures(tally, tally.goals);
    this.#situations.addKept(situations);
    addCounts(this.#failures, tally.failures);
    for (const finding of tally.findings) this.#keep(finding);
  }

  /** Everything, to go on from later. */
  state(): SumState {
    return { tally: this.tally(), situations: this.#situations.kept() };
  }

  tally(): Tally {
    return {
      runs: this.#runs,
      steps: this.#steps,
      virtualMicros: this.#micros,
      madeTwice: this.#madeTwice,
      goals: Object.fromEntries(goalNames.map((name, i) => [name, this.#goals[i] ?? 0])) as Record<GoalName, number>,
      drawn: inOrder(this.#drawn),
      unknown: inOrder(this.#unknown),
      situations: this.#situations.count(),
      failures: inOrder(this.#failures),
      findings: Array.from(this.#findings.values()).flatMap(firstOf).toSorted(bySeed),
    };
  }

  #addFigures(
    figures: Pick<Tally, 'runs' | 'steps' | 'virtualMicros' | 'madeTwice' | 'drawn' | 'unknown'>,
    goals: Readonly<Record<string, number>>,
  ): void {
    this.#runs += figures.runs;
    this.#steps += figures.steps;
    this.#micros += figures.virtualMicros;
    this.#madeTwice += figures.madeTwice;
    goalNames.forEach((name, i) => (this.#goals[i] = (this.#goals[i] ?? 0) + (goals[name] ?? 0)));
    addCounts(this.#drawn, figures.drawn);
    addCounts(this.#unknown, figures.unknown);
  }

  #keep(finding: Finding): void {
    const { property } = finding;
    const findings = this.#findings.get(property) ?? [];
    findings.push(finding);
    this.#findings.set(property, findings.length < 2 * FINDINGS_KEPT ? findings : firstOf(findings));
  }
}

const firstOf = (findings: readonly Finding[]): Finding[] => findings.toSorted(bySeed).slice(0, FINDINGS_KEPT);

/** By seed; what one seed found, by property. */
export function bySeed(a: Finding, b: Finding): number {
  const seeds = Number(a.seed) - Number(b.seed);
  if (seeds !== 0 || a.property === b.property) return seeds;
  return a.property < b.property ? -1 : 1;
}

function addCounts(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [word, n] of Object.entries(counts)) sums.set(word, (sums.get(word) ?? 0) + n);
}

/** By word, so that the order does not depend on which seed came first. */
function inOrder(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries(Array.from(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
