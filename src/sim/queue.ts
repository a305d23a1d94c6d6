// The queue of the world: events ordered by time, then by the order in which they were queued.
//
// A binary heap over typed arrays; an event is a few numbers and at most one object, kept in a slot, so that sifting
// moves numbers only and a run allocates nothing here. Ties never depend on anything but the sequence number.

export class EventQueue {
  #capacity = 256;
  #size = 0;
  #sequence = 0;
  #heap = new Int32Array(256);
  #times = new Float64Array(256);
  #sequences = new Float64Array(256);
  #kinds = new Uint8Array(256);
  #subjects = new Int32Array(256);
  #numbers = new Float64Array(256);
  readonly #payloads: unknown[] = [];
  readonly #free: number[] = [];

  /** The event that `pop` took. */
  at = 0;
  kind = 0;
  subject = 0;
  number = 0;
  payload: unknown = undefined;

  get size(): number {
    return this.#size;
  }

  push(at: number, kind: number, subject: number, number: number, payload: unknown): void {
    const slot = this.#free.length > 0 ? (this.#free.pop() as number) : this.#size;
    if (slot === this.#capacity) this.#grow();
    this.#times[slot] = at;
    this.#sequences[slot] = this.#sequence++;
    this.#kinds[slot] = kind;
    this.#subjects[slot] = subject;
    this.#numbers[slot] = number;
    this.#payloads[slot] = payload;
    this.#siftUp(this.#size++, slot);
  }

  /** The time of the next event, or -1 if there is none. */
  peekTime(): number {
    return this.#size === 0 ? -1 : (this.#times[this.#heap[0] as number] as number);
  }

  /** Takes the next event into the fields above; false if there is none. */
  pop(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#heap[0] as number;
    this.at = this.#times[slot] as number;
    this.kind = this.#kinds[slot] as number;
    this.subject = this.#subjects[slot] as number;
    this.number = this.#numbers[slot] as number;
    this.payload = this.#payloads[slot];
    this.#payloads[slot] = undefined;
    this.#free.push(slot);
    const last = this.#heap[--this.#size] as number;
    if (this.#size > 0) this.#siftDown(last);
    return true;
  }

  #siftUp(from: number, slot: number): void {
    const heap = this.#heap;
    const times = this.#times;
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

  #siftDown(slot: number): void {
    const heap = this.#heap;
    const times = this.#times;
    const sequences = this.#sequences;
    const size = this.#size;
    const at = times[slot] as number;
    const sequence = sequences[slot] as number;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      let other = heap[child] as number;
      let otherAt = times[other] as number;
      if (child + 1 < size) {
        const right = heap[child + 1] as number;
        const rightAt = times[right] as number;
        if (rightAt < otherAt || (rightAt === otherAt && (sequences[right] as number) < (sequences[other] as number))) {
          child++;
          other = right;
          otherAt = rightAt;
        }
      }
      if (at < otherAt || (at === otherAt && sequence < (sequences[other] as number))) break;
      heap[place] = other;
      place = child;
    }
    heap[place] = slot;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    const heap = new Int32Array(capacity);
    heap.set(this.#heap);
    const times = new Float64Array(capacity);
    times.set(this.#times);
    const sequences = new Float64Array(capacity);
    sequences.set(this.#sequences);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    const subjects = new Int32Array(capacity);
    subjects.set(this.#subjects);
    const numbers = new Float64Array(capacity);
    numbers.set(this.#numbers);
    this.#capacity = capacity;
    this.#heap = heap;
    this.#times = times;
    this.#sequences = sequences;
    this.#kinds = kinds;
    this.#subjects = subjects;
    this.#numbers = numbers;
  }
}
