// Linearizability (section 8): "each operation appears to execute instantaneously, exactly once, at some point between
// its invocation and its response".
//
// Judged at the end, over the history of all clients; the search is `linearizability.ts`. A search that runs out of its
// budget says so.

import { withoutRest } from '../../base/rest.ts';
import { clientName } from '../../base/ids.ts';
import { operationText, type HistoryCall } from '../../protocol/operation.ts';
import { searchLinearization } from '../linearizability/linearizability.ts';
import type { World } from '../../sim/world.ts';
import type { Judgement, Property, PropertyFacts } from '../property.ts';

export const linearizabilityFacts = {
  name: 'linearizability',
  kind: 'safety',
  mood: 'eventually',
  needs: ['clients'],
} as const satisfies PropertyFacts;

export function linearizability(): Property {
  return {
    name: linearizabilityFacts.name,
    mood: linearizabilityFacts.mood,
    finish: (world) => withoutRest(judging(world)),
    finishing: judging,
  };
}

function* judging(world: World): Generator<undefined, Judgement> {
  const verdict = yield* searchLinearization(world.sessions.history());
  switch (verdict.outcome) {
    case 'pass':
      return { outcome: 'pass', why: '' };
    case 'unknown':
      return { outcome: 'unknown', why: verdict.why };
    case 'fail':
      return { outcome: 'fail', why: `${verdict.why}\n${verdict.calls.map(callText).join('\n')}` };
  }
}

/** One call of the violating part, with the steps between which it must have taken effect. */
function callText(call: HistoryCall): string {
  const asked = `${clientName(call.client)} ${operationText(call.operation)}`;
  if (call.completedAt < 0) return `  steps ${call.invokedAt}…?  ${asked}  no answer`;
  const answer = call.result === '' ? 'nothing' : shortened(call.result);
  return `  steps ${call.invokedAt}…${call.completedAt}  ${asked}  → ${answer}`;
}

/** Appended values grow long; their ends tell them apart. */
const shortened = (text: string): string => (text.length <= TEXT_MAX ? text : `…${text.slice(-TEXT_MAX)}`);

const TEXT_MAX = 40;
