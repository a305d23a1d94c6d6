// A growing list of 32-bit integers: half the memory of an array of numbers, and nothing for the collector to visit.
//
// Values outside of 32 bits must never be put in: they would be cut silently.

export class IntVector {
  private items: Int32Array;
  private _length = 0;

  constructor(capacity = 16) {
    this.items = new Int32Array(capacity);
  }

  get length(): number {
    return this._length;
  }

  push(value: number): void {
    if (this._length === this.items.length) {
      const items = new Int32Array(this._length * 2 + 1);
      items.set(this.items);
      this.items = items;
    }
    this.items[this._length++] = value;
  }

  /** The value at a place from 0; 0 behind the end. */
  at(place: number): number {
    return place < this._length ? (this.items[place] as number) : 0;
  }

  set(place: number, value: number): void {
    this.items[place] = value;
  }

  /** Keeps the first values only. */
  cutTo(length: number): void {
    if (length < this._length) this._length = length;
  }
}
