// The zoo: bugs of what must be durable, and when (Figure 2, “persistent state”).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { CRASHY } from '../hunts.ts';
import type { Variant } from '../row.ts';

/** Variants of persistence. */
export const persistenceVariants = {
  'vote-not-persisted-before-reply': {
    fault: 'A vote leaves before it is durable; a crash forgets it.',
    section: '5.2, Figure 2',
    breaks: 'vote-once',
    noticedBy: ['durability-honesty', 'monotonicity', 'election-safety'],
    hunt: CRASHY,
    sources: ['tikv/tikv#1610', 'ktoso/akka-raft#62'],
    rules: { waitsForDisk: (message) => message.kind !== 'AppendEntries' && message.kind !== 'RequestVoteReply' },
  },
  'ack-before-persist': {
    fault: 'A follower acknowledges entries before they are durable; a crash loses them.',
    section: '5.3, Figure 2',
    breaks: 'leader-completeness',
    noticedBy: ['durability-honesty', 'commit-legitimacy'],
    hunt: CRASHY,
    sources: ['deventlab/d-engine#444'],
    rules: { waitsForDisk: (message) => message.kind !== 'AppendEntries' && message.kind !== 'AppendEntriesReply' },
  },
} as const satisfies Record<string, Variant>;
