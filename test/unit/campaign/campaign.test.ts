// A campaign whose workers die, hang or throw: each becomes a finding with its seed, and every other seed is run.
//
// The workers are real threads with a few lines of their own, which do on some seeds what no worker should.

import { describe, expect, it } from 'vitest';
import type { SeedFinding } from '../../../src/campaign/batch.ts';
import { Campaign, campaignPatience } from '../../../src/campaign/campaign.ts';
import type { Job, JobResult } from '../../../src/campaign/job.ts';
import { WorkerPool, type RealTime } from '../../../src/pool/pool.ts';

const time: RealTime = {
  now: () => performance.now(),
  every(millis, call) {
    const timer = setInterval(call, millis);
    return () => clearInterval(timer);
  },
};

/** A worker that answers every batch, unless one of its seeds does something else. */
const workerWith = (trouble: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads';
    parentPort.on('message', (job) => {
      if (job.kind === 'shrink') throw new Error('no shrinking here');
      for (const seed of job.seeds) {
        workerData.at[0] = seed;
        workerData.at[1]++;
        ${trouble}
      }
      const findings = job.seeds.filter((seed) => seed === 3).map((seed) => (
        { seed: String(seed), kind: 'violation', property: 'vote-once', why: '', step: 1, fingerprint: '' }
      ));
      const result = { batch: job.batch, runs: job.seeds.length, steps: 1, virtualMicros: 0, madeTwice: 0, goals: {}, stances: {},
        drawn: {}, unknown: {}, clusterStates: [], findings };
      parentPort.postMessage({ kind: 'result', result: { kind: 'batch', result } });
    });
  `)}`,
  );

const poolOf = (size: number, worker: URL, seedMillis?: number): WorkerPool<Job, JobResult> =>
  new WorkerPool({ size, worker, patience: campaignPatience(time, seedMillis) });

function campaignTo(to: number): Campaign {
  const plan = {
    work: { swarm: {}, checkDeterminismPpm: 0 },
    seeds: { from: 1, to },
    shard: { index: 0, count: 1 },
    findingsMax: Infinity,
    shrinksPerProperty: 3,
    shrinkMillis: 1,
  };
  return new Campaign(plan, { progress: () => undefined, isEnough: () => false, isInterrupted: () => false });
}

const findingsOf = (campaign: Campaign): Pick<SeedFinding, 'seed' | 'kind' | 'why'>[] =>
  campaign.witnesses().map(({ finding: { seed, kind, why } }) => ({ seed, kind, why }));

describe('a campaign', () => {
  it.each([1, 2, 3])('with %i workers goes on when a worker dies, throws or hangs', async (size) => {
    const worker = workerWith(`
      if (seed === 7 || seed === 9) process.exit(seed);
      if (seed === 40) throw new Error('planted');
      if (seed === 70) for (;;);
    `);
    const campaign = campaignTo(100);
    await campaign.search(poolOf(size, worker, 8_000));
    expect(campaign.isOver).toBe(true);
    expect(campaign.statistics.checkpoint()).toMatchObject({ runs: 96, failures: { 'vote-once': 1, worker: 4 } });
    expect(findingsOf(campaign)).toEqual([
      { seed: '3', kind: 'violation', why: '' },
      { seed: '7', kind: 'worker', why: 'it ended with exit code 7' },
      { seed: '9', kind: 'worker', why: 'it ended with exit code 9' },
      { seed: '40', kind: 'worker', why: 'planted' },
      { seed: '70', kind: 'worker', why: 'it took no next seed for 8 s' },
    ]);
  });

  it('makes a finding of a worker that dies while it shrinks', async () => {
    const campaign = campaignTo(10);
    const pool = poolOf(1, workerWith(''));
    await campaign.search(pool);
    await campaign.shrink(pool);
    expect(findingsOf(campaign)).toEqual([
      { seed: '3', kind: 'violation', why: '' },
      { seed: '3', kind: 'worker', why: 'while it shrank the failure: no shrinking here' },
    ]);
    expect(campaign.statistics.failures).toBe(1);
  });

  it('gives up when workers cannot even begin', async () => {
    const worker = new URL('data:text/javascript,throw new Error("planted")');
    const search = campaignTo(1000).search(poolOf(2, worker));
    await expect(search).rejects.toThrow('a worker ended before its first seed: planted');
  });
});
