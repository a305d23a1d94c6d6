// State Machine Safety (Figure 3): "if a server has applied a log entry at a given index to its state machine, no other
// server will ever apply a different log entry for the same index" (section 5.4.3).
//
// Seen one step earlier, when an entry is committed, and once more when it is applied: entries come one after the other,
// and two machines that executed as many entries are in the same state.

import { logIndex, nodeName, type NodeId } from '../base/ids.ts';
import type { Ghost, Property } from './property.ts';

export function stateMachineSafety(ghost: Ghost): Property {
  const states: number[] = [];
  const terms: number[] = [];
  const firsts: NodeId[] = [];
  const applied: number[] = ghost.known.map(() => 0);
  return {
    name: 'state-machine-safety',
    mood: 'always',
    started(host) {
      applied[host.id] = 0;
      return undefined;
    },
    committed(host) {
      const { commitIndex, log } = host.process.probe;
      const index = Math.min(commitIndex, ghost.committed.length - 1);
      if (index <= 0 || log.chainAt(logIndex(index)) === ghost.committed[index]) return undefined;
      return `${nodeName(host.id)} commits entry ${index} with another log up to there than the one that was committed before`;
    },
    applied(host, index, { stateHash }) {
      if (index !== (applied[host.id] as number) + 1) {
        return `${nodeName(host.id)} applies entry ${index} right after entry ${applied[host.id]}`;
      }
      applied[host.id] = index;
      const state = states[index];
      const term = host.process.probe.log.termAt(index);
      if (state === undefined) {
        states[index] = stateHash;
        terms[index] = term;
        firsts[index] = host.id;
        return undefined;
      }
      if (state === stateHash) return undefined;
      const first = `${nodeName(firsts[index] as NodeId)} applied an entry ${index} of term ${terms[index]}`;
      const now = `${nodeName(host.id)} applies one of term ${term} there`;
      return `${first}, ${now}, and they end in different states`;
    },
    recalled(host, index) {
      applied[host.id] = index;
      return undefined;
    },
  };
}
