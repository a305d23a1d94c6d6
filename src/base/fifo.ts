// First in, first out: an array with a head, for the short queues of the hot path.
//
// Invariant: what is queued stands from `head` to `tail`. An empty queue starts over at 0, so that one which keeps
// running empty never grows and never allocates.

import { assert } from './errors.ts';

export class Fifo<Item> {
  private readonly items: (Item | undefined)[] = [];
  private head = 0;
  private tail = 0;

  get length(): number {
    return this.tail - this.head;
  }

  push(item: Item): void {
    this.items[this.tail++] = item;
  }

  /** The item at a place from the front; undefined behind the end. */
  at(place: number): Item | undefined {
    const index = this.head + place;
    return index < this.tail ? this.items[index] : undefined;
  }

  /** Puts another item at a place from the front that is taken. */
  set(place: number, item: Item): void {
    assert(place >= 0 && place < this.length, 'only an item that is there is replaced');
    this.items[this.head + place] = item;
  }

  shift(): Item {
    assert(this.head < this.tail, 'only a queue that holds something gives something');
    const item = this.items[this.head] as Item;
    this.items[this.head++] = undefined;
    if (this.head === this.tail) this.clear();
    else if (this.head === COMPACT_AT) this.compact();
    return item;
  }

  clear(): void {
    for (let i = this.head; i < this.tail; i++) this.items[i] = undefined;
    this.head = 0;
    this.tail = 0;
  }

  private compact(): void {
    this.items.splice(0, this.head);
    this.tail -= this.head;
    this.head = 0;
  }
}

/** How many empty places may stand in front of a queue that never runs empty. */
const COMPACT_AT = 64;
