// A disk: what is synced survives everything, what is only cached may vanish from some write on.
//
// Writes become durable in the order in which they were issued. Every record carries a checksum over its content and
// its place. After a crash, a bad record at the very end that was never synced is a torn tail and is dropped; a bad
// record anywhere else is damage (Protocol-Aware Recovery, FAST 2018): it may have been acknowledged, so that a server
// must not cut its log there. What it does instead is its own decision. What a disk lost without a trace is no record
// that fails its check: nobody can see it.

import { assert } from '../../base/errors.ts';
import { EntryList } from '../../protocol/entry-list.ts';
import { Fifo } from '../../base/fifo.ts';
import { mix } from '../../base/hash.ts';
import { logIndex, NOBODY, type LogIndex, type Term } from '../../base/ids.ts';
import { IntVector } from '../../base/int-vector.ts';
import { snapshotSum, type Compaction, type Snapshot } from '../../protocol/snapshot.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry, type HardState, type Write } from '../../protocol/message.ts';
import type { Damage, DamageKind, Recovered, Remedy } from '../../protocol/recovered.ts';

export type DiskRecovery =
  | { readonly outcome: 'clean' | 'torn'; readonly recovered: Recovered }
  | { readonly outcome: 'wiped' }
  /** `index` 0 is the record of term and vote. */
  | { readonly outcome: 'damaged'; readonly index: LogIndex };

const stayAway = (): Remedy => 'stay away';

const BLANK: HardState = Object.freeze({ term: ZERO_TERM, votedFor: NOBODY });

function checksum(index: number, entry: Entry): number {
  return mix(mix(mix(0x5eed, index), entry.term), entry.command.hash);
}

/** The same entry with a command that nobody asked for; one that carries nothing has nothing to flip. */
function flipped({ term, command }: Entry): Entry {
  if (command.bytes === 0) return { term, command };
  return { term, command: Object.assign({}, command, { hash: command.hash ^ 1 }) };
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
  /** By index: what is wrong with a record; 0 is that of term and vote. Nearly always empty. */
  private readonly damaged = new Map<number, DamageKind>();
  /** Writes fail until there is room again. */
  isFull = false;
  /** How many times longer than usual a write takes. */
  slowness = 1;
  /** Issued, not yet durable: the volatile cache, oldest first. */
  private readonly cached = new Fifo<Write>();
  /** How many of the oldest a later one has taken with it: they are durable, and nobody has told their server yet. */
  private untold = 0;

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

  /** Some record that was synced is not what it was. */
  get isDamaged(): boolean {
    return this.damaged.size > 0;
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
    if (this.untold > 0) this.untold--;
    else this.store(write, write.entries.length);
    return write.ticket;
  }

  /** A write becomes durable at once, and with it all that was issued before, whose end is told later. */
  writeThrough(write: Write): void {
    const { cached } = this;
    for (; this.untold < cached.length; this.untold++) {
      const before = cached.at(this.untold) as Write;
      this.store(before, before.entries.length);
    }
    this.store(write, write.entries.length);
  }

  /** The ticket of the oldest cached write, or -1. */
  oldestTicket(): number {
    return this.cached.at(0)?.ticket ?? -1;
  }

  /** The process or the machine stops: the first `kept` cached writes survive, the next may leave a torn piece. */
  crash(kept: number, torn: boolean): void {
    const survivors = Math.min(Math.max(kept, this.untold), this.cached.length);
    for (let i = 0; i < survivors; i++) this.completeOldest();
    const next = this.cached.at(0);
    if (torn && next !== undefined) {
      // Term and vote come first; then half of the entries are whole, and the record behind them is not. A snapshot is
      // there as a whole, and the log then behind it, or nothing of both is.
      if (next.compaction === undefined && next.entries.length > 0) this.store(next, next.entries.length >>> 1);
      this.tornTail = true;
    }
    this.cached.clear();
    this.untold = 0;
  }

  wipe(): void {
    this.cached.clear();
    this.untold = 0;
    this.log = new EntryList();
    this.cutSums(0);
    this._hardState = BLANK;
    this.hardStateSum = hardStateChecksum(BLANK);
    this._snapshot = undefined;
    this.snapshotSum = 0;
    this.tornTail = false;
    this.damaged.clear();
    this.wiped = true;
  }

  /**
   * Damages a synced record; one that was compacted is the snapshot. False if no check can tell: what was lost is the
   * end of the log, without a trace.
   */
  damage(index: LogIndex, kind: DamageKind = 'flipped'): boolean {
    assert(index <= this.log.lastIndex, 'only a record that is there is damaged');
    if (index > 0 && index <= this.log.base) {
      if (!this.damaged.has(this.log.base)) this.damageSnapshot();
      this.damaged.set(this.log.base, kind);
      return true;
    }
    if (kind === 'lost' && index > 0 && index === this.log.lastIndex) {
      this.log.cutTo(index - 1);
      this.cutSums(index - 1);
      return false;
    }
    const isNew = !this.damaged.has(index);
    this.damaged.set(index, kind);
    if (!isNew) return true;
    if (index === 0) this.hardStateSum ^= 1;
    else {
      this.sums.set(index - 1, this.sums.at(index - 1) ^ 1);
      this.verified = Math.min(this.verified, index - 1);
    }
    return true;
  }

  /** Flips bits of the snapshot. */
  damageSnapshot(): void {
    assert(this._snapshot !== undefined, 'only a snapshot that is there is damaged');
    this.snapshotSum ^= 1;
  }

  /** Reads the disk after a crash and judges every record by its checksum; `onDamage` says what to do about it. */
  recover(onDamage: (damage: Damage) => Remedy = stayAway): DiskRecovery {
    if (this.wiped && onDamage({ index: ZERO_INDEX, kind: 'wiped' }) === 'stay away') return { outcome: 'wiped' };
    this.wiped = false;
    if (this.hardStateSum !== hardStateChecksum(this._hardState)) {
      const damage = { index: ZERO_INDEX, kind: this.damaged.get(0) ?? 'flipped' };
      if (onDamage(damage) === 'stay away') return { outcome: 'damaged', index: damage.index };
      // Nothing in the record can be told from anything else: it is as if there had never been one.
      this._hardState = BLANK;
      this.hardStateSum = hardStateChecksum(BLANK);
      this.damaged.delete(0);
    }
    const { _snapshot: snapshot } = this;
    if (snapshot !== undefined && this.snapshotSum !== snapshotSum(snapshot)) {
      return { outcome: 'damaged', index: snapshot.lastIndex };
    }
    for (let i = Math.max(this.verified, this.log.base) + 1; i <= this.log.lastIndex; i++) {
      if (this.sums.at(i - 1) !== checksum(i, this.entryAt(logIndex(i)))) {
        const damage = { index: logIndex(i), kind: this.damaged.get(i) ?? 'flipped' };
        const remedy = onDamage(damage);
        if (remedy === 'stay away') return { outcome: 'damaged', index: damage.index };
        if (remedy === 'cut' || damage.kind === 'lost') {
          this.log.cutTo(i - 1);
          this.cutSums(i - 1);
          break;
        }
        this.believe(damage);
      }
      this.verified = i;
    }
    const outcome = this.tornTail ? 'torn' : 'clean';
    this.tornTail = false;
    return { outcome, recovered: { hardState: this._hardState, snapshot, log: this.log.copy() } };
  }

  /** What stands in a damaged record is taken for what was written. */
  private believe({ index, kind }: Damage): void {
    const behind: Entry[] = [];
    const alsoBad: (DamageKind | undefined)[] = [];
    for (let i = index + 1; i <= this.log.lastIndex; i++) {
      behind.push(this.entryAt(logIndex(i)));
      alsoBad.push(this.damaged.get(i));
    }
    const isFirst = index === this.log.base + 1;
    const neighbour = logIndex(isFirst ? Math.min(index + 1, this.log.lastIndex) : index - 1);
    const read = kind === 'misplaced' ? this.entryAt(neighbour) : flipped(this.entryAt(index));
    this.log.cutTo(index - 1);
    this.cutSums(index - 1);
    this.log.push(read);
    this.sums.push(checksum(index, read));
    for (let i = 0; i < behind.length; i++) {
      const entry = behind[i] as Entry;
      this.log.push(entry);
      const at = this.log.lastIndex;
      const bad = alsoBad[i];
      this.sums.push(checksum(at, entry) ^ (bad === undefined ? 0 : 1));
      if (bad !== undefined) this.damaged.set(at, bad);
    }
  }

  private store(write: Write, entriesStored: number): void {
    if (write.hardState !== undefined) {
      this._hardState = write.hardState;
      this.hardStateSum = hardStateChecksum(write.hardState);
      if (this.damaged.size > 0) this.damaged.delete(0);
    }
    if (write.compaction !== undefined) this.compact(write.compaction);
    if (write.from === 0) return;
    const before = write.from - 1;
    // What a failed write left out is missing in the middle, and what stands behind it is of no use.
    if (before > this.log.lastIndex) return;
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
    for (const index of this.damaged.keys()) if (index > 0 && (restart || index <= base)) this.damaged.delete(index);
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
    if (this.damaged.size === 0) return;
    for (const index of this.damaged.keys()) if (index > length) this.damaged.delete(index);
  }
}
