// A worker of a queue: takes blocks that a dealer dealt, has their jobs performed by a pool, and sends back what came
// of them.
//
// A block that it can't finish goes back into the queue as it was; no half of a result ever leaves. One of another
// version is refused, and ends the worker: its seeds would mean other runs here.

import { UsageError } from '../base/errors.ts';
import type { JobOutcome, JobSource } from '../pool/pool.ts';
import type { Block, RemoteOutcome } from './protocol.ts';
import { RedisLink, type LinkOptions } from './redis.ts';

export interface BlockWorkerOptions<Job> extends LinkOptions {
  readonly version: string;
  /** Blocks at a time; their jobs share the pool. */
  readonly blocksAtOnce: number;
  /** Ends when there was nothing to do for so long, milliseconds; undefined: never. */
  readonly idleMillis: number | undefined;
  /** Throws a UsageError if the job can't be performed here. */
  readonly check: (job: Job) => void;
  /** Asks the pool to come to an end of what it is at. */
  readonly stopPool: () => void;
}

/** What a worker did. */
export interface WorkDone {
  readonly blocks: number;
  readonly jobs: number;
}

interface Pending<Job, Result> {
  readonly job: Job;
  readonly resolve: (outcome: RemoteOutcome<Result> | undefined) => void;
}

const LOOK_EVERY_MILLIS = 200;

export class BlockWorker<Job extends object, Result> implements JobSource<Job, Result> {
  private readonly options: BlockWorkerOptions<Job>;
  private readonly pending: Pending<Job, Result>[] = [];
  private readonly performed = new Map<Job, Pending<Job, Result>>();
  /** Lanes of the pool that wait for a job. */
  private readonly lanes: ((job: Job | undefined) => void)[] = [];
  private blocks = 0;
  private jobs = 0;
  private atBlocks = 0;
  private idleSince = 0;
  private isEnded = false;
  private trouble: unknown = undefined;

  constructor(options: BlockWorkerOptions<Job>) {
    this.options = options;
  }

  /**
   * Works until it is ended, has been idle for too long, or meets trouble.
   *
   * @throws UsageError if there is no Redis, it stays away, or a block is of another version or can't be run here.
   */
  async run(pool: { work(jobs: JobSource<Job, Result>): Promise<void> }, begun: () => void): Promise<WorkDone> {
    const { time, idleMillis, blocksAtOnce } = this.options;
    const link = await RedisLink.open<Job, Result>(this.options);
    this.idleSince = time.now();
    const stopLooking = time.every(LOOK_EVERY_MILLIS, () => {
      const isIdle = this.atBlocks === 0 && idleMillis !== undefined && time.now() - this.idleSince > idleMillis;
      if (isIdle) this.end();
    });
    try {
      const claim = await Promise.race([link.claimed(), link.lost]);
      if (claim !== undefined) this.checkVersion(claim.version);
      begun();
      link.takeBlocks(blocksAtOnce, (block, giveBack) => this.perform(link, block, giveBack));
      await Promise.race([pool.work(this), link.lost]);
      if (this.trouble !== undefined) throw this.trouble as Error;
    } finally {
      stopLooking();
      this.end();
      await link.close();
    }
    return { blocks: this.blocks, jobs: this.jobs };
  }

  /** Begins nothing more, and gives back what is not finished. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.options.stopPool();
    for (const { resolve } of this.pending.splice(0)) resolve(undefined);
    for (const give of this.lanes.splice(0)) give(undefined);
  }

  next(): Promise<Job | undefined> {
    if (this.isEnded) return Promise.resolve(undefined);
    const one = this.pending.shift();
    if (one !== undefined) return Promise.resolve(this.begin(one));
    return new Promise((resolve) => {
      this.lanes.push(resolve);
    });
  }

  done(job: Job, outcome: JobOutcome<Result>): void {
    const one = this.performed.get(job);
    this.performed.delete(job);
    if (outcome.kind === 'lost' && outcome.at === undefined) {
      this.give(outcome.error ?? new Error(`a worker ended before its first seed: ${outcome.reason}`));
    }
    one?.resolve(this.isEnded ? undefined : remoteOutcome(outcome));
  }

  private begin(one: Pending<Job, Result>): Job {
    this.performed.set(one.job, one);
    return one.job;
  }

  private hand(job: Job): Promise<RemoteOutcome<Result> | undefined> {
    return new Promise((resolve) => {
      const one = { job, resolve };
      const lane = this.lanes.shift();
      if (lane === undefined) this.pending.push(one);
      else lane(this.begin(one));
    });
  }

  private async perform(
    link: RedisLink<Job, Result>,
    block: Block<Job>,
    giveBack: () => Promise<never>,
  ): Promise<void> {
    if (this.isEnded) await giveBack();
    if (!(await this.isWanted(link, block))) return;
    this.atBlocks++;
    try {
      this.checkVersion(block.version);
      for (const job of block.jobs) this.options.check(job);
      const outcomes = await Promise.all(block.jobs.map((job) => this.hand(job)));
      const whole = outcomes.filter((outcome) => outcome !== undefined);
      if (whole.length < outcomes.length) return await giveBack();
      const { version, campaign, block: number } = block;
      if (!(await this.isWanted(link, block))) return;
      await link.sendResult({ version, campaign, block: number, outcomes: whole });
      this.blocks++;
      this.jobs += whole.length;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.give(error);
      await giveBack();
    } finally {
      this.atBlocks--;
      this.idleSince = this.options.time.now();
    }
  }

  /** A block whose dealer is gone is dropped: nobody waits for it. */
  private async isWanted(link: RedisLink<Job, Result>, { campaign }: Block<Job>): Promise<boolean> {
    return (await link.claimed())?.campaign === campaign;
  }

  /** Ends with trouble. */
  private give(trouble: unknown): void {
    this.trouble ??= trouble;
    this.end();
  }

  private checkVersion(version: string): void {
    if (version === this.options.version) return;
    const { address, version: own } = this.options;
    const found = `the campaign on ${address.text} is of raft-sim ${version}, this worker is ${own}`;
    throw new UsageError(`${found}: seeds mean other runs here`);
  }
}

const remoteOutcome = <Result>(outcome: JobOutcome<Result>): RemoteOutcome<Result> | undefined => {
  if (outcome.kind === 'done') return outcome;
  const { at, reason } = outcome;
  return at === undefined ? undefined : { kind: 'lost', at, reason };
};
