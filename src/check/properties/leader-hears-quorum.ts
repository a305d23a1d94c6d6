// CheckQuorum (thesis 6.2): "a leader steps down if an election timeout elapses without a successful round of
// heartbeats to a majority of its cluster".
//
// Judged when a leader's period is over: if it leads on, a quorum has answered in it, the leader itself included.

import { nodeName, type NodeId } from '../../base/ids.ts';
import { isQuorumOf, NO_CONFIGURATION } from '../../protocol/configuration.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const leaderHearsQuorumFacts = {
  name: 'leader-hears-quorum',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'contents', 'timers'],
} as const satisfies PropertyFacts;

export function leaderHearsQuorum(nodes: number): Property {
  /** By id, 1 for each that answered in the period that ends in this step; undefined: none ends. */
  let answered: Uint8Array | undefined;
  let configuration = NO_CONFIGURATION;
  return {
    name: leaderHearsQuorumFacts.name,
    mood: leaderHearsQuorumFacts.mood,
    fired(host, timer) {
      answered = undefined;
      const { probe } = host.process;
      if (timer !== Timer.quorumCheck || probe.role !== 'leader') return undefined;
      answered = new Uint8Array(nodes);
      for (let id = 0; id < nodes; id++) {
        if (id === host.id || probe.followerOf(id as NodeId)?.isActive === true) answered[id] = 1;
      }
      configuration = probe.configuration;
      return undefined;
    },
    stepped(host) {
      if (answered === undefined) return undefined;
      const marks = answered;
      answered = undefined;
      const { role, currentTerm } = host.process.probe;
      if (role !== 'leader' || isQuorumOf(configuration, marks) || host.crashPending) return undefined;
      const { voters } = configuration;
      const count = voters.reduce((sum, id) => sum + (marks[id] as number), 0);
      const own = voters.includes(host.id) ? ', itself among them' : '';
      return (
        `${nodeName(host.id)} leads term ${currentTerm} on, but in a whole election timeout ` +
        `${count} of ${voters.length} servers answered${own}`
      );
    },
  };
}
