// The replicated log (section 5.3).
//
// Owns the entries and answers questions about them; knows nothing of terms in force, votes or peers. Every index
// that enters is checked here. Two logs are compared in O(1) by the hashes of their prefixes.
//
// Invariants: indexes have no gaps; terms never fall; what stands at or before `base` is compacted, and only the term
// and the prefix hash of `base` itself are still known.

import { assert } from '../base/errors.ts';
import { logIndex, type LogIndex, type Term } from '../base/ids.ts';
import type { Configuration } from '../protocol/configuration.ts';
import type { EntryList } from '../protocol/entry-list.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry } from '../protocol/message.ts';

export class Log {
  private readonly entries: EntryList;
  // The ends of the log, which nearly every step asks for, as plain fields.
  base: LogIndex = ZERO_INDEX;
  lastIndex: LogIndex = ZERO_INDEX;
  lastTerm: Term = ZERO_TERM;
  /** The hash of the whole log. */
  prefixHash = 0;
  /** Where the last configuration stands; 0 if there is none behind `base`. */
  configurationIndex: LogIndex = ZERO_INDEX;

  /** A log with these entries, which are its own from now on. */
  constructor(entries: EntryList) {
    this.entries = entries;
    this.noteEnds();
  }

  entryAt(index: LogIndex): Entry {
    const entry = this.entries.entryAt(index);
    assert(entry !== undefined, 'an entry is read only where the log has one');
    return entry;
  }

  /** The term at an index; 0 at index 0, as if a first entry of term 0 stood there. */
  termAt(index: LogIndex): Term {
    const term = this.entries.termAt(index);
    assert(term !== undefined, 'a term is read only where the log has an entry, or ends');
    return term;
  }

  /** The hash of the prefix that ends at an index. */
  prefixHashAt(index: LogIndex): number {
    const prefix = this.entries.prefixHashAt(index);
    assert(prefix !== undefined, 'a prefix is compared only where the log has one');
    return prefix;
  }

  /** Whether the log holds an entry with this index and term. */
  has(index: LogIndex, term: Term): boolean {
    return this.entries.termAt(index) === term;
  }

  append(entry: Entry): void {
    assert(entry.term >= this.lastTerm, 'the terms of a log never fall');
    this.entries.push(entry);
    this.lastIndex = logIndex(this.lastIndex + 1);
    this.lastTerm = entry.term;
    this.prefixHash = this.entries.prefixHash;
    this.configurationIndex = this.entries.configurationIndex;
  }

  /** The configuration that stands at an index. */
  configurationAt(index: LogIndex): Configuration {
    const configuration = this.entries.configurationAt(index);
    assert(configuration !== undefined, 'a configuration is read only where one stands');
    return configuration;
  }

  /** Where the last configuration before an index stands; 0 if there is none behind `base`. */
  configurationIndexBefore(index: LogIndex): LogIndex {
    return this.entries.configurationIndexBefore(index);
  }

  /** Cuts the entry at an index and everything behind it. */
  cutFrom(index: LogIndex): void {
    assert(index > this.base, 'nothing is cut before the first entry');
    this.entries.cutTo(index - 1);
    this.noteEnds();
  }

  /** Forgets the entries up to an index that the log has: a snapshot stands for them (section 7). */
  compactTo(index: LogIndex): void {
    this.entries.compactTo(index);
    this.base = this.entries.base;
    this.configurationIndex = this.entries.configurationIndex;
  }

  /** Forgets everything: the log goes on behind an index, with what a snapshot says of the entry there (section 7). */
  restartAt(index: LogIndex, term: Term, prefixHash: number): void {
    this.entries.restartAt(index, term, prefixHash);
    this.noteEnds();
  }

  /** A copy of the entries from an index on: at least one if there is one, then as many as fit in a number of bytes. */
  batchFrom(from: LogIndex, bytesMax: number): Entry[] {
    return this.entries.slice(from, bytesMax);
  }

  /** A copy of the entries from an index to the end. */
  tailFrom(from: LogIndex): Entry[] {
    return this.entries.slice(from, Infinity);
  }

  /** The first index whose term is that of the entry at `index`, as far as the log goes back. */
  firstIndexOfTermAt(index: LogIndex): LogIndex {
    return logIndex(this.lastIndexBefore(this.termAt(index)) + 1);
  }

  /** The last index with a term, or 0 if the log has no entry of it. */
  lastIndexOfTerm(term: Term): LogIndex {
    const index = this.lastIndexBefore((term + 1) as Term);
    return index > 0 && this.termAt(index) === term ? index : ZERO_INDEX;
  }

  /** The index before the first entry of this term or a later one; a binary search, for terms never fall. */
  private lastIndexBefore(term: Term): LogIndex {
    let low = this.base as number;
    let high = this.lastIndex as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.termAt(logIndex(middle + 1)) < term) low = middle + 1;
      else high = middle;
    }
    return logIndex(low);
  }

  private noteEnds(): void {
    const { entries } = this;
    this.base = entries.base;
    this.lastIndex = entries.lastIndex;
    this.lastTerm = entries.termAt(this.lastIndex) as Term;
    this.prefixHash = entries.prefixHash;
    this.configurationIndex = entries.configurationIndex;
  }
}
