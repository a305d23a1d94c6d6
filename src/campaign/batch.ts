// A batch of seeds, each drawn into a plan and run: what a worker does between two messages.
//
// The result is plain data that depends on the seeds and the input only, never on the worker or the time; only how many
// of the seeds are run does, where a campaign is stopped. A run that ends in an exception is a finding like a violated
// property: it has a seed, and the campaign goes on.

import { goalNames } from '../check/goals.ts';
import { scramble } from '../base/hash.ts';
import type { Plan } from '../run/plan.ts';
import { Simulation, uncheckedPromises, type Run } from '../run/simulate.ts';
import { Coverage } from './coverage.ts';
import { rankOf } from './cluster-states.ts';
import { StatisticsSum, type Statistics } from './statistics.ts';
import { abstractNodeStates } from './node-states.ts';
import { drawPlan, type SwarmInput } from './swarm.ts';

/** Seeds of a batch; results are merged batch by batch. */
export const BATCH_SEEDS = 32;

/** What a campaign does with each seed. */
export interface SeedWork {
  readonly swarm: SwarmInput;
  /** How many runs in a million are made twice. */
  readonly checkDeterminismPpm: number;
}

/** A seed whose run did not end well. */
export interface SeedFinding {
  readonly seed: string;
  readonly kind: 'violation' | 'exception' | 'difference' | 'worker';
  /** The property; for the other kinds, what went wrong in a word. */
  readonly property: string;
  readonly why: string;
  readonly step: number;
  readonly fingerprint: string;
}

/** What became of a batch; travels between threads and into files. */
export interface BatchResult extends Statistics {
  /** Its number among the batches that were given out. */
  readonly batch: number;
  /** Hashes of abstract cluster states, each once, in order. */
  readonly clusterStates: readonly number[];
  readonly findings: readonly SeedFinding[];
}

/** Called before each seed, so that the pool knows where a worker was when it died. */
export type BeforeSeed = (seed: number) => void;

export interface BatchOfSeeds {
  readonly batch: number;
  readonly seeds: readonly number[];
  readonly work: SeedWork;
  /** Abstract cluster states of higher rank are left out of the result; undefined: none is. */
  readonly rankMax?: number;
}

/** Runs the seeds in order; when it is stopped, the rest is left out. The first one is run in any case. */
export function runBatch(
  { batch, seeds, work, rankMax = Infinity }: BatchOfSeeds,
  before: BeforeSeed,
  isStopped: () => boolean,
): BatchResult {
  const statistics = new BatchStatistics(batch);
  for (const [place, seed] of seeds.entries()) {
    if (place > 0 && isStopped()) break;
    before(seed);
    statistics.add(String(seed), work);
  }
  return statistics.result(rankMax);
}

function ranWith(plan: Plan, coverage: Coverage): Run {
  const simulation = new Simulation(plan, { observers: [coverage] });
  coverage.observe(simulation.world);
  while (simulation.advance(1_000_000));
  return simulation.finish();
}

class BatchStatistics {
  private readonly batch: number;
  private readonly sum = new StatisticsSum();
  private readonly clusterStates = new Set<number>();
  private readonly findings: SeedFinding[] = [];

  constructor(batch: number) {
    this.batch = batch;
  }

  add(seed: string, { swarm, checkDeterminismPpm }: SeedWork): void {
    const plan = drawPlan(seed, swarm);
    this.sum.runs++;
    this.sum.drawn.count(`scheduler ${plan.scheduler ?? 'timed'}`);
    this.sum.drawn.count(`nodes ${plan.nodes}`);
    try {
      const coverage = new Coverage();
      const run = ranWith(plan, coverage);
      this.cover(coverage);
      this.judge(seed, run);
      if (isChosen(seed, checkDeterminismPpm)) this.repeat(seed, plan, run);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      this.findings.push({ seed, kind: 'exception', property: name, why: message, step: 0, fingerprint: '' });
    }
  }

  private cover({ clusterStates, nodeStates }: Coverage): void {
    for (const hash of clusterStates) this.clusterStates.add(hash);
    abstractNodeStates.forEach((name, number) => this.sum.nodeStates.count(name, nodeStates[number]));
  }

  private judge(seed: string, run: Run): void {
    const sum = this.sum;
    sum.steps += run.steps;
    sum.virtualMicros += run.at;
    for (const name of goalNames) if (run.goals[name] > 0) sum.goals.count(name);
    for (const { outcome, property } of run.verdicts) if (outcome === 'unknown') sum.unknown.count(property);
    for (const property of uncheckedPromises(run)) sum.notApplicable.count(property);
    const { violation, fingerprint } = run;
    if (violation === undefined) return;
    const { property, why, step } = violation;
    this.findings.push({ seed, kind: 'violation', property, why, step, fingerprint });
  }

  /** The same plan again: anything but the same fingerprint is a finding. */
  private repeat(seed: string, plan: Plan, run: Run): void {
    this.sum.madeTwice++;
    const again = ranWith(plan, new Coverage());
    if (again.fingerprint === run.fingerprint) return;
    const why = `two runs of one plan came to ${run.fingerprint} and ${again.fingerprint}`;
    const { steps: step, fingerprint } = run;
    this.findings.push({ seed, kind: 'difference', property: 'determinism', why, step, fingerprint });
  }

  result(rankMax: number): BatchResult {
    return {
      batch: this.batch,
      ...this.sum.total(),
      clusterStates: Array.from(this.clusterStates).filter((hash) => rankOf(hash) <= rankMax),
      findings: this.findings,
    };
  }
}

/** A choice that depends on the seed alone, so that every sharding makes the same. */
const isChosen = (seed: string, ppm: number): boolean => (scramble(Number(seed)) >>> 0) % 1_000_000 < ppm;
