// What servers logged as a trace in the Informal Trace Format (Apalache's ADR 15), for TLA+ tools: a state for each
// event, with the variables of raft.tla that events tell of.
//
// What was not told is not in it: a log is a map from the indexes that are known to their terms.

import type { LoggedServer } from './server.ts';

const whole = (value: number): object => ({ '#bigint': String(value) });
const mapOf = (pairs: readonly (readonly [unknown, unknown])[]): object => ({ '#map': pairs });

export const itfHead = (source: string): object => ({
  '#meta': {
    format: 'ITF',
    description: `events of ${source}`,
    'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
  },
  vars: ['currentTerm', 'role', 'log', 'commitIndex'],
});

/** The state after an event. */
export function itfState(index: number, servers: readonly LoggedServer[]): object {
  const by = (of: (server: LoggedServer) => unknown): object => mapOf(servers.map((one) => [one.name, of(one)]));
  return {
    '#meta': { index },
    currentTerm: by(({ term }) => whole(term)),
    role: by(({ role }) => role),
    log: by(({ entries }) => mapOf(Array.from(entries, ([at, { term }]) => [whole(at), whole(term)]))),
    commitIndex: by(({ commitIndex }) => whole(commitIndex)),
  };
}
