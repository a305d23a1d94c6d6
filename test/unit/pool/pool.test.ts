// A crew whose workers die, hang or throw: each becomes a finding with its seed, and every other seed is run.
//
// The workers are real threads with a few lines of their own, which do on some seeds what no worker should.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SeedFinding } from '../../../src/campaign/batch.ts';
import { Campaign } from '../../../src/campaign/campaign.ts';
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
    parentPort.on('message', async (order) => {
      if (order.kind === 'shrink') throw new Error('no shrinking here');
      for (const seed of order.seeds) {
        workerData.standing[0] = seed;
        workerData.standing[1]++;
        ${trouble}
      }
      const findings = order.seeds.filter((seed) => seed === 3).map((seed) => (
        { seed: String(seed), kind: 'violation', property: 'vote-once', why: '', step: 1, fingerprint: '' }
      ));
      const result = { batch: order.batch, runs: order.seeds.length, steps: 1, virtualMicros: 0, madeTwice: 0, goals: {}, stances: {},
        drawn: {}, unknown: {}, situations: [], findings };
      parentPort.postMessage({ kind: 'batch', result });
    });
  `)}`,
  );

function campaignTo(to: number): Campaign {
  const plan = {
    work: { swarm: {}, checkDeterminismPpm: 0 },
    from: 1,
    to,
    shard: { index: 0, count: 1 },
    findingsMax: Infinity,
    shrinksPerProperty: 3,
    shrinkMillis: 1,
  };
  return new Campaign(plan, { progress: () => undefined, isEnough: () => false, isInterrupted: () => false });
}

const findingsOf = (campaign: Campaign): Pick<SeedFinding, 'seed' | 'kind' | 'why'>[] =>
  campaign.witnesses().map(({ finding: { seed, kind, why } }) => ({ seed, kind, why }));

describe('a crew', () => {
  it.each([1, 2, 3])('of %i goes on when a worker dies or throws', async (size) => {
    const worker = workerWith(`
      if (seed === 7 || seed === 9) process.exit(seed);
      if (seed === 40) throw new Error('planted');
    `);
    const campaign = campaignTo(100);
    await campaign.search(new WorkerPool({ size, time, worker }));
    expect(campaign.isOver).toBe(true);
    expect(campaign.sum.tally()).toMatchObject({ runs: 97, failures: { 'vote-once': 1, worker: 3 } });
    expect(findingsOf(campaign)).toEqual([
      { seed: '3', kind: 'violation', why: '' },
      { seed: '7', kind: 'worker', why: 'it ended with exit code 7' },
      { seed: '9', kind: 'worker', why: 'it ended with exit code 9' },
      { seed: '40', kind: 'worker', why: 'planted' },
    ]);
  });

  it('goes on when a worker hangs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'raft-sim-test-'));
    const flag = join(folder, 'hangs');
    const worker = workerWith(`
      if (seed === 70) {
        (await import('node:fs')).writeFileSync(${JSON.stringify(flag)}, '');
        for (;;);
      }
    `);
    // Time passes only once the worker hangs, so that none is ever too slow.
    const patient: RealTime = {
      now: () => (existsSync(flag) ? 3_600_000 : 0),
      every: (_, call) => time.every(5, call),
    };
    const campaign = campaignTo(100);
    await campaign.search(new WorkerPool({ size: 1, time: patient, worker }));
    rmSync(folder, { recursive: true });
    expect(campaign.sum.tally()).toMatchObject({ runs: 99, failures: { 'vote-once': 1, worker: 1 } });
    expect(findingsOf(campaign)).toEqual([
      { seed: '3', kind: 'violation', why: '' },
      { seed: '70', kind: 'worker', why: 'it took no next seed for 120 s' },
    ]);
  });

  it('makes a finding of a worker that dies while it shrinks', async () => {
    const campaign = campaignTo(10);
    const crew = new WorkerPool({ size: 1, time, worker: workerWith('') });
    await campaign.search(crew);
    await campaign.shrink(crew);
    expect(findingsOf(campaign)).toEqual([
      { seed: '3', kind: 'violation', why: '' },
      { seed: '3', kind: 'worker', why: 'while it shrank the failure: no shrinking here' },
    ]);
    expect(campaign.sum.failures).toBe(1);
  });

  it('gives up when workers cannot even begin', async () => {
    const worker = new URL('data:text/javascript,throw new Error("planted")');
    const search = campaignTo(1000).search(new WorkerPool({ size: 2, time, worker }));
    await expect(search).rejects.toThrow('a worker ended before its first seed: planted');
  });
});
