// A worker thread of a campaign: takes orders, does them one after the other, hands back what came of each.
//
// Before each seed it leaves the seed's number where the crew can read it, should this thread die or hang.

import { parentPort, workerData } from 'node:worker_threads';
import { perform, type Job, type JobContext } from './job.ts';

/** What the crew gives a worker to begin with. */
export interface CampaignWorkerSettings {
  /** Place 0: the seed at work. Place 1: counts the seeds begun. */
  readonly standing: Float64Array;
  /** Not 0: come to an end. */
  readonly hurry: Int32Array;
}

const port = parentPort;
const { standing, hurry } = workerData as CampaignWorkerSettings;

const surroundings: JobContext = {
  before(seed) {
    standing[0] = seed;
    standing[1] = (standing[1] ?? 0) + 1;
  },
  now: () => performance.now(),
  isHurried: () => Atomics.load(hurry, 0) !== 0,
};

port?.on('message', (order: Job) => port.postMessage(perform(order, surroundings)));
