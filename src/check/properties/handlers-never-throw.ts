// No handler throws: whatever the network brings, however late, a server handles it; and its own assertions hold.
//
// Looked at last in a step, so that a promise of the protocol that the same step broke is named first.

import { nodeName } from '../../base/ids.ts';
import type { Property } from '../property.ts';

export function handlersNeverThrow(): Property {
  return {
    name: 'handlers-never-throw',
    mood: 'always',
    threw(host, error) {
      return `${nodeName(host.id)} stopped in the middle of a step: ${error.message}`;
    },
  };
}
