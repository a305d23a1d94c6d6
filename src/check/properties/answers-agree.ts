// One call, one answer (dissertation 6.3): a command that is sent again gets "the previous response", however often and
// wherever its client asks, also when it no longer waits for it.
//
// Compared when a server gives an answer, whether it arrives or not. Reads that take no place in the log are executed
// anew each time, and an `open` opens another session; neither is compared. Of each client the latest calls are
// remembered.

import { clientName, nodeName, type NodeId } from '../../base/ids.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const answersAgreeFacts = {
  name: 'answers-agree',
  kind: 'safety',
  mood: 'always',
  needs: ['applied'],
} as const satisfies PropertyFacts;

/** How many answered calls of a client are remembered: more than it can still have on their way. */
const REMEMBERED = 64;

interface Told {
  readonly by: NodeId;
  readonly result: string;
}

export function answersAgree(): Property {
  /** By client: what was answered first, by sequence number. */
  const told: Map<number, Told>[] = [];
  return {
    name: answersAgreeFacts.name,
    mood: answersAgreeFacts.mood,
    applied(host, _index, { call, answer }) {
      if (answer === undefined || call === undefined || answer.outcome !== 'ok') return undefined;
      if (call.operation.kind === 'open') return undefined;
      const { client, sequence, result } = answer;
      const calls = (told[client] ??= new Map<number, Told>());
      const before = calls.get(sequence);
      if (before === undefined) {
        calls.set(sequence, { by: host.id, result });
        if (calls.size > REMEMBERED) calls.delete(calls.keys().next().value ?? sequence);
        return undefined;
      }
      if (before.result === result) return undefined;
      const now = `${nodeName(host.id)} answers call ${sequence} of ${clientName(client)} with ${shown(result)}`;
      return `${now}, but ${nodeName(before.by)} answered ${shown(before.result)}`;
    },
  };
}

/** Appended values grow long; their ends tell them apart. */
const shown = (text: string): string => (text.length <= 40 ? `"${text}"` : `"…${text.slice(-40)}"`);
