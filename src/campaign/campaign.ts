// A campaign: batches of seeds go out to a pool of workers, results come back, and what was found is shrunk.
//
// Batches are added in their order, and the campaign ends at the same batch whichever worker was faster, so that a
// report depends on the seeds alone. An interruption ends it early: what was done stays, and a later campaign goes on
// from it.

import { BATCH_SEEDS, type BatchResult, type SeedFinding, type SeedWork } from './batch.ts';
import type { Lost, Patience, RealTime, WorkerPool } from '../pool/pool.ts';
import type { Job, JobResult } from './job.ts';
import type { Replay } from './replay.ts';
import type { Shard } from './shards.ts';
import { bySeed, CampaignSum, type CheckpointState } from './checkpoint.ts';

/** All that a campaign asks of its workers. */
export type CampaignPool = Pick<WorkerPool<Job, JobResult>, 'work'>;

/** The module of a worker. */
export const campaignWorker = new URL('./worker.js', import.meta.url);

const PATIENCE_MILLIS = 120_000;

/** How long a worker may be at one seed; shrinking takes the time that it is given. */
export const campaignPatience = (time: RealTime, seedMillis = PATIENCE_MILLIS): Patience<Job> => ({
  time,
  millisFor: (job) => seedMillis + (job.kind === 'shrink' ? job.shrinkMillis : 0),
  complaint: 'it took no next seed',
});

/** Which seeds, and when it is enough. */
export interface CampaignPlan {
  readonly work: SeedWork;
  /** The first seed, and the last one; Infinity: until it is stopped. */
  readonly from: number;
  readonly to: number;
  readonly shard: Shard;
  /** Ends with the batch in which so many findings are reached. */
  readonly findingsMax: number;
  /** How many findings of a property are shrunk. */
  readonly shrinksPerProperty: number;
  readonly shrinkMillis: number;
}

/** A finding with what shrinking made of it; undefined if it was not shrunk. */
export interface FailureWitness {
  readonly finding: SeedFinding;
  readonly replay: Replay | undefined;
}

/** The batch to go on with, and the last seed of it that is done: the end of the seeds may lie within a batch. */
export interface Position {
  readonly batch: number;
  readonly after: number | null;
}

/** How far an earlier campaign over the same seeds came. */
export interface Earlier {
  readonly position: Position;
  readonly sum: CheckpointState;
  readonly witnesses: readonly FailureWitness[];
}

export interface CampaignListener {
  /** After each batch and each shrink. */
  progress(phase: 'search' | 'shrink', left: number): void;
  /** Whether to begin no more seeds. */
  isEnough(): boolean;
  /** Whether to begin nothing at all any more. */
  isInterrupted(): boolean;
}

export class Campaign {
  readonly sum = new CampaignSum();
  private readonly plan: CampaignPlan;
  private readonly listener: CampaignListener;
  /** Batches whose worker died, without the seed that it was at; and the finding that this seed is. */
  private readonly again: Job[] = [];
  private readonly lost = new Map<number, SeedFinding[]>();
  /** Results that wait for an earlier one. */
  private readonly waiting = new Map<number, BatchResult>();
  private given: number;
  /** The batch to be added next. */
  private next: number;
  private readonly begin: Position;
  private isEnough = false;
  private readonly shrunk = new Map<string, Replay | undefined>();
  private readonly lostShrinks: SeedFinding[] = [];

  constructor(plan: CampaignPlan, listener: CampaignListener, earlier?: Earlier) {
    this.plan = plan;
    this.listener = listener;
    this.begin = earlier?.position ?? { batch: plan.shard.index, after: null };
    this.given = this.begin.batch;
    this.next = this.begin.batch;
    if (earlier === undefined) return;
    this.sum.addSum(earlier.sum);
    this.isEnough = this.sum.failures >= plan.findingsMax;
    for (const { finding, replay } of earlier.witnesses) {
      if (replay?.isMinimal === true) this.shrunk.set(finding.seed, replay);
    }
  }

  /** Where a later campaign goes on. */
  get position(): Position {
    const { to, shard } = this.plan;
    if (this.next === this.begin.batch) return this.begin;
    const last = this.next - shard.count;
    return this.firstOf(last + 1) - 1 > to ? { batch: last, after: to } : { batch: this.next, after: null };
  }

  /** Whether every seed of this shard was run; an endless range is never over. */
  get isOver(): boolean {
    const { batch, after } = this.position;
    return Math.max(this.firstOf(batch), (after ?? -1) + 1) > this.plan.to;
  }

  async search(pool: CampaignPool): Promise<void> {
    await pool.work({
      next: () => this.nextBatch(),
      done: (job, outcome) => {
        if (job.kind !== 'batch') return;
        if (outcome.kind === 'lost') this.lose(job, outcome);
        else if (outcome.result.kind === 'batch') this.take(outcome.result.result);
      },
    });
  }

  async shrink(pool: CampaignPool): Promise<void> {
    const chosen = this.toShrink();
    let given = 0;
    let left = chosen.length;
    await pool.work({
      next: () => {
        const finding = this.listener.isInterrupted() ? undefined : chosen[given++];
        if (finding === undefined) return undefined;
        const { work, shrinkMillis } = this.plan;
        return { kind: 'shrink', seed: finding.seed, property: finding.property, work, shrinkMillis };
      },
      done: (job, outcome) => {
        if (job.kind !== 'shrink') return;
        if (outcome.kind === 'lost') {
          this.lostShrinks.push(lostWorker(job.seed, `while it shrank the failure: ${outcome.reason}`));
        } else if (outcome.result.kind === 'shrink') this.shrunk.set(outcome.result.seed, outcome.result.replay);
        this.listener.progress('shrink', --left);
      },
    });
  }

  /** What was found, by seed. */
  witnesses(): FailureWitness[] {
    const found = [...this.sum.tally().findings, ...this.lostShrinks].toSorted(bySeed);
    return found.map((finding) => ({
      finding,
      replay: finding.kind === 'violation' ? this.shrunk.get(finding.seed) : undefined,
    }));
  }

  /** The first findings of each property, by seed: which ones depends on nothing else. */
  private toShrink(): SeedFinding[] {
    const chosen = new Map<string, number>();
    return this.sum.tally().findings.filter(({ kind, property, seed }) => {
      if (kind !== 'violation') return false;
      const before = chosen.get(property) ?? 0;
      chosen.set(property, before + 1);
      return before < this.plan.shrinksPerProperty && !this.shrunk.has(seed);
    });
  }

  private nextBatch(): Job | undefined {
    const again = this.again.shift();
    if (again !== undefined) return again;
    const { to, shard, work } = this.plan;
    const { batch: begin, after } = this.begin;
    const batch = this.given;
    const first = Math.max(this.firstOf(batch), batch === begin && after !== null ? after + 1 : 0);
    if (this.isEnough || first > to || this.listener.isEnough()) return undefined;
    this.given += shard.count;
    const last = Math.min(to, this.firstOf(batch + 1) - 1);
    return { kind: 'batch', batch, seeds: Array.from({ length: last - first + 1 }, (_, i) => first + i), work };
  }

  /** The first seed of a batch. */
  private firstOf(batch: number): number {
    return this.plan.from + batch * BATCH_SEEDS;
  }

  private lose(job: Extract<Job, { kind: 'batch' }>, { at: seed, reason }: Lost): void {
    if (seed === undefined) throw new Error(`a worker ended before its first seed: ${reason}`);
    const findings = this.lost.get(job.batch) ?? [];
    this.lost.set(job.batch, [...findings, lostWorker(String(seed), reason)]);
    this.again.push({ ...job, seeds: job.seeds.filter((other) => other !== seed) });
  }

  private take(done: BatchResult): void {
    const lost = this.lost.get(done.batch) ?? [];
    this.lost.delete(done.batch);
    this.waiting.set(done.batch, { ...done, findings: [...done.findings, ...lost] });
    for (let next = this.waiting.get(this.next); next !== undefined; next = this.waiting.get(this.next)) {
      this.waiting.delete(this.next);
      if (this.isEnough) return;
      this.sum.add(next);
      this.next += this.plan.shard.count;
      if (this.sum.failures >= this.plan.findingsMax) this.isEnough = true;
      this.listener.progress('search', 0);
    }
  }
}

const lostWorker = (seed: string, why: string): SeedFinding => ({
  seed,
  kind: 'worker',
  property: 'worker',
  why,
  step: 0,
  fingerprint: '',
});
