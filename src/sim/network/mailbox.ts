// The messages that are on their way over one link, in the order in which they were sent.
//
// The first of them is taken nearly always; taking one from the middle moves what stands behind it. Nothing is
// allocated for a message: message and number stand in two arrays with a common head.

import type { Message } from '../../protocol/message.ts';

export class Mailbox {
  private readonly messages: (Message | undefined)[] = [];
  private readonly numbers: number[] = [];
  private head = 0;

  get length(): number {
    return this.messages.length - this.head;
  }

  push(message: Message, number: number): void {
    this.messages.push(message);
    this.numbers.push(number);
  }

  /** The message at a place from the front, which is there. */
  messageAt(place: number): Message {
    return this.messages[this.head + place] as Message;
  }

  numberAt(place: number): number {
    return this.numbers[this.head + place] as number;
  }

  take(place: number): void {
    if (place > 0) {
      this.messages.splice(this.head + place, 1);
      this.numbers.splice(this.head + place, 1);
      return;
    }
    this.messages[this.head++] = undefined;
    if (this.head === this.messages.length) this.drop(this.head);
    else if (this.head === COMPACT_AT) this.drop(COMPACT_AT);
  }

  private drop(count: number): void {
    if (count === this.messages.length) {
      this.messages.length = 0;
      this.numbers.length = 0;
    } else {
      this.messages.splice(0, count);
      this.numbers.splice(0, count);
    }
    this.head = 0;
  }
}

/** How many empty places may stand in front of a link that never runs empty. */
const COMPACT_AT = 64;
