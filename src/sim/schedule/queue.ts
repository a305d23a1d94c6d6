// The queue of the world: events ordered by time, then by the order in which they were queued.
//
// Most events lie a few milliseconds ahead: they stand in a wheel with one place for each of the next 16 384
// microseconds, a list for each place, and a bit that says which places are taken. What lies further ahead waits in
// a heap and moves into the wheel as time goes on. An event is a few numbers and at most one object; a run
// allocates nothing here.
//
// Invariants: times are whole microseconds and never before the event taken last; everything in the heap lies
// behind the wheel, so that an event queued earlier for the same microsecond is always in front.

import { assert } from '../../base/errors.ts';

const BITS = 14;
const PLACES = 1 << BITS;
const MASK = PLACES - 1;
const WORDS = PLACES >>> 5;

export class EventQueue {
  private capacity = 256;
  private _size = 0;
  private nearSize = 0;
  private now = 0;
  /** When the next event comes, if that is known; -1 otherwise. */
  private nextAt = -1;

  // By place: the first and the last event of its list, as slot + 1; 0 is none. One bit says whether there is one.
  private readonly first = new Int32Array(PLACES);
  private readonly last = new Int32Array(PLACES);
  private readonly taken = new Int32Array(WORDS);

  // The heap, of slots.
  private far = new Int32Array(256);
  private farSize = 0;
  private sequence = 0;

  // By slot.
  private following = new Int32Array(256);
  private times = new Float64Array(256);
  private sequences = new Float64Array(256);
  private kinds = new Uint8Array(256);
  private subjects = new Int32Array(256);
  private numbers = new Float64Array(256);
  private readonly payloads: unknown[] = [];
  private readonly free: number[] = [];

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
    const slot = this.free.length > 0 ? (this.free.pop() as number) : this._size;
    if (slot === this.capacity) this.grow();
    this._size++;
    this.kinds[slot] = kind;
    this.subjects[slot] = subject;
    this.numbers[slot] = number;
    this.payloads[slot] = payload;
    if (at < this.nextAt) this.nextAt = at;
    if (at - this.now < PLACES) this.putNear(at, slot);
    else {
      this.times[slot] = at;
      this.sequences[slot] = this.sequence++;
      this.siftUp(this.farSize++, slot);
    }
  }

  /** The time of the next event, or -1 if there is none. */
  peekTime(): number {
    if (this.nextAt !== -1) return this.nextAt;
    if (this.nearSize > 0) this.nextAt = this.now + this.distance();
    else if (this.farSize > 0) this.nextAt = this.times[this.far[0] as number] as number;
    return this.nextAt;
  }

  /** Takes the next event into the fields above; false if there is none. */
  pop(): boolean {
    const at = this.peekTime();
    if (at === -1) return false;
    if (at !== this.now) this.advance(at);
    const place = at & MASK;
    const slot = (this.first[place] as number) - 1;
    const following = this.following[slot] as number;
    this.first[place] = following;
    if (following === 0) {
      this.taken[place >>> 5] = (this.taken[place >>> 5] as number) & ~(1 << (place & 31));
      this.nextAt = -1;
    }
    this.nearSize--;
    this._size--;
    this.at = at;
    this.kind = this.kinds[slot] as number;
    this.subject = this.subjects[slot] as number;
    this.number = this.numbers[slot] as number;
    this.payload = this.payloads[slot];
    this.payloads[slot] = undefined;
    this.free.push(slot);
    return true;
  }

  private putNear(at: number, slot: number): void {
    // Times may pass 2^31, and a bit operation keeps the low bits of a larger integer as they are.
    const place = at & MASK;
    this.following[slot] = 0;
    if (this.first[place] === 0) {
      this.first[place] = slot + 1;
      this.taken[place >>> 5] = (this.taken[place >>> 5] as number) | (1 << (place & 31));
    } else {
      this.following[(this.last[place] as number) - 1] = slot + 1;
    }
    this.last[place] = slot + 1;
    this.nearSize++;
  }

  /** How far ahead of now the next place is that is taken. */
  private distance(): number {
    const start = this.now & MASK;
    let word = start >>> 5;
    let bits = (this.taken[word] as number) & (-1 << (start & 31));
    while (bits === 0) {
      word = (word + 1) & (WORDS - 1);
      bits = this.taken[word] as number;
    }
    const place = (word << 5) + 31 - Math.clz32(bits & -bits);
    return (place - start) & MASK;
  }

  /** Time goes on; what comes within the reach of the wheel moves into it, in order. */
  private advance(to: number): void {
    this.now = to;
    while (this.farSize > 0) {
      const slot = this.far[0] as number;
      const at = this.times[slot] as number;
      if (at - to >= PLACES) return;
      const last = this.far[--this.farSize] as number;
      if (this.farSize > 0) this.siftDown(last);
      this.putNear(at, slot);
    }
  }

  private siftUp(from: number, slot: number): void {
    const heap = this.far;
    const times = this.times;
    const at = times[slot] as number;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const other = heap[parent] as number;
      // A newcomer has the highest sequence number of all: a tie is the other's.
      if ((times[other] as number) <= at) break;
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
      if (child + 1 < size && this.before(heap[child + 1] as number, heap[child] as number)) child++;
      const other = heap[child] as number;
      if (this.before(slot, other)) break;
      heap[place] = other;
      place = child;
    }
    heap[place] = slot;
  }

  private before(a: number, b: number): boolean {
    const ta = this.times[a] as number;
    const tb = this.times[b] as number;
    return ta < tb || (ta === tb && (this.sequences[a] as number) < (this.sequences[b] as number));
  }

  private grow(): void {
    this.capacity *= 2;
    this.far = grown(this.far, new Int32Array(this.capacity));
    this.following = grown(this.following, new Int32Array(this.capacity));
    this.times = grown(this.times, new Float64Array(this.capacity));
    this.sequences = grown(this.sequences, new Float64Array(this.capacity));
    this.kinds = grown(this.kinds, new Uint8Array(this.capacity));
    this.subjects = grown(this.subjects, new Int32Array(this.capacity));
    this.numbers = grown(this.numbers, new Float64Array(this.capacity));
  }
}

function grown<Numbers extends Int32Array | Float64Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
