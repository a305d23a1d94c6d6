// What a scenario remembers of its run besides the world itself: messages sent, elections won.
//
// It watches like a property and complains of nothing.

import type { NodeId } from '../../base/ids.ts';
import type { Message } from '../../protocol/message.ts';
import { bytesOf } from '../../protocol/messages/text.ts';
import type { Property } from '../../check/property.ts';

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
