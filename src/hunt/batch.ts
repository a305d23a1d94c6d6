// A batch of seeds, each drawn into a plan and run: what a worker does between two messages.
//
// The result is plain data that depends on the seeds and the wishes only, never on who ran it or when. A run that ends
// in an exception is a finding like a broken promise: it has a seed, and the campaign goes on.

import { goalNames } from '../check/goals.ts';
import { scramble } from '../base/hash.ts';
import type { Plan } from '../run/plan.ts';
import { Simulation, type Run } from '../run/simulate.ts';
import { Coverage } from './coverage.ts';
import { drawPlan, type SwarmWishes } from './swarm.ts';

/** Seeds of a batch; results are merged batch by batch. */
export const BATCH_SEEDS = 32;

/** What a campaign does with each seed. */
export interface SeedWork {
  readonly swarm: SwarmWishes;
  /** How many runs in a million are made twice. */
  readonly checkDeterminismPpm: number;
}

/** A seed whose run did not end well. */
export interface Finding {
  readonly seed: string;
  readonly kind: 'violation' | 'exception' | 'difference' | 'worker';
  /** The property; for the other kinds, what went wrong in a word. */
  readonly property: string;
  readonly why: string;
  readonly step: number;
  readonly fingerprint: string;
}

/** What became of a batch; travels between threads and into files. */
export interface BatchResult {
  /** The number of the batch in the campaign. */
  readonly batch: number;
  readonly runs: number;
  readonly steps: number;
  readonly virtualMicros: number;
  readonly madeTwice: number;
  /** By goal, in the order of the table. */
  readonly goals: readonly number[];
  /** Runs by what was drawn: `scheduler timed`, `nodes 5`. */
  readonly drawn: Readonly<Record<string, number>>;
  /** Verdicts that stayed open, by property. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Hashes of abstract situations, each once, in order. */
  readonly situations: readonly number[];
  readonly findings: readonly Finding[];
}

/** Told before each seed, so that somebody outside knows where a worker was when it died. */
export type BeforeSeed = (seed: number) => void;

export function runBatch(batch: number, seeds: readonly number[], work: SeedWork, before: BeforeSeed): BatchResult {
  const sums = new BatchSums(batch);
  for (const seed of seeds) {
    before(seed);
    sums.add(String(seed), work);
  }
  return sums.result();
}

class BatchSums {
  readonly #batch: number;
  #runs = 0;
  #steps = 0;
  #micros = 0;
  #madeTwice = 0;
  readonly #goals: number[] = goalNames.map(() => 0);
  readonly #drawn = new Map<string, number>();
  readonly #unknown = new Map<string, number>();
  readonly #situations = new Set<number>();
  readonly #findings: Finding[] = [];

  constructor(batch: number) {
    this.#batch = batch;
  }

  add(seed: string, { swarm, checkDeterminismPpm }: SeedWork): void {
    const plan = drawPlan(seed, swarm);
    this.#runs++;
    for (const word of [`scheduler ${plan.scheduler ?? 'timed'}`, `nodes ${plan.nodes}`]) count(this.#drawn, word);
    try {
      const run = this.#run(plan);
      this.#judge(seed, run);
      if (isChosen(seed, checkDeterminismPpm)) this.#repeat(seed, plan, run);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      this.#findings.push({ seed, kind: 'exception', property: name, why: message, step: 0, fingerprint: '' });
    }
  }

  #run(plan: Plan): Run {
    const coverage = new Coverage();
    const simulation = new Simulation(plan, { observers: [coverage] });
    coverage.watch(simulation.world);
    while (simulation.advance(1_000_000));
    for (const situation of coverage.situations) this.#situations.add(situation);
    return simulation.finish();
  }

  #judge(seed: string, run: Run): void {
    this.#steps += run.steps;
    this.#micros += run.at;
    goalNames.forEach((name, i) => (this.#goals[i] = (this.#goals[i] ?? 0) + (run.goals[name] > 0 ? 1 : 0)));
    for (const { outcome, property } of run.verdicts) if (outcome === 'unknown') count(this.#unknown, property);
    const { violation, fingerprint } = run;
    if (violation === undefined) return;
    const { property, why, step } = violation;
    this.#findings.push({ seed, kind: 'violation', property, why, step, fingerprint });
  }

  /** The same plan again: anything but the same fingerprint is a finding. */
  #repeat(seed: string, plan: Plan, run: Run): void {
    this.#madeTwice++;
    const again = this.#run(plan);
    if (again.fingerprint === run.fingerprint) return;
    const why = `two runs of one plan came to ${run.fingerprint} and ${again.fingerprint}`;
    const { steps: step, fingerprint } = run;
    this.#findings.push({ seed, kind: 'difference', property: 'determinism', why, step, fingerprint });
  }

  result(): BatchResult {
    return {
      batch: this.#batch,
      runs: this.#runs,
      steps: this.#steps,
      virtualMicros: this.#micros,
      madeTwice: this.#madeTwice,
      goals: this.#goals,
      drawn: Object.fromEntries(this.#drawn),
      unknown: Object.fromEntries(this.#unknown),
      situations: Array.from(this.#situations),
      findings: this.#findings,
    };
  }
}

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

/** A choice that depends on the seed alone, so that every sharding makes the same. */
const isChosen = (seed: string, ppm: number): boolean => (scramble(Number(seed)) >>> 0) % 1_000_000 < ppm;
