// Log Matching (Figure 3): "if two logs contain an entry with the same index and term, then the logs are identical in
// all entries up through the given index" (section 5.3).
//
// Each prefix has a hash. The first log that shows an entry of some index and term fixes the hash of its prefix; every
// other log with that entry must have the same. Only entries that are new in a log are looked at.

import { logIndex, nodeId, nodeName } from '../../base/ids.ts';
import { IntVector } from '../../base/int-vector.ts';
import type { Finding, Property, PropertyFacts } from '../property.ts';

/** An entry of a further term at an index, which is rare. */
interface Sighting {
  readonly term: number;
  readonly prefixHash: number;
  readonly node: number;
}

export const logMatchingFacts = {
  name: 'log-matching',
  kind: 'safety',
  mood: 'always',
  needs: ['log'],
} as const satisfies PropertyFacts;

export function logMatching(): Property {
  // By index - 1: the first entry seen there. Logs have no gaps, so the vectors grow one by one.
  const terms = new IntVector();
  const prefixHashes = new IntVector();
  const nodes = new IntVector();
  const further = new Map<number, Sighting[]>();

  const mismatch = (index: number, term: number, prefixHash: number, node: number, seen: Sighting): Finding => {
    if (seen.prefixHash === prefixHash) return undefined;
    const both = `${nodeName(nodeId(seen.node))} and ${nodeName(nodeId(node))} both hold an entry ${index}`;
    return `${both} of term ${term}, but their logs differ at or before it`;
  };

  const seeFurther = (index: number, term: number, prefixHash: number, node: number): Finding => {
    const sights = further.get(index) ?? [];
    const seen = sights.find((sight) => sight.term === term);
    if (seen !== undefined) return mismatch(index, term, prefixHash, node, seen);
    sights.push({ term, prefixHash, node });
    further.set(index, sights);
    return undefined;
  };

  const see = (index: number, term: number, prefixHash: number, node: number): Finding => {
    const place = index - 1;
    if (place === terms.length) {
      terms.push(term);
      prefixHashes.push(prefixHash);
      nodes.push(node);
      return undefined;
    }
    if (!terms.remembers(place) || place > terms.length) return undefined;
    if (terms.at(place) !== term) return seeFurther(index, term, prefixHash, node);
    if (prefixHashes.at(place) === prefixHash) return undefined;
    return mismatch(index, term, prefixHash, node, { term, prefixHash: prefixHashes.at(place), node: nodes.at(place) });
  };

  return {
    name: logMatchingFacts.name,
    mood: logMatchingFacts.mood,
    logChanged(host, kept) {
      const { log } = host.process.probe;
      // Of a log that begins behind a snapshot, the entry there is still known (section 7).
      for (let i = Math.max(kept + 1, log.base, 1); i <= log.lastIndex; i++) {
        const index = logIndex(i);
        const finding = see(i, log.termAt(index), log.prefixHashAt(index), host.id);
        if (finding !== undefined) return finding;
      }
      return undefined;
    },
    compacted(_host, index) {
      terms.forgetBefore(index - 1);
      prefixHashes.forgetBefore(index - 1);
      nodes.forgetBefore(index - 1);
      for (const place of further.keys()) if (place < index) further.delete(place);
      return undefined;
    },
  };
}
