// CheckQuorum (thesis 6.2): "a leader steps down if an election timeout elapses without a successful round of heartbeats
// to a majority of its cluster".
//
// Judged when a leader begins its next period, which its timer shows: in the one that is over, a quorum, itself included,
// has answered. A clock that jumps moves the timer as well, and is no new period.

import { nodeName, type NodeId } from '../../base/ids.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Host } from '../../sim/host.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const leaderHearsQuorumFacts = {
  name: 'leader-hears-quorum',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'timers'],
} as const satisfies PropertyFacts;

export function leaderHearsQuorum(nodes: number): Property {
  /** By server, after its last step: the term that it leads, or 0; until when its period lasts; how many answered in it. */
  const termsLed = new Array<number>(nodes).fill(0);
  const periods = new Array<number>(nodes).fill(0);
  const answers = new Array<number>(nodes).fill(0);
  /** How its clock went. */
  const offsets = new Array<number>(nodes).fill(0);
  const rates = new Array<number>(nodes).fill(0);

  const answersTo = (host: Host): number => {
    let count = 1;
    for (let id = 0; id < nodes; id++) {
      if (host.process.probe.followerOf(id as NodeId)?.isActive === true) count++;
    }
    return count;
  };

  return {
    name: leaderHearsQuorumFacts.name,
    mood: leaderHearsQuorumFacts.mood,
    started(host) {
      termsLed[host.id] = 0;
      return undefined;
    },
    stepped(host) {
      const { id } = host;
      const { role, currentTerm } = host.process.probe;
      if (role !== 'leader') {
        termsLed[id] = 0;
        return undefined;
      }
      const period = host.deadline(Timer.quorumCheck);
      const { offset, ratePpm } = host.clock;
      const isSteady = offsets[id] === offset && rates[id] === ratePpm && termsLed[id] === currentTerm;
      const isNext = isSteady && periods[id] !== period && host.armed(Timer.quorumCheck);
      const answered = answers[id] as number;
      offsets[id] = offset;
      rates[id] = ratePpm;
      termsLed[id] = currentTerm;
      periods[id] = period;
      answers[id] = answersTo(host);
      if (!isNext || answered * 2 > nodes) return undefined;
      return (
        `${nodeName(id)} goes on leading term ${currentTerm}, but in a whole election timeout ` +
        `${answered} of ${nodes} servers answered, itself among them`
      );
    },
  };
}
