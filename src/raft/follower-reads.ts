// Reads at a follower (thesis 6.4): it asks its leader for the index, and answers once it has executed that much.
//
// The leader's round says that nobody else leads; all that is left to the follower is to wait. A request is known by a
// name that no life uses twice, so that a late answer is never taken for another read's.

import type { ReadIndexReply } from '../protocol/message.ts';
import type { NodeState } from './state.ts';

export function onReadIndexReply(node: NodeState, reply: ReadIndexReply): void {
  const { forwarded, waiting } = node.reads;
  const place = forwarded.indexOf(reply.request);
  if (place < 0) return;
  forwarded.splice(place, 1);
  waiting.push({ request: reply.request, index: reply.readIndex });
  serveWaiting(node);
}

/** What is committed is executed before anything else leaves: answers the reads for which that is enough. */
export function serveWaiting(node: NodeState): void {
  const { waiting } = node.reads;
  let left = 0;
  for (let i = 0; i < waiting.length; i++) {
    const read = waiting[i] as (typeof waiting)[number];
    if (node.rules.mayServe(read.index, node.commitIndex)) node.outbox.serve(read.request, read.index);
    else waiting[left++] = read;
  }
  waiting.length = left;
}
