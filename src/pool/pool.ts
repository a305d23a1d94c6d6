// The crew of a campaign: worker threads that are given one order after the other.
//
// A worker that dies, or takes no next seed for too long, is replaced; the order that it was at comes back as lost,
// with the seed. Real time comes from outside: this room has no clock.

import { Worker } from 'node:worker_threads';
import type { JobResult, Job } from '../campaign/job.ts';
import type { CampaignWorkerSettings } from '../campaign/worker.ts';

/** Real time, from whoever has a clock. */
export interface RealTime {
  /** Milliseconds. */
  now(): number;
  /** Calls again and again until the returned function is called. */
  every(millis: number, call: () => void): () => void;
}

/** An order that no answer came to. */
export interface Lost {
  readonly kind: 'lost';
  /** Where the worker was; undefined if it had not begun. */
  readonly seed: number | undefined;
  readonly reason: string;
}

export interface PoolWork {
  /** The next order; undefined: nothing more for now. */
  next(): Job | undefined;
  done(order: Job, answer: JobResult | Lost): void;
}

export interface PoolOptions {
  readonly size: number;
  readonly time: RealTime;
  /** A worker that takes no next seed for so long hangs. */
  readonly patienceMillis?: number;
  /** The module of a worker. */
  readonly worker?: URL;
}

const LOOK_EVERY = 500;
const PATIENCE = 120_000;

export class WorkerPool {
  private readonly size: number;
  private readonly time: RealTime;
  private readonly patienceMillis: number;
  private readonly worker: URL;
  private readonly _hurry = new Int32Array(new SharedArrayBuffer(4));
  private readonly hands = new Set<Hand>();
  private isOver = false;

  constructor({ size, time, patienceMillis = PATIENCE, worker }: PoolOptions) {
    this.size = size;
    this.time = time;
    this.patienceMillis = patienceMillis;
    this.worker = worker ?? new URL('../campaign/worker.js', import.meta.url);
  }

  /** Does orders until there are none; every order is done or lost when this returns. */
  async work(work: PoolWork): Promise<void> {
    try {
      await Promise.all(Array.from({ length: this.size }, () => this.lane(work)));
    } catch (error) {
      this.isOver = true;
      await Promise.all(Array.from(this.hands, (hand) => hand.end()));
      throw error;
    }
  }

  /** Who shrinks gives up at once. */
  hurry(): void {
    Atomics.store(this._hurry, 0, 1);
  }

  private async lane(work: PoolWork): Promise<void> {
    let hand: Hand | undefined;
    for (let order = work.next(); order !== undefined; order = work.next()) {
      hand ??= this.begin();
      const more = order.kind === 'shrink' ? order.shrinkMillis : 0;
      const answer = await hand.perform(order, this.time, this.patienceMillis + more);
      if (this.isOver) return;
      if (answer.kind === 'lost') {
        this.hands.delete(hand);
        hand = undefined;
      }
      work.done(order, answer);
    }
    if (hand === undefined) return;
    this.hands.delete(hand);
    await hand.end();
  }

  private begin(): Hand {
    const hand = new Hand(this.worker, this._hurry);
    this.hands.add(hand);
    return hand;
  }
}

/** One worker thread. */
class Hand {
  private readonly standing = new Float64Array(new SharedArrayBuffer(16));
  private readonly worker: Worker;

  constructor(module: URL, hurry: Int32Array) {
    const workerData: CampaignWorkerSettings = { standing: this.standing, hurry };
    this.worker = new Worker(module, { workerData });
    this.worker.on('error', () => undefined); // whoever waits for an answer hears of it
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  perform(order: Job, time: RealTime, patienceMillis: number): Promise<JobResult | Lost> {
    return new Promise((resolve) => {
      let reason: string | undefined;
      const before = this.begun;
      let seen = before;
      let since = time.now();
      const stopLooking = time.every(LOOK_EVERY, () => {
        if (this.begun !== seen) {
          seen = this.begun;
          since = time.now();
        } else if (time.now() - since > patienceMillis) {
          reason = `it took no next seed for ${Math.round(patienceMillis / 1000)} s`;
          void this.worker.terminate();
        }
      });
      const finish = (answer: JobResult | Lost): void => {
        stopLooking();
        this.worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(answer);
      };
      const onMessage = (answer: JobResult): void => finish(answer);
      const onError = (error: unknown): void => {
        reason = error instanceof Error ? error.message : String(error);
      };
      const onExit = (code: number): void => {
        const seed = this.begun === before ? undefined : this.standing[0];
        finish({ kind: 'lost', seed, reason: reason ?? `it ended with exit code ${code}` });
      };
      this.worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      this.worker.postMessage(order, []);
    });
  }

  private get begun(): number {
    return this.standing[1] ?? 0;
  }
}
