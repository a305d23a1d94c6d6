// What a scenario remembers of its run besides the world itself: messages sent, elections won.
//
// It watches like a property and complains of nothing.

import type { NodeId } from '../../base/ids.ts';
import type { Message, MessageKind } from '../../protocol/message.ts';
import type { Property } from '../../check/property.ts';

/** A number of a message's fields: eight bytes each, with the command's own bytes for an entry. */
const FIELD_BYTES = 8;
const FIELDS: Readonly<Record<MessageKind, number>> = {
  RequestVote: 5,
  RequestVoteReply: 4,
  AppendEntries: 6,
  AppendEntriesReply: 7,
};

/** How large a message would be on the wire, in bytes: eight for each field, and what the commands hold. */
export function bytesOf(message: Message): number {
  let bytes = FIELDS[message.kind] * FIELD_BYTES;
  if (message.kind === 'AppendEntries') {
    for (const entry of message.entries) bytes += FIELD_BYTES + entry.command.bytes;
  }
  return bytes;
}

export class Witness implements Property {
  readonly name = 'scenario';
  readonly mood = 'always';
  /** Every message, in the order in which they were sent. */
  readonly sentSoFar: Message[] = [];
  /** Who won elections, oldest first. */
  readonly elections: NodeId[] = [];
  bytes = 0;

  sent: NonNullable<Property['sent']> = (_host, message) => {
    this.sentSoFar.push(message);
    this.bytes += bytesOf(message);
    return undefined;
  };

  elected: NonNullable<Property['elected']> = (host) => {
    this.elections.push(host.id);
    return undefined;
  };
}
