// Progress truth (Figure 2): matchIndex is the "index of highest log entry known to be replicated on server", and what
// a leader knows is so.
//
// Looked at whenever a leader sends entries to a follower: what it believes to be there is durable on the follower's
// disk, and the next entry lies behind it. A follower that has gone on to a newer term owes the old leader nothing.

import { logIndex, nodeName } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const progressTruthFacts = {
  name: 'progress-truth',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'messages', 'log', 'disk'],
} as const satisfies PropertyFacts;

export function progressTruth(hosts: readonly Host[]): Property {
  return {
    name: progressTruthFacts.name,
    mood: progressTruthFacts.mood,
    sent(host, message) {
      if (message.kind !== 'AppendEntries') return undefined;
      const { probe } = host.process;
      const progress = probe.followerOf(message.to);
      if (progress === undefined) return undefined;
      const { nextIndex, matchIndex } = progress;
      const believes = `${nodeName(host.id)} believes that ${nodeName(message.to)} holds ${matchIndex} entries`;
      if (nextIndex <= matchIndex) return `${believes}, and would send it entry ${nextIndex} next`;
      const { disk } = hosts[message.to] as Host;
      if (matchIndex === 0 || disk.hardState.term > probe.currentTerm || disk.isWiped) return undefined;
      const { log } = probe;
      if (matchIndex <= log.lastIndex) {
        // What a snapshot stands for on either side was committed.
        if (matchIndex < disk.base || matchIndex < log.base) {
          if (matchIndex <= disk.lastIndex) return undefined;
        } else if (disk.prefixHashAt(logIndex(matchIndex)) === log.prefixHashAt(logIndex(matchIndex))) return undefined;
      }
      return `${believes}, but durable there are ${disk.lastIndex}, or others`;
    },
  };
}
