// No server without a timer (section 5.2): followers and candidates wait for an election timeout, leaders for their
// next heartbeat. A server without one would wait for ever.
//
// A server that is about to crash in the middle of a step is not asked.

import { nodeName } from '../../base/ids.ts';
import { Timer, timerNames } from '../../protocol/timers.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const timerArmedFacts = {
  name: 'timer-armed',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'timers'],
} as const satisfies PropertyFacts;

export function timerArmed(): Property {
  return {
    name: timerArmedFacts.name,
    mood: timerArmedFacts.mood,
    stepped(host) {
      if (host.crashPending) return undefined;
      const leads = host.process.probe.role === 'leader';
      const timer = leads ? Timer.heartbeat : Timer.election;
      if (host.armed(timer)) return undefined;
      return `${nodeName(host.id)} is ${leads ? 'a leader' : 'no leader'} and has no ${timerNames[timer]} timer`;
    },
  };
}
