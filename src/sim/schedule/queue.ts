// The queue of the world: events ordered by time, then by the order in which they were queued.
//
// Most events lie a few milliseconds ahead: they stand in a wheel of 1 024 buckets, each for 16 microseconds, with a
// sorted list in each and a bit that says which are taken. What lies further ahead waits in a heap and moves into the
// wheel as time goes on. An event is a few numbers and at most one object; a run allocates nothing here. The wheel is
// small on purpose: it stays in the nearest cache, and a campaign makes a new one for each seed.
//
// Invariants: times are whole microseconds and never before the event taken last; everything in the heap lies
// behind the wheel, so that an event queued earlier for the same microsecond is always in front.

import { assert } from '../../base/errors.ts';

/** A bucket holds the events of so many microseconds: 2 to the power of this. */
const WIDTH_BITS = 4;
const BUCKETS = 1024;
/** An event nearer than this always has a bucket of its own, wherever in its bucket the present lies. */
const REACH = (BUCKETS - 1) << WIDTH_BITS;
const WORDS = BUCKETS >>> 5;

// What a slot holds besides its payload, in strides: whole numbers in one array, times and numbers in another.
const INTS = 4;
const KIND = 0;
const SUBJECT = 1;
/** The next slot of the same bucket, or of the free ones, as slot + 1; 0 is none. */
const FOLLOWING = 2;
const FLOATS = 2;
const TIME = 0;
const NUMBER = 1;

export class EventQueue {
  private _size = 0;
  private now = 0;
  /** When the next event comes, if that is known; -1 otherwise. */
  private nextAt = -1;

  // By bucket: the first and the last event of its list, as slot + 1; 0 is none. A bit for each says whether there is
  // one, and a bit for each 32 of those whether one of them is set.
  private readonly first = new Int32Array(BUCKETS);
  private readonly last = new Int32Array(BUCKETS);
  /** By bucket: the event that was put between others last; where events pile up, the next one goes right behind it. */
  private readonly between = new Int32Array(BUCKETS);
  private readonly taken = new Int32Array(WORDS);
  private takenWords = 0;

  // The heap, of slots, with the order in which they came.
  private far = new Int32Array(64);
  private farSize = 0;
  private sequence = 0;
  private sequences = new Float64Array(64);

  // By slot.
  private capacity = 64;
  private used = 0;
  private freeFirst = 0;
  private ints = new Int32Array(64 * INTS);
  private floats = new Float64Array(64 * FLOATS);
  private readonly payloads: unknown[] = [];

  /** The event that `pop` took. */
  at = 0;
  kind = 0;
  subject = 0;
  number = 0;
  payload: unknown = undefined;

  get size(): number {
    return this._size;
  }

  push(at: number, kind: number, subject: number, number: number, payload: unknown): void {
    assert(at >= this.now, 'nothing is queued for the past');
    const slot = this.freeSlot();
    const { ints, floats } = this;
    ints[slot * INTS + KIND] = kind;
    ints[slot * INTS + SUBJECT] = subject;
    floats[slot * FLOATS + TIME] = at;
    floats[slot * FLOATS + NUMBER] = number;
    this.payloads[slot] = payload;
    this._size++;
    if (at < this.nextAt) this.nextAt = at;
    if (at - this.now < REACH) this.putNear(at, slot);
    else {
      this.sequences[slot] = this.sequence++;
      this.siftUp(this.farSize++, slot);
    }
  }

  /** The time of the next event, or -1 if there is none. */
  peekTime(): number {
    if (this.nextAt !== -1) return this.nextAt;
    if (this.takenWords !== 0) this.nextAt = this.timeOf((this.first[this.nextBucket()] as number) - 1);
    else if (this.farSize > 0) this.nextAt = this.timeOf(this.far[0] as number);
    return this.nextAt;
  }

  /** Takes the next event into the fields above; false if there is none. */
  pop(): boolean {
    const at = this.peekTime();
    if (at === -1) return false;
    if (at !== this.now) this.advance(at);
    const { ints, floats } = this;
    const bucket = (at >>> WIDTH_BITS) & (BUCKETS - 1);
    const slot = (this.first[bucket] as number) - 1;
    const following = ints[slot * INTS + FOLLOWING] as number;
    this.first[bucket] = following;
    if (this.between[bucket] === slot + 1) this.between[bucket] = 0;
    if (following === 0) {
      this.vacate(bucket);
      this.nextAt = -1;
    } else this.nextAt = floats[(following - 1) * FLOATS + TIME] as number;
    this._size--;
    this.at = at;
    this.kind = ints[slot * INTS + KIND] as number;
    this.subject = ints[slot * INTS + SUBJECT] as number;
    this.number = floats[slot * FLOATS + NUMBER] as number;
    this.payload = this.payloads[slot];
    this.payloads[slot] = undefined;
    ints[slot * INTS + FOLLOWING] = this.freeFirst;
    this.freeFirst = slot + 1;
    return true;
  }

  private timeOf(slot: number): number {
    return this.floats[slot * FLOATS + TIME] as number;
  }

  private freeSlot(): number {
    if (this.freeFirst === 0) {
      if (this.used === this.capacity) this.grow();
      return this.used++;
    }
    const slot = this.freeFirst - 1;
    this.freeFirst = this.ints[slot * INTS + FOLLOWING] as number;
    return slot;
  }

  /** Behind all events of its bucket that are not later: nearly always that is the end. */
  private putNear(at: number, slot: number): void {
    // Times may pass 2^31, and a bit operation keeps the low bits of a larger integer as they are.
    const bucket = (at >>> WIDTH_BITS) & (BUCKETS - 1);
    const { ints } = this;
    const last = this.last[bucket] as number;
    if (this.first[bucket] === 0) {
      ints[slot * INTS + FOLLOWING] = 0;
      this.first[bucket] = slot + 1;
      this.last[bucket] = slot + 1;
      const word = bucket >>> 5;
      this.taken[word] = (this.taken[word] as number) | (1 << (bucket & 31));
      this.takenWords |= 1 << word;
    } else if (at >= this.timeOf(last - 1)) {
      ints[slot * INTS + FOLLOWING] = 0;
      ints[(last - 1) * INTS + FOLLOWING] = slot + 1;
      this.last[bucket] = slot + 1;
    } else this.putBetween(at, slot, bucket);
  }

  /** In front of the first event of a bucket that is later, which is there. */
  private putBetween(at: number, slot: number, bucket: number): void {
    const { ints } = this;
    let before = this.between[bucket] as number;
    if (before !== 0 && at < this.timeOf(before - 1)) before = 0;
    let next = before === 0 ? (this.first[bucket] as number) : (ints[(before - 1) * INTS + FOLLOWING] as number);
    while (at >= this.timeOf(next - 1)) {
      before = next;
      next = ints[(next - 1) * INTS + FOLLOWING] as number;
    }
    this.between[bucket] = slot + 1;
    ints[slot * INTS + FOLLOWING] = next;
    if (before === 0) this.first[bucket] = slot + 1;
    else ints[(before - 1) * INTS + FOLLOWING] = slot + 1;
  }

  private vacate(bucket: number): void {
    const word = bucket >>> 5;
    const rest = (this.taken[word] as number) & ~(1 << (bucket & 31));
    this.taken[word] = rest;
    if (rest === 0) this.takenWords &= ~(1 << word);
  }

  /** The first bucket from the present on that is taken; one is. */
  private nextBucket(): number {
    const start = (this.now >>> WIDTH_BITS) & (BUCKETS - 1);
    let word = start >>> 5;
    let bits = (this.taken[word] as number) & (-1 << (start & 31));
    if (bits === 0) {
      // The words behind this one, then from the front: the buckets of the next turn of the wheel.
      const behind = word === WORDS - 1 ? 0 : this.takenWords & (-1 << (word + 1));
      word = lowestBit(behind !== 0 ? behind : this.takenWords);
      bits = this.taken[word] as number;
    }
    return (word << 5) + lowestBit(bits);
  }

  /** Time goes on; what comes within the reach of the wheel moves into it, in order. */
  private advance(to: number): void {
    this.now = to;
    while (this.farSize > 0) {
      const slot = this.far[0] as number;
      const at = this.timeOf(slot);
      if (at - to >= REACH) return;
      const last = this.far[--this.farSize] as number;
      if (this.farSize > 0) this.siftDown(last);
      this.putNear(at, slot);
    }
  }

  private siftUp(from: number, slot: number): void {
    const heap = this.far;
    const at = this.timeOf(slot);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const other = heap[parent] as number;
      // A newcomer has the highest sequence number of all: a tie is the other's.
      if (this.timeOf(other) <= at) break;
      heap[place] = other;
      place = parent;
    }
    heap[place] = slot;
  }

  private siftDown(slot: number): void {
    const heap = this.far;
    const size = this.farSize;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(heap[child + 1] as number, heap[child] as number)) child++;
      const other = heap[child] as number;
      if (this.isBefore(slot, other)) break;
      heap[place] = other;
      place = child;
    }
    heap[place] = slot;
  }

  private isBefore(a: number, b: number): boolean {
    const ta = this.timeOf(a);
    const tb = this.timeOf(b);
    return ta < tb || (ta === tb && (this.sequences[a] as number) < (this.sequences[b] as number));
  }

  private grow(): void {
    this.capacity *= 2;
    this.far = grown(this.far, new Int32Array(this.capacity));
    this.sequences = grown(this.sequences, new Float64Array(this.capacity));
    this.ints = grown(this.ints, new Int32Array(this.capacity * INTS));
    this.floats = grown(this.floats, new Float64Array(this.capacity * FLOATS));
  }
}

/** The place of the lowest bit that is set; one is. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function grown<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
