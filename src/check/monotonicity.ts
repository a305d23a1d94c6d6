// Terms and indexes never fall (Figure 2): the "latest term server has seen (… increases monotonically)", and so does
// commitIndex within a life. After a restart the term is at least the highest that the server ever told anyone.

import { nodeName } from '../base/ids.ts';
import type { Ghost, Property } from './property.ts';

export function monotonicity(ghost: Ghost): Property {
  const told: number[] = ghost.known.map(() => 0);
  return {
    name: 'monotonicity',
    mood: 'always',
    started(host) {
      const { currentTerm } = host.process.probe;
      const before = told[host.id] as number;
      if (currentTerm >= before) return undefined;
      return `${nodeName(host.id)} restarts in term ${currentTerm}, but has sent messages of term ${before}`;
    },
    sent(host, message) {
      if (message.term > (told[host.id] as number)) told[host.id] = message.term;
      return undefined;
    },
    stepped(host) {
      const known = ghost.known[host.id];
      const { currentTerm, commitIndex } = host.process.probe;
      if (known === undefined || known.role === 'down') return undefined;
      if (currentTerm < known.term) return `${nodeName(host.id)} goes from term ${known.term} back to ${currentTerm}`;
      if (commitIndex < known.commitIndex) {
        return `${nodeName(host.id)} goes from commitIndex ${known.commitIndex} back to ${commitIndex}`;
      }
      return undefined;
    },
  };
}
