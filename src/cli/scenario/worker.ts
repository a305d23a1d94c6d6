// A worker thread that plays scenarios: takes batches of files, hands back what became of each.
//
// Between two files, and between two seeds, it looks whether it shall stop.

import { parentPort, workerData } from 'node:worker_threads';
import { playFile } from './play.ts';
import type { Numbered, WorkerAnswer, ScenarioWorkerSettings } from './pool.ts';

const port = parentPort;
const { stop } = workerData as ScenarioWorkerSettings;
const isStopped = (): boolean => Atomics.load(stop, 0) !== 0;
const answer = (message: WorkerAnswer): void => port?.postMessage(message);

port?.on('message', (batch: readonly Numbered[]) => {
  for (const { number, job } of batch) {
    if (isStopped()) break;
    const told = playFile(job, { told: (piece) => answer({ kind: 'told', number, told: piece }), isStopped }, () =>
      performance.now(),
    );
    answer({ kind: 'result', number, result: told });
  }
  answer({ kind: 'batch over' });
});
