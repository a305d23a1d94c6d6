// The zoo: bugs of leaders that look for their followers, and of followers that stick to them
// (dissertation 4.2.3, 6.2).
//
// A row is as small as the real bug. It must never need a flag in the node.

import type { Variant } from '../row.ts';

/** Variants of leaders that look for their followers. */
export const checkQuorumVariants = {
  'stickiness-ignored': {
    fault: 'A server that hears its leader votes for whoever asks.',
    section: 'dissertation 4.2.3',
    breaks: 'steady-leader',
    noticedBy: [],
    sources: ['Ongaro’s dissertation, 4.2.3', 'hashicorp/raft#524', 'canonical/raft#137'],
    rules: { isStickyTo: () => false },
    options: { checkQuorum: true },
  },
  'leader-without-checkquorum': {
    fault: 'A leader looks for answers of a quorum, and leads on without them.',
    section: 'dissertation 6.2',
    breaks: 'leader-hears-quorum',
    noticedBy: [],
    hunt: { profile: 'partitions' },
    sources: ['Decentralized Thoughts, 2020-12-12', 'databendlabs/openraft#2080'],
    rules: { hasQuorumContact: () => true },
    options: { checkQuorum: true },
  },
} as const satisfies Record<string, Variant>;
