// The causal past of a step: everything without which it could not have happened as it did.
//
// A step comes behind the one before it at its server or its client, and behind the step that sent what it takes (the
// happened-before relation of Lamport, 1978).

import { nodeOf, type Step } from '../sim/step.ts';
import type { History } from './history.ts';

/** By step: 1 if it lies in the causal past of `target`, itself included. */
export function causalPast(history: History, target: number): Uint8Array {
  const isIn = new Uint8Array(history.last + 1);
  const ofServer = previousOf(history, target, nodeOf);
  const ofClient = previousOf(history, target, (step) => ('client' in step ? step.client : undefined));
  const waiting = [target];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if (step === 0 || isIn[step] === 1) continue;
    isIn[step] = 1;
    waiting.push(ofServer[step] as number, ofClient[step] as number);
    const sentAt = history.flight(step)?.sentAt ?? history.answer(step)?.sentAt;
    if (sentAt !== undefined) waiting.push(sentAt);
  }
  return isIn;
}

/** By step: the step before it of the same subject; 0 if it is the first, or if it is of nobody. */
function previousOf(history: History, until: number, subjectOf: (step: Step) => number | undefined): Int32Array {
  const previous = new Int32Array(until + 1);
  const lastOf = new Map<number, number>();
  for (let step = 1; step <= until; step++) {
    const subject = subjectOf(history.step(step));
    if (subject === undefined) continue;
    previous[step] = lastOf.get(subject) ?? 0;
    lastOf.set(subject, step);
  }
  return previous;
}
