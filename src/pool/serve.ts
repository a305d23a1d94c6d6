// The worker's side of a pool: takes jobs, performs them one after the other, sends back notes and results.
//
// The module of a worker calls `serve` once, with the function that performs a job.

import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerMessage, WorkerSettings } from './protocol.ts';

/** What a job may ask of its pool, and tell it. */
export interface WorkerContext<Note> {
  /** Says what the worker is at, should it die or hang there. */
  readonly begin: (what: number) => void;
  /** Whether the pool wants an end. */
  readonly isStopped: () => boolean;
  /** Sends something ahead of the result. */
  readonly note: (note: Note) => void;
}

/** The function says which jobs it takes; its notes and results are plain data. */
export function serve(perform: (job: never, context: WorkerContext<unknown>) => unknown): void {
  const port = parentPort;
  const { at, stop } = workerData as WorkerSettings;
  const send = (message: WorkerMessage<unknown, unknown>): void => port?.postMessage(message);
  const context: WorkerContext<unknown> = {
    begin(what) {
      at[0] = what;
      at[1] = (at[1] ?? 0) + 1;
    },
    isStopped: () => Atomics.load(stop, 0) !== 0,
    note: (note) => send({ kind: 'note', note }),
  };
  port?.on('message', (job: unknown) => send({ kind: 'result', result: perform(job as never, context) }));
}
