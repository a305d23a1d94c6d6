// Scenarios played side by side by worker threads, and handed on in the order of the files.
//
// Whatever the number of workers, what is handed on is the same. A worker that dies takes only the file with it that it
// was at.

import { WorkerPool, type Lost } from '../../pool/pool.ts';
import { defectOf, mistaken, notRun, type ScenarioResult } from '../../report/result.ts';
import { systemTrouble } from '../system-trouble.ts';
import { commandOf, type ScenarioJob } from './job.ts';
import type { StoryOutput } from './story.ts';

export interface ScenarioPoolListener {
  /** Pieces of a story, before its result. */
  printed(output: StoryOutput): void;
  /** In the order of the files; false: no more. */
  result(result: ScenarioResult): boolean;
}

/** How long a story may go on after a signal. */
const GRACE_MILLIS = 500;

export class ScenarioPool {
  private readonly jobs: readonly ScenarioJob[];
  private readonly listener: ScenarioPoolListener;
  private readonly pool: WorkerPool<ScenarioJob, ScenarioResult, StoryOutput>;
  private readonly results: (ScenarioResult | undefined)[] = [];
  private readonly waiting: (StoryOutput[] | undefined)[] = [];
  /** What is given out next, and what is handed on next. */
  private next = 0;
  private current = 0;
  private isOver = false;
  private isStopped = false;

  constructor(jobs: readonly ScenarioJob[], size: number, listener: ScenarioPoolListener) {
    this.jobs = jobs;
    this.listener = listener;
    this.pool = new WorkerPool({ worker: new URL('./worker.js', import.meta.url), size });
  }

  /** Plays all; returns a result for each file, also for those that were left out. */
  async play(): Promise<readonly ScenarioResult[]> {
    const numbers = new Map(this.jobs.map((job, number) => [job, number]));
    const numberOf = (job: ScenarioJob): number => numbers.get(job) ?? 0;
    await this.pool.work({
      next: () => (this.isStopped ? undefined : this.jobs[this.next++]),
      noted: (job, output) => this.takeOutput(numberOf(job), output),
      done: (job, outcome) => {
        const result = outcome.kind === 'done' ? outcome.result : lostResult(job, outcome);
        this.takeResult(numberOf(job), result);
      },
    });
    this.handOnTheRest();
    return this.jobs.map(({ file }, i) => (i < this.current ? this.results[i] : undefined) ?? notRun(file));
  }

  /** Begins no further file; a story that is played may come to its end, if that is near. */
  stop(): void {
    this.isStopped = true;
    setTimeout(() => this.pool.stop(), GRACE_MILLIS).unref();
  }

  private takeOutput(number: number, output: StoryOutput): void {
    if (number === this.current) this.listener.printed(output);
    else (this.waiting[number] ??= []).push(output);
  }

  private takeResult(number: number, result: ScenarioResult): void {
    this.results[number] = result;
    while (!this.isOver && this.results[this.current] !== undefined) this.handOn();
  }

  /** Hands on the result whose turn it is. */
  private handOn(): void {
    const goesOn = this.listener.result(this.results[this.current] as ScenarioResult);
    this.goOn();
    if (goesOn) return;
    this.isOver = true;
    void this.pool.end();
  }

  /** The next file has its turn: what it printed meanwhile is handed on. */
  private goOn(): void {
    this.current++;
    for (const output of this.waiting[this.current] ?? []) this.listener.printed(output);
    this.waiting[this.current] = undefined;
  }

  /** After an interruption some files in between were not played. */
  private handOnTheRest(): void {
    while (this.current < this.jobs.length && !this.isOver) {
      if (this.results[this.current] === undefined) this.goOn();
      else this.handOn();
    }
  }
}

function lostResult(job: ScenarioJob, { reason, error }: Lost): ScenarioResult {
  const trouble = systemTrouble(error);
  if (trouble !== undefined) return mistaken(job.file, { lines: [trouble], inFile: [] });
  const message = `the worker that played ${job.file} died: ${reason}`;
  return defectOf(job.file, { message, stack: '', command: commandOf(job, job.input.seed) });
}
