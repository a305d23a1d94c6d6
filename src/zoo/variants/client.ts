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
} as const satisfies Record<string, Variant>;
