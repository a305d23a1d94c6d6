// Abstract node states: every way for a running server to stand among the others, each with a name, so that a campaign
// can say which of them it never saw.
//
// Role, term and log are seen in relation to the best of the cluster: the newest term, the most up-to-date log
// (section 5.4.1).

import { roleNames } from '../protocol/roles.ts';

const ROLES_AND_PAUSED: readonly string[] = roleNames.flatMap((role) => [role, `paused ${role}`]);
const TERMS: readonly string[] = ['newest term', 'a term behind', 'terms behind'];
const LOGS: readonly string[] = ['best log', 'log an entry off', 'log entries off', 'another log'];

/** The names of all abstract node states, by number. */
export const abstractNodeStates: readonly string[] = ROLES_AND_PAUSED.flatMap((role) =>
  TERMS.flatMap((term) => LOGS.map((log) => `${role}, ${term}, ${log}`)),
);

/** The number of an abstract node state; the role counts from 0, in the order of `roleNames`. */
export function abstractNodeStateOf(role: number, isPaused: boolean, termsBehind: number, log: number): number {
  return ((role * 2 + (isPaused ? 1 : 0)) * TERMS.length + termsBehind) * LOGS.length + log;
}
