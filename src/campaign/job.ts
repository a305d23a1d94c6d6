// What a worker of a campaign can be asked to do: run a batch of seeds, or shrink what a seed found.
//
// Orders and answers are plain data, because they travel between threads.

import { runBatch, type BatchResult, type BeforeSeed, type SeedWork } from './batch.ts';
import { shrinkSeed, type Replay } from './replay.ts';

export type Job =
  | { readonly kind: 'batch'; readonly batch: number; readonly seeds: readonly number[]; readonly work: SeedWork }
  | {
      readonly kind: 'shrink';
      readonly seed: string;
      /** The promise that it broke. */
      readonly property: string;
      readonly work: SeedWork;
      readonly shrinkMillis: number;
    };

export type JobResult =
  | { readonly kind: 'batch'; readonly result: BatchResult }
  | { readonly kind: 'shrink'; readonly seed: string; readonly replay: Replay | undefined };

/** What a worker knows of the real world. */
export interface JobContext {
  /** Told before each seed. */
  readonly before: BeforeSeed;
  /** Real milliseconds, which only the budget of shrinking reads. */
  readonly now: () => number;
  /** Whether somebody wants an end at once: shrinking gives up. */
  readonly isHurried: () => boolean;
}

/** Does an order. */
export function perform(order: Job, { before, now, isHurried }: JobContext): JobResult {
  if (order.kind === 'batch') return { kind: 'batch', result: runBatch(order.batch, order.seeds, order.work, before) };
  const { seed, work, shrinkMillis } = order;
  before(Number(seed));
  const end = now() + shrinkMillis;
  return { kind: 'shrink', seed, replay: shrinkSeed(seed, work.swarm, { isOver: () => now() > end, isHurried }) };
}
