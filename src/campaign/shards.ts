// Shards: which of many machines this is, given by hand or by the environment of the machine.
//
// Batches are dealt out in turn, so that every shard has its share of early and late seeds. Numbers are from 1 for
// people and from 0 inside.

import { UsageError } from '../base/errors.ts';

export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Source {
  readonly name: string;
  readonly index: string;
  readonly count: string;
  /** What the first shard is called. */
  readonly first: 0 | 1;
}

/** Environments that say which of several parallel jobs this is; what is given by hand comes first. */
export const shardSources: readonly Source[] = [
  { name: 'a matrix, by hand', index: 'RAFT_SIM_SHARD', count: 'RAFT_SIM_SHARDS', first: 1 },
  { name: 'a Kubernetes Indexed Job', index: 'JOB_COMPLETION_INDEX', count: 'RAFT_SIM_SHARDS', first: 0 },
  { name: 'GitLab CI', index: 'CI_NODE_INDEX', count: 'CI_NODE_TOTAL', first: 1 },
  { name: 'CircleCI', index: 'CIRCLE_NODE_INDEX', count: 'CIRCLE_NODE_TOTAL', first: 0 },
  { name: 'Buildkite', index: 'BUILDKITE_PARALLEL_JOB', count: 'BUILDKITE_PARALLEL_JOB_COUNT', first: 0 },
  { name: 'Azure Pipelines', index: 'SYSTEM_JOBPOSITIONINPHASE', count: 'SYSTEM_TOTALJOBSINPHASE', first: 1 },
  { name: 'Cloud Run Jobs', index: 'CLOUD_RUN_TASK_INDEX', count: 'CLOUD_RUN_TASK_COUNT', first: 0 },
];

const SHARDS_MAX = 100_000;
const NUMBER = /^\d{1,6}$/;

/** `3/16`, or `auto`: from the environment. */
export function parseShard(text: string, env: Environment): Shard {
  if (text === 'auto') return shardOf(env);
  const [index = '', count = '', ...more] = text.split('/');
  const found = `--shard is ${JSON.stringify(text)}`;
  if (more.length > 0) throw wrong(found);
  return checked(index, count, 1, found);
}

export const shardText = ({ index, count }: Shard): string => `${index + 1}/${count}`;

function shardOf(env: Environment): Shard {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  for (const { name, index, count, first } of shardSources) {
    const [found, total] = [set(index), set(count)];
    if (found === undefined || total === undefined) continue;
    return checked(found, total, first, `${name} says ${index}=${found}, ${count}=${total}`);
  }
  const half = shardSources.find(({ index }) => set(index) !== undefined);
  if (half !== undefined) {
    throw new UsageError(`--shard auto finds ${half.index}=${env[half.index]}, expected ${half.count} beside it`);
  }
  const known = shardSources.map(({ name, index, count }) => `${index} and ${count} (${name})`).join('; ');
  throw new UsageError(`--shard auto finds no shard in the environment, expected ${known}`);
}

function checked(index: string, count: string, first: 0 | 1, found: string): Shard {
  const shard = { index: Number(index) - first, count: Number(count) };
  const areNumbers = NUMBER.test(index) && NUMBER.test(count) && shard.count > 0 && shard.count <= SHARDS_MAX;
  if (!areNumbers || shard.index < 0) throw wrong(found);
  if (shard.index >= shard.count) {
    const last = shard.count - 1 + first;
    throw new UsageError(`${found}, expected a shard from ${first} to ${last} of ${shard.count}`);
  }
  return shard;
}

const wrong = (found: string): UsageError => new UsageError(`${found}, expected a shard such as 3/16, or auto`);

/** How many of so many seeds are this shard's. */
export function seedsOfShard(seeds: number, batchSeeds: number, { index, count }: Shard): number {
  const batches = Math.ceil(seeds / batchSeeds);
  if (index >= batches) return 0;
  const missing = (batches - 1) % count === index ? batches * batchSeeds - seeds : 0;
  return Math.ceil((batches - index) / count) * batchSeeds - missing;
}
