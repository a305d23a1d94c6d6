// A pool of worker threads, each given one job after the other; what a job is, its users decide.
//
// A worker that dies, or stands still for too long, is replaced; the job that it was at comes back as lost, with the
// place. The module of the workers is named by its URL and speaks through `serve.ts`. Real time comes from outside:
// this room has no clock.

import { Worker } from 'node:worker_threads';
import type { WorkerMessage, WorkerSettings } from './protocol.ts';

/** Real time, from a room that has a clock. */
export interface RealTime {
  /** Milliseconds. */
  now(): number;
  /** Calls again and again until the returned function is called. */
  every(millis: number, call: () => void): () => void;
}

/** How long a worker may stand still. */
export interface Patience<Job> {
  readonly time: RealTime;
  /** A worker that begins nothing further for so long hangs. */
  millisFor(job: Job): number;
  /** What is said of a worker that hangs, before `for 120 s`. */
  readonly complaint: string;
}

/** What came of a job: its result, or the reason why there is none. */
export type JobOutcome<Result> = { readonly kind: 'done'; readonly result: Result } | Lost;

export interface Lost {
  readonly kind: 'lost';
  /** What the worker was at; undefined if it had not begun. */
  readonly at: number | undefined;
  readonly reason: string;
  /** What ended the worker, if it was an error. */
  readonly error: unknown;
}

/** Where jobs come from, and where their outcomes go. */
export interface JobSource<Job, Result, Note = never> {
  /** The next job, which may be waited for; undefined: nothing more for now. */
  next(): Job | undefined | Promise<Job | undefined>;
  done(job: Job, outcome: JobOutcome<Result>): void;
  /** Two performances of one job came to different results, of which these are digests. */
  differed?(job: Job, digests: readonly [first: string, second: string]): void;
  /** Something that a worker says of a job before its result. */
  noted?(job: Job, note: Note): void;
}

/** A source whose next job is known at once. */
export interface JobQueue<Job, Result, Note = never> extends JobSource<Job, Result, Note> {
  next(): Job | undefined;
}

export interface PoolOptions<Job> {
  /** The module of the workers. */
  readonly worker: URL;
  readonly size: number;
  /** Without it a worker may take as long as it likes. */
  readonly patience?: Patience<Job>;
}

const LOOK_EVERY_MILLIS = 500;

export class WorkerPool<Job, Result, Note = never> {
  private readonly options: PoolOptions<Job>;
  private readonly stopFlag = new Int32Array(new SharedArrayBuffer(4));
  private readonly workers = new Set<PoolWorker<Job, Result, Note>>();
  private isOver = false;

  constructor(options: PoolOptions<Job>) {
    this.options = options;
  }

  /** Performs jobs until there are none; every job is done or lost when this returns, unless the pool was ended. */
  async work(queue: JobSource<Job, Result, Note>): Promise<void> {
    Atomics.store(this.stopFlag, 0, 0);
    try {
      await Promise.all(Array.from({ length: this.options.size }, () => this.lane(queue)));
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** Asks every worker, as `isStopped`, to come to an end of the present work. */
  stop(): void {
    Atomics.store(this.stopFlag, 0, 1);
  }

  /** Ends every worker at once; nothing is heard of the jobs that they were at. */
  async end(): Promise<void> {
    this.isOver = true;
    this.stop();
    await Promise.all(Array.from(this.workers, (worker) => worker.end()));
  }

  private async lane(queue: JobSource<Job, Result, Note>): Promise<void> {
    let worker: PoolWorker<Job, Result, Note> | undefined;
    while (!this.isOver) {
      const job = await queue.next();
      if (job === undefined) break;
      worker ??= this.begin();
      const outcome = await worker.perform(job, this.options.patience, (note) => {
        if (!this.isOver) queue.noted?.(job, note);
      });
      if (this.isOver) return;
      if (outcome.kind === 'lost') {
        this.workers.delete(worker);
        worker = undefined;
      }
      queue.done(job, outcome);
    }
    if (worker === undefined) return;
    this.workers.delete(worker);
    await worker.end();
  }

  private begin(): PoolWorker<Job, Result, Note> {
    const worker = new PoolWorker<Job, Result, Note>(this.options.worker, this.stopFlag);
    this.workers.add(worker);
    return worker;
  }
}

/** One worker thread. */
class PoolWorker<Job, Result, Note> {
  private readonly at = new Float64Array(new SharedArrayBuffer(16));
  private readonly thread: Worker;

  constructor(module: URL, stop: Int32Array) {
    const workerData: WorkerSettings = { at: this.at, stop };
    this.thread = new Worker(module, { workerData });
    this.thread.on('error', () => undefined); // the job that waits for a result hears of it
  }

  async end(): Promise<void> {
    await this.thread.terminate();
  }

  perform(job: Job, patience: Patience<Job> | undefined, noted: (note: Note) => void): Promise<JobOutcome<Result>> {
    return new Promise((resolve) => {
      let reason: string | undefined;
      let thrown: unknown;
      const before = this.begun;
      const stopLooking = this.lookAfter(job, patience, (why) => {
        reason = why;
        void this.thread.terminate();
      });
      const finish = (outcome: JobOutcome<Result>): void => {
        stopLooking();
        this.thread.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(outcome);
      };
      const onMessage = (message: WorkerMessage<Result, Note>): void => {
        if (message.kind === 'note') noted(message.note);
        else finish({ kind: 'done', result: message.result });
      };
      const onError = (error: unknown): void => {
        thrown = error;
        reason = error instanceof Error ? error.message : String(error);
      };
      const onExit = (code: number): void => {
        const at = this.begun === before ? undefined : this.at[0];
        finish({ kind: 'lost', at, reason: reason ?? `it ended with exit code ${code}`, error: thrown });
      };
      this.thread.on('message', onMessage).on('error', onError).on('exit', onExit);
      this.thread.postMessage(job, []);
    });
  }

  /** Calls once the worker has begun nothing further for too long; the returned function ends the look-out. */
  private lookAfter(job: Job, patience: Patience<Job> | undefined, hangs: (why: string) => void): () => void {
    if (patience === undefined) return () => undefined;
    const { time } = patience;
    const millis = patience.millisFor(job);
    let begun = this.begun;
    let since = time.now();
    return time.every(LOOK_EVERY_MILLIS, () => {
      if (this.begun !== begun) {
        begun = this.begun;
        since = time.now();
      } else if (time.now() - since > millis) hangs(`${patience.complaint} for ${Math.round(millis / 1000)} s`);
    });
  }

  private get begun(): number {
    return this.at[1] ?? 0;
  }
}
