// Terms and indexes never fall (Figure 2): the "latest term server has seen (… increases monotonically)", and so does
// commitIndex within a life.
//
// After a restart the term is at least the highest of the messages that the server sent.

import { nodeName } from '../../base/ids.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const monotonicityFacts = {
  name: 'monotonicity',
  kind: 'safety',
  mood: 'always',
  needs: ['terms', 'commit', 'messages'],
} as const satisfies PropertyFacts;

export function monotonicity(ghost: Ghost): Property {
  return {
    name: monotonicityFacts.name,
    mood: monotonicityFacts.mood,
    started(host) {
      const { currentTerm } = host.process.probe;
      const told = ghost.known[host.id]?.told ?? 0;
      if (currentTerm >= told) return undefined;
      return `${nodeName(host.id)} restarts in term ${currentTerm}, but has sent messages of term ${told}`;
    },
    turned(host) {
      const term = ghost.known[host.id]?.term ?? 0;
      const { currentTerm } = host.process.probe;
      if (currentTerm >= term) return undefined;
      return `${nodeName(host.id)} goes from term ${term} back to ${currentTerm}`;
    },
    uncommitted(host, before) {
      return `${nodeName(host.id)} goes from commitIndex ${before} back to ${host.process.probe.commitIndex}`;
    },
  };
}
