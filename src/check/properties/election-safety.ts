// Election Safety (Figure 3): "at most one leader can be elected in a given term" (section 5.2).
//
// Ever, not only at the same time: the leader of each term is remembered for good.

import { nodeName, type NodeId } from '../../base/ids.ts';
import type { Property } from '../property.ts';

export function electionSafety(): Property {
  const leaders: (NodeId | undefined)[] = [];
  return {
    name: 'election-safety',
    mood: 'always',
    elected(host) {
      const term = host.process.probe.currentTerm;
      const leader = leaders[term];
      leaders[term] = host.id;
      if (leader === undefined || leader === host.id) return undefined;
      return `${nodeName(leader)} and ${nodeName(host.id)} were both elected leader of term ${term}`;
    },
  };
}
