// A disk: what is synced survives everything, what is only cached may vanish from some write on.
//
// Writes become durable in the order in which they were issued. Every record carries a checksum over its content and
// its place. After a crash, a bad record at the very end that was never synced is a torn tail and is dropped; a bad
// record anywhere else is damage, and the process must not serve from such a disk.

import { assert } from '../../base/errors.ts';
import { EntryList } from '../../protocol/entry-list.ts';
import { Fifo } from '../../base/fifo.ts';
import { mix } from '../../base/hash.ts';
import { logIndex, NOBODY, type LogIndex, type Term } from '../../base/ids.ts';
import { IntVector } from '../../base/int-vector.ts';
import { ZERO_TERM, type Entry, type HardState, type Write } from '../../protocol/message.ts';
import { snapshotSum, type Compaction, type Snapshot } from '../../protocol/snapshot.ts';
import type { Recovered } from '../../protocol/recovered.ts';

export type DiskRecovery =
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
  private _hardState: HardState = BLANK;
  private hardStateSum = hardStateChecksum(BLANK);
  private _snapshot: Snapshot | undefined = undefined;
  /** The checksum of the snapshot as it stands on the disk. */
  private snapshotSum = 0;
  private log = new EntryList();
  private readonly sums = new IntVector();
  /** Records up to here were found sound, and nothing has touched them since. */
  private verified = 0;
  /** The piece of a record that a power loss left behind the end of the log. */
  private tornTail = false;
  private wiped = false;
  /** Issued, not yet durable: the volatile cache, oldest first. */
  private readonly cached = new Fifo<Write>();

  get hardState(): HardState {
    return this._hardState;
  }

  /** What stands for the entries that the log no longer has. */
  get snapshot(): Snapshot | undefined {
    return this._snapshot;
  }

  /** The place before the first entry of the log. */
  get base(): LogIndex {
    return this.log.base;
  }

  get lastIndex(): LogIndex {
    return this.log.lastIndex;
  }

  /** Everything that was ever on it is gone. */
  get isWiped(): boolean {
    return this.wiped;
  }

  get cachedWrites(): number {
    return this.cached.length;
  }

  /** The hash of the durable log up to an index; undefined behind its end. */
  prefixHashAt(index: LogIndex): number | undefined {
    return this.log.prefixHashAt(index);
  }

  /** The term of the durable entry at an index, or of the last one that the snapshot stands for. */
  termAt(index: LogIndex): Term | undefined {
    return this.log.termAt(index);
  }

  entryAt(index: LogIndex): Entry {
    const entry = this.log.entryAt(index);
    assert(entry !== undefined, 'a durable entry is read only where the disk has one');
    return entry;
  }

  issue(write: Write): void {
    this.cached.push(write);
  }

  /** The oldest cached write becomes durable; returns its ticket. */
  completeOldest(): number {
    const write = this.cached.shift();
    this.store(write, write.entries.length);
    return write.ticket;
  }

  /** Everything that was issued becomes durable: whoever issued it waits for that. */
  sync(): void {
    while (this.cached.length > 0) this.completeOldest();
  }

  /** The ticket of the oldest cached write, or -1. */
  oldestTicket(): number {
    return this.cached.at(0)?.ticket ?? -1;
  }

  /** The process or the machine stops: the first `kept` cached writes survive, the next may leave a torn piece. */
  crash(kept: number, torn: boolean): void {
    const survivors = Math.min(kept, this.cached.length);
    for (let i = 0; i < survivors; i++) this.completeOldest();
    const next = this.cached.at(0);
    if (torn && next !== undefined) {
      // Term and vote come first; then half of the entries are whole, and the record behind them is not. A snapshot is
      // there as a whole, and the log then behind it, or nothing of both is.
      if (next.compaction === undefined && next.entries.length > 0) this.store(next, next.entries.length >>> 1);
      this.tornTail = true;
    }
    this.cached.clear();
  }

  wipe(): void {
    this.cached.clear();
    this.log = new EntryList();
    this.cutSums(0);
    this._hardState = BLANK;
    this.hardStateSum = hardStateChecksum(BLANK);
    this._snapshot = undefined;
    this.snapshotSum = 0;
    this.tornTail = false;
    this.wiped = true;
  }

  /** Flips bits of a synced record; index 0 is the record of term and vote. */
  damage(index: LogIndex): void {
    assert(index <= this.log.lastIndex, 'only a record that is there is damaged');
    if (index === 0) this.hardStateSum ^= 1;
    else {
      this.sums.set(index - 1, this.sums.at(index - 1) ^ 1);
      this.verified = Math.min(this.verified, index - 1);
    }
  }

  /** Flips bits of the snapshot. */
  damageSnapshot(): void {
    assert(this._snapshot !== undefined, 'only a snapshot that is there is damaged');
    this.snapshotSum ^= 1;
  }

  /** Reads the disk after a crash and judges every record by its checksum. */
  recover(): DiskRecovery {
    if (this.wiped) return { outcome: 'wiped' };
    if (this.hardStateSum !== hardStateChecksum(this._hardState)) return { outcome: 'damaged', index: logIndex(0) };
    const { _snapshot: snapshot } = this;
    if (snapshot !== undefined && this.snapshotSum !== snapshotSum(snapshot)) {
      return { outcome: 'damaged', index: snapshot.lastIndex };
    }
    for (let i = Math.max(this.verified, this.log.base) + 1; i <= this.log.lastIndex; i++) {
      if (this.sums.at(i - 1) !== checksum(i, this.entryAt(logIndex(i)))) {
        return { outcome: 'damaged', index: logIndex(i) };
      }
      this.verified = i;
    }
    const outcome = this.tornTail ? 'torn' : 'clean';
    this.tornTail = false;
    return { outcome, recovered: { hardState: this._hardState, snapshot, log: this.log.copy() } };
  }

  private store(write: Write, entriesStored: number): void {
    if (write.hardState !== undefined) {
      this._hardState = write.hardState;
      this.hardStateSum = hardStateChecksum(write.hardState);
    }
    if (write.compaction !== undefined) this.compact(write.compaction);
    if (write.from === 0) return;
    const before = write.from - 1;
    if (entriesStored > 0 || write.entries.length === 0) {
      this.log.cutTo(before);
      this.cutSums(before);
    }
    for (let i = 0; i < entriesStored; i++) {
      const entry = write.entries[i] as Entry;
      this.log.push(entry);
      this.sums.push(checksum(this.log.lastIndex, entry));
    }
  }

  private compact({ snapshot, base, restart }: Compaction): void {
    this._snapshot = snapshot;
    this.snapshotSum = snapshot?.sum ?? 0;
    if (restart && snapshot !== undefined) {
      this.log.restartAt(base, snapshot.lastTerm, snapshot.prefixHash);
      this.sums.restartAt(base);
      this.verified = base;
    } else {
      this.log.compactTo(base);
      this.sums.forgetBefore(base);
    }
  }

  private cutSums(length: number): void {
    this.sums.cutTo(length);
    this.verified = Math.min(this.verified, length);
  }
}
