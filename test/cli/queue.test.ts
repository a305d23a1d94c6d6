// Campaigns on a queue, with a real Redis: whoever runs the blocks, and dies meanwhile, the report is that of one machine.
//
// Moments of kills are drawn anew each time: real time cannot be repeated anyway.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseQueueAddress } from '../../src/queue/address.ts';
import { Dealer } from '../../src/queue/dealer.ts';
import { loadBullMQ } from '../../src/queue/bullmq.ts';
import { RedisLink } from '../../src/queue/redis.ts';
import { Campaign } from '../../src/campaign/campaign.ts';
import type { BatchResult } from '../../src/campaign/batch.ts';
import type { Job, JobResult } from '../../src/campaign/job.ts';
import { realTime as time } from '../../src/cli/ui/real-time.ts';
import { hasRedis, startRedis, type Redis } from '../support/redis.ts';
import { ended, freshFolder, start, words, type Ended } from './binary.ts';

const QUICK = '--dead-after 1s';

interface Started {
  readonly end: Promise<Ended>;
  /** Resolves with the first thing that it prints. */
  readonly begun: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
}

function started(line: string, cwd = freshFolder()): Started {
  const child = start(words(line), { cwd });
  const begun = new Promise((resolve) => {
    child.stdout.once('data', resolve);
    child.once('exit', resolve);
  });
  return { end: ended(child), begun, kill: (signal) => void child.kill(signal) };
}

let redis: Redis | undefined;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.stop());

/** Each test has a queue of its own. */
let queues = 0;
const freshQueue = (): string => `${redis?.url ?? ''}#q${queues++}`;

const linkOf = (queue: string, told: string[] = []) => ({
  address: parseQueueAddress('--queue', queue),
  leaseMillis: 1_000,
  time,
  tell: (sentence: string) => void told.push(sentence),
});

const dealerOf = (queue: string, version: string): Dealer<Job, JobResult> =>
  new Dealer({ ...linkOf(queue), version, jobsOfBlock: () => 1, isRepeatable: ({ kind }) => kind === 'batch' });

describe.skipIf(!hasRedis)('a campaign on a queue (skipped if redis-server or bullmq is missing)', () => {
  const SEEDS =
    'fuzz --seeds 1..320 --variant vote-not-persisted-before-reply --nodes 3 --no-shrink --json --no-config';

  it('comes to the report of one machine, whichever workers are killed', async () => {
    const [alone, dealt] = [freshFolder(), freshFolder()];
    const expected = started(`${SEEDS} --workers 1`, alone);
    const queue = freshQueue();
    const dealer = started(`${SEEDS} --queue ${queue} --block 32 ${QUICK}`, dealt);
    const worker = (): Started => started(`worker --queue ${queue} --workers 1 ${QUICK}`);
    const over = { is: false };
    const found = dealer.end.finally(() => (over.is = true));
    let killed = 0;
    const lane = async (kills: number): Promise<void> => {
      for (let i = 0; !over.is; i++) {
        const one = worker();
        await one.begun;
        if (i < kills) {
          await setTimeout(Math.random() * 600);
          killed++;
        } else await found;
        one.kill('SIGKILL');
        await one.end;
      }
    };
    await Promise.all([lane(3), lane(2)]);
    const [{ code, out }, told] = [await expected.end, await found];
    expect(killed).toBeGreaterThan(0);
    expect(told.code).toBe(code);
    expect(told.out).toBe(out);
    const sums = (folder: string): string => readFileSync(join(folder, 'reports/campaign.json'), 'utf8');
    expect(sums(dealt)).toBe(sums(alone));
  });

  it('a signal ends dealer and worker; the worker’s block goes back', async () => {
    const queue = freshQueue();
    const dealer = started(`fuzz --seeds 1..1000000 --queue ${queue} --block 4096 --no-config ${QUICK}`);
    const worker = started(`worker --queue ${queue} --workers 1 ${QUICK}`);
    await Promise.all([dealer.begun, worker.begun]);
    const link = await RedisLink.open(linkOf(queue));
    while ((await link.counts()).active === 0) await setTimeout(20);
    worker.kill('SIGTERM');
    const { code, out } = await worker.end;
    expect([code, out]).toEqual([143, expect.stringMatching(/\n0 blocks done, 0 batches in them\n$/)]);
    expect((await link.counts()).active).toBe(0);
    expect((await link.counts()).waiting).toBeGreaterThan(0);
    dealer.kill('SIGINT');
    expect((await dealer.end).code).toBe(130);
    expect([await link.counts(), await link.claimed()]).toEqual([{ waiting: 0, active: 0 }, undefined]);
    await link.close();
  });

  it('refuses a worker of another version, and a second campaign, in one sentence', async () => {
    const queue = freshQueue();
    const dealer = dealerOf(queue, '9.9.9');
    await dealer.open();
    const told = await started(`worker --queue ${queue} ${QUICK}`).end;
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toMatch(
      /^raft-sim: the campaign on redis:\S+ is of raft-sim 9\.9\.9, this worker is \S+: seeds mean other runs here\n$/,
    );
    await expect(dealerOf(queue, '1').open()).rejects.toThrow(
      /^a campaign of raft-sim 9\.9\.9 is dealt on redis:\S+, expected its end, or another queue: a name behind #$/,
    );
    await dealer.close();
  });

  it('makes a finding of a result that comes twice and differs, and none of one that is the same', async () => {
    const queue = freshQueue();
    const dealer = dealerOf(queue, '1');
    await dealer.open();
    const plan = {
      work: { swarm: {}, checkDeterminismPpm: 0 },
      seeds: { from: 1, to: 96 },
      shard: { index: 0, count: 1 },
      findingsMax: Infinity,
      shrinksPerProperty: 3,
      shrinkMillis: 1,
    };
    const campaign = new Campaign(plan, {
      progress: () => undefined,
      isEnough: () => false,
      isInterrupted: () => false,
    });
    const link = await RedisLink.open<Job, JobResult>(linkOf(queue));
    link.takeBlocks(1, async ({ version, campaign: name, block, jobs }) => {
      const send = (steps: number): Promise<void> =>
        link.sendResult({ version, campaign: name, block, outcomes: jobs.map((job) => outcomeOf(job, steps)) });
      await send(7);
      await send(7);
      if (block === 1) await send(8);
    });
    await campaign.search(dealer);
    await dealer.close();
    await link.close();
    expect(campaign.statistics.checkpoint()).toMatchObject({ runs: 96, steps: 21, failures: { determinism: 1 } });
    expect(campaign.witnesses().map(({ finding }) => finding)).toMatchObject([{ seed: '33', kind: 'difference' }]);
    expect(campaign.witnesses()[0]?.finding.why).toMatch(
      /^two workers that ran seeds 33 to 64 came to \w{16} and \w{16}$/,
    );
  });

  it('tells in one sentence that Redis is away, and ends when it stays away', async () => {
    const own = await startRedis();
    const cwd = freshFolder();
    const dealer = started(`fuzz --seeds 1..1000000 --queue ${own.url} --no-config --dead-after 500ms`, cwd);
    const worker = started(`worker --queue ${own.url} --workers 1 --dead-after 500ms`);
    await Promise.all([dealer.begun, worker.begun]);
    await setTimeout(500);
    await own.stop();
    for (const { code, err } of await Promise.all([dealer.end, worker.end])) {
      expect(code).toBe(2);
      const [first = '', last = '', ...more] = err.trim().split('\n');
      expect(first).toMatch(/^raft-sim: redis:\/\/127\.0\.0\.1:\d+ went away \(.+\): it is waited for, 2 s at most$/);
      expect(last).toMatch(/^raft-sim: redis:\/\/127\.0\.0\.1:\d+ has been away for 2 s \(.+\)/);
      expect(more).toEqual([]);
    }
    expect(readFileSync(join(cwd, 'reports/campaign.json'), 'utf8')).toContain('"isOver":false');
  });
});

const outcomeOf = (job: Job, steps: number) => {
  if (job.kind !== 'batch') throw new Error('nothing is to be shrunk');
  const result = {
    batch: job.batch,
    runs: job.seeds.length,
    steps,
    virtualMicros: 0,
    madeTwice: 0,
    goals: {},
    stances: {},
    drawn: {},
    unknown: {},
    clusterStates: [],
    findings: [],
  } as unknown as BatchResult;
  return { kind: 'done', result: { kind: 'batch', result } } as const;
};

describe('the address of a queue', () => {
  it('has a name, and shows no password', () => {
    expect(parseQueueAddress('--queue', 'redis://me:secret@host:1/2#nightly')).toEqual({
      url: 'redis://me:secret@host:1/2',
      name: 'nightly',
      text: 'redis://me:…@host:1/2#nightly',
    });
  });

  it.each(['host:6379', 'http://host', 'redis://', 'redis://host/name'])('is not %s', (text) => {
    const refused = `--queue is ${JSON.stringify(text)}, expected the address of a Redis such as redis://localhost:6379`;
    expect(() => parseQueueAddress('--queue', text)).toThrow(refused);
  });
});

describe('a queue without', () => {
  it('Redis is refused', async () => {
    const told = await started('worker --queue redis://127.0.0.1:1').end;
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toMatch(/^raft-sim: cannot reach redis:\/\/127\.0\.0\.1:1: .+, expected a Redis there\n$/);
  });

  it('BullMQ says what to install, and hides no other trouble', async () => {
    const missing = (): Promise<never> => Promise.reject(new Error("Cannot find package 'bullmq' imported from x.js"));
    await expect(loadBullMQ(missing)).rejects.toThrow('not there: npm install bullmq ioredis');
    await expect(loadBullMQ(() => Promise.reject(new SyntaxError('broken')))).rejects.toThrow('broken');
  });
});
