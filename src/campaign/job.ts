// What a worker of a campaign can be asked to do: run a batch of seeds, or shrink what a seed found.
//
// Jobs and results are plain data, because they travel between threads.

import { runBatch, type BatchOfSeeds, type BatchResult, type BeforeSeed, type SeedWork } from './batch.ts';
import { shrinkSeed, type Replay } from './replay.ts';

export type Job =
  | ({ readonly kind: 'batch' } & BatchOfSeeds)
  | {
      readonly kind: 'shrink';
      readonly seed: string;
      /** The property that it violated. */
      readonly property: string;
      readonly work: SeedWork;
      readonly shrinkMillis: number;
    };

export type JobResult =
  | { readonly kind: 'batch'; readonly result: BatchResult }
  | { readonly kind: 'shrink'; readonly seed: string; readonly replay: Replay | undefined };

/** What a worker knows of the world outside. */
export interface JobContext {
  /** Called before each seed. */
  readonly before: BeforeSeed;
  /** Real milliseconds, which only the budget of shrinking reads. */
  readonly now: () => number;
  /** Whether the campaign wants an end: no further seed begins, and shrinking gives up. */
  readonly isStopped: () => boolean;
}

export function perform(job: Job, { before, now, isStopped }: JobContext): JobResult {
  if (job.kind === 'batch') return { kind: 'batch', result: runBatch(job, before, isStopped) };
  const { seed, work, shrinkMillis } = job;
  before(Number(seed));
  const end = now() + shrinkMillis;
  return {
    kind: 'shrink',
    seed,
    replay: shrinkSeed(seed, work.swarm, { isOver: () => now() > end, isHurried: isStopped }),
  };
}
