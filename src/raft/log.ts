// The replicated log (section 5.3).
//
// Owns the entries and answers questions about them; knows nothing of terms in force, votes or peers. Every index
// that enters is checked here. Beside each entry stands the hash of the prefix that ends with it, so that two logs
// are compared in O(1).
//
// Invariants: indexes have no gaps and start at 1; terms never fall.

import { assert } from '../base/assert.ts';
import { chain } from '../base/hash.ts';
import { logIndex, type LogIndex, type Term } from '../base/ids.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry } from '../base/message.ts';

export class Log {
  readonly #entries: Entry[] = [];
  readonly #chains: number[] = [];
  #lastTerm: Term = ZERO_TERM;

  get lastIndex(): LogIndex {
    return logIndex(this.#entries.length);
  }

  get lastTerm(): Term {
    return this.#lastTerm;
  }

  entryAt(index: LogIndex): Entry {
    const entry = this.#entries[index - 1];
    assert(entry !== undefined, 'an entry is read only where the log has one');
    return entry;
  }

  /** The term at an index; 0 at index 0, as if a first entry of term 0 stood there. */
  termAt(index: LogIndex): Term {
    if (index === 0) return ZERO_TERM;
    return this.entryAt(index).term;
  }

  /** The hash of the prefix that ends at an index. */
  chainAt(index: LogIndex): number {
    if (index === 0) return 0;
    const prefix = this.#chains[index - 1];
    assert(prefix !== undefined, 'a prefix is compared only where the log has one');
    return prefix;
  }

  /** Whether the log holds an entry with this index and term. */
  has(index: LogIndex, term: Term): boolean {
    return index <= this.#entries.length && this.termAt(index) === term;
  }

  append(entry: Entry): void {
    assert(entry.term >= this.#lastTerm, 'the terms of a log never fall');
    const at = this.#entries.length;
    const prefix = at === 0 ? 0 : (this.#chains[at - 1] as number);
    this.#entries.push(entry);
    this.#chains.push(chain(prefix, entry.term, entry.command.hash));
    this.#lastTerm = entry.term;
  }

  /** Cuts the entry at an index and everything behind it. */
  cutFrom(index: LogIndex): void {
    assert(index >= 1, 'nothing stands before the first entry');
    this.#entries.length = Math.min(this.#entries.length, index - 1);
    this.#chains.length = this.#entries.length;
    this.#lastTerm = this.termAt(this.lastIndex);
  }

  /** A copy of the entries from an index on: at least one if there is one, then as many as fit in a number of bytes. */
  batchFrom(from: LogIndex, bytesMax: number): Entry[] {
    const batch: Entry[] = [];
    let bytes = 0;
    for (let i = from - 1; i < this.#entries.length; i++) {
      const entry = this.#entries[i] as Entry;
      bytes += entry.command.bytes;
      if (batch.length > 0 && bytes > bytesMax) break;
      batch.push(entry);
    }
    return batch;
  }

  /** A copy of the entries from an index to the end. */
  tailFrom(from: LogIndex): Entry[] {
    return this.#entries.slice(from - 1);
  }

  /** The first index whose term is that of the entry at `index`. */
  firstIndexOfTermAt(index: LogIndex): LogIndex {
    return logIndex(this.#lastIndexBelowTerm(this.termAt(index)) + 1);
  }

  /** The last index with a term, or 0 if the log has no entry of it. */
  lastIndexOfTerm(term: Term): LogIndex {
    const index = logIndex(this.#lastIndexBelowTerm((term + 1) as Term));
    return index > 0 && this.termAt(index) === term ? index : ZERO_INDEX;
  }

  /** How many entries stand before the first one of this term or a later one; a binary search, for terms never fall. */
  #lastIndexBelowTerm(term: Term): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] as Entry).term < term) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
