// The zoo: bugs of elections (section 5.2) and of the voter’s look at the log (5.4.1).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { NOBODY } from '../../base/ids.ts';
import { MILLISECOND, PERCENT } from '../../base/units.ts';
import { CRASHY, SLOW } from '../hunts.ts';
import type { Variant } from '../row.ts';

/** Variants of elections. */
export const electionVariants = {
  'vote-reset-same-term-follower': {
    fault: 'Every transition to follower wipes the vote, also when the term stays the same.',
    section: '5.2',
    breaks: 'election-safety',
    noticedBy: ['vote-once', 'durability-honesty'],
    hunt: CRASHY,
    sources: ['ktoso/akka-raft#56', 'camunda/camunda#5356'],
    rules: { voteOnStepDown: () => NOBODY },
    // The no-op of the first leader makes every later candidate of the term lose by the log check.
    options: { noOpOnElection: false },
  },
  'stale-vote-response-counted': {
    fault: 'A candidate counts votes that were granted in an older term.',
    section: '5.2',
    breaks: 'election-safety',
    noticedBy: ['leader-completeness', 'state-machine-safety', 'log-matching', 'commit-legitimacy'],
    hunt: SLOW,
    sources: ['xnnyygn/xraft#33', 'ktoso/akka-raft#46'],
    rules: { voteCounts: (reply) => reply.granted },
  },
  'duplicate-votes-counted': {
    fault: 'A candidate counts votes, not voters: a vote that arrives twice counts twice.',
    section: '5.2',
    breaks: 'election-safety',
    noticedBy: ['leader-completeness', 'state-machine-safety', 'log-matching', 'commit-legitimacy'],
    hunt: {
      profile: 'lossy',
      parameters: { duplicate: 20 * PERCENT, delayMax: 200 * MILLISECOND, cutEvery: 1000 * MILLISECOND },
    },
    sources: ['ktoso/akka-raft#45', 'xnnyygn/xraft#27'],
    rules: { recordVote: (votes, voter) => void votes.push(voter) },
  },
  'vote-no-log-check': {
    fault: 'A voter does not look at the candidate’s log.',
    section: '5.4.1',
    breaks: 'leader-completeness',
    noticedBy: ['state-machine-safety', 'handlers-never-throw'],
    sources: ['Ongaro’s dissertation, 3.6.1'],
    rules: { logIsUpToDate: () => true },
  },
} as const satisfies Record<string, Variant>;
