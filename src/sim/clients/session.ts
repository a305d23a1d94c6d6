// The sessions of the clients as everyone sees them: which call each waits for, and the history of all calls.
//
// A session has one call at a time; the next sequence number means that the client has given up the one before, whose
// outcome then stays unknown. How clients decide what to call, and when, is `workload.ts`. A long history is forgotten
// piece by piece: calls on a key that clients have left, and for which none waits, are handed to who judges them. No
// call that could still be answered must be among these.

import { IntVector } from '../../base/int-vector.ts';
import type { ClientId } from '../../base/ids.ts';
import type { Call, HistoryCall } from '../../protocol/operation.ts';

const OPEN = -1;

/** Sequence numbers from one to another, both included, that no node has seen. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

/** So many calls are kept before those that are settled are looked for; a shorter history is judged as a whole. */
const KEPT_MAX = 65_536;
/** So many names of keys are remembered once their calls are gone: late duplicates may still come. */
const NAMES_MAX = 4096;
/** What a client lets pass by is remembered for so long. */
const GAPS_MAX = 1024;

export class Sessions {
  // By place in the history. Calls are objects that the log keeps anyway; the rest is a few integers each.
  private calls: Call[] = [];
  private invokedAt = new IntVector();
  private completedAt = new IntVector();
  private results: string[] = [];
  /** By client: its newest sequence number, the place of that call (-1: forgotten), numbers that nobody has seen. */
  private readonly newest: number[] = [];
  private readonly latest: number[] = [];
  private readonly unseen: Gap[][] = [];
  /** Keys on which no client begins a call any more. */
  private readonly left = new Set<string>();
  private readonly leastKept: number;
  private keptMax: number;
  private _begun = 0;
  private _completed = 0;
  /** A key whose calls had been forgotten when another one began: what is judged of it is not the whole. */
  takenUpAgain: string | undefined = undefined;
  /** Is handed the calls that are about to be forgotten: all there are on their keys, in the order of first sends. */
  settled: ((calls: readonly HistoryCall[]) => void) | undefined = undefined;

  constructor(keptMax = KEPT_MAX) {
    this.leastKept = keptMax;
    this.keptMax = keptMax;
  }

  /** How many calls were begun. */
  get begun(): number {
    return this._begun;
  }

  get completed(): number {
    return this._completed;
  }

  /** How many calls are remembered. */
  get kept(): number {
    return this.calls.length;
  }

  /** Every call so far, in the order of first sends; of a long run those that are not settled. */
  history(): readonly HistoryCall[] {
    return this.calls.map((_, place) => this.callAt(place));
  }

  private callAt(place: number): HistoryCall {
    const { client, sequence, operation } = this.calls[place] as Call;
    return {
      client,
      sequence,
      operation,
      invokedAt: this.invokedAt.at(place),
      completedAt: this.completedAt.at(place),
      result: this.results[place] as string,
    };
  }

  /** Notes that a client sends a call; true if it is a new one, false for a retry or a duplicate. */
  called(call: Call, step: number): boolean {
    const { client, sequence } = call;
    const newest = this.newest[client] ?? 0;
    if (sequence > newest) {
      if (sequence > newest + 1) this.passBy(client, { from: newest + 1, to: sequence - 1 });
      this.newest[client] = sequence;
      this.latest[client] = this.calls.length;
      if (this.left.delete(call.operation.key)) this.takenUpAgain ??= call.operation.key;
    } else if (!fill(this.unseenBy(client), sequence)) return false;
    this.calls.push(call);
    this.invokedAt.push(step);
    this.completedAt.push(OPEN);
    this.results.push('');
    this._begun++;
    return true;
  }

  /** A call that its client gave up while it waited at a paused node comes late, and may still take effect. */
  private unseenBy(client: ClientId): Gap[] {
    return (this.unseen[client] ??= []);
  }

  private passBy(client: ClientId, gap: Gap): void {
    const gaps = this.unseenBy(client);
    gaps.push(gap);
    if (gaps.length > GAPS_MAX) gaps.shift();
  }

  /** Notes an answer; true if the client was waiting for it. */
  answered(client: ClientId, sequence: number, result: string, step: number): boolean {
    const place = this.latest[client] ?? -1;
    if (place < 0 || this.completedAt.at(place) !== OPEN) return false;
    if ((this.calls[place] as Call).sequence !== sequence) return false;
    this.completedAt.set(place, step);
    this.results[place] = result;
    this._completed++;
    return true;
  }

  /** No client begins another call on this key. */
  leave(key: string): void {
    this.left.add(key);
    if (this.calls.length >= this.keptMax) this.forgetSettled();
  }

  private forgetSettled(): void {
    const waited = new Set<string>();
    for (const place of this.latest) {
      if (place >= 0 && this.completedAt.at(place) === OPEN) waited.add((this.calls[place] as Call).operation.key);
    }
    const isSettled = (key: string): boolean => this.left.has(key) && !waited.has(key);
    const before = { calls: this.calls, invokedAt: this.invokedAt, completedAt: this.completedAt };
    const results = this.results;
    const gone = before.calls.flatMap(({ operation }, place) => (isSettled(operation.key) ? [this.callAt(place)] : []));
    [this.calls, this.results] = [[], []];
    [this.invokedAt, this.completedAt] = [new IntVector(), new IntVector()];
    this.latest.fill(-1);
    before.calls.forEach((call, place) => {
      if (isSettled(call.operation.key)) return;
      if (this.newest[call.client] === call.sequence) this.latest[call.client] = this.calls.length;
      this.calls.push(call);
      this.invokedAt.push(before.invokedAt.at(place));
      this.completedAt.push(before.completedAt.at(place));
      this.results.push(results[place] as string);
    });
    this.keptMax = Math.max(this.leastKept, 2 * this.calls.length);
    for (const key of this.left) {
      if (this.left.size <= NAMES_MAX) break;
      if (isSettled(key)) this.left.delete(key);
    }
    this.settled?.(gone);
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
