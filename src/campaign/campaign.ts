// A campaign: batches of seeds go out to a pool of workers, results come back, and what was found is shrunk.
//
// Batches are added in their order, and the campaign ends at the same batch whichever worker was faster, so that a
// report depends on the seeds alone. An interruption, or the end of a budget, ends it early, also within a batch: what
// was done stays, and a later campaign goes on from it.

import { BATCH_SEEDS, type BatchOfSeeds, type BatchResult, type SeedFinding, type SeedWork } from './batch.ts';
import type { JobQueue, Lost, Patience, RealTime } from '../pool/pool.ts';
import type { Job, JobResult } from './job.ts';
import type { Replay } from './replay.ts';
import { seedAt, seedCount, type Seeds } from './seeds.ts';
import type { Shard } from './shards.ts';
import { bySeed, CampaignStatistics, type CheckpointState } from './checkpoint.ts';

/** All that a campaign asks of its workers, wherever they are. */
export interface CampaignPool {
  work(jobs: JobQueue<Job, JobResult>): Promise<void>;
}

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
  readonly seeds: Seeds;
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

/** What is left of a batch: its seeds behind this one, all of them for null. */
export interface BatchRest {
  readonly batch: number;
  readonly after: number | null;
}

/** The batch to go on with, and what is left of earlier ones. */
export interface Position extends BatchRest {
  readonly rests?: readonly BatchRest[];
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

/** A rest that was given out. */
interface Given extends BatchRest {
  readonly seeds: readonly number[];
}

export class Campaign {
  readonly statistics = new CampaignStatistics();
  private readonly plan: CampaignPlan;
  private readonly listener: CampaignListener;
  /** The first batch of which nothing was given out. */
  private fresh: number;
  /** What earlier campaigns left of their batches. */
  private readonly rests: BatchRest[] = [];
  /** What is given out and not added, by number; and which of them comes next. */
  private readonly given = new Map<number, Given>();
  private numberGiven = 0;
  private next = 0;
  /** What is left of the batches that were added. */
  private readonly left: BatchRest[] = [];
  /** Batches whose worker died, without the seed that it was at; and the finding that this seed is. */
  private readonly again: BatchOfSeeds[] = [];
  private readonly lost = new Map<number, SeedFinding[]>();
  /** Results that wait for an earlier one. */
  private readonly waiting = new Map<number, BatchResult>();
  private isEnough = false;
  private readonly shrunk = new Map<string, Replay | undefined>();
  private readonly lostShrinks: SeedFinding[] = [];

  constructor(plan: CampaignPlan, listener: CampaignListener, earlier?: Earlier) {
    this.plan = plan;
    this.listener = listener;
    const { batch, after, rests = [] } = earlier?.position ?? { batch: plan.shard.index, after: null };
    this.rests.push(...rests);
    this.fresh = batch;
    if (after !== null) this.rests.push({ batch: this.takeFresh(), after });
    if (earlier === undefined) return;
    this.statistics.addState(earlier.sum);
    this.isEnough = this.statistics.failures >= plan.findingsMax;
    for (const { finding, replay } of earlier.witnesses) {
      if (replay?.isMinimal === true) this.shrunk.set(finding.seed, replay);
    }
  }

  /** Where a later campaign goes on. */
  get position(): Position {
    const given = Array.from(this.given.values(), ({ batch, after }) => ({ batch, after }));
    const rests = [...this.left, ...given, ...this.rests].toSorted((a, b) => a.batch - b.batch);
    let batch = this.fresh;
    while (rests.at(-1)?.batch === batch - this.plan.shard.count && rests.at(-1)?.after === null) {
      batch -= this.plan.shard.count;
      rests.pop();
    }
    return rests.length === 0 ? { batch, after: null } : { batch, after: null, rests };
  }

  /** Whether every seed of this shard was run; seeds without an end are never over. */
  get isOver(): boolean {
    const { batch, rests = [] } = this.position;
    return [{ batch, after: null }, ...rests].every((rest) => this.seedsOf(rest).length === 0);
  }

  async search(pool: CampaignPool): Promise<void> {
    await pool.work({
      next: () => this.nextBatch(),
      done: (job, outcome) => {
        if (job.kind !== 'batch') return;
        if (outcome.kind === 'lost') this.lose(job, outcome);
        else if (outcome.result.kind === 'batch') this.take(outcome.result.result);
      },
      differed: (job, digests) => {
        if (job.kind === 'batch') this.statistics.addFinding(differingResults(job, digests));
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
    const found = [...this.statistics.checkpoint().findings, ...this.lostShrinks].toSorted(bySeed);
    return found.map((finding) => ({
      finding,
      replay: finding.kind === 'violation' ? this.shrunk.get(finding.seed) : undefined,
    }));
  }

  /** The first findings of each property, by seed: which ones depends on nothing else. */
  private toShrink(): SeedFinding[] {
    const chosen = new Map<string, number>();
    return this.statistics.checkpoint().findings.filter(({ kind, property, seed }) => {
      if (kind !== 'violation') return false;
      const before = chosen.get(property) ?? 0;
      chosen.set(property, before + 1);
      return before < this.plan.shrinksPerProperty && !this.shrunk.has(seed);
    });
  }

  /** However little time there is, something is begun; what was run of nothing would be no report. */
  private isStopped(): boolean {
    return this.numberGiven === 0 ? this.listener.isInterrupted() : this.listener.isEnough();
  }

  private takeFresh(): number {
    const batch = this.fresh;
    this.fresh += this.plan.shard.count;
    return batch;
  }

  private nextBatch(): Job | undefined {
    const again = this.again.shift();
    if (again !== undefined) return { kind: 'batch', ...again };
    if (this.isEnough || this.isStopped()) return undefined;
    const { work } = this.plan;
    for (;;) {
      const earlier = this.rests.shift();
      const rest = earlier ?? { batch: this.fresh, after: null };
      const seeds = this.seedsOf(rest);
      if (seeds.length === 0) {
        if (earlier === undefined) return undefined;
        this.left.push(earlier); // more seeds may come to it another night
        continue;
      }
      if (earlier === undefined) this.takeFresh();
      const batch = this.numberGiven++;
      this.given.set(batch, { ...rest, seeds });
      return { kind: 'batch', batch, seeds, work, rankMax: this.statistics.rankMax };
    }
  }

  /** The seeds of a batch, or what is left of them. */
  private seedsOf({ batch, after }: BatchRest): number[] {
    const { seeds } = this.plan;
    const first = batch * BATCH_SEEDS;
    const places = Math.min(BATCH_SEEDS, seedCount(seeds) - first);
    if (places <= 0) return [];
    const all = Array.from({ length: places }, (_, i) => seedAt(seeds, first + i));
    return after === null ? all : all.filter((seed) => seed > after);
  }

  private lose(job: BatchOfSeeds, { at: seed, reason }: Lost): void {
    if (seed === undefined) throw new Error(`a worker ended before its first seed: ${reason}`);
    const findings = this.lost.get(job.batch) ?? [];
    this.lost.set(job.batch, [...findings, lostWorker(String(seed), reason)]);
    const { batch, work } = job;
    this.again.push({ batch, work, seeds: job.seeds.filter((other) => other !== seed) });
  }

  private take(done: BatchResult): void {
    this.waiting.set(done.batch, done);
    for (let result = this.waiting.get(this.next); result !== undefined; result = this.waiting.get(this.next)) {
      this.waiting.delete(this.next);
      if (this.isEnough) return;
      this.add(result);
      this.next++;
      if (this.statistics.failures >= this.plan.findingsMax) this.isEnough = true;
      this.listener.progress('search', 0);
    }
  }

  /** Adds what was run of a batch, with the seeds at which workers died; what was not run is left. */
  private add(result: BatchResult): void {
    const { batch, after, seeds } = this.given.get(result.batch) as Given;
    const lost = this.lost.get(result.batch) ?? [];
    const lostSeeds = new Set(lost.map(({ seed }) => Number(seed)));
    const last = seeds.filter((seed) => !lostSeeds.has(seed))[result.runs - 1];
    const ran = seeds.filter((seed) => last !== undefined && seed <= last);
    const isWhole = result.runs + lost.length >= seeds.length;
    const findings = isWhole ? lost : lost.filter(({ seed }) => Number(seed) <= (last ?? -1));
    this.statistics.add({ ...result, findings: [...result.findings, ...findings] });
    this.lost.delete(result.batch);
    this.given.delete(result.batch);
    const end = isWhole ? seeds.at(-1) : ran.at(-1);
    if (!isWhole || this.mayGrow(batch)) this.left.push({ batch, after: end ?? after });
  }

  /** Whether the seeds end within the batch, so that a later campaign may have more for it. */
  private mayGrow(batch: number): boolean {
    return (batch + 1) * BATCH_SEEDS > seedCount(this.plan.seeds);
  }
}

const differingResults = ({ seeds }: BatchOfSeeds, [first, second]: readonly [string, string]): SeedFinding => ({
  seed: String(seeds[0]),
  kind: 'difference',
  property: 'determinism',
  why: `two workers that ran seeds ${seeds[0]} to ${seeds.at(-1)} came to ${first} and ${second}`,
  step: 0,
  fingerprint: first,
});

const lostWorker = (seed: string, why: string): SeedFinding => ({
  seed,
  kind: 'worker',
  property: 'worker',
  why,
  step: 0,
  fingerprint: '',
});
