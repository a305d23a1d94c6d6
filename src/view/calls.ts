// The history of the clients in a run: every call as an interval, and where it stops being linearizable.
//
// The search is the checker's own. The history up to a step is what was known then: calls that had begun, of which some
// were open. If it cannot be linearized at some step, it cannot at any later one, so that the first such step is found
// by halving.

import { withoutRest } from '../base/rest.ts';
import { searchLinearization } from '../check/linearizability/linearizability.ts';
import type { HistoryCall } from '../protocol/operation.ts';
import type { History } from './history.ts';

const OPEN = -1;

export interface ClientCall extends HistoryCall {
  /** The server that was asked first. */
  readonly node: number;
  /** How often the client sent it. */
  readonly sends: number;
}

type Draft = { -readonly [key in keyof ClientCall]: ClientCall[key] };

/** Every call in the order of first sends. */
export function callsOf(history: History): ClientCall[] {
  const calls: Draft[] = [];
  const byName = new Map<string, Draft>();
  for (let number = 1; number <= history.last; number++) {
    const step = history.step(number);
    if (step.kind === 'call') {
      const { client, sequence, operation, node } = step;
      const name = `${client} ${sequence}`;
      const known = byName.get(name);
      if (known !== undefined) known.sends++;
      else {
        const call = { client, sequence, operation, node, invokedAt: number, completedAt: OPEN, result: '', sends: 1 };
        byName.set(name, call);
        calls.push(call);
      }
    } else if (step.kind === 'answer' && !step.lost) {
      const answer = history.answer(number)?.answer;
      const call = answer === undefined ? undefined : byName.get(`${answer.client} ${answer.sequence}`);
      if (answer?.outcome !== 'ok' || call === undefined || call.completedAt !== OPEN) continue;
      call.completedAt = number;
      call.result = answer.result;
    }
  }
  return calls;
}

/** What was known of the calls after a step. */
export const callsUpTo = (calls: readonly ClientCall[], step: number): ClientCall[] =>
  calls
    .filter(({ invokedAt }) => invokedAt <= step)
    .map((call) => (call.completedAt > step ? { ...call, completedAt: OPEN, result: '' } : call));

/**
 * The call whose answer no order explains any more: up to its answer the history is linearizable, with it no longer.
 * Undefined if the whole history is, or if the search gave up.
 */
export function firstMisfit(calls: readonly ClientCall[]): ClientCall | undefined {
  const answers = calls.filter(({ completedAt }) => completedAt !== OPEN);
  const ends = answers.toSorted((a, b) => a.completedAt - b.completedAt);
  const isBroken = (place: number): boolean => {
    const known = callsUpTo(calls, ends[place]?.completedAt ?? 0);
    return withoutRest(searchLinearization(known)).outcome === 'fail';
  };
  if (ends.length === 0 || !isBroken(ends.length - 1)) return undefined;
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBroken(middle)) high = middle;
    else low = middle + 1;
  }
  return ends[low];
}

/** The last step that the sentence of a violation names, by which the history is broken; undefined if it names none. */
export function brokenBy(why: string): number | undefined {
  const ends = Array.from(why.matchAll(/^ {2}steps \d+…(\d+) /gm), ([, end]) => Number(end));
  return ends.length === 0 ? undefined : Math.max(...ends);
}
