// A transfer ends (thesis 3.10): "if leadership transfer does not complete after about an election timeout, the prior
// leader aborts the transfer and resumes accepting client requests".
//
// While a leader hands over, the timer that ends this must run; who does not lead hands nothing over, or it would
// refuse every command of its next reign.

import { nodeName, NOBODY } from '../../base/ids.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const transferEndsFacts = {
  name: 'transfer-ends',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'contents', 'timers'],
} as const satisfies PropertyFacts;

export function transferEnds(): Property {
  return {
    name: transferEndsFacts.name,
    mood: transferEndsFacts.mood,
    stepped(host) {
      const { transferee, role } = host.process.probe;
      if (transferee === NOBODY || host.crashPending) return undefined;
      const handsOver = `${nodeName(host.id)} hands over to ${nodeName(transferee)}`;
      if (role !== 'leader') return `${handsOver}, but it is no leader any more`;
      return host.armed(Timer.transfer) ? undefined : `${handsOver}, and no timer runs that would end this`;
    },
  };
}
