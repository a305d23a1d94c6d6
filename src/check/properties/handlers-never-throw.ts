// No handler throws: whatever the network brings, however late, a server handles it; and its own assertions hold.
//
// Looked at last in a step, so that a promise of the protocol that the same step broke is named first.

import { nodeName } from '../../base/ids.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';
import type { Property, PropertyFacts } from '../property.ts';

export const handlersNeverThrowFacts = {
  name: 'handlers-never-throw',
  kind: 'safety',
  mood: 'always',
  needs: ['exceptions'],
} as const satisfies PropertyFacts;

export function handlersNeverThrow(): Property {
  return {
    name: handlersNeverThrowFacts.name,
    mood: handlersNeverThrowFacts.mood,
    threw(host, error) {
      if (error instanceof SystemTrouble) return undefined;
      return `${nodeName(host.id)} stopped in the middle of a step: ${error.message}`;
    },
  };
}
