// What a campaign on many machines costs, in figures: a seed, its result, adding it up, and the way through Redis.
//
//   node scripts/bench-queue.mjs                                     seeds, results, adding up, merging
//   node scripts/bench-queue.mjs redis://localhost:6379 [producers]  blocks a second through a queue, too
//
// The workers of the last figure run no seeds: they answer at once with a result of the usual size.

import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { runBatch } from '../dist/campaign/batch.js';
import { CampaignStatistics } from '../dist/campaign/checkpoint.js';
import { ClusterStates } from '../dist/campaign/cluster-states.js';
import { parseQueueAddress } from '../dist/queue/address.js';
import { Dealer } from '../dist/queue/dealer.js';
import { RedisLink } from '../dist/queue/redis.js';

const time = {
  now: () => performance.now(),
  every(millis, call) {
    const timer = setInterval(() => call(), millis);
    return () => clearInterval(timer);
  },
};
const linkOf = (url) => ({ address: parseQueueAddress('queue', url), leaseMillis: 15_000, time, tell: console.error });
const BLOCKS = 4_000;
const JOBS = 4;
const never = () => false;
const cpuMillis = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function row(what, figure) {
  console.log(`${what.padEnd(58)} ${figure}`);
}

function measureSeeds() {
  const work = { swarm: {}, checkDeterminismPpm: 10_000 };
  const seedsOf = (batch) => Array.from({ length: 32 }, (_, i) => 1 + batch * 32 + i);
  const run = (batch, rankMax) => runBatch({ batch, seeds: seedsOf(batch), work, rankMax }, () => undefined, never);
  const full = new CampaignStatistics();
  run(0, Infinity);
  const begun = cpuMillis();
  const batches = Array.from({ length: 20 }, (_, batch) => run(batch, Infinity));
  const millis = cpuMillis() - begun;
  for (const batch of batches) full.add(batch);
  row('CPU time of a seed, every check on', `${(millis / 640).toFixed(1)} ms`);
  row('seeds a second and core', `${Math.round(640_000 / millis)}`);
  const bytes = (all) => Math.round(all.reduce((sum, one) => sum + JSON.stringify(one).length, 0) / all.length);
  row('result of a batch of 32 seeds, all abstract states', `${bytes(batches)} bytes`);
  const sketch = new ClusterStates();
  for (let i = 1; i < 4_000_000; i++) sketch.add(i * 2_654_435_761);
  const late = batches.map((one, batch) => run(batch, sketch.rankMax));
  row('the same once four million states are known', `${bytes(late)} bytes`);
  for (const [what, all] of [
    ['adding up a batch, all states', batches],
    ['adding up a batch, later', late],
  ]) {
    const sum = new CampaignStatistics();
    const texts = all.map((one) => JSON.stringify(one));
    const start = cpuMillis();
    for (let i = 0; i < 2_000; i++) sum.add(JSON.parse(texts[i % texts.length]));
    row(what, `${(((cpuMillis() - start) / 2_000) * 1000).toFixed(0)} µs`);
  }
  const state = full.state();
  const merged = new CampaignStatistics();
  const text = JSON.stringify({ ...state, situations: sketch.kept() });
  const start = cpuMillis();
  for (let i = 0; i < 200; i++) merged.addState(JSON.parse(text));
  row('merging the file of a shard', `${((cpuMillis() - start) / 200).toFixed(1)} ms, ${text.length} bytes`);
  return late[0];
}

async function measureQueue(url, result, workers) {
  const dealer = new Dealer({
    ...linkOf(url),
    version: 'bench',
    jobsOfBlock: () => JOBS,
    isRepeatable: () => true,
  });
  await dealer.open();
  const threads = Array.from(
    { length: workers },
    () => new Worker(new URL(import.meta.url), { workerData: { url, result } }),
  );
  let given = 0;
  let done = 0;
  const sum = new CampaignStatistics();
  const next = () => (given < BLOCKS * JOBS ? { number: given++, seeds: [1] } : undefined);
  const [start, cpu] = [performance.now(), cpuMillis()];
  await dealer.work({
    next,
    done(_job, outcome) {
      sum.add(outcome.result);
      done++;
    },
  });
  const seconds = (performance.now() - start) / 1000;
  row(`blocks a second through Redis, ${workers} idle workers`, `${Math.round(done / JOBS / seconds)}`);
  row('  CPU of dealer and workers for a block', `${((cpuMillis() - cpu) / BLOCKS).toFixed(2)} ms`);
  for (const thread of threads) await thread.terminate();
  await dealer.close();
}

if (isMainThread) {
  const [, , url, workers = '1'] = process.argv;
  const result = measureSeeds();
  if (url !== undefined) await measureQueue(url, result, Number(workers));
} else {
  const { url, result } = workerData;
  const link = await RedisLink.open(linkOf(url));
  link.takeBlocks(32, ({ version, campaign, block, jobs }) =>
    link.sendResult({ version, campaign, block, outcomes: jobs.map(() => ({ kind: 'done', result })) }),
  );
}
