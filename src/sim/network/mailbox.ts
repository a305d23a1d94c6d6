// The messages that are on their way over one link, in the order in which they were sent.
//
// The first of them is taken nearly always; taking one from the middle moves what stands behind it. Nothing is
// allocated for a message: message and number stand in two arrays, from a common head to a common tail, which keep
// their room.

import type { Message } from '../../protocol/message.ts';

export class Mailbox {
  private readonly messages: (Message | undefined)[] = [];
  private readonly numbers: number[] = [];
  private head = 0;
  private tail = 0;

  get length(): number {
    return this.tail - this.head;
  }

  push(message: Message, number: number): void {
    this.messages[this.tail] = message;
    this.numbers[this.tail] = number;
    this.tail++;
  }

  /** The message at a place from the front, which is there. */
  messageAt(place: number): Message {
    return this.messages[this.head + place] as Message;
  }

  numberAt(place: number): number {
    return this.numbers[this.head + place] as number;
  }

  take(place: number): void {
    if (place > 0) this.closeGap(this.head + place);
    else this.messages[this.head++] = undefined;
    if (this.head === this.tail) {
      this.head = 0;
      this.tail = 0;
    } else if (this.head === COMPACT_AT) this.compact();
  }

  /** Moves up what stands behind a place. */
  private closeGap(gap: number): void {
    const last = --this.tail;
    for (let i = gap; i < last; i++) {
      this.messages[i] = this.messages[i + 1];
      this.numbers[i] = this.numbers[i + 1] as number;
    }
    this.messages[last] = undefined;
  }

  private compact(): void {
    const { head, tail } = this;
    for (let i = head; i < tail; i++) {
      this.messages[i - head] = this.messages[i];
      this.numbers[i - head] = this.numbers[i] as number;
    }
    for (let i = tail - head; i < tail; i++) this.messages[i] = undefined;
    this.head = 0;
    this.tail = tail - head;
  }
}

/** How many empty places may stand in front of a link that never runs empty. */
const COMPACT_AT = 64;
