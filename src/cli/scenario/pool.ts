// Workers that play scenarios side by side: batches of files go out, results come back in the order of the files.
//
// Whatever their number, what is handed on is the same. A worker that dies takes the file with it that it was at; the
// rest of its batch goes to a new one.

import { Worker } from 'node:worker_threads';
import { defectOf, notRun, type ScenarioResult } from '../../report/result.ts';
import { commandOf, type ScenarioJob } from './job.ts';
import type { StoryOutput } from './story.ts';

export interface Numbered {
  readonly number: number;
  readonly job: ScenarioJob;
}

export interface ScenarioWorkerSettings {
  /** 1: begin nothing more. 2: end what is played, too. */
  readonly stop: Int32Array;
}

export type WorkerAnswer =
  | { readonly kind: 'told'; readonly number: number; readonly told: StoryOutput }
  | { readonly kind: 'result'; readonly number: number; readonly result: ScenarioResult }
  | { readonly kind: 'batch over' };

export interface PoolListener {
  /** Pieces of a story, before its result. */
  told(told: StoryOutput): void;
  /** In the order of the files; false: no more. */
  result(result: ScenarioResult): boolean;
}

/** How long a story may go on after a signal. */
const GRACE_MILLIS = 500;
const BATCH_MAX = 8;
/** Batches for each worker, so that none is left with all the long ones. */
const BATCHES = 4;

export class ScenarioPool {
  private readonly jobs: readonly ScenarioJob[];
  private readonly workers: number;
  private readonly listener: PoolListener;
  private readonly _stop = new Int32Array(new SharedArrayBuffer(4));
  private readonly running = new Set<Worker>();
  private readonly results: (ScenarioResult | undefined)[] = [];
  private readonly told: (StoryOutput[] | undefined)[] = [];
  /** What is given out next, and what is handed on next. */
  private next = 0;
  private current = 0;
  private isOver = false;

  constructor(jobs: readonly ScenarioJob[], workers: number, listener: PoolListener) {
    this.jobs = jobs;
    this.workers = Math.min(workers, jobs.length);
    this.listener = listener;
  }

  /** Plays all; returns a result for each file, also for those that were left out. */
  async play(): Promise<readonly ScenarioResult[]> {
    await Promise.all(Array.from({ length: this.workers }, () => this.lane()));
    this.handOnTheRest();
    return this.jobs.map(({ file }, i) => (i < this.current ? this.results[i] : undefined) ?? notRun(file));
  }

  /** Begins no further file; a story that is played may come to its end, if that is near. */
  stop(): void {
    Atomics.store(this._stop, 0, 1);
    setTimeout(() => Atomics.store(this._stop, 0, 2), GRACE_MILLIS).unref();
  }

  private async lane(): Promise<void> {
    let worker: Worker | undefined;
    for (let batch = this.takeBatch(); batch.length > 0; batch = this.takeBatch()) {
      let left: readonly Numbered[] = batch;
      while (left.length > 0 && !this.isStopped) {
        worker ??= this.begin();
        const reason = await this.work(worker, left);
        if (reason === undefined) break;
        worker = undefined;
        const dead = left.findIndex(({ number }) => this.results[number] === undefined);
        if (this.isOver || dead < 0) break;
        this.buried(left[dead] as Numbered, reason);
        left = left.slice(dead + 1);
      }
    }
    if (worker !== undefined) await this.end(worker);
  }

  private get isStopped(): boolean {
    return Atomics.load(this._stop, 0) !== 0;
  }

  private takeBatch(): Numbered[] {
    if (this.isStopped) return [];
    const size = Math.floor(this.jobs.length / (this.workers * BATCHES));
    const from = this.next;
    this.next += Math.max(1, Math.min(BATCH_MAX, size));
    return this.jobs.slice(from, this.next).map((job, i) => ({ number: from + i, job }));
  }

  private begin(): Worker {
    const workerData: ScenarioWorkerSettings = { stop: this._stop };
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
    worker.on('error', () => undefined); // whoever waits for the worker hears of it
    this.running.add(worker);
    return worker;
  }

  private async end(worker: Worker): Promise<void> {
    this.running.delete(worker);
    await worker.terminate();
  }

  /** Has a batch played; returns why the worker died, or undefined if it lives. */
  private work(worker: Worker, batch: readonly Numbered[]): Promise<string | undefined> {
    return new Promise((resolve) => {
      let reason: string | undefined;
      const done = (told: string | undefined): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(told);
      };
      const onMessage = (answer: WorkerAnswer): void => {
        if (answer.kind === 'batch over') done(undefined);
        else if (answer.kind === 'told') this.takeTold(answer.number, answer.told);
        else this.takeResult(answer.number, answer.result);
      };
      const onError = (error: unknown): void => {
        reason = error instanceof Error ? error.message : String(error);
      };
      const onExit = (code: number): void => {
        this.running.delete(worker);
        done(reason ?? `it ended with exit code ${code}`);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(batch, []);
    });
  }

  private buried({ number, job }: Numbered, reason: string): void {
    const message = `the worker that played ${job.file} died: ${reason}`;
    this.takeResult(number, defectOf(job.file, { message, stack: '', command: commandOf(job, job.wishes.seed) }));
  }

  private takeTold(number: number, told: StoryOutput): void {
    if (this.isOver) return;
    if (number === this.current) this.listener.told(told);
    else (this.told[number] ??= []).push(told);
  }

  private takeResult(number: number, result: ScenarioResult): void {
    if (this.isOver) return;
    this.results[number] = result;
    while (!this.isOver && this.results[this.current] !== undefined) this.handOn();
  }

  /** Hands on the result whose turn it is. */
  private handOn(): void {
    const goesOn = this.listener.result(this.results[this.current] as ScenarioResult);
    this.goOn();
    if (goesOn) return;
    this.isOver = true;
    this.stop();
    for (const worker of this.running) void worker.terminate();
  }

  /** The next file has its turn: what was told of it meanwhile is handed on. */
  private goOn(): void {
    this.current++;
    for (const told of this.told[this.current] ?? []) this.listener.told(told);
    this.told[this.current] = undefined;
  }

  /** After an interruption some files in between were not played. */
  private handOnTheRest(): void {
    while (this.current < this.jobs.length && !this.isOver) {
      if (this.results[this.current] === undefined) this.goOn();
      else this.handOn();
    }
  }
}
