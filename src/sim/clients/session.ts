// The sessions of the clients as everyone sees them: which call each waits for, and the history of all calls.
//
// A session has one call at a time; the next sequence number means that the client has given up the one before, whose
// outcome then stays unknown. How clients decide what to call, and when, is `workload.ts`.

import { IntVector } from '../../base/int-vector.ts';
import type { ClientId } from '../../base/ids.ts';
import type { Call, HistoryCall } from '../../protocol/operation.ts';

const OPEN = -1;

/** Sequence numbers from one to another, both included, that no node has seen. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

export class Sessions {
  // By place in the history. Calls are objects that the log keeps anyway; the rest is a few integers each.
  private readonly calls: Call[] = [];
  private readonly invokedAt = new IntVector();
  private readonly completedAt = new IntVector();
  private readonly results: string[] = [];
  /** By client: the place of its newest call, and the earlier sequence numbers that no node has seen yet. */
  private readonly latest: number[] = [];
  private readonly unseen: Gap[][] = [];
  private _completed = 0;

  /** How many calls were begun. */
  get begun(): number {
    return this.calls.length;
  }

  get completed(): number {
    return this._completed;
  }

  /** Every call so far, in the order of first sends. */
  history(): readonly HistoryCall[] {
    return this.calls.map(({ client, sequence, operation }, place) => ({
      client,
      sequence,
      operation,
      invokedAt: this.invokedAt.at(place),
      completedAt: this.completedAt.at(place),
      result: this.results[place] as string,
    }));
  }

  /** Notes that a client sends a call; true if it is a new one, false for a retry or a duplicate. */
  called(call: Call, step: number): boolean {
    const { client, sequence } = call;
    const latest = this.latest[client];
    const newest = latest === undefined ? 0 : (this.calls[latest] as Call).sequence;
    if (sequence > newest) {
      if (sequence > newest + 1) this.unseenBy(client).push({ from: newest + 1, to: sequence - 1 });
      this.latest[client] = this.calls.length;
    } else if (!fill(this.unseenBy(client), sequence)) return false;
    this.calls.push(call);
    this.invokedAt.push(step);
    this.completedAt.push(OPEN);
    this.results.push('');
    return true;
  }

  /** A call that its client gave up while it waited at a paused node comes late, and may still take effect. */
  private unseenBy(client: ClientId): Gap[] {
    return (this.unseen[client] ??= []);
  }

  /** Notes an answer; true if the client was waiting for it. */
  answered(client: ClientId, sequence: number, result: string, step: number): boolean {
    const place = this.latest[client];
    if (place === undefined || this.completedAt.at(place) !== OPEN) return false;
    if ((this.calls[place] as Call).sequence !== sequence) return false;
    this.completedAt.set(place, step);
    this.results[place] = result;
    this._completed++;
    return true;
  }
}

/** Takes a number out of the gap that it lies in; false if it lies in none. */
function fill(gaps: Gap[], sequence: number): boolean {
  const place = gaps.findIndex(({ from, to }) => from <= sequence && sequence <= to);
  const gap = gaps[place];
  if (gap === undefined) return false;
  gaps.splice(place, 1);
  if (gap.from < sequence) gaps.push({ from: gap.from, to: sequence - 1 });
  if (sequence < gap.to) gaps.push({ from: sequence + 1, to: gap.to });
  return true;
}
