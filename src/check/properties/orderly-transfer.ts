// An orderly transfer (thesis 3.10): the prior leader "stops accepting new client requests" and "fully updates the
// target server’s log to match its own"; and whoever is asked by permission looks at the request (4.2.3).
//
// Otherwise the one that takes over loses its election, and the cluster stands still for nothing.

import { nodeName, NOBODY } from '../../base/ids.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const orderlyTransferFacts = {
  name: 'orderly-transfer',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'messages', 'contents', 'log'],
} as const satisfies PropertyFacts;

export function orderlyTransfer(ghost: Ghost): Property {
  /** By server: the term in which it was just asked for a vote by permission, and by whom; -1 if it was not. */
  const askedIn = ghost.known.map(() => -1);
  const askedBy = ghost.known.map(() => NOBODY);
  return {
    name: orderlyTransferFacts.name,
    mood: orderlyTransferFacts.mood,
    received(host, message) {
      if (message.kind === 'RequestVote' && message.isTransfer) {
        askedIn[host.id] = message.term;
        askedBy[host.id] = message.from;
      }
      if (message.kind !== 'TimeoutNow' || message.term !== host.process.probe.currentTerm) return undefined;
      const { lastIndex } = host.process.probe.log;
      if (lastIndex >= message.lastLogIndex) return undefined;
      const log = `the log of ${nodeName(message.from)} ends at ${message.lastLogIndex}, its own at ${lastIndex}`;
      return `${nodeName(host.id)} is told to take over term ${message.term}, but ${log}`;
    },
    logChanged(host, _kept, before) {
      const { transferee, log } = host.process.probe;
      if (transferee === NOBODY || log.lastIndex <= before) return undefined;
      return `${nodeName(host.id)} takes entry ${log.lastIndex} while it hands over to ${nodeName(transferee)}`;
    },
    stepped(host) {
      const term = askedIn[host.id] as number;
      if (term < 0) return undefined;
      askedIn[host.id] = -1;
      if (host.process.probe.currentTerm >= term || host.crashPending) return undefined;
      const asker = nodeName(askedBy[host.id] ?? NOBODY);
      return `${nodeName(host.id)} does not look at the request of ${asker}, which is to take over in term ${term}`;
    },
  };
}
