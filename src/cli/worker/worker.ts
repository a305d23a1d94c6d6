// `raft-sim worker`: the threads of this machine run seeds for a campaign on a queue.
//
// It keeps nothing: what it was at when it ends goes back into the queue, and is run elsewhere.

import { availableParallelism } from 'node:os';
import { campaignPatience, campaignWorker } from '../../campaign/campaign.ts';
import type { Job, JobResult } from '../../campaign/job.ts';
import { drawPlan } from '../../campaign/swarm.ts';
import { WorkerPool } from '../../pool/pool.ts';
import type { QueueAddress } from '../../queue/address.ts';
import { BlockWorker } from '../../queue/block-worker.ts';
import { type ExitCode, exitCodeOfSignal, exits } from '../exit-code.ts';
import { Interruption } from '../ui/interrupt.ts';
import { realTime } from '../ui/real-time.ts';
import type { Terminal } from '../ui/terminal.ts';
import { countText } from '../ui/units.ts';
import { version } from '../version.ts';

export interface WorkerFlags {
  readonly queue: QueueAddress;
  readonly workers?: number;
  /** Microseconds. */
  readonly idle?: number;
  /** Microseconds. */
  readonly deadAfter: number;
  readonly quiet?: boolean;
}

export async function worker(flags: WorkerFlags, { out, err }: Terminal): Promise<ExitCode> {
  const { queue, workers: size = availableParallelism(), idle, deadAfter, quiet = false } = flags;
  const pool = new WorkerPool<Job, JobResult>({ worker: campaignWorker, size, patience: campaignPatience(realTime) });
  const say = (text: string): void => {
    if (!quiet) out.line(text);
  };
  const blockWorker = new BlockWorker<Job, JobResult>({
    version,
    address: queue,
    leaseMillis: deadAfter / 1000,
    idleMillis: idle === undefined ? undefined : idle / 1000,
    time: realTime,
    blocksAtOnce: size,
    tell: (sentence) => err.line(`raft-sim: ${sentence}`),
    check: ({ work }) => void drawPlan('1', work.swarm),
    stopPool: () => pool.stop(),
  });
  const interruption = new Interruption((signal) => {
    err.line(`\n${signal}: what is not finished goes back into the queue. Once more stops at once.`);
    blockWorker.end();
  });
  try {
    const { blocks, jobs } = await blockWorker.run(pool, () =>
      say(`raft-sim worker · ${queue.text} · ${countText(size, 'thread')}`),
    );
    say(`${countText(blocks, 'block')} done, ${countText(jobs, 'batch', 'batches')} in them`);
  } finally {
    interruption.release();
    await pool.end();
  }
  return interruption.signal === undefined ? exits.kept : exitCodeOfSignal(interruption.signal);
}
