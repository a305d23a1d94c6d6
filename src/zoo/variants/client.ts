// The zoo: bugs that a client sees: sessions, retries, answers (section 8).
//
// A row is as small as the real bug. It must never need a flag in the node.

import type { Variant } from '../row.ts';

/** Variants of what clients see. */
export const clientVariants = {
  'retry-without-dedup': {
    fault: 'The state machine knows no sessions: a command that comes again is executed again.',
    section: '8',
    breaks: 'exactly-once',
    noticedBy: ['linearizability'],
    sources: ['Ongaro’s dissertation, 6.3'],
    sessions: { isRepeated: () => false },
  },
  'retry-gets-newest-answer': {
    fault: 'A late retry is answered with what the session remembers, though that belongs to a newer command.',
    section: 'dissertation 6.3',
    breaks: 'answers-agree',
    noticedBy: [],
    hunt: { profile: 'lossy', parameters: { duplicateCall: 300_000 } },
    sources: ['Ongaro’s dissertation, 6.3: the response that is kept belongs to one serial number'],
    sessions: { isRemembered: () => true },
  },
  'expired-session-reopened': {
    fault: 'A command of a session that expired begins it anew, and may have its effect once more.',
    section: 'dissertation 6.3',
    breaks: 'exactly-once',
    noticedBy: ['linearizability', 'answers-agree'],
    hunt: { profile: 'lossy', parameters: { duplicateCall: 300_000, clients: 6 } },
    sources: ['Ongaro’s dissertation, 6.3: “it may be safest to crash the client or to report an error”'],
    sessions: { isOpenedByAnyCommand: () => true },
    options: { sessionsMax: 1 },
  },
  'session-kept-by-local-read': {
    fault: 'A read keeps the session of its client alive at the server that answers it, and nowhere else.',
    section: 'dissertation 6.3',
    breaks: 'state-machine-safety',
    noticedBy: ['snapshot-consistency', 'linearizability', 'answers-agree', 'exactly-once'],
    hunt: { parameters: { readByIndex: 300_000, readAtFollower: 300_000, clients: 6 } },
    sources: ['Ongaro’s dissertation, 6.3: servers must agree on when to expire a session'],
    sessions: { isUsedByRead: () => true },
    options: { sessionsMax: 3 },
  },
  'session-order-missing-from-snapshot': {
    fault: 'A snapshot holds the sessions by number, and not in the order in which they are to expire.',
    section: 'dissertation 6.3, 7',
    breaks: 'state-machine-safety',
    noticedBy: ['snapshot-consistency', 'linearizability', 'answers-agree', 'exactly-once'],
    hunt: { parameters: { clients: 6 } },
    sources: ['Ongaro’s dissertation, 6.3: servers must agree on when to expire a session'],
    sessions: { savedOrder: (byUse) => byUse.toSorted((a, b) => a - b) },
    options: { sessionsMax: 3, compactEvery: 8 },
  },
} as const satisfies Record<string, Variant>;
