// A disk: what is synced survives everything, what is only cached may vanish from some write on.
//
// Writes become durable in the order in which they were issued. Every record carries a checksum over its content and
// its place. After a crash, a bad record at the very end that was never synced is a torn tail and is dropped; a bad
// record anywhere else is damage, and the process must not serve from such a disk.

import { assert } from '../base/assert.ts';
import { chain, mix } from '../base/hash.ts';
import { logIndex, NOBODY, type LogIndex } from '../base/ids.ts';
import { ZERO_TERM, type Entry, type HardState, type Recovered, type Write } from '../base/message.ts';

export type Recovery =
  | { readonly outcome: 'clean' | 'torn'; readonly recovered: Recovered }
  | { readonly outcome: 'wiped' }
  /** `index` 0 is the record of term and vote. */
  | { readonly outcome: 'damaged'; readonly index: LogIndex };

const BLANK: HardState = Object.freeze({ term: ZERO_TERM, votedFor: NOBODY });

function checksum(index: number, entry: Entry): number {
  return mix(mix(mix(0x5eed, index), entry.term), entry.command.hash);
}

function hardStateChecksum(hardState: HardState): number {
  return mix(mix(0x5eed, hardState.term), hardState.votedFor);
}

export class Disk {
  #hardState: HardState = BLANK;
  #hardStateSum = hardStateChecksum(BLANK);
  readonly #entries: Entry[] = [];
  readonly #sums: number[] = [];
  readonly #chains: number[] = [];
  /** The piece of a record that a power loss left behind the end of the log. */
  #tornTail = false;
  #wiped = false;
  /** Issued, not yet durable: the volatile cache, oldest first. */
  readonly #cached: Write[] = [];

  get hardState(): HardState {
    return this.#hardState;
  }

  get lastIndex(): LogIndex {
    return logIndex(this.#entries.length);
  }

  get cachedWrites(): number {
    return this.#cached.length;
  }

  /** The hash of the durable log up to an index; undefined behind its end. */
  chainAt(index: LogIndex): number | undefined {
    return index === 0 ? 0 : this.#chains[index - 1];
  }

  entryAt(index: LogIndex): Entry {
    const entry = this.#entries[index - 1];
    assert(entry !== undefined, 'a durable entry is read only where the disk has one');
    return entry;
  }

  issue(write: Write): void {
    this.#cached.push(write);
  }

  /** The oldest cached write becomes durable; returns its ticket. */
  completeOldest(): number {
    const write = this.#cached.shift();
    assert(write !== undefined, 'a write completes only after it was issued');
    this.#store(write, write.entries.length);
    return write.ticket;
  }

  /** The ticket of the oldest cached write, or -1. */
  oldestTicket(): number {
    return this.#cached.length > 0 ? (this.#cached[0] as Write).ticket : -1;
  }

  /** The process or the machine stops: the first `kept` cached writes survive, the next may leave a torn piece. */
  crash(kept: number, torn: boolean): void {
    const survivors = Math.min(kept, this.#cached.length);
    for (let i = 0; i < survivors; i++) this.completeOldest();
    const next = this.#cached[0];
    if (torn && next !== undefined) {
      // Term and vote come first; then half of the entries are whole, and the record behind them is not.
      if (next.entries.length > 0) this.#store(next, next.entries.length >>> 1);
      this.#tornTail = true;
    }
    this.#cached.length = 0;
  }

  wipe(): void {
    this.#cached.length = 0;
    this.#entries.length = 0;
    this.#sums.length = 0;
    this.#chains.length = 0;
    this.#hardState = BLANK;
    this.#hardStateSum = hardStateChecksum(BLANK);
    this.#tornTail = false;
    this.#wiped = true;
  }

  /** Flips bits of a synced record; index 0 is the record of term and vote. */
  damage(index: LogIndex): void {
    if (index === 0) this.#hardStateSum ^= 1;
    else this.#sums[index - 1] = (this.#sums[index - 1] as number) ^ 1;
  }

  /** Reads the disk after a crash and judges every record by its checksum. */
  recover(): Recovery {
    if (this.#wiped) return { outcome: 'wiped' };
    if (this.#hardStateSum !== hardStateChecksum(this.#hardState)) return { outcome: 'damaged', index: logIndex(0) };
    for (let i = 0; i < this.#entries.length; i++) {
      if (this.#sums[i] !== checksum(i + 1, this.#entries[i] as Entry)) {
        return { outcome: 'damaged', index: logIndex(i + 1) };
      }
    }
    const outcome = this.#tornTail ? 'torn' : 'clean';
    this.#tornTail = false;
    return { outcome, recovered: { hardState: this.#hardState, entries: this.#entries.slice() } };
  }

  #store(write: Write, entriesStored: number): void {
    if (write.hardState !== undefined) {
      this.#hardState = write.hardState;
      this.#hardStateSum = hardStateChecksum(write.hardState);
    }
    if (write.from === 0) return;
    const before = write.from - 1;
    if (entriesStored > 0 || write.entries.length === 0) {
      this.#entries.length = Math.min(this.#entries.length, before);
      this.#sums.length = this.#entries.length;
      this.#chains.length = this.#entries.length;
    }
    for (let i = 0; i < entriesStored; i++) {
      const entry = write.entries[i] as Entry;
      const at = this.#entries.length;
      const prefix = at === 0 ? 0 : (this.#chains[at - 1] as number);
      this.#entries.push(entry);
      this.#sums.push(checksum(at + 1, entry));
      this.#chains.push(chain(prefix, entry.term, entry.command.hash));
    }
  }
}
