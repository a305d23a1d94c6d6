// The replicated log (section 5.3).
//
// Owns the entries and answers questions about them; knows nothing of terms in force, votes or peers. Every index
// that enters is checked here. Two logs are compared in O(1) by the hashes of their prefixes.
//
// Invariants: indexes have no gaps and start at 1; terms never fall.

import { assert } from '../base/errors.ts';
import type { EntryList } from '../protocol/entry-list.ts';
import { logIndex, type LogIndex, type Term } from '../base/ids.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry } from '../protocol/message.ts';

export class Log {
  private readonly entries: EntryList;
  private _lastTerm: Term = ZERO_TERM;

  /** A log with these entries, which are its own from now on. */
  constructor(entries: EntryList) {
    this.entries = entries;
    this._lastTerm = this.termAt(this.lastIndex);
  }

  get lastIndex(): LogIndex {
    return logIndex(this.entries.length);
  }

  get lastTerm(): Term {
    return this._lastTerm;
  }

  entryAt(index: LogIndex): Entry {
    const entry = this.entries.entryAt(index);
    assert(entry !== undefined, 'an entry is read only where the log has one');
    return entry;
  }

  /** The term at an index; 0 at index 0, as if a first entry of term 0 stood there. */
  termAt(index: LogIndex): Term {
    if (index === 0) return ZERO_TERM;
    return this.entryAt(index).term;
  }

  /** The hash of the prefix that ends at an index. */
  prefixHashAt(index: LogIndex): number {
    const prefix = this.entries.prefixHashAt(index);
    assert(prefix !== undefined, 'a prefix is compared only where the log has one');
    return prefix;
  }

  /** The hash of the whole log. */
  get prefixHash(): number {
    return this.entries.prefixHash;
  }

  /** Whether the log holds an entry with this index and term. */
  has(index: LogIndex, term: Term): boolean {
    return index <= this.entries.length && this.termAt(index) === term;
  }

  append(entry: Entry): void {
    assert(entry.term >= this._lastTerm, 'the terms of a log never fall');
    this.entries.push(entry);
    this._lastTerm = entry.term;
  }

  /** Cuts the entry at an index and everything behind it. */
  cutFrom(index: LogIndex): void {
    assert(index >= 1, 'nothing stands before the first entry');
    this.entries.cutTo(index - 1);
    this._lastTerm = this.termAt(this.lastIndex);
  }

  /** A copy of the entries from an index on: at least one if there is one, then as many as fit in a number of bytes. */
  batchFrom(from: LogIndex, bytesMax: number): Entry[] {
    return this.entries.slice(from, bytesMax);
  }

  /** A copy of the entries from an index to the end. */
  tailFrom(from: LogIndex): Entry[] {
    return this.entries.slice(from, Infinity);
  }

  /** The first index whose term is that of the entry at `index`. */
  firstIndexOfTermAt(index: LogIndex): LogIndex {
    return logIndex(this.countBefore(this.termAt(index)) + 1);
  }

  /** The last index with a term, or 0 if the log has no entry of it. */
  lastIndexOfTerm(term: Term): LogIndex {
    const index = logIndex(this.countBefore((term + 1) as Term));
    return index > 0 && this.termAt(index) === term ? index : ZERO_INDEX;
  }

  /** How many entries stand before the first one of this term or a later one; a binary search, for terms never fall. */
  private countBefore(term: Term): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.termAt(logIndex(middle + 1)) < term) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
