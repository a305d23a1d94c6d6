// A system that is not ours keeps to the interface: it answers, in time, and with what can be an answer.
//
// No promise of Raft, and no row of the table of promises: it is watched beside them, for foreign systems only. What a
// system does wrong inside of itself, a trap or an exception, is `handlers-never-throw`'s to tell.

import { nodeName } from '../../base/ids.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';
import type { Property } from '../property.ts';

/** What a system that does not keep to the interface is reported as. */
export const SYSTEM_ANSWERS = 'system-answers';

export function systemAnswers(): Property {
  return {
    name: SYSTEM_ANSWERS,
    mood: 'always',
    threw(host, error) {
      if (!(error instanceof SystemTrouble)) return undefined;
      const name = nodeName(host.id);
      return error.message.startsWith(name) ? error.message : `${name}: ${error.message}`;
    },
  };
}
