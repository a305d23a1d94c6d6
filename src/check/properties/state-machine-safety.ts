// State Machine Safety (Figure 3): "if a server has applied a log entry at a given index to its state machine, no other
// server will ever apply a different log entry for the same index" (section 5.4.3).
//
// Seen one step earlier, when an entry is committed, and once more when it is applied: entries come one after the
// other, and two machines that executed as many entries are in the same state.

import { IntVector } from '../../base/int-vector.ts';
import { logIndex, nodeId, nodeName } from '../../base/ids.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const stateMachineSafetyFacts = {
  name: 'state-machine-safety',
  kind: 'safety',
  mood: 'always',
  needs: ['applied'],
} as const satisfies PropertyFacts;

export function stateMachineSafety(ghost: Ghost): Property {
  // By index: the term of the entry that was applied first there, and whose machine it was.
  const terms = new IntVector();
  const firsts = new IntVector();
  terms.push(0);
  firsts.push(0);
  const applied: number[] = ghost.known.map(() => 0);
  return {
    name: stateMachineSafetyFacts.name,
    mood: stateMachineSafetyFacts.mood,
    started(host) {
      applied[host.id] = host.process.lastApplied;
      return undefined;
    },
    committed(host) {
      const { commitIndex, log } = host.process.probe;
      const index = Math.min(commitIndex, ghost.committed.length - 1);
      if (index <= 0 || index < log.base) return undefined;
      if (log.prefixHashAt(logIndex(index)) === ghost.committed.at(index)) return undefined;
      const name = nodeName(host.id);
      return `${name} commits entry ${index} with another log up to there than the one that was committed before`;
    },
    applied(host, index, { stateHash }) {
      if (index !== (applied[host.id] as number) + 1) {
        return `${nodeName(host.id)} applies entry ${index} right after entry ${applied[host.id]}`;
      }
      applied[host.id] = index;
      const { states } = ghost;
      const term = host.process.probe.log.termAt(index);
      if (index === states.length) {
        terms.push(term);
        firsts.push(host.id);
        return undefined;
      }
      if (!states.remembers(index) || states.at(index) === stateHash) return undefined;
      const first = `${nodeName(nodeId(firsts.at(index)))} applied an entry ${index} of term ${terms.at(index)}`;
      const now = `${nodeName(host.id)} applies one of term ${term} there`;
      return `${first}, ${now}, and they end in different states`;
    },
    installed(host, { lastIndex }) {
      applied[host.id] = lastIndex;
      return undefined;
    },
    compacted(_host, index) {
      terms.forgetBefore(index);
      firsts.forgetBefore(index);
      return undefined;
    },
  };
}
