// A worker thread that plays scenarios: takes batches of files, hands back what became of each.
//
// Between two files, and between two seeds, it looks whether it shall stop; within a story, whether that shall end.

import { parentPort, workerData } from 'node:worker_threads';
import { playFile } from './play.ts';
import type { StoryOutput } from './story.ts';
import type { Numbered, WorkerAnswer, ScenarioWorkerSettings } from './pool.ts';

const port = parentPort;
const { stop } = workerData as ScenarioWorkerSettings;
const isStopped = (): boolean => Atomics.load(stop, 0) !== 0;
const isEnded = (): boolean => Atomics.load(stop, 0) > 1;
const answer = (message: WorkerAnswer): void => port?.postMessage(message);

port?.on('message', (batch: readonly Numbered[]) => {
  for (const { number, job } of batch) {
    if (isStopped()) break;
    const listener = {
      told: (piece: StoryOutput) => answer({ kind: 'told', number, told: piece }),
      isStopped,
      isEnded,
    };
    const told = playFile(job, listener, () => performance.now());
    answer({ kind: 'result', number, result: told });
  }
  answer({ kind: 'batch over' });
});
