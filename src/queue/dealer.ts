// The dealer: a pool whose workers are on other machines, and come and go.
//
// It takes jobs as a pool of threads does, from the same source, and gives back the same outcomes, so that whoever adds
// them up need not know where they were performed. What it dealt it remembers until the result is there: a block that
// Redis or a worker lost is dealt again, and a result that comes again is held against the first.

import { createHash, randomUUID } from 'node:crypto';
import { UsageError } from '../base/errors.ts';
import type { JobOutcome, JobQueue } from '../pool/pool.ts';
import { RedisLink, type LinkOptions } from './redis.ts';
import type { Block, BlockResult, RemoteOutcome } from './protocol.ts';

export interface DealerOptions<Job> extends LinkOptions {
  readonly version: string;
  /** How many jobs like this one make a block. */
  readonly jobsOfBlock: (job: Job) => number;
  /** Whether each performance of the job must come to the same. */
  readonly isRepeatable: (job: Job) => boolean;
}

interface Dealt<Job, Result> {
  readonly block: Block<Job>;
  readonly source: JobQueue<Job, Result>;
  dealtAt: number;
}

/** What was once told of a block: its jobs, and a digest of what came of each; undefined if that may differ. */
interface Told<Job, Result> {
  readonly source: JobQueue<Job, Result>;
  readonly jobs: readonly Job[];
  readonly digests: readonly (string | undefined)[];
}

const LOOK_EVERY_MILLIS = 200;
/** Blocks that wait for each one that a worker has, and some more: no worker shall find nothing. */
const WAITING_FOR_EACH = 2;
const SPARE = 8;
/** No block is dealt so far ahead of the oldest that is missing: what comes early waits in memory. */
const AHEAD_MAX = 65_536;
/** So many blocks are remembered, to be held against a second result. */
const TOLD_MAX = 65_536;
/** What workers are at when the campaign is stopped is waited for, so many milliseconds. */
const STOP_MILLIS = 5_000;
const LONELY_MILLIS = 10_000;

export class Dealer<Job, Result> {
  private readonly options: DealerOptions<Job>;
  private readonly campaign = randomUUID();
  private link: RedisLink<Job, Result> | undefined;
  private readonly dealt = new Map<number, Dealt<Job, Result>>();
  private readonly told = new Map<number, Told<Job, Result>>();
  private blocksDealt = 0;
  private active = 0;
  /** Blocks that wait beside those; grows when workers found nothing. */
  private spare = SPARE;
  private stoppedAt: number | undefined = undefined;
  /** What went wrong where nobody waited for it. */
  private trouble: unknown = undefined;
  private isHeard = false;
  private isLonelyTold = false;
  private stopRenewing: () => void = () => undefined;
  private wake: () => void = () => undefined;

  constructor(options: DealerOptions<Job>) {
    this.options = options;
  }

  /** Begins; throws a UsageError if there is no Redis, or if another campaign is dealt on the queue. */
  async open(): Promise<void> {
    const link = await RedisLink.open<Job, Result>(this.options);
    this.link = link;
    try {
      await this.waitForClaim(link);
      await link.clear();
      link.takeResults((result) => this.take(result));
      this.stopRenewing = this.options.time.every(this.options.leaseMillis / 3, () => {
        this.renew(link).catch((error: unknown) => {
          this.trouble ??= error;
        });
      });
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  /** Deals jobs until there are none and all are back; throws a UsageError if Redis is away for too long. */
  async work(source: JobQueue<Job, Result>): Promise<void> {
    const link = this.link;
    if (link === undefined) throw new Error('the dealer was not opened');
    this.stoppedAt = undefined;
    for (;;) {
      if (this.trouble !== undefined) throw this.trouble as Error;
      await Promise.race([this.deal(link, source), link.lost]);
      if (this.dealt.size === 0 || (await this.isStopOver(link))) break;
      await Promise.race([this.somethingNew(), link.lost]);
    }
    this.dealt.clear();
  }

  /** Takes back what no worker has begun, and waits for the rest only a little. */
  stop(): void {
    this.stoppedAt ??= this.options.time.now();
    this.wake();
  }

  /** Leaves the queue as it was found. */
  async close(): Promise<void> {
    const { link } = this;
    this.link = undefined;
    this.stopRenewing();
    if (link === undefined) return;
    await Promise.race([link.clear().then(() => link.unclaim()), link.lost]).catch(() => undefined);
    await link.close();
  }

  private async waitForClaim(link: RedisLink<Job, Result>): Promise<void> {
    const { time, leaseMillis, address } = this.options;
    const begun = time.now();
    for (;;) {
      const standing = await Promise.race([link.claim(this.mine), link.lost]);
      if (standing.campaign === this.campaign) return;
      // A dealer that was killed leaves its claim for as long as its lease.
      if (time.now() - begun > 2 * leaseMillis) {
        const other = `a campaign of raft-sim ${standing.version} is dealt on ${address.text}`;
        throw new UsageError(`${other}, expected its end, or another queue: a name behind #`);
      }
      await this.pause(leaseMillis / 4);
    }
  }

  private get mine(): { readonly version: string; readonly campaign: string } {
    return { version: this.options.version, campaign: this.campaign };
  }

  /** Keeps the claim, and deals again what is missing for long; what is in the queue already stays as it is. */
  private async renew(link: RedisLink<Job, Result>): Promise<void> {
    const { leaseMillis, address, time, tell } = this.options;
    const standing = await link.claim(this.mine);
    if (standing.campaign !== this.campaign) {
      throw new UsageError(`another campaign has taken over ${address.text}, while this one was silent`);
    }
    const now = time.now();
    const late = Array.from(this.dealt.values()).filter(({ dealtAt }) => now - dealtAt > 2 * leaseMillis);
    for (const one of late) one.dealtAt = now;
    if (late.length > 0 && this.stoppedAt === undefined) await link.deal(late.map(({ block }) => block));
    if (this.isHeard || this.isLonelyTold || this.dealt.size === 0 || this.active > 0) return;
    if (now - Math.min(...Array.from(this.dealt.values(), ({ dealtAt }) => dealtAt)) < LONELY_MILLIS) return;
    this.isLonelyTold = true;
    tell(`nobody takes blocks yet: raft-sim worker --queue ${address.text}`);
  }

  private async deal(link: RedisLink<Job, Result>, source: JobQueue<Job, Result>): Promise<void> {
    if (this.stoppedAt !== undefined) return;
    const { waiting, active } = await link.counts();
    this.active = active;
    if (waiting === 0 && this.dealt.size > 0) this.spare = Math.min(2 * this.spare, AHEAD_MAX);
    const most = active * (1 + WAITING_FOR_EACH) + this.spare;
    const dealtAt = this.options.time.now();
    const blocks: Block<Job>[] = [];
    while (this.dealt.size < most && this.aheadOfOldest < AHEAD_MAX) {
      const jobs = this.jobsOfBlock(source);
      if (jobs.length === 0) break;
      const block = { ...this.mine, block: this.blocksDealt++, jobs };
      this.dealt.set(block.block, { block, source, dealtAt });
      blocks.push(block);
    }
    if (blocks.length > 0) await link.deal(blocks);
  }

  private jobsOfBlock(source: JobQueue<Job, Result>): Job[] {
    const jobs: Job[] = [];
    for (let most = 1; jobs.length < most;) {
      const job = source.next();
      if (job === undefined) break;
      jobs.push(job);
      most = this.options.jobsOfBlock(job);
    }
    return jobs;
  }

  private get aheadOfOldest(): number {
    const [oldest = this.blocksDealt] = this.dealt.keys();
    return this.blocksDealt - oldest;
  }

  private take({ version, campaign, block, outcomes }: BlockResult<Result>): void {
    if (campaign !== this.campaign || version !== this.options.version) return;
    const digests = outcomes.map((outcome) => digestOf(outcome));
    const dealt = this.dealt.get(block);
    if (dealt === undefined) {
      this.compare(this.told.get(block), digests);
      return;
    }
    const { source } = dealt;
    const { jobs } = dealt.block;
    if (outcomes.length !== jobs.length) return;
    this.dealt.delete(block);
    this.isHeard = true;
    this.told.set(block, { source, jobs, digests });
    this.told.delete(block - TOLD_MAX);
    try {
      for (const [i, job] of jobs.entries()) source.done(job, localOutcome(outcomes[i] as RemoteOutcome<Result>));
    } catch (error) {
      this.trouble = error;
    }
    this.wake();
  }

  private compare(told: Told<Job, Result> | undefined, digests: readonly (string | undefined)[]): void {
    if (told === undefined) return;
    const { source, jobs, digests: before } = told;
    for (const [i, job] of jobs.entries()) {
      const [first, second] = [before[i], digests[i]];
      if (first === undefined || second === undefined || first === second || !this.options.isRepeatable(job)) continue;
      source.differed?.(job, [first, second]);
    }
  }

  /** Whether a campaign that was stopped has waited long enough for what workers are at. */
  private async isStopOver(link: RedisLink<Job, Result>): Promise<boolean> {
    if (this.stoppedAt === undefined) return false;
    if (this.options.time.now() - this.stoppedAt > STOP_MILLIS) return true;
    await Promise.race([link.takeBack(), link.lost]);
    const { waiting, active } = await Promise.race([link.counts(), link.lost]);
    if (waiting + active > 0) return false;
    await this.pause(LOOK_EVERY_MILLIS); // results that are on their way
    return true;
  }

  /** A result, a wish to stop, or some time. */
  private async somethingNew(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await Promise.race([woken, this.pause(LOOK_EVERY_MILLIS)]);
  }

  private pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.options.time.every(millis, () => {
        stop();
        resolve();
      });
    });
  }
}

const localOutcome = <Result>(outcome: RemoteOutcome<Result>): JobOutcome<Result> =>
  outcome.kind === 'done' ? outcome : { ...outcome, error: undefined };

/** Undefined for what is no result: that a thread died somewhere need not happen again. */
const digestOf = <Result>(outcome: RemoteOutcome<Result>): string | undefined =>
  outcome.kind === 'done'
    ? createHash('sha256').update(JSON.stringify(outcome.result)).digest('hex').slice(0, 16)
    : undefined;
