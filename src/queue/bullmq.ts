// What is used of BullMQ, a package that need not be there: its shape, and how it is loaded.
//
// The shape is written down here because a package that is missing has no types either.

import { UsageError } from '../base/errors.ts';

export interface QueueEntry<Data> {
  readonly data: Data;
  /** Puts it back, at the front. */
  moveToWait(token?: string): Promise<unknown>;
}

/** The connection below a queue. */
export interface Client {
  get(key: string): Promise<string | null>;
  del(key: string): Promise<unknown>;
  on(event: 'ready', listener: () => void): unknown;
  defineCommand(name: string, definition: { readonly numberOfKeys: number; readonly lua: string }): void;
  runCommand(name: string, words: readonly string[]): Promise<unknown>;
}

export interface EntryOptions {
  readonly jobId?: string;
  readonly removeOnComplete: boolean;
  readonly removeOnFail: boolean;
}

export interface Queue<Data> {
  readonly backend: { readonly client: Promise<Client>; close(force: boolean): Promise<void> };
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeAllListeners(event: 'error'): unknown;
  add(name: string, data: Data, options: EntryOptions): Promise<unknown>;
  addBulk(entries: readonly { name: string; data: Data; opts: EntryOptions }[]): Promise<unknown>;
  drain(): Promise<void>;
  obliterate(options: { readonly force: boolean }): Promise<void>;
  getJobCounts(...states: readonly string[]): Promise<Readonly<Record<string, number>>>;
}

export interface QueueWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force: boolean): Promise<void>;
}

export interface QueueOptions {
  readonly prefix: string;
  readonly connection: {
    readonly url: string;
    readonly maxRetriesPerRequest: null;
    readonly retryStrategy: (times: number) => number;
  };
}

/** Times in milliseconds. */
export interface WorkerOptions extends QueueOptions {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
  readonly runRetryDelay: number;
}

export interface BullMQ {
  readonly Queue: new <Data>(name: string, options: QueueOptions) => Queue<Data>;
  readonly Worker: new <Data>(
    name: string,
    process: (entry: QueueEntry<Data>, token?: string) => Promise<void>,
    options: WorkerOptions,
  ) => QueueWorker;
  readonly WaitingError: new () => Error;
}

/** BullMQ finds its driver by itself, but not before it is used. */
async function bothPackages(): Promise<BullMQ> {
  const [bullMQ] = (await Promise.all([import('bullmq'), import('ioredis')])) as [BullMQ, unknown];
  return bullMQ;
}

/** Throws a UsageError that says what to install, if the packages are not there. */
export async function loadBullMQ(load = bothPackages): Promise<BullMQ> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Error) || !/Cannot find (?:package|module)/.test(error.message)) throw error;
    throw new UsageError('--queue needs packages that are not there: npm install bullmq ioredis');
  }
}
