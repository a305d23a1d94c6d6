// Shards: read from words and environments, and together they run every seed once.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.ts';
import { BATCH_SEEDS, type BatchResult } from '../../../src/campaign/batch.ts';
import { Campaign, type CampaignPlan, type CampaignPool, type Earlier } from '../../../src/campaign/campaign.ts';
import type { Job, JobResult } from '../../../src/campaign/job.ts';
import type { JobQueue } from '../../../src/pool/pool.ts';
import { StatisticsSum } from '../../../src/campaign/statistics.ts';
import { parseShard, seedsOfShard, shardSources, shardText } from '../../../src/campaign/shards.ts';
import { runs, seeded } from '../../support/seed.ts';

describe('a shard', () => {
  it('is counted from 1 by people', () => {
    expect(parseShard('3/16', {})).toEqual({ index: 2, count: 16 });
    expect(shardText(parseShard('3/16', {}))).toBe('3/16');
  });

  it.each(['0/3', '4/3', '3', '/', '1/', '1/x', '-1/3', '1/0', '1/2/3', ' 1/2', '0x1/2', '1/1000000', ''])(
    'is not %j',
    (text) => expect(() => parseShard(text, {})).toThrow(UsageError),
  );

  it.each(shardSources)('is read from the environment of $name', ({ index, count, first }) => {
    expect(parseShard('auto', { [index]: `${first}`, [count]: '4' })).toEqual({ index: 0, count: 4 });
    expect(parseShard('auto', { [index]: `${first + 3}`, [count]: '4' })).toEqual({ index: 3, count: 4 });
    for (const wrong of [`${first + 4}`, `${first - 1}`, 'x', '1e0']) {
      expect(() => parseShard('auto', { [index]: wrong, [count]: '4' })).toThrow(
        `${index}=${wrong}, ${count}=4, expected`,
      );
    }
  });

  it.each([
    ['Kubernetes', { JOB_COMPLETION_INDEX: '2', RAFT_SIM_SHARDS: '4' }],
    ['GitLab CI', { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '4' }],
    ['CircleCI', { CIRCLE_NODE_INDEX: '2', CIRCLE_NODE_TOTAL: '4' }],
    ['Buildkite', { BUILDKITE_PARALLEL_JOB: '2', BUILDKITE_PARALLEL_JOB_COUNT: '4' }],
    ['Azure Pipelines', { SYSTEM_JOBPOSITIONINPHASE: '3', SYSTEM_TOTALJOBSINPHASE: '4' }],
    ['Cloud Run Jobs', { CLOUD_RUN_TASK_INDEX: '2', CLOUD_RUN_TASK_COUNT: '4' }],
    ['a matrix', { RAFT_SIM_SHARD: '3', RAFT_SIM_SHARDS: '4' }],
  ])('is the third of four, as %s counts', (_name, env) => {
    expect(parseShard('auto', env)).toEqual({ index: 2, count: 4 });
  });

  it('what was said by hand comes before what the machine says; what is empty is not said', () => {
    const env = { RAFT_SIM_SHARD: '2', RAFT_SIM_SHARDS: '3', JOB_COMPLETION_INDEX: '0', CI_NODE_INDEX: '1' };
    expect(parseShard('auto', env)).toEqual({ index: 1, count: 3 });
    expect(parseShard('auto', { ...env, RAFT_SIM_SHARD: '' })).toEqual({ index: 0, count: 3 });
    expect(() => parseShard('auto', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '' })).toThrow(
      'finds CI_NODE_INDEX=1, expected CI_NODE_TOTAL beside it',
    );
    expect(() => parseShard('auto', {})).toThrow('finds no shard in the environment, expected RAFT_SIM_SHARD and');
  });
});

/** A pool that runs nothing and writes down which seeds it was given, or of each batch only the first ones. */
class SilentPool implements CampaignPool {
  readonly seeds: number[] = [];
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  work(queue: JobQueue<Job, JobResult>): Promise<void> {
    for (let job = queue.next(); job !== undefined; job = queue.next()) {
      if (job.kind !== 'batch') throw new Error('nothing is to be shrunk');
      const ran = job.seeds.slice(0, this.most);
      this.seeds.push(...ran);
      const result = emptyResult(job.batch, ran.length);
      queue.done(job, { kind: 'done', result: { kind: 'batch', result } });
    }
    return Promise.resolve();
  }
}

const emptyResult = (batch: number, n: number): BatchResult => ({
  batch,
  ...new StatisticsSum().total(),
  runs: n,
  clusterStates: [],
  findings: [],
});

interface Night {
  readonly seeds: readonly number[];
  readonly campaign: Campaign;
}

/** Runs seeds, at most so many batches, and of each so many, from where an earlier night ended. */
async function night(
  range: Pick<CampaignPlan, 'seeds' | 'shard'>,
  { batches, ofEach }: { readonly batches: number; readonly ofEach: number },
  earlier?: Earlier,
): Promise<Night> {
  const pool = new SilentPool(ofEach);
  let left = batches;
  const plan = { ...range, work: { swarm: {}, checkDeterminismPpm: 0 }, findingsMax: Infinity };
  const campaign = new Campaign(
    { ...plan, shrinksPerProperty: 3, shrinkMillis: 1 },
    { progress: () => undefined, isEnough: () => left-- <= 0, isInterrupted: () => false },
    earlier,
  );
  await campaign.search(pool);
  return { seeds: pool.seeds, campaign };
}

const earlierOf = ({ campaign }: Night): Earlier => ({
  position: JSON.parse(JSON.stringify(campaign.position)) as Earlier['position'],
  sum: campaign.statistics.state(),
  witnesses: campaign.witnesses(),
});

const WHOLE = { batches: Infinity, ofEach: Infinity };

const range = fc.record({
  from: fc.nat(1000),
  length: fc.integer({ min: 1, max: 500 }),
  count: fc.integer({ min: 1, max: 5 }),
});

describe(seeded('all shards together'), () => {
  it('run every seed once, each as many as was foretold', async () => {
    await fc.assert(
      fc.asyncProperty(range, async ({ from, length, count }) => {
        const to = from + length - 1;
        const all: number[] = [];
        for (let index = 0; index < count; index++) {
          const { seeds, campaign } = await night({ seeds: { from, to }, shard: { index, count } }, WHOLE);
          expect(seedsOfShard(length, BATCH_SEEDS, { index, count })).toBe(seeds.length);
          expect(campaign.isOver).toBe(true);
          all.push(...seeds);
        }
        expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => from + i));
      }),
      runs(200),
    );
  });

  it('run every seed once over nights that end anywhere, with a range that grows', async () => {
    const nights = fc.array(
      fc.record({ more: fc.nat(100), batches: fc.nat(4), ofEach: fc.integer({ min: 1, max: 40 }) }),
      {
        maxLength: 5,
      },
    );
    await fc.assert(
      fc.asyncProperty(range, nights, async ({ from, length, count }, all) => {
        let to = from + length - 1;
        const ran: number[] = [];
        const before = new Map<number, Earlier>();
        for (const { more, ...part } of [...all, { more: 0, ...WHOLE }]) {
          to += more;
          for (let index = 0; index < count; index++) {
            const one = await night({ seeds: { from, to }, shard: { index, count } }, part, before.get(index));
            ran.push(...one.seeds);
            before.set(index, earlierOf(one));
          }
        }
        expect(ran.toSorted((a, b) => a - b)).toEqual(Array.from({ length: to - from + 1 }, (_, i) => from + i));
        const runsOf = (index: number): number => before.get(index)?.sum.tally.runs ?? 0;
        expect(Array.from({ length: count }, (_, i) => runsOf(i)).reduce((a, b) => a + b, 0)).toBe(ran.length);
      }),
      runs(200),
    );
  });

  it('run every seed of a list once, in order, over nights that end anywhere', async () => {
    const lists = fc.uniqueArray(fc.nat(5_000), { minLength: 1, maxLength: 150 });
    const nights = fc.array(fc.record({ batches: fc.nat(3), ofEach: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(lists, nights, fc.integer({ min: 1, max: 3 }), async (all, parts, count) => {
        const list = all.toSorted((a, b) => a - b);
        const ran: number[] = [];
        for (let index = 0; index < count; index++) {
          let earlier: Earlier | undefined;
          for (const part of [...parts, WHOLE]) {
            const one = await night({ seeds: { list }, shard: { index, count } }, part, earlier);
            ran.push(...one.seeds);
            earlier = earlierOf(one);
            if (part === WHOLE) expect(one.campaign.isOver).toBe(true);
          }
        }
        expect(ran.toSorted((a, b) => a - b)).toEqual(list);
      }),
      runs(200),
    );
  });
});
