// No server without a timer (section 5.2): followers and candidates wait for an election timeout, leaders for their
// next heartbeat. A server without one would wait for ever.
//
// A server that is about to crash in the middle of a step is not asked.

import { nodeName } from '../../base/ids.ts';
import type { Property } from '../property.ts';

export function timerArmed(): Property {
  return {
    name: 'timer-armed',
    mood: 'always',
    stepped(host) {
      if (host.crashPending) return undefined;
      const leads = host.process.probe.role === 'leader';
      if ((leads ? host.heartbeatDeadline : host.electionDeadline) !== Infinity) return undefined;
      const timer = leads ? 'heartbeat' : 'election';
      return `${nodeName(host.id)} is ${leads ? 'a leader' : 'no leader'} and has no ${timer} timer`;
    },
  };
}
