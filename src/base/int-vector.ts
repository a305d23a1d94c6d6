// A growing list of 32-bit integers: half the memory of an array of numbers, and nothing for the collector to visit.
//
// Values outside of 32 bits must never be put in: they would be cut silently. The first values may be forgotten; the
// places of the others stay what they were.

export class IntVector {
  private items: Int32Array;
  private _length = 0;
  /** The values before this place are gone. */
  private first = 0;

  constructor(capacity = 16) {
    this.items = new Int32Array(capacity);
  }

  get length(): number {
    return this._length;
  }

  push(value: number): void {
    const place = this._length - this.first;
    if (place === this.items.length) {
      const items = new Int32Array(place * 2 + 1);
      items.set(this.items);
      this.items = items;
    }
    this.items[place] = value;
    this._length++;
  }

  /** The value at a place from 0; 0 behind the end, and where it was forgotten. */
  at(place: number): number {
    const at = place - this.first;
    return at >= 0 && place < this._length ? (this.items[at] as number) : 0;
  }

  set(place: number, value: number): void {
    this.items[place - this.first] = value;
  }

  /** Keeps the first values only. */
  cutTo(length: number): void {
    if (length < this._length) this._length = Math.max(length, this.first);
  }

  /** Whether the value at a place is still there, or was not yet pushed. */
  remembers(place: number): boolean {
    return place >= this.first;
  }

  /** Forgets the values before a place, as soon as they are more than the others: amortised O(1) a value. */
  forgetBefore(place: number): void {
    const before = Math.min(place, this._length);
    const kept = this._length - before;
    if (before - this.first <= kept + SLACK) return;
    this.items = this.items.slice(before - this.first, before - this.first + kept * 2 + 1);
    this.first = before;
  }

  /** Forgets everything; the next value has this place. */
  restartAt(place: number): void {
    this.first = place;
    this._length = place;
  }
}

/** So few values are not worth moving the others. */
const SLACK = 1024;
