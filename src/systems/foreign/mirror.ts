// The log of a server that is not ours, kept by the simulator from what the server writes, or from what it applies.
//
// A write is in the mirror as soon as the server has issued it, as it is in the server's memory; what of it is durable
// is the disk's business. Prefix hashes are the same as those of our own logs, so that every promise about logs holds
// for foreign ones without their help. Nothing here trusts the server: what cannot be a log is refused in words.

import { logIndex, term as termOf, type LogIndex, type Term } from '../../base/ids.ts';
import type { EntryList } from '../../protocol/entry-list.ts';
import { ZERO_TERM, type Entry } from '../../protocol/message.ts';
import type { LogView } from '../../sim/process.ts';

export class Mirror implements LogView {
  private readonly entries: EntryList;

  /** Goes on with what the disk holds, which is its own from now on. */
  constructor(entries: EntryList) {
    this.entries = entries;
  }

  get base(): LogIndex {
    return this.entries.base;
  }

  get lastIndex(): LogIndex {
    return this.entries.lastIndex;
  }

  get lastTerm(): Term {
    return this.termAt(this.lastIndex);
  }

  get prefixHash(): number {
    return this.entries.prefixHash;
  }

  termAt(index: LogIndex): Term {
    return this.entries.termAt(index) ?? ZERO_TERM;
  }

  entryAt(index: LogIndex): Entry {
    return this.entries.entryAt(index) ?? NOTHING;
  }

  prefixHashAt(index: LogIndex): number {
    return this.entries.prefixHashAt(index) ?? 0;
  }

  has(index: number): boolean {
    return this.entries.entryAt(index) !== undefined;
  }

  /** Cuts everything from an index on and puts entries there; says what is wrong with that, if it is no log then. */
  write(from: number, added: readonly Entry[]): string | undefined {
    const { lastIndex, base } = this;
    if (from > lastIndex + 1) return `writes entry ${from}, but its log ends at ${lastIndex}`;
    if (from <= base) return `writes entry ${from}, but its log begins behind ${base}`;
    this.entries.cutTo(from - 1);
    for (let i = 0; i < added.length; i++) {
      const entry = added[i] as Entry;
      const before = this.lastTerm;
      if (entry.term < before) return `writes entry ${from + i} of term ${entry.term} behind one of term ${before}`;
      this.entries.push(entry);
    }
    return undefined;
  }

  /** Of a server that shows no log: the entry that it has just applied. */
  extend(entry: Entry): void {
    this.entries.push(entry);
  }
}

const NOTHING: Entry = Object.freeze({ term: termOf(0), command: Object.freeze({ hash: 0, bytes: 0 }) });

/** The index behind one. */
export const nextIndex = (index: number): LogIndex => logIndex(index + 1);
