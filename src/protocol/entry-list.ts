// A list of log entries with the hash of each prefix; index 1 is the first.
//
// Entries stand in blocks. A full block never changes any more, so that a copy of a list shares all of its full
// blocks: a server that restarts with a long log costs next to nothing. A cut into a block that others may hold
// copies it first.

import { extendPrefixHash } from '../base/hash.ts';
import type { Entry } from './message.ts';

const BITS = 9;
const SIZE = 1 << BITS;
const MASK = SIZE - 1;

interface Block {
  readonly entries: Entry[];
  readonly chains: Int32Array;
}

export class EntryList {
  private readonly blocks: Block[] = [];
  private count = 0;
  /** The hash of the whole list. */
  private lastChain = 0;

  get length(): number {
    return this.count;
  }

  get prefixHash(): number {
    return this.lastChain;
  }

  /** The entry at an index from 1; undefined where there is none. */
  entryAt(index: number): Entry | undefined {
    if (index < 1 || index > this.count) return undefined;
    return (this.blocks[(index - 1) >>> BITS] as Block).entries[(index - 1) & MASK];
  }

  /** The hash of the prefix that ends at an index; 0 before the first entry, undefined behind the last. */
  prefixHashAt(index: number): number | undefined {
    if (index === this.count) return this.lastChain;
    if (index < 1) return index === 0 ? 0 : undefined;
    if (index > this.count) return undefined;
    return (this.blocks[(index - 1) >>> BITS] as Block).chains[(index - 1) & MASK];
  }

  push(entry: Entry): void {
    const place = this.count & MASK;
    if (place === 0) this.blocks.push({ entries: [], chains: new Int32Array(SIZE) });
    const block = this.blocks[this.count >>> BITS] as Block;
    this.lastChain = extendPrefixHash(this.lastChain, entry.term, entry.command.hash);
    block.entries.push(entry);
    block.chains[place] = this.lastChain;
    this.count++;
  }

  /** Keeps the first entries only. */
  cutTo(length: number): void {
    if (length >= this.count) return;
    this.lastChain = this.prefixHashAt(length) ?? 0;
    const blocks = (length + MASK) >>> BITS;
    this.blocks.length = blocks;
    const kept = length - (blocks - 1) * SIZE;
    if (blocks > 0 && kept < SIZE) this.blocks[blocks - 1] = beginningOf(this.blocks[blocks - 1] as Block, kept);
    this.count = length;
  }

  /** A list of its own with the same entries. */
  copy(): EntryList {
    const other = new EntryList();
    for (let i = 0; i < this.blocks.length; i++) other.blocks.push(this.blocks[i] as Block);
    const rest = this.count & MASK;
    if (rest > 0)
      other.blocks[other.blocks.length - 1] = beginningOf(this.blocks[this.blocks.length - 1] as Block, rest);
    other.count = this.count;
    other.lastChain = this.lastChain;
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
    for (let i = from; i < this.count; i++) {
      const entry = (this.blocks[i >>> BITS] as Block).entries[i & MASK] as Entry;
      bytes += entry.command.bytes;
      if (bytes > bytesMax) break;
      entries.push(entry);
    }
    return entries;
  }
}

function beginningOf(block: Block, length: number): Block {
  const chains = new Int32Array(SIZE);
  chains.set(block.chains.subarray(0, length));
  return { entries: block.entries.slice(0, length), chains };
}
