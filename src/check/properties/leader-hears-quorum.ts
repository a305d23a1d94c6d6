// CheckQuorum (thesis 6.2): "a leader steps down if an election timeout elapses without a successful round of
// heartbeats to a majority of its cluster".
//
// Judged when a leader's period is over: if it leads on, a quorum has answered in it, the leader itself included.

import { nodeName, type NodeId } from '../../base/ids.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const leaderHearsQuorumFacts = {
  name: 'leader-hears-quorum',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'timers'],
} as const satisfies PropertyFacts;

export function leaderHearsQuorum(nodes: number): Property {
  /** How many answered in the period that ends in this step; 0: none ends. */
  let answered = 0;
  return {
    name: leaderHearsQuorumFacts.name,
    mood: leaderHearsQuorumFacts.mood,
    fired(host, timer) {
      answered = 0;
      const { probe } = host.process;
      if (timer !== Timer.quorumCheck || probe.role !== 'leader') return undefined;
      answered = 1;
      for (let id = 0; id < nodes; id++) if (probe.followerOf(id as NodeId)?.isActive === true) answered++;
      return undefined;
    },
    stepped(host) {
      if (answered === 0) return undefined;
      const count = answered;
      answered = 0;
      const { role, currentTerm } = host.process.probe;
      if (role !== 'leader' || count * 2 > nodes || host.crashPending) return undefined;
      return (
        `${nodeName(host.id)} leads term ${currentTerm} on, but in a whole election timeout ` +
        `${count} of ${nodes} servers answered, itself among them`
      );
    },
  };
}
