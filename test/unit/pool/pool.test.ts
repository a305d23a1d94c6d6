// The pool alone, with jobs that mean nothing: results, notes, a stop, an end, workers that die, throw or hang.
//
// The workers are real threads with a few lines of their own, on the worker's side of the pool as it is built.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WorkerPool, type JobOutcome, type JobQueue, type Patience, type RealTime } from '../../../src/pool/pool.ts';

const SERVE = new URL('../../../dist/pool/serve.js', import.meta.url).href;

/** A worker that performs a job, a number, as this code says. */
const workerThat = (code: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { serve } from '${SERVE}';
      serve((job, { begin, note, isStopped }) => { ${code} });
    `)}`,
  );

type Heard = { readonly job: number } & ({ readonly note: string } | JobOutcome<number>);

/** The numbers from 1 on as jobs, and what is heard of them. */
class Numbers implements JobQueue<number, number, string> {
  readonly heard: Heard[] = [];
  private given = 0;
  private readonly count: number;
  private readonly onDone: () => void;

  constructor(count: number, onDone: () => void = () => undefined) {
    this.count = count;
    this.onDone = onDone;
  }

  next(): number | undefined {
    return this.given < this.count ? ++this.given : undefined;
  }

  noted(job: number, note: string): void {
    this.heard.push({ job, note });
  }

  done(job: number, outcome: JobOutcome<number>): void {
    this.heard.push({ job, ...outcome });
    this.onDone();
  }

  of(job: number): Heard[] {
    return this.heard.filter((one) => one.job === job);
  }
}

const poolOf = (size: number, code: string, patience?: Patience<number>): WorkerPool<number, number, string> =>
  new WorkerPool({ size, worker: workerThat(code), ...(patience !== undefined && { patience }) });

describe('a pool', () => {
  it.each([1, 3, 20])('of %i performs every job once, with its notes before its result', async (size) => {
    const numbers = new Numbers(9);
    await poolOf(size, 'note(`at ${job}`); return job * job;').work(numbers);
    for (let job = 1; job <= 9; job++) {
      expect(numbers.of(job)).toEqual([
        { job, note: `at ${job}` },
        { job, kind: 'done', result: job * job },
      ]);
    }
    expect(numbers.heard).toHaveLength(18);
  });

  it.each([1, 2])('of %i replaces a worker that dies or throws, and says where it was', async (size) => {
    const numbers = new Numbers(5);
    await poolOf(
      size,
      `if (job === 1) process.exit(7);
      begin(40 + job);
      if (job === 2) process.exit(8);
      if (job === 4) throw new Error('planted');
      return job;`,
    ).work(numbers);
    expect(numbers.heard.toSorted((a, b) => a.job - b.job)).toEqual([
      { job: 1, kind: 'lost', at: undefined, reason: 'it ended with exit code 7' },
      { job: 2, kind: 'lost', at: 42, reason: 'it ended with exit code 8' },
      { job: 3, kind: 'done', result: 3 },
      { job: 4, kind: 'lost', at: 44, reason: 'planted', error: new Error('planted') },
      { job: 5, kind: 'done', result: 5 },
    ]);
  });

  it('ends a worker that stands still for too long, and no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'raft-sim-test-'));
    const flag = join(folder, 'stands-still');
    // Time passes only while the worker stands still, so that none is ever too slow.
    let now = 0;
    const patient: RealTime = {
      now: () => (existsSync(flag) ? (now += 3_600_000) : now),
      every(_, call) {
        const timer = setInterval(call, 5);
        return () => clearInterval(timer);
      },
    };
    const numbers = new Numbers(3, () => rmSync(flag, { force: true }));
    const code = `
      begin(job);
      if (job === 2) {
        process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(flag)}, '');
        for (;;);
      }
      return job;`;
    await poolOf(1, code, { time: patient, millisFor: () => 8_000, complaint: 'it sat there' }).work(numbers);
    rmSync(folder, { recursive: true });
    expect(numbers.heard).toEqual([
      { job: 1, kind: 'done', result: 1 },
      { job: 2, kind: 'lost', at: 2, reason: 'it sat there for 8 s' },
      { job: 3, kind: 'done', result: 3 },
    ]);
  });

  it('tells its workers to stop; what they are at goes on to its end', async () => {
    const pool = poolOf(1, 'return isStopped() ? -job : job;');
    const numbers = new Numbers(2, () => pool.stop());
    await pool.work(numbers);
    expect(numbers.heard).toEqual([
      { job: 1, kind: 'done', result: 1 },
      { job: 2, kind: 'done', result: -2 },
    ]);
  });

  it('is ended at once: nothing is heard of what was not done', async () => {
    const pool = poolOf(2, 'if (job > 1) for (;;); return job;');
    const numbers = new Numbers(9, () => void pool.end());
    await pool.work(numbers);
    expect(numbers.heard).toEqual([{ job: 1, kind: 'done', result: 1 }]);
  });

  it('ends every worker when its user fails', async () => {
    const numbers = new Numbers(9, () => {
      throw new Error('planted by the user');
    });
    await expect(poolOf(2, 'if (job > 1) for (;;); return job;').work(numbers)).rejects.toThrow('planted by the user');
    expect(numbers.heard).toHaveLength(1);
  });
});
