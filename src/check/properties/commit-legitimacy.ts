// Commit legitimacy (sections 5.3 and 5.4.2): a leader commits an entry "once the leader that created the entry has
// replicated it on a majority of the servers", and "only log entries from the leader's current term are committed by
// counting replicas" (Figure 8). Everyone else learns from a leader what is committed.
//
// Counted on the disks, at the very moment: what is only in memory is not replicated.

import { quorumText, isQuorumOf } from '../../protocol/configuration.ts';
import { logIndex, nodeName, type LogIndex } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { Ghost, Known, Property, PropertyFacts } from '../property.ts';

export const commitLegitimacyFacts = {
  name: 'commit-legitimacy',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'log', 'commit', 'disk'],
} as const satisfies PropertyFacts;

export function commitLegitimacy({ known }: Ghost, hosts: readonly Host[]): Property {
  let committedByLeaders = 0;

  /** By id: 1 for a server that holds the entry. */
  const holders = new Uint8Array(hosts.length);

  const noteHolders = (index: LogIndex, prefixHash: number): void => {
    for (let i = 0; i < hosts.length; i++) {
      const { disk } = hosts[i] as Host;
      // A server whose disk was wiped never votes again: for every later election it is as if it still held the entry.
      // What a snapshot stands for was committed before.
      const holds = index < disk.base || disk.prefixHashAt(index) === prefixHash;
      holders[i] = holds || disk.isWiped ? 1 : 0;
    }
  };

  return {
    name: commitLegitimacyFacts.name,
    mood: commitLegitimacyFacts.mood,
    committed(host) {
      const { role, commitIndex, currentTerm, log } = host.process.probe;
      const name = nodeName(host.id);
      // A leader that commits its own removal leads no more behind it (thesis 4.2.2), and counted as it did before; so
      // did one with threads that committed and heard of a newer term in one step.
      const before = known[host.id] as Known;
      const hasLed = before.role === 'leader';
      if (role !== 'leader' && commitIndex <= committedByLeaders) return undefined;
      if (role !== 'leader' && !hasLed) {
        return `${name} commits entry ${commitIndex}, but no leader has committed entries after ${committedByLeaders}`;
      }
      const leaderTerm = role === 'leader' ? currentTerm : before.term;
      if (commitIndex > committedByLeaders) committedByLeaders = commitIndex;
      const entryTerm = log.termAt(commitIndex);
      if (entryTerm !== leaderTerm) {
        const counted = `commits entry ${commitIndex} by counting, which is of term ${entryTerm}`;
        return `${name} leads term ${leaderTerm} and ${counted}`;
      }
      noteHolders(logIndex(commitIndex), log.prefixHashAt(commitIndex));
      const { configuration } = before;
      if (isQuorumOf(configuration, holders)) return undefined;
      return `${name} commits entry ${commitIndex}, which is durable on ${quorumText(configuration, holders)}`;
    },
  };
}
