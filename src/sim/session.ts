// The sessions of the clients as everyone sees them: which call each waits for, and the history of all calls.
//
// A session has one call at a time; the next sequence number means that the client has given up the one before, whose
// outcome then stays unknown. How clients decide what to call, and when, is `workload.ts`.

import type { ClientId } from '../base/ids.ts';
import type { HistoryCall, Operation } from '../base/operation.ts';

interface OpenCall {
  readonly client: ClientId;
  readonly sequence: number;
  readonly operation: Operation;
  readonly invokedAt: number;
  completedAt: number;
  result: string;
}

export class Sessions {
  readonly #calls: OpenCall[] = [];
  readonly #latest: (OpenCall | undefined)[] = [];
  #completed = 0;

  /** Every call so far, in the order of first sends. */
  get history(): readonly HistoryCall[] {
    return this.#calls;
  }

  get completed(): number {
    return this.#completed;
  }

  /** Notes that a client sends a call; true if it is a new one, false for a retry or a duplicate. */
  called(client: ClientId, sequence: number, operation: Operation, step: number): boolean {
    const latest = this.#latest[client];
    if (latest !== undefined && sequence <= latest.sequence) return false;
    const call: OpenCall = { client, sequence, operation, invokedAt: step, completedAt: -1, result: '' };
    this.#latest[client] = call;
    this.#calls.push(call);
    return true;
  }

  /** Notes an answer; true if the client was waiting for it. */
  answered(client: ClientId, sequence: number, result: string, step: number): boolean {
    const latest = this.#latest[client];
    if (latest === undefined || latest.sequence !== sequence || latest.completedAt !== -1) return false;
    latest.completedAt = step;
    latest.result = result;
    this.#completed++;
    return true;
  }
}
