// A list of log entries with the hash of each prefix, addressed by index; the entries before the first may be gone.
//
// Entries stand in blocks. A full block never changes any more, so that a copy of a list shares all of its full
// blocks: a server that restarts with a long log costs next to nothing. A cut into a block that others may hold
// copies it first. Compaction drops whole blocks and remembers the term and the hash of the last entry that went.

import { extendPrefixHash } from '../base/hash.ts';
import { logIndex, type LogIndex, type Term } from '../base/ids.ts';
import { configurationOf, type Configuration } from './configuration.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry } from './message.ts';

const BITS = 9;
const SIZE = 1 << BITS;
const MASK = SIZE - 1;

interface Block {
  readonly entries: Entry[];
  readonly prefixHashes: Int32Array;
}

export class EntryList {
  private readonly blocks: Block[] = [];
  /** How many blocks in front of `blocks` are gone. */
  private droppedBlocks = 0;
  private baseIndex = 0;
  private baseTerm: Term = ZERO_TERM;
  private baseHash = 0;
  private end = 0;
  private endHash = 0;
  /** Where configurations stand, in order; few beside the other entries. */
  private configurations: number[] = [];
  /** Where the last configuration of the list stands; 0 if it has none. */
  configurationIndex: LogIndex = ZERO_INDEX;

  /** The last index before the first entry that is there; 0 if nothing was compacted. */
  get base(): LogIndex {
    return logIndex(this.baseIndex);
  }

  /** The index of the last entry; that of the base if there is none. */
  get lastIndex(): LogIndex {
    return logIndex(this.end);
  }

  /** The hash of the whole list, with what was compacted. */
  get prefixHash(): number {
    return this.endHash;
  }

  /** The entry at an index; undefined where there is none. */
  entryAt(index: number): Entry | undefined {
    if (index <= this.baseIndex || index > this.end) return undefined;
    return this.blockOf(index).entries[(index - 1) & MASK];
  }

  /** The term at an index, also at the base; undefined where nothing is known of it. */
  termAt(index: number): Term | undefined {
    if (index > this.baseIndex && index <= this.end) {
      return (this.blockOf(index).entries[(index - 1) & MASK] as Entry).term;
    }
    return index === this.baseIndex ? this.baseTerm : undefined;
  }

  /** The hash of the prefix that ends at an index, also at the base; undefined where nothing is known of it. */
  prefixHashAt(index: number): number | undefined {
    if (index === this.end) return this.endHash;
    if (index > this.baseIndex && index < this.end) return this.blockOf(index).prefixHashes[(index - 1) & MASK];
    return index === this.baseIndex ? this.baseHash : undefined;
  }

  push(entry: Entry): void {
    const place = this.end & MASK;
    const blocks = this.blocks;
    if (place === 0 || blocks.length === 0) blocks.push({ entries: [], prefixHashes: new Int32Array(SIZE) });
    const block = blocks[blocks.length - 1] as Block;
    this.endHash = extendPrefixHash(this.endHash, entry.term, entry.command.hash);
    block.entries[place] = entry;
    block.prefixHashes[place] = this.endHash;
    this.end++;
    if (configurationOf(entry.command) !== undefined) {
      this.configurations.push(this.end);
      this.configurationIndex = logIndex(this.end);
    }
  }

  /** Where the last configuration before an index stands; 0 if there is none. */
  configurationIndexBefore(index: number): LogIndex {
    const { configurations } = this;
    let place = configurations.length;
    while (place > 0 && (configurations[place - 1] as number) >= index) place--;
    return place === 0 ? ZERO_INDEX : logIndex(configurations[place - 1] as number);
  }

  /** The configuration that stands at an index, where one does. */
  configurationAt(index: LogIndex): Configuration | undefined {
    const entry = this.entryAt(index);
    return entry === undefined ? undefined : configurationOf(entry.command);
  }

  /** Keeps the entries up to an index only, which is not before the base. */
  cutTo(index: number): void {
    if (index >= this.end) return;
    this.endHash = this.prefixHashAt(index) ?? this.baseHash;
    this.end = index;
    if (this.configurationIndex > index) {
      this.configurationIndex = this.configurationIndexBefore(index + 1);
      while ((this.configurations.at(-1) ?? 0) > index) this.configurations.pop();
    }
    if (index === this.baseIndex) {
      this.blocks.length = 0;
      this.droppedBlocks = index >>> BITS;
      return;
    }
    const kept = ((index + MASK) >>> BITS) - this.droppedBlocks;
    this.blocks.length = kept;
    const rest = index & MASK;
    if (rest > 0) this.blocks[kept - 1] = beginningOf(this.blocks[kept - 1] as Block, rest);
  }

  /** Forgets the entries up to an index that the list has; what is asked of that index is still known. */
  compactTo(index: number): void {
    if (index <= this.baseIndex || index > this.end) return;
    const term = this.termAt(index) as Term;
    const hash = this.prefixHashAt(index) as number;
    const dropped = index === this.end ? this.blocks.length : ((index - 1) >>> BITS) - this.droppedBlocks;
    this.blocks.splice(0, dropped);
    this.droppedBlocks += dropped;
    this.resetBase(index, term, hash);
    while ((this.configurations[0] ?? Infinity) <= index) this.configurations.shift();
    if (this.configurations.length === 0) this.configurationIndex = ZERO_INDEX;
  }

  /** Forgets everything: the list goes on behind an index, with what is known of the entry there (section 7). */
  restartAt(index: LogIndex, term: Term, prefixHash: number): void {
    this.blocks.length = 0;
    this.resetBase(index, term, prefixHash);
    this.end = index;
    this.endHash = prefixHash;
    this.configurations.length = 0;
    this.configurationIndex = ZERO_INDEX;
  }

  /** A list of its own with the same entries. */
  copy(): EntryList {
    const other = new EntryList();
    const { blocks } = this;
    for (let i = 0; i < blocks.length; i++) other.blocks.push(blocks[i] as Block);
    const rest = this.end & MASK;
    if (rest > 0 && blocks.length > 0) {
      other.blocks[blocks.length - 1] = beginningOf(blocks[blocks.length - 1] as Block, rest);
    }
    other.droppedBlocks = this.droppedBlocks;
    other.baseIndex = this.baseIndex;
    other.baseTerm = this.baseTerm;
    other.baseHash = this.baseHash;
    other.end = this.end;
    other.endHash = this.endHash;
    other.configurations = this.configurations.slice();
    other.configurationIndex = this.configurationIndex;
    return other;
  }

  /**
   * The entries from an index on, as an array of its own: all, or as many as fit in a number of bytes, but at least
   * one.
   */
  slice(from: number, bytesMax: number): Entry[] {
    const first = this.entryAt(from);
    if (first === undefined) return [];
    // Mostly there is one: a literal has just the room that it needs.
    const entries = [first];
    let bytes = first.command.bytes;
    for (let index = from + 1; index <= this.end; index++) {
      const entry = this.blockOf(index).entries[(index - 1) & MASK] as Entry;
      bytes += entry.command.bytes;
      if (bytes > bytesMax) break;
      entries.push(entry);
    }
    return entries;
  }

  private blockOf(index: number): Block {
    return this.blocks[((index - 1) >>> BITS) - this.droppedBlocks] as Block;
  }

  private resetBase(index: number, term: Term, prefixHash: number): void {
    this.baseIndex = index;
    this.baseTerm = term;
    this.baseHash = prefixHash;
    if (this.blocks.length === 0) this.droppedBlocks = index >>> BITS;
  }
}

/** The first entries of a block, in a block that is not shared; places that were compacted stay as they are. */
function beginningOf(block: Block, length: number): Block {
  const prefixHashes = new Int32Array(SIZE);
  prefixHashes.set(block.prefixHashes.subarray(0, length));
  return { entries: block.entries.slice(0, length), prefixHashes };
}
