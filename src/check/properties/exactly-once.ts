// Exactly-once effect (section 8): a command that a client sends again is executed once, for "the state machine tracks
// the latest serial number processed for each client".
//
// On every machine, and in every replay of the log: each session's executed sequence numbers only rise. Where sessions
// are limited (dissertation 6.3), each that a client opens counts by itself, and those of long ago are forgotten.

import { sessionOf } from '../../protocol/operation.ts';
import { clientName, nodeName } from '../../base/ids.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const exactlyOnceFacts = {
  name: 'exactly-once',
  kind: 'safety',
  mood: 'always',
  needs: ['applied'],
} as const satisfies PropertyFacts;

/** How many sessions are remembered of each server where clients open new ones. */
const REMEMBERED = 4096;

export function exactlyOnceProperty(nodes: number, areLimited = false): Property {
  const executed: Map<number, number>[] = Array.from({ length: nodes }, () => new Map<number, number>());
  const last: number[] = executed.map(() => 0);
  return {
    name: exactlyOnceFacts.name,
    mood: exactlyOnceFacts.mood,
    started(host) {
      // A machine that starts anew, or from a snapshot, executes the log from there on anew.
      const { lastApplied } = host.process;
      if (lastApplied < (last[host.id] as number)) executed[host.id]?.clear();
      last[host.id] = lastApplied;
      return undefined;
    },
    applied(host, index, applied) {
      if (index === 1) executed[host.id]?.clear();
      last[host.id] = index;
      if (applied.call === undefined || !applied.executed) return undefined;
      const { client, sequence, operation } = applied.call;
      if (operation.kind === 'open') return undefined;
      const sessions = executed[host.id] as Map<number, number>;
      const session = areLimited ? sessionOf(sequence) : client;
      const before = sessions.get(session) ?? 0;
      sessions.set(session, sequence);
      if (areLimited && sessions.size > REMEMBERED) sessions.delete(sessions.keys().next().value ?? session);
      if (sequence > before) return undefined;
      const again = sequence === before ? 'a second time' : `after its command ${before}`;
      return `${nodeName(host.id)} executes command ${sequence} of ${clientName(client)} ${again}, at entry ${index}`;
    },
  };
}
