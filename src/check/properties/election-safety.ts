// Election Safety (Figure 3): "at most one leader can be elected in a given term" (section 5.2).
//
// Ever, not only at the same time: the leader of each term is remembered for good.

import { nodeName, type NodeId } from '../../base/ids.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const electionSafetyFacts = {
  name: 'election-safety',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms'],
} as const satisfies PropertyFacts;

export function electionSafety(): Property {
  const leaders: (NodeId | undefined)[] = [];
  return {
    name: electionSafetyFacts.name,
    mood: electionSafetyFacts.mood,
    elected(host) {
      const term = host.process.probe.currentTerm;
      const leader = leaders[term];
      leaders[term] = host.id;
      if (leader === undefined || leader === host.id) return undefined;
      return `${nodeName(leader)} and ${nodeName(host.id)} were both elected leader of term ${term}`;
    },
  };
}
