// Exactly-once effect (section 8): a command that a client sends again is executed once, for "the state machine tracks
// the latest serial number processed for each client".
//
// On every machine, and in every replay of the log: each session's executed sequence numbers only rise.

import { clientName, nodeName } from '../../base/ids.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const exactlyOnceFacts = {
  name: 'exactly-once',
  kind: 'safety',
  mood: 'always',
  needs: ['applied'],
} as const satisfies PropertyFacts;

export function exactlyOnceProperty(nodes: number): Property {
  const executed: number[][] = Array.from({ length: nodes }, () => []);
  const last: number[] = executed.map(() => 0);
  return {
    name: exactlyOnceFacts.name,
    mood: exactlyOnceFacts.mood,
    started(host) {
      // A machine that starts anew, or from a snapshot, executes the log from there on anew.
      const { lastApplied } = host.process;
      if (lastApplied < (last[host.id] as number)) executed[host.id] = [];
      last[host.id] = lastApplied;
      return undefined;
    },
    applied(host, index, applied) {
      if (index === 1) executed[host.id] = [];
      last[host.id] = index;
      if (applied.call === undefined || !applied.executed) return undefined;
      const { client, sequence } = applied.call;
      const sessions = executed[host.id] as number[];
      const before = sessions[client] ?? 0;
      sessions[client] = sequence;
      if (sequence > before) return undefined;
      const again = sequence === before ? 'a second time' : `after its command ${before}`;
      return `${nodeName(host.id)} executes command ${sequence} of ${clientName(client)} ${again}, at entry ${index}`;
    },
  };
}
