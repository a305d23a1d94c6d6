// The sum of a campaign: what batches, shards and earlier nights came to, added up.
//
// Adding is the same in any order, and findings are kept by seed, so that a report depends neither on the number of
// workers nor on how the seeds were shared out. Memory is bounded: of each property the first findings are kept and
// the others only counted.

import type { BatchResult, Finding } from './batch.ts';
import { Counts, FigureSum, type Figures } from './figures.ts';
import { Situations } from './situations.ts';

/** Everything that a campaign has come to, as plain data. */
export interface Tally extends Figures {
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
  readonly #figures = new FigureSum();
  readonly #failures = new Counts();
  readonly #situations = new Situations();
  readonly #findings = new Map<string, Finding[]>();

  get runs(): number {
    return this.#figures.runs;
  }

  get steps(): number {
    return this.#figures.steps;
  }

  get situations(): number {
    return this.#situations.count();
  }

  /** How many findings there are. */
  get failures(): number {
    return this.#failures.total;
  }

  /** Adds a batch. */
  add(result: BatchResult): void {
    this.#figures.add(result);
    for (const situation of result.situations) this.#situations.add(situation);
    for (const finding of result.findings) {
      this.#failures.count(finding.property);
      this.#keep(finding);
    }
  }

  /** Adds what another campaign over other seeds came to. */
  addSum({ tally, situations }: SumState): void {
    this.#figures.add(tally);
    this.#situations.addKept(situations);
    this.#failures.add(tally.failures);
    for (const finding of tally.findings) this.#keep(finding);
  }

  /** Everything, to go on from later. */
  state(): SumState {
    return { tally: this.tally(), situations: this.#situations.kept() };
  }

  tally(): Tally {
    return {
      ...this.#figures.figures(),
      situations: this.#situations.count(),
      failures: this.#failures.byWord(),
      findings: Array.from(this.#findings.values()).flatMap(firstOf).toSorted(bySeed),
    };
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
