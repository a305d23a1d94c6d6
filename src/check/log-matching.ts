// Log Matching (Figure 3): "if two logs contain an entry with the same index and term, then the logs are identical in
// all entries up through the given index" (section 5.3).
//
// Each prefix has a hash. The first log that shows an entry of some index and term fixes the hash of its prefix; every
// other log with that entry must have the same. Only entries that are new in a log are looked at.

import { logIndex, nodeName, type NodeId } from '../base/ids.ts';
import type { Property } from './property.ts';

interface Sight {
  readonly term: number;
  readonly chain: number;
  readonly node: NodeId;
  readonly next: Sight | undefined;
}

export function logMatching(): Property {
  const sights: (Sight | undefined)[] = [];
  return {
    name: 'log-matching',
    mood: 'always',
    logChanged(host, kept) {
      const { log } = host.process.probe;
      for (let i = kept + 1; i <= log.lastIndex; i++) {
        const index = logIndex(i);
        const term = log.termAt(index);
        const chain = log.chainAt(index);
        let sight = sights[i];
        while (sight !== undefined && sight.term !== term) sight = sight.next;
        if (sight === undefined) {
          sights[i] = { term, chain, node: host.id, next: sights[i] };
        } else if (sight.chain !== chain) {
          return (
            `${nodeName(sight.node)} and ${nodeName(host.id)} both hold an entry ${i} of term ${term}, ` +
            `but their logs differ at or before it`
          );
        }
      }
      return undefined;
    },
  };
}
