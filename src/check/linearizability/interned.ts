// Small numbers for what a search meets again and again: states, what a call makes of a state, sets of pending writes.
//
// Everything is kept in flat arrays, since a search of millions of steps allocates nothing for a step.

/** No state: the answer of the call does not fit. */
export const NO_STATE = -1;

/** A pair of numbers as a key, open addressing. */
export class PairTable {
  private cells = new Int32Array(3 * 1024);
  private count = 0;

  /** The value of a pair, or undefined. */
  get(a: number, b: number): number | undefined {
    const at = this.cellOf(a, b);
    return this.cells[at] === 0 ? undefined : this.cells[at + 2];
  }

  set(a: number, b: number, value: number): void {
    if (2 * this.count >= this.cells.length / 3) this.grow();
    const at = this.cellOf(a, b);
    if (this.cells[at] === 0) this.count++;
    this.cells[at] = a + 1;
    this.cells[at + 1] = b;
    this.cells[at + 2] = value;
  }

  private cellOf(a: number, b: number): number {
    const { cells } = this;
    const mask = cells.length / 3 - 1;
    let place = mixed(Math.imul(a, 0x9e3779b1) ^ b) & mask;
    while (cells[3 * place] !== 0 && (cells[3 * place] !== a + 1 || cells[3 * place + 1] !== b)) {
      place = (place + 1) & mask;
    }
    return 3 * place;
  }

  private grow(): void {
    const old = this.cells;
    this.cells = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] === 0) continue;
      const to = this.cellOf((old[at] ?? 0) - 1, old[at + 1] ?? 0);
      for (let i = 0; i < 3; i++) this.cells[to + i] = old[at + i] ?? 0;
    }
  }
}

/** Sets of small numbers, each kept once; the number 0 is the empty set. */
export class NumberSets {
  private readonly words: (readonly number[])[];
  private readonly names = new Map<string, number>();
  private readonly successors = new PairTable();

  constructor(size: number) {
    this.words = [Array.from({ length: Math.ceil(size / 32) }, () => 0)];
    this.names.set(this.nameOf(0), 0);
  }

  has(set: number, i: number): boolean {
    return ((this.words[set]?.[i >>> 5] ?? 0) & (1 << (i & 31))) !== 0;
  }

  /** The first number from here on that is not in the set. */
  nextFree(set: number, from: number): number {
    let i = from;
    while (this.has(set, i)) i += (i & 31) === 0 && this.words[set]?.[i >>> 5] === -1 ? 32 : 1;
    return i;
  }

  /** The set with one more number. */
  adding(set: number, i: number): number {
    const known = this.successors.get(set, i);
    if (known !== undefined) return known;
    const words = this.words[set] ?? [];
    const added = words.with(i >>> 5, (words[i >>> 5] ?? 0) | (1 << (i & 31)));
    const name = added.join(' ');
    const found = this.names.get(name) ?? this.words.push(added) - 1;
    this.names.set(name, found);
    this.successors.set(set, i, found);
    return found;
  }

  isSubset(a: number, b: number): boolean {
    if (a === b || a === 0) return true;
    const ofB = this.words[b] ?? [];
    return (this.words[a] ?? []).every((word, i) => (word & ~(ofB[i] ?? 0)) === 0);
  }

  private nameOf(set: number): string {
    return (this.words[set] ?? []).join(' ');
  }
}

/** Lists of numbers, each with a set of numbers it was met with; a list is found again by what is in it. */
export class ListTable {
  private slots = new Int32Array(1 << 12);
  /** Hash, head of the chain, length, then the list itself; for each list. */
  private records = new Int32Array(1 << 14);
  private end = 1;
  private count = 0;

  /** Where the list stands, which is in front of the caller's array; it is added if it is new. */
  find(list: Int32Array, length: number): number {
    if (2 * this.count >= this.slots.length) this.growSlots();
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (list[i] ?? 0), 0x01000193) ^ (hash >>> 15);
    hash = mixed(hash);
    const mask = this.slots.length - 1;
    let place = hash & mask;
    for (let at = this.slots[place] ?? 0; at !== 0; at = this.slots[place] ?? 0) {
      if (this.records[at] === hash && this.isAt(at, list, length)) return at;
      place = (place + 1) & mask;
    }
    return this.add(place, hash, list, length);
  }

  /** The number that the caller keeps with a list; -1 at first. */
  noteOf(at: number): number {
    return this.records[at + 1] ?? -1;
  }

  setNote(at: number, note: number): void {
    this.records[at + 1] = note;
  }

  private isAt(at: number, list: Int32Array, length: number): boolean {
    const { records } = this;
    if (records[at + 2] !== length) return false;
    for (let i = 0; i < length; i++) if (records[at + 3 + i] !== list[i]) return false;
    return true;
  }

  private add(place: number, hash: number, list: Int32Array, length: number): number {
    const at = this.end;
    this.end += 3 + length;
    if (this.end > this.records.length) {
      const larger = new Int32Array(2 * Math.max(this.records.length, this.end));
      larger.set(this.records);
      this.records = larger;
    }
    this.records[at] = hash;
    this.records[at + 1] = -1;
    this.records[at + 2] = length;
    for (let i = 0; i < length; i++) this.records[at + 3 + i] = list[i] ?? 0;
    this.slots[place] = at;
    this.count++;
    return at;
  }

  private growSlots(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    const mask = this.slots.length - 1;
    for (const at of old) {
      if (at === 0) continue;
      let place = (this.records[at] ?? 0) & mask;
      while (this.slots[place] !== 0) place = (place + 1) & mask;
      this.slots[place] = at;
    }
  }
}

function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 1;
}
