// The zoo: bugs of leaders that hand over their lead (dissertation 3.10).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { MILLISECOND } from '../../base/units.ts';
import type { Variant } from '../row.ts';

/** The lead is handed over again and again. */
const HANDING_OVER = { parameters: { transferEvery: 300 * MILLISECOND } } as const;

/** Variants of leaders that hand over. */
export const transferVariants = {
  'transfer-keeps-accepting': {
    fault: 'A leader takes commands while it hands over its lead: the other never catches up, or loses by them.',
    section: 'dissertation 3.10',
    breaks: 'orderly-transfer',
    noticedBy: [],
    hunt: HANDING_OVER,
    sources: ['Ongaro’s dissertation, 3.10'],
    rules: { takesCommands: () => true },
  },
  'transfer-never-aborts': {
    fault: 'A leader waits for ever for the one that is to take over, and refuses all commands meanwhile.',
    section: 'dissertation 3.10',
    breaks: 'transfer-ends',
    noticedBy: [],
    hunt: HANDING_OVER,
    sources: ['Ongaro’s dissertation, 3.10', 'hashicorp/raft#696'],
    handlers: () => ({ transferTimeout: () => undefined }),
  },
  'transfer-outlives-leadership': {
    fault: 'A leader that loses its lead during a transfer finds it still going on when it leads again.',
    section: 'dissertation 3.10',
    breaks: 'transfer-ends',
    noticedBy: ['orderly-transfer'],
    hunt: HANDING_OVER,
    sources: ['hashicorp/raft#696'],
    rules: { transfereeOnStepDown: (transferee) => transferee },
  },
  'transfer-to-lagging-node': {
    fault: 'A server is told to take over whether it has its leader’s log or not, and loses its election.',
    section: 'dissertation 3.10',
    breaks: 'orderly-transfer',
    noticedBy: [],
    hunt: HANDING_OVER,
    sources: ['Ongaro’s dissertation, 3.10'],
    rules: { mayTakeOver: () => true },
  },
  'transfer-blocked-by-stickiness': {
    fault: 'Who hears its leader ignores also the candidate that this leader sent.',
    section: 'dissertation 3.10, 4.2.3',
    breaks: 'orderly-transfer',
    noticedBy: [],
    hunt: HANDING_OVER,
    sources: ['Ongaro’s dissertation, 4.2.3'],
    rules: { isPermitted: () => false },
    options: { checkQuorum: true },
  },
  'timeout-now-of-any-term': {
    fault: 'A request to take over counts also in a later term than its own, and unseats a leader that never asked.',
    section: 'dissertation 3.10',
    breaks: 'steady-leader',
    noticedBy: [],
    hunt: { profile: 'lossy', ...HANDING_OVER },
    sources: ['Ongaro’s dissertation, 3.10'],
    rules: { heedsTimeoutNow: () => true },
    options: { preVote: true },
  },
} as const satisfies Record<string, Variant>;
