// Snapshot consistency (section 7): a snapshot "contains the complete state of the system at the time", and replaces
// "committed entries in its log" only.
//
// What a snapshot is labelled with and what it holds are compared with what was committed and executed there; that of
// a server never goes back. A machine that is to go on from a snapshot is in the state that the snapshot holds.

import { nodeName } from '../../base/ids.ts';
import { hex } from '../../base/hash.ts';
import type { InstallSnapshot } from '../../protocol/message.ts';
import type { Host } from '../../sim/host.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const snapshotConsistencyFacts = {
  name: 'snapshot-consistency',
  kind: 'safety',
  mood: 'always',
  needs: ['log', 'commit', 'applied'],
} as const satisfies PropertyFacts;

/** The pieces of a snapshot that a follower has, without a gap: under one leader, and since its last restart. */
interface Received {
  readonly term: number;
  readonly lastIndex: number;
  bytes: number;
}

/** `inPieces`: some snapshots may take more than one message. */
export function snapshotConsistency(ghost: Ghost, inPieces = true): Property {
  const pieces: (Received | undefined)[] = ghost.known.map(() => undefined);
  const property = ofSnapshots(ghost, pieces);
  if (!inPieces) return property;
  property.started = ({ id }): undefined => {
    pieces[id] = undefined;
  };
  property.received = (host, message): undefined => {
    if (message.kind === 'InstallSnapshot') notePiece(host, message, pieces);
  };
  return property;
}

/** As Figure 13 says: the first piece begins anew, and what would leave a gap is no part of it. */
function notePiece(host: Host, message: InstallSnapshot, pieces: (Received | undefined)[]): void {
  const { term, lastIncludedIndex, offset, length } = message;
  const { currentTerm, commitIndex } = host.process.probe;
  if (term < currentTerm || lastIncludedIndex <= commitIndex) return;
  if (offset === 0) pieces[host.id] = { term, lastIndex: lastIncludedIndex, bytes: 0 };
  const received = pieces[host.id];
  if (received?.term === term && received.lastIndex === lastIncludedIndex && received.bytes === offset) {
    received.bytes += length;
  }
}

function ofSnapshots(ghost: Ghost, pieces: readonly (Received | undefined)[]): Property {
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
      const received = pieces[host.id];
      if (received?.lastIndex === lastIndex && received.bytes < state.bytes) {
        const part = `${received.bytes} of ${state.bytes} bytes`;
        return `${name} goes on from a snapshot of ${lastIndex} entries, of which it has received ${part} only`;
      }
      if (machine === undefined || machine.hash === state.hash) return undefined;
      return `${name} goes on from a snapshot of ${lastIndex} entries, but its machine is in another state`;
    },
  };
}
