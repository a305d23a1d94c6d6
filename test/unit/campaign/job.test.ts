// What a worker of a campaign does with a job: its seeds in order, until it is stopped; a failure, shrunk.

import { describe, expect, it } from 'vitest';
import { perform, type Job, type JobContext } from '../../../src/campaign/job.ts';

const work = {
  swarm: { variant: 'vote-not-persisted-before-reply', nodesMin: 3, nodesMax: 3, length: { steps: 400 } },
  checkDeterminismPpm: 0,
};
const batch: Job = { kind: 'batch', batch: 7, seeds: [3, 5, 8, 9], work };

/** A worker that is stopped when it has begun so many seeds. */
function context(stoppedAfter: number): JobContext & { readonly begun: number[] } {
  const begun: number[] = [];
  return {
    begun,
    before: (seed) => void begun.push(seed),
    now: () => 0,
    isStopped: () => begun.length >= stoppedAfter,
  };
}

describe('a batch', () => {
  it('runs every seed once, in order', () => {
    const worker = context(Infinity);
    expect(perform(batch, worker)).toMatchObject({ kind: 'batch', result: { batch: 7, runs: 4 } });
    expect(worker.begun).toEqual([3, 5, 8, 9]);
  });

  it.each([0, 1, 2])('that is stopped after %i seeds runs no further one, but always the first', (stoppedAfter) => {
    const worker = context(stoppedAfter);
    const runs = Math.max(1, stoppedAfter);
    expect(perform(batch, worker)).toMatchObject({ kind: 'batch', result: { runs } });
    expect(worker.begun).toEqual([3, 5, 8, 9].slice(0, runs));
  });
});

describe('a failure', () => {
  const result = perform({ kind: 'batch', batch: 0, seeds: [1, 2, 3, 4, 5, 6, 7, 8], work }, context(Infinity));
  const [finding] = result.kind === 'batch' ? result.result.findings : [];
  if (finding === undefined) throw new Error('none of the seeds finds the bug any more: choose others');
  const job: Job = { kind: 'shrink', seed: finding.seed, property: finding.property, work, shrinkMillis: 1 };

  it('is shrunk to a replay that needs each of its steps', () => {
    const worker = context(Infinity);
    const shrunk = perform(job, worker);
    expect(shrunk).toMatchObject({ kind: 'shrink', seed: finding.seed, replay: { isMinimal: true } });
    expect(worker.begun).toEqual([Number(finding.seed)]);
  });

  it('has no replay when the worker is stopped', () => {
    expect(perform(job, context(0))).toEqual({ kind: 'shrink', seed: finding.seed, replay: undefined });
  });
});
