// One log over a whole run: which entry stood at an index after any step.
//
// Each place keeps the entries that it has held, with the steps between which it held them; a cut ends them. So a run
// of many steps costs what it wrote, and a moment is read without going through the run.

import { logIndex, type LogIndex } from '../base/ids.ts';
import type { Entry } from '../protocol/message.ts';

/** What is looked at: a log in memory, or one on a disk. */
export interface ReadableLog {
  readonly base: number;
  readonly lastIndex: number;
  prefixHashAt(index: LogIndex): number | undefined;
  entryAt(index: LogIndex): Entry;
}

/** What a step changed in a log: everything from an index on. */
export interface LogChange {
  readonly base: number;
  readonly from: number;
  readonly lastIndex: number;
}

interface Tenancy {
  readonly entry: Entry;
  readonly from: number;
  /** The step that took it away; Infinity if none has. */
  until: number;
}

export class LogHistory {
  private readonly places: Tenancy[][] = [];
  private readonly hashes: (number | undefined)[] = [];
  private readonly changes = new Map<number, LogChange>();

  /** Looks at the log after a step; the first index that changed, 0 if nothing did. */
  look(log: ReadableLog, step: number): number {
    const { base, lastIndex } = log;
    const before = this.hashes.length;
    if (lastIndex === before && this.isSame(log, lastIndex)) return 0;
    let kept = Math.min(before, lastIndex);
    while (kept > base && !this.isSame(log, kept)) kept--;
    for (let i = kept; i < before; i++) this.leave(i, step);
    this.hashes.length = kept;
    for (let i = kept + 1; i <= lastIndex; i++) {
      const index = logIndex(i);
      this.hashes.push(i <= base ? undefined : log.prefixHashAt(index));
      if (i > base) (this.places[i - 1] ??= []).push({ entry: log.entryAt(index), from: step, until: Infinity });
    }
    this.changes.set(step, { base, from: kept + 1, lastIndex });
    return kept + 1;
  }

  /** What a step changed; undefined if nothing. */
  changeAt(step: number): LogChange | undefined {
    return this.changes.get(step);
  }

  /** The whole log is gone. */
  clear(step: number): void {
    for (let i = 0; i < this.hashes.length; i++) this.leave(i, step);
    this.hashes.length = 0;
  }

  /** The entry at an index after a step; undefined if there was none, or if only a snapshot held it. */
  entryAt(index: number, step: number): Entry | undefined {
    const tenancies = this.places[index - 1] ?? [];
    for (let i = tenancies.length - 1; i >= 0; i--) {
      const { entry, from, until } = tenancies[i] as Tenancy;
      if (from <= step) return step < until ? entry : undefined;
    }
    return undefined;
  }

  /** The step after which the entry that stands at an index after `step` came there; 0 if there is none. */
  since(index: number, step: number): number {
    return (this.places[index - 1] ?? []).findLast(({ from, until }) => from <= step && step < until)?.from ?? 0;
  }

  private isSame(log: ReadableLog, index: number): boolean {
    return index <= log.base || log.prefixHashAt(logIndex(index)) === this.hashes[index - 1];
  }

  private leave(place: number, step: number): void {
    const last = this.places[place]?.at(-1);
    if (last !== undefined && last.until === Infinity) last.until = step;
  }
}
