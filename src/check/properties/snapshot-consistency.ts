// Snapshot consistency (section 7): a snapshot "contains the complete state of the system at the time", and replaces
// "committed entries in its log" only.
//
// What a snapshot is labelled with and what it holds are compared with what was committed and executed there; that of
// a server never goes back. A machine that is to go on from a snapshot is in the state that the snapshot holds.

import { nodeName } from '../../base/ids.ts';
import { hex } from '../../base/hash.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const snapshotConsistencyFacts = {
  name: 'snapshot-consistency',
  kind: 'safety',
  mood: 'always',
  needs: ['log', 'commit', 'applied'],
} as const satisfies PropertyFacts;

export function snapshotConsistency(ghost: Ghost): Property {
  return {
    name: snapshotConsistencyFacts.name,
    mood: snapshotConsistencyFacts.mood,
    snapshotChanged(host, before) {
      const { snapshot, log, commitIndex } = host.process.probe;
      const name = nodeName(host.id);
      // A restart may find an older one: the newer was not yet durable.
      const isRestart = ghost.known[host.id]?.role === 'down';
      if (snapshot === undefined) return isRestart ? undefined : `${name} has lost its snapshot`;
      const { lastIndex, lastTerm, prefixHash, state } = snapshot;
      if (!isRestart && before !== undefined && lastIndex < before.lastIndex) {
        return `${name} goes from a snapshot of ${before.lastIndex} entries back to one of ${lastIndex}`;
      }
      if (lastIndex > commitIndex && lastIndex >= ghost.committed.length) {
        return `${name} has a snapshot of ${lastIndex} entries, but ${ghost.committed.length - 1} are committed`;
      }
      if (ghost.committed.remembers(lastIndex) && lastIndex < ghost.committed.length) {
        if (prefixHash !== ghost.committed.at(lastIndex)) {
          return `${name} has a snapshot of ${lastIndex} entries, but others were committed up to there`;
        }
      }
      const isInLog = lastIndex >= log.base && lastIndex <= log.lastIndex;
      if (isInLog && log.termAt(lastIndex) !== lastTerm) {
        const term = log.termAt(lastIndex);
        return `${name} has a snapshot up to entry ${lastIndex} of term ${lastTerm}, but that entry is of term ${term}`;
      }
      const { states } = ghost;
      if (!states.remembers(lastIndex) || lastIndex >= states.length || states.at(lastIndex) === state.hash) {
        return undefined;
      }
      const found = `${name} has a snapshot of ${lastIndex} entries with the state ${hex(state.hash)}`;
      return `${found}, but after entry ${lastIndex} the state was ${hex(states.at(lastIndex))}`;
    },
    installed(host, { lastIndex, state }) {
      const name = nodeName(host.id);
      const { lastApplied, machine } = host.process;
      if (lastApplied !== lastIndex) {
        return `${name} goes on from a snapshot of ${lastIndex} entries, but its machine stands at ${lastApplied}`;
      }
      if (machine === undefined || machine.hash === state.hash) return undefined;
      return `${name} goes on from a snapshot of ${lastIndex} entries, but its machine is in another state`;
    },
  };
}
