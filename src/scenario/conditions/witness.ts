// What a scenario remembers of its run besides the world itself: messages sent, elections won.
//
// It watches like a property and complains of nothing. A long window sends millions of messages: each is counted, and
// kept only for a story that asks for messages by their content; what is kept has an end.

import type { NodeId } from '../../base/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { MessageName } from '../../protocol/messages/table.ts';
import { bytesOf, isCalled, messageNames } from '../../protocol/messages/text.ts';
import type { Property } from '../../check/property.ts';

/** How many messages were sent: by kind, in all, and their bytes. */
export type SentCounts = Readonly<Record<MessageName | 'all' | 'bytes', number>>;

const countWords = [...messageNames, 'all', 'bytes'] as const;

const countsOf = (count: (word: (typeof countWords)[number]) => number): SentCounts =>
  Object.fromEntries(countWords.map((word) => [word, count(word)])) as SentCounts;

/** So many messages are kept for conditions about their content. */
export const KEPT_MESSAGES_MAX = 1_000_000;

export class Witness implements Property {
  readonly name = 'scenario';
  readonly mood = 'always';
  /** Every message, in the order in which they were sent; nothing if the story asks for none. */
  readonly kept: Message[] = [];
  /** Who won elections, each once, the newest winner last. */
  elections: readonly NodeId[] = [];
  private readonly keeps: boolean;
  private readonly counts: Record<MessageName | 'all' | 'bytes', number> = { ...countsOf(() => 0) };

  constructor(keeps: boolean) {
    this.keeps = keeps;
  }

  /** How many were sent so far, or since they were so many. */
  countsSince(before: SentCounts = countsOf(() => 0)): SentCounts {
    return countsOf((word) => this.counts[word] - before[word]);
  }

  /** No more can be kept: what a story asks about messages could not be answered. */
  get isFull(): boolean {
    return this.kept.length > KEPT_MESSAGES_MAX;
  }

  sent: NonNullable<Property['sent']> = (_host, message) => {
    this.counts.all++;
    this.counts.bytes += bytesOf(message);
    for (const name of messageNames) if (isCalled(message, name)) this.counts[name]++;
    if (this.keeps && !this.isFull) this.kept.push(message);
    return undefined;
  };

  elected: NonNullable<Property['elected']> = (host) => {
    this.elections = [...this.elections.filter((id) => id !== host.id), host.id];
    return undefined;
  };
}
