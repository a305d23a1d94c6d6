// Who runs the seeds of a campaign: threads of this machine, or every worker on a queue.
//
// The campaign is the same for both.

import { availableParallelism } from 'node:os';
import { BATCH_SEEDS } from '../../campaign/batch.ts';
import { campaignPatience, campaignWorker, type CampaignPool } from '../../campaign/campaign.ts';
import type { Job, JobResult } from '../../campaign/job.ts';
import { WorkerPool } from '../../pool/pool.ts';
import { Dealer } from '../../queue/dealer.ts';
import { realTime } from '../ui/real-time.ts';
import type { Terminal } from '../ui/terminal.ts';
import { version } from '../version.ts';
import type { FuzzFlags } from './fuzz-flags.ts';

export interface OpenPool extends CampaignPool {
  /** Asks for an end of the present work. */
  stop(): void;
  close(): Promise<void>;
}

/** Throws a UsageError if there is no queue at its address. */
export async function openPool({ queue, block, deadAfter, workers }: FuzzFlags, { err }: Terminal): Promise<OpenPool> {
  if (queue === undefined) {
    const pool = new WorkerPool<Job, JobResult>({
      worker: campaignWorker,
      size: workers ?? availableParallelism(),
      patience: campaignPatience(realTime),
    });
    return { work: (jobs) => pool.work(jobs), stop: () => pool.stop(), close: () => Promise.resolve() };
  }
  const dealer = new Dealer<Job, JobResult>({
    version,
    address: queue,
    leaseMillis: deadAfter / 1000,
    time: realTime,
    tell: (sentence) => err.line(`raft-sim: ${sentence}`),
    jobsOfBlock: ({ kind }) => (kind === 'batch' ? Math.ceil(block / BATCH_SEEDS) : 1),
    isRepeatable: ({ kind }) => kind === 'batch',
  });
  await dealer.open();
  return dealer;
}
