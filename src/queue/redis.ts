// Blocks and results in Redis, by BullMQ, which is loaded when a queue is asked for.
//
// Trouble with Redis is told in one sentence when it begins, and is an error once it has lasted for too long: nothing
// waits for ever. What lies in the queue is never the only copy of anything that a campaign needs.

import { UsageError } from '../base/errors.ts';
import type { RealTime } from '../pool/pool.ts';
import type { QueueAddress } from './address.ts';
import { loadBullMQ, type BullMQ, type Client, type QueueEntry, type Queue, type QueueOptions } from './bullmq.ts';
import type { QueueWorker } from './bullmq.ts';
import type { Block, BlockCounts, BlockResult, Claim } from './protocol.ts';

/** How the connection is, and who wants to know. */
export interface LinkOptions {
  readonly address: QueueAddress;
  /** Whoever is silent for so long is taken for dead, milliseconds. */
  readonly leaseMillis: number;
  readonly time: RealTime;
  /** Told when Redis goes away, and when it is back, in one sentence. */
  readonly tell: (sentence: string) => void;
}

/** Redis may be away for so many leases. */
const LEASES_AWAY = 4;
const FIRST_CONTACT_MILLIS = 5_000;
const RESULTS_AT_ONCE = 16;

/** Sets a claim unless another one stands, and returns the one that stands. */
const CLAIM_SCRIPT = `
local there = redis.call('GET', KEYS[1])
if there and there ~= ARGV[1] then return there end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

export class RedisLink<Job, Result> {
  private readonly bull: BullMQ;
  private readonly options: LinkOptions;
  private readonly blocks: Queue<Block<Job>>;
  private readonly results: Queue<BlockResult<Result>>;
  private readonly workers: QueueWorker[] = [];
  private readonly client: Client;
  /** Set while it is away: ends the wait for it. */
  private stopWaiting: (() => void) | undefined = undefined;
  private isClosed = false;
  private lose: (error: UsageError) => void = () => undefined;
  /** Rejects once Redis has been away for too long. */
  readonly lost: Promise<never>;

  private constructor(bull: BullMQ, options: LinkOptions, blocks: Queue<Block<Job>>, client: Client) {
    this.bull = bull;
    this.options = options;
    this.blocks = blocks;
    this.client = client;
    this.results = new bull.Queue<BlockResult<Result>>('results', queueOptions(options));
    this.lost = new Promise((_, reject) => {
      this.lose = reject;
    });
    this.lost.catch(() => undefined);
    this.blocks.on('error', this.onError);
    this.results.on('error', this.onError);
    client.on('ready', () => this.back());
    client.defineCommand('raftSimClaim', { numberOfKeys: 1, lua: CLAIM_SCRIPT });
  }

  /** Throws a UsageError if there is no Redis at the address. */
  static async open<Job, Result>(options: LinkOptions): Promise<RedisLink<Job, Result>> {
    const bull = await loadBullMQ();
    const blocks = new bull.Queue<Block<Job>>('blocks', queueOptions(options));
    let stopWaiting = (): void => undefined;
    const refused = new Promise<never>((_, reject) => {
      const cannot = (why: string): void =>
        reject(new UsageError(`cannot reach ${options.address.text}: ${why}, expected a Redis there`));
      blocks.on('error', (error) => cannot(error.message || 'no connection'));
      stopWaiting = options.time.every(FIRST_CONTACT_MILLIS, () =>
        cannot(`no answer for ${FIRST_CONTACT_MILLIS / 1000} s`),
      );
    });
    try {
      const client = await Promise.race([blocks.backend.client, refused]);
      blocks.removeAllListeners('error');
      return new RedisLink(bull, options, blocks, client);
    } catch (error) {
      blocks.on('error', () => undefined);
      await blocks.backend.close(true);
      throw error;
    } finally {
      stopWaiting();
    }
  }

  /** The claim that stands after this one was tried. */
  async claim(mine: Claim): Promise<Claim> {
    const lease = String(this.options.leaseMillis);
    return JSON.parse(
      String(await this.client.runCommand('raftSimClaim', [this.claimKey, JSON.stringify(mine), lease])),
    ) as Claim;
  }

  /** Who deals now; undefined: nobody. */
  async claimed(): Promise<Claim | undefined> {
    const text = await this.client.get(this.claimKey);
    return text === null ? undefined : (JSON.parse(text) as Claim);
  }

  /** Takes away all that an earlier campaign left. */
  async clear(): Promise<void> {
    await this.blocks.obliterate({ force: true });
    await this.results.obliterate({ force: true });
  }

  async unclaim(): Promise<void> {
    await this.client.del(this.claimKey);
  }

  /** Gives out blocks; one that is in the queue already stays as it is. */
  async deal(blocks: readonly Block<Job>[]): Promise<void> {
    const kept = { removeOnComplete: true, removeOnFail: true };
    await this.blocks.addBulk(
      blocks.map((data) => ({ name: 'block', data, opts: { ...kept, jobId: `${data.campaign}-${data.block}` } })),
    );
  }

  /** Takes back what no worker has begun. */
  async takeBack(): Promise<void> {
    await this.blocks.drain();
  }

  async counts(): Promise<BlockCounts> {
    const { wait = 0, active = 0 } = await this.blocks.getJobCounts('wait', 'active');
    return { waiting: wait, active };
  }

  async sendResult(data: BlockResult<Result>): Promise<void> {
    await this.results.add('result', data, { removeOnComplete: true, removeOnFail: true });
  }

  /** Calls for each result that comes in, one after the other. */
  takeResults(take: (result: BlockResult<Result>) => void): void {
    const process = async ({ data }: QueueEntry<BlockResult<Result>>): Promise<void> => {
      take(data);
      return Promise.resolve();
    };
    this.work('results', process, RESULTS_AT_ONCE);
  }

  /** Performs blocks, so many at a time; `giveBack` puts one back into the queue, at its front. */
  takeBlocks(atOnce: number, perform: (block: Block<Job>, giveBack: () => Promise<never>) => Promise<void>): void {
    const process = (entry: QueueEntry<Block<Job>>, token?: string): Promise<void> =>
      perform(entry.data, async () => {
        await entry.moveToWait(token);
        throw new this.bull.WaitingError();
      });
    this.work('blocks', process, atOnce);
  }

  /** Ends; what workers are at is waited for, unless Redis is away. */
  async close(): Promise<void> {
    const isAway = this.stopWaiting !== undefined;
    this.isClosed = true;
    this.stopWaiting?.();
    await Promise.all(this.workers.map((worker) => worker.close(isAway)));
    for (const queue of [this.blocks, this.results]) await queue.backend.close(isAway);
  }

  private get claimKey(): string {
    return `${this.options.address.name}:campaign`;
  }

  private work<Data>(
    name: string,
    process: (entry: QueueEntry<Data>, token?: string) => Promise<void>,
    concurrency: number,
  ): void {
    const { leaseMillis } = this.options;
    const worker = new this.bull.Worker(name, process, {
      ...queueOptions(this.options),
      concurrency,
      lockDuration: leaseMillis,
      stalledInterval: leaseMillis,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 500,
    });
    worker.on('error', this.onError);
    this.workers.push(worker);
  }

  private readonly onError = (error: Error): void => {
    if (isAway(error)) this.away(error);
  };

  private away(error: Error): void {
    if (this.stopWaiting !== undefined || this.isClosed) return;
    const { address, leaseMillis, tell, time } = this.options;
    const seconds = (leaseMillis * LEASES_AWAY) / 1000;
    const why = error.message || 'no connection';
    tell(`${address.text} went away (${why}): it is waited for, ${seconds} s at most`);
    this.stopWaiting = time.every(leaseMillis * LEASES_AWAY, () =>
      this.lose(new UsageError(`${address.text} has been away for ${seconds} s (${why})`)),
    );
  }

  private back(): void {
    if (this.stopWaiting === undefined) return;
    this.stopWaiting();
    this.stopWaiting = undefined;
    this.options.tell(`${this.options.address.text} is back`);
  }
}

/** Locks that are lost and jobs that are gone are no trouble with Redis: such a block is dealt again. */
const isAway = (error: Error): boolean =>
  /ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|Connection is closed|LOADING/.test(
    `${'code' in error ? String(error.code) : ''} ${error.message}`,
  );

function queueOptions({ address }: LinkOptions): QueueOptions {
  return {
    prefix: address.name,
    connection: {
      url: address.url,
      maxRetriesPerRequest: null,
      retryStrategy: (times: number) => Math.min(50 * times, 1_000),
    },
  };
}
