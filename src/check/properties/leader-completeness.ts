// Leader Completeness (Figure 3): "if a log entry is committed in a given term, then that entry will be present in the
// logs of the leaders for all higher-numbered terms" (section 5.4).
//
// Checked when a leader is elected, against what was committed before, and when something is committed, against
// leaders of higher terms.

import { logIndex, nodeName, type LogIndex } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { Finding, Ghost, Property, PropertyFacts } from '../property.ts';

export const leaderCompletenessFacts = {
  name: 'leader-completeness',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'log', 'commit'],
} as const satisfies PropertyFacts;

export function leaderCompleteness(ghost: Ghost, hosts: readonly Host[]): Property {
  let newestLeader = 0;

  const lacks = (leader: Host, index: LogIndex, committedIn: number, prefixHash: number): Finding => {
    const { log, currentTerm } = leader.process.probe;
    const name = `${nodeName(leader.id)} leads term ${currentTerm}`;
    if (log.lastIndex < index) {
      return `${name} with a log of ${log.lastIndex} entries, but entry ${index} was committed in term ${committedIn}`;
    }
    // What a snapshot stands for was committed: `snapshot-consistency` sees to it.
    if (index < log.base || log.prefixHashAt(index) === prefixHash) return undefined;
    return `${name} with another log up to entry ${index} than the one that was committed in term ${committedIn}`;
  };

  return {
    name: leaderCompletenessFacts.name,
    mood: leaderCompletenessFacts.mood,
    elected(host) {
      const { currentTerm } = host.process.probe;
      if (currentTerm > newestLeader) newestLeader = currentTerm;
      let index = ghost.committed.length - 1;
      while (index > 0 && ghost.committedIn.at(index) >= currentTerm) index--;
      if (index <= 0) return undefined;
      return lacks(host, logIndex(index), ghost.committedIn.at(index), ghost.committed.at(index));
    },
    committed(host) {
      const { currentTerm, commitIndex, log } = host.process.probe;
      if (newestLeader <= currentTerm || commitIndex < ghost.committed.length) return undefined;
      for (const other of hosts) {
        if (other.status !== 'up' || other.process.probe.role !== 'leader') continue;
        if (other.process.probe.currentTerm <= currentTerm) continue;
        const finding = lacks(other, commitIndex, currentTerm, log.prefixHashAt(commitIndex));
        if (finding !== undefined) return finding;
      }
      return undefined;
    },
  };
}
