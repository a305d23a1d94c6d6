// Leader Append-Only (Figure 3): "a leader never overwrites or deletes entries in its log; it only appends new entries"
// (section 5.3).
//
// Within one leadership: what a server does to its log before it leads and after is not looked at here.

import { nodeName } from '../../base/ids.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const leaderAppendOnlyFacts = {
  name: 'leader-append-only',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'log'],
} as const satisfies PropertyFacts;

export function leaderAppendOnly(ghost: Ghost): Property {
  return {
    name: leaderAppendOnlyFacts.name,
    mood: leaderAppendOnlyFacts.mood,
    logChanged(host, kept, before) {
      const known = ghost.known[host.id];
      const { probe } = host.process;
      if (known?.role !== 'leader' || probe.role !== 'leader' || known.term !== probe.currentTerm) return undefined;
      if (kept >= before) return undefined;
      const name = nodeName(host.id);
      return `${name} leads term ${probe.currentTerm} with a log of ${before} entries and changed entry ${kept + 1}`;
    },
  };
}
