// Every role meets every message of an older, of its own and of a newer term (sections 5.1 to 5.4, Figure 2).
//
// The node is n1 of three servers, in term 5, with the log `1 4`, nothing committed and no no-op on election. As a
// follower it voted for n2 and has heard no leader, unless the row says otherwise. The expected values are written by
// hand, each from the paper; `-` is none.

import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/errors.ts';
import { ownKinds } from '../support/messages.ts';
import type { RoleName } from '../../src/protocol/roles.ts';
import { node } from '../support/node.ts';

type Row = readonly [
  role: RoleName,
  message: string,
  /** What leaves, once all writes are durable. */
  sends: string,
  after: string,
  timers: string,
  persisted: string,
  log: string,
];

const F: RoleName = 'follower';
const C: RoleName = 'candidate';
const L: RoleName = 'leader';

const DEPOSED = 'disarm heartbeat, arm election';
/** The first half of a snapshot of three entries, and the whole of it. */
const PIECE = 'no last 3@4 from 0 bytes 50';
const WHOLE = 'ok last 3@4 from 0 bytes 100 done';
const ELECTED = 'disarm election, arm heartbeat';

const RULES: Readonly<Record<string, readonly Row[]>> = {
  '5.1: a request of an older term is refused with the current term; nothing else changes': [
    [F, 'n3 RequestVote@4 last 9@4', 'n3 RequestVoteReply@5 refused', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 RequestVote@4 last 9@4', 'n3 RequestVoteReply@5 refused', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 RequestVote@4 last 9@4', 'n3 RequestVoteReply@5 refused', 'leader@5 vote n1', '-', '-', '1 4'],
    // also when it is the one that it voted for
    [F, 'n2 RequestVote@4 last 9@4', 'n2 RequestVoteReply@5 refused', 'follower@5 vote n2', '-', '-', '1 4'],
    // a leader of the past is no reason to wait, and none to step down
    [F, 'n3 AppendEntries@4 prev 2@4 [4]', 'n3 AppendEntriesReply@5 no prev 2', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 AppendEntries@4 prev 2@4 [4]', 'n3 AppendEntriesReply@5 no prev 2', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 AppendEntries@4 prev 2@4 [4]', 'n3 AppendEntriesReply@5 no prev 2', 'leader@5 vote n1', '-', '-', '1 4'],
  ],

  '5.1: an answer of an older term is dropped': [
    [F, 'n3 RequestVoteReply@4 granted', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 RequestVoteReply@4 granted', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [C, 'n3 RequestVoteReply@4 refused', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 RequestVoteReply@4 granted', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 AppendEntriesReply@4 ok prev 2 match 2', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 AppendEntriesReply@4 ok prev 2 match 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 AppendEntriesReply@4 ok prev 2 match 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 AppendEntriesReply@4 no prev 2 conflict 1@0', '-', 'leader@5 vote n1', '-', '-', '1 4'],
  ],

  '5.2: one vote in a term; who has one of its own gives none': [
    [F, 'n3 RequestVote@5 last 2@4', 'n3 RequestVoteReply@5 refused', 'follower@5 vote n2', '-', '-', '1 4'],
    [F, 'n2 RequestVote@5 last 2@4', 'n2 RequestVoteReply@5 granted', 'follower@5 vote n2', 'arm election', '-', '1 4'],
    [C, 'n3 RequestVote@5 last 9@5', 'n3 RequestVoteReply@5 refused', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 RequestVote@5 last 9@5', 'n3 RequestVoteReply@5 refused', 'leader@5 vote n1', '-', '-', '1 4'],
  ],

  '5.2, 5.4.1: a newer term frees the vote, and it goes to a log that is up to date': [
    [
      F,
      'n3 RequestVote@6 last 2@4',
      'n3 RequestVoteReply@6 granted',
      'follower@6 vote n3',
      'arm election',
      'term 6 vote n3',
      '1 4',
    ],
    [
      C,
      'n3 RequestVote@6 last 2@4',
      'n3 RequestVoteReply@6 granted',
      'follower@6 vote n3',
      'arm election',
      'term 6 vote n3',
      '1 4',
    ],
    [
      L,
      'n3 RequestVote@6 last 2@4',
      'n3 RequestVoteReply@6 granted',
      'follower@6 vote n3',
      DEPOSED,
      'term 6 vote n3',
      '1 4',
    ],
  ],

  '5.1, 5.4.1: a newer term counts also if the vote is refused; only a leader needs a timer then': [
    [
      F,
      'n3 RequestVote@6 last 9@1',
      'n3 RequestVoteReply@6 refused',
      'follower@6 vote nobody',
      '-',
      'term 6 vote nobody',
      '1 4',
    ],
    [
      C,
      'n3 RequestVote@6 last 1@4',
      'n3 RequestVoteReply@6 refused',
      'follower@6 vote nobody',
      '-',
      'term 6 vote nobody',
      '1 4',
    ],
    [
      L,
      'n3 RequestVote@6 last 0@0',
      'n3 RequestVoteReply@6 refused',
      'follower@6 vote nobody',
      DEPOSED,
      'term 6 vote nobody',
      '1 4',
    ],
  ],

  '5.2: votes count for a candidate only': [
    [F, 'n3 RequestVoteReply@5 granted', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [F, 'n3 RequestVoteReply@5 refused', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [
      C,
      'n3 RequestVoteReply@5 granted',
      'n2 AppendEntries@5 prev 2@4 [] commit 0, n3 AppendEntries@5 prev 2@4 [] commit 0',
      'leader@5 vote n1',
      ELECTED,
      '-',
      '1 4',
    ],
    [C, 'n3 RequestVoteReply@5 refused', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 RequestVoteReply@5 granted', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 RequestVoteReply@5 refused', '-', 'leader@5 vote n1', '-', '-', '1 4'],
  ],

  '5.1: an answer of a newer term deposes, and means nothing else': [
    [F, 'n3 RequestVoteReply@6 granted', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 RequestVoteReply@6 granted', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 RequestVoteReply@6 refused', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [L, 'n3 RequestVoteReply@6 refused', '-', 'follower@6 vote nobody', DEPOSED, 'term 6 vote nobody', '1 4'],
    [F, 'n3 AppendEntriesReply@6 no prev 2', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 AppendEntriesReply@6 no prev 2', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [L, 'n3 AppendEntriesReply@6 no prev 2', '-', 'follower@6 vote nobody', DEPOSED, 'term 6 vote nobody', '1 4'],
    [
      L,
      'n3 AppendEntriesReply@6 ok prev 2 match 2',
      '-',
      'follower@6 vote nobody',
      DEPOSED,
      'term 6 vote nobody',
      '1 4',
    ],
  ],

  '5.2, 5.3: the leader of the term is followed, by a candidate too; its vote stays': [
    [
      F,
      'n3 AppendEntries@5 prev 2@4 [5]',
      'n3 AppendEntriesReply@5 ok prev 2 match 3',
      'follower@5 vote n2',
      'arm election',
      'log from 3 [5]',
      '1 4 5',
    ],
    [
      F,
      'n3 AppendEntries@5 prev 2@4',
      'n3 AppendEntriesReply@5 ok prev 2 match 2',
      'follower@5 vote n2',
      'arm election',
      '-',
      '1 4',
    ],
    [
      F,
      'n3 AppendEntries@5 prev 2@3 [5]',
      'n3 AppendEntriesReply@5 no prev 2 conflict 2@4',
      'follower@5 vote n2',
      'arm election',
      '-',
      '1 4',
    ],
    [
      C,
      'n3 AppendEntries@5 prev 2@4 [5]',
      'n3 AppendEntriesReply@5 ok prev 2 match 3',
      'follower@5 vote n1',
      'arm election',
      'log from 3 [5]',
      '1 4 5',
    ],
    [
      C,
      'n3 AppendEntries@5 prev 7@5',
      'n3 AppendEntriesReply@5 no prev 7 conflict 3@0',
      'follower@5 vote n1',
      'arm election',
      '-',
      '1 4',
    ],
  ],

  '5.1, 5.3: the leader of a newer term is followed': [
    [
      F,
      'n3 AppendEntries@6 prev 1@1 [6]',
      'n3 AppendEntriesReply@6 ok prev 1 match 2',
      'follower@6 vote nobody',
      'arm election',
      'term 6 vote nobody + log from 2 [6]',
      '1 6',
    ],
    [
      C,
      'n3 AppendEntries@6 prev 2@4',
      'n3 AppendEntriesReply@6 ok prev 2 match 2',
      'follower@6 vote nobody',
      'arm election',
      'term 6 vote nobody',
      '1 4',
    ],
    [
      L,
      'n3 AppendEntries@6 prev 2@4 [6]',
      'n3 AppendEntriesReply@6 ok prev 2 match 3',
      'follower@6 vote nobody',
      DEPOSED,
      'term 6 vote nobody + log from 3 [6]',
      '1 4 6',
    ],
    [
      L,
      'n3 AppendEntries@6 prev 3@6 [6]',
      'n3 AppendEntriesReply@6 no prev 3 conflict 3@0',
      'follower@6 vote nobody',
      DEPOSED,
      'term 6 vote nobody',
      '1 4',
    ],
  ],

  '5.2: there are no two leaders of one term': [
    [L, 'n3 AppendEntries@5 prev 2@4', 'InvariantError', 'leader@5 vote n1', '-', '-', '1 4'],
  ],

  'thesis 9.6: a question is answered by its log and its term, and changes nothing; a leader grants none': [
    [F, 'n3 PreVote@4 last 9@4', 'n3 PreVoteReply@5 refused for 4', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 PreVote@4 last 9@4', 'n3 PreVoteReply@5 refused for 4', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 PreVote@4 last 9@4', 'n3 PreVoteReply@5 refused for 4', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 PreVote@5 last 2@4', 'n3 PreVoteReply@5 granted for 5', 'follower@5 vote n2', '-', '-', '1 4'],
    [F, 'n3 PreVote@5 last 9@3', 'n3 PreVoteReply@5 refused for 5', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 PreVote@5 last 2@4', 'n3 PreVoteReply@5 granted for 5', 'candidate@5 vote n1', '-', '-', '1 4'],
    [C, 'n3 PreVote@5 last 1@4', 'n3 PreVoteReply@5 refused for 5', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 PreVote@5 last 9@5', 'n3 PreVoteReply@5 refused for 5', 'leader@5 vote n1', '-', '-', '1 4'],
    // not even a newer term is adopted
    [F, 'n3 PreVote@6 last 2@4', 'n3 PreVoteReply@5 granted for 6', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 PreVote@6 last 2@4', 'n3 PreVoteReply@5 granted for 6', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 PreVote@6 last 2@4', 'n3 PreVoteReply@5 refused for 6', 'leader@5 vote n1', '-', '-', '1 4'],
  ],

  'thesis 9.6: pre-votes mean nothing to those who have not asked, but for a newer term': [
    [F, 'n3 PreVoteReply@4 granted for 4', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 PreVoteReply@4 granted for 4', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 PreVoteReply@4 granted for 4', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 PreVoteReply@5 granted for 5', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 PreVoteReply@5 granted for 5', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 PreVoteReply@5 refused for 5', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 PreVoteReply@6 refused for 5', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 PreVoteReply@6 refused for 5', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [L, 'n3 PreVoteReply@6 refused for 5', '-', 'follower@6 vote nobody', DEPOSED, 'term 6 vote nobody', '1 4'],
  ],

  'thesis 3.10: a follower takes over in the term of the request; it means nothing later, or to others': [
    [F, 'n3 TimeoutNow@4 last 2', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 TimeoutNow@4 last 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 TimeoutNow@4 last 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [
      F,
      'n3 TimeoutNow@5 last 2',
      'n2 RequestVote@6 transfer last 2@4, n3 RequestVote@6 transfer last 2@4',
      'candidate@6 vote n1',
      'arm election',
      'term 6 vote n1',
      '1 4',
    ],
    [C, 'n3 TimeoutNow@5 last 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 TimeoutNow@5 last 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [
      F,
      'n3 TimeoutNow@6 last 2',
      'n2 RequestVote@7 transfer last 2@4, n3 RequestVote@7 transfer last 2@4',
      'candidate@7 vote n1',
      'arm election',
      'term 7 vote n1',
      '1 4',
    ],
    [
      C,
      'n3 TimeoutNow@6 last 2',
      'n2 RequestVote@7 transfer last 2@4, n3 RequestVote@7 transfer last 2@4',
      'candidate@7 vote n1',
      'arm election',
      'term 7 vote n1',
      '1 4',
    ],
    [
      L,
      'n3 TimeoutNow@6 last 2',
      'n2 RequestVote@7 transfer last 2@4, n3 RequestVote@7 transfer last 2@4',
      'candidate@7 vote n1',
      DEPOSED,
      'term 7 vote n1',
      '1 4',
    ],
  ],

  '7: a snapshot of an older term is refused; nothing else changes': [
    [
      F,
      `n3 InstallSnapshot@4 ${PIECE}`,
      'n3 InstallSnapshotReply@5 no last 3 from 0',
      'follower@5 vote n2',
      '-',
      '-',
      '1 4',
    ],
    [
      C,
      `n3 InstallSnapshot@4 ${PIECE}`,
      'n3 InstallSnapshotReply@5 no last 3 from 0',
      'candidate@5 vote n1',
      '-',
      '-',
      '1 4',
    ],
    [
      L,
      `n3 InstallSnapshot@4 ${PIECE}`,
      'n3 InstallSnapshotReply@5 no last 3 from 0',
      'leader@5 vote n1',
      '-',
      '-',
      '1 4',
    ],
  ],

  '7, Figure 13: a piece is contact with the leader; the last one takes the place of the log': [
    [
      F,
      `n3 InstallSnapshot@5 ${PIECE}`,
      'n3 InstallSnapshotReply@5 no last 3 from 0 next 50',
      'follower@5 vote n2',
      'arm election',
      '-',
      '1 4',
    ],
    [
      F,
      `n3 InstallSnapshot@5 ${WHOLE}`,
      'n3 InstallSnapshotReply@5 ok last 3 from 0 match 3',
      'follower@5 vote n2',
      'arm election',
      'snapshot 3@4 base 3 anew',
      '. . .',
    ],
    // what goes on from the snapshot stays
    [
      F,
      'n3 InstallSnapshot@5 ok last 1@1 from 0 bytes 100 done',
      'n3 InstallSnapshotReply@5 ok last 1 from 0 match 1',
      'follower@5 vote n2',
      'arm election',
      'snapshot 1@1 base 1',
      '. 4',
    ],
    // a piece of which the beginning is missing
    [
      F,
      'n3 InstallSnapshot@5 ok last 3@4 from 50 bytes 50 done',
      'n3 InstallSnapshotReply@5 no last 3 from 50',
      'follower@5 vote n2',
      'arm election',
      '-',
      '1 4',
    ],
    [
      C,
      `n3 InstallSnapshot@5 ${WHOLE}`,
      'n3 InstallSnapshotReply@5 ok last 3 from 0 match 3',
      'follower@5 vote n1',
      'arm election',
      'snapshot 3@4 base 3 anew',
      '. . .',
    ],
    [L, `n3 InstallSnapshot@5 ${WHOLE}`, 'InvariantError', 'leader@5 vote n1', '-', '-', '1 4'],
    [
      F,
      `n3 InstallSnapshot@6 ${WHOLE}`,
      'n3 InstallSnapshotReply@6 ok last 3 from 0 match 3',
      'follower@6 vote nobody',
      'arm election',
      'term 6 vote nobody + snapshot 3@4 base 3 anew',
      '. . .',
    ],
    [
      C,
      `n3 InstallSnapshot@6 ${PIECE}`,
      'n3 InstallSnapshotReply@6 no last 3 from 0 next 50',
      'follower@6 vote nobody',
      'arm election',
      'term 6 vote nobody',
      '1 4',
    ],
    [
      L,
      `n3 InstallSnapshot@6 ${WHOLE}`,
      'n3 InstallSnapshotReply@6 ok last 3 from 0 match 3',
      'follower@6 vote nobody',
      DEPOSED,
      'term 6 vote nobody + snapshot 3@4 base 3 anew',
      '. . .',
    ],
  ],

  '7: answers to InstallSnapshot are for the leader that sends one; a newer term is always adopted': [
    [F, 'n3 InstallSnapshotReply@4 ok last 3 from 0 match 3', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 InstallSnapshotReply@4 ok last 3 from 0 match 3', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 InstallSnapshotReply@4 ok last 3 from 0 match 3', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 InstallSnapshotReply@5 no last 3 from 0 next 50', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 InstallSnapshotReply@5 ok last 2 from 0 match 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 InstallSnapshotReply@5 no last 3 from 0 next 50', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 InstallSnapshotReply@6 no last 3 from 0', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 InstallSnapshotReply@6 no last 3 from 0', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [
      L,
      'n3 InstallSnapshotReply@6 no last 3 from 0',
      '-',
      'follower@6 vote nobody',
      DEPOSED,
      'term 6 vote nobody',
      '1 4',
    ],
  ],

  'thesis 6.4: a round is a sign of life of the leader of its term, and answered in any case': [
    [F, 'n3 HeartbeatRound@4 round 2', 'n3 HeartbeatRoundReply@5 round 2', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 HeartbeatRound@4 round 2', 'n3 HeartbeatRoundReply@5 round 2', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 HeartbeatRound@4 round 2', 'n3 HeartbeatRoundReply@5 round 2', 'leader@5 vote n1', '-', '-', '1 4'],
    [
      F,
      'n3 HeartbeatRound@5 round 2',
      'n3 HeartbeatRoundReply@5 round 2',
      'follower@5 vote n2',
      'arm election',
      '-',
      '1 4',
    ],
    [
      C,
      'n3 HeartbeatRound@5 round 2',
      'n3 HeartbeatRoundReply@5 round 2',
      'follower@5 vote n1',
      'arm election',
      '-',
      '1 4',
    ],
    [L, 'n3 HeartbeatRound@5 round 2', 'n3 HeartbeatRoundReply@5 round 2', 'leader@5 vote n1', '-', '-', '1 4'],
    [
      F,
      'n3 HeartbeatRound@6 round 2',
      'n3 HeartbeatRoundReply@6 round 2',
      'follower@6 vote nobody',
      'arm election',
      'term 6 vote nobody',
      '1 4',
    ],
    [
      C,
      'n3 HeartbeatRound@6 round 2',
      'n3 HeartbeatRoundReply@6 round 2',
      'follower@6 vote nobody',
      'arm election',
      'term 6 vote nobody',
      '1 4',
    ],
    [
      L,
      'n3 HeartbeatRound@6 round 2',
      'n3 HeartbeatRoundReply@6 round 2',
      'follower@6 vote nobody',
      DEPOSED,
      'term 6 vote nobody',
      '1 4',
    ],
  ],

  'thesis 6.4: answers to rounds, questions for an index and their answers mean nothing to those who have not asked': [
    [F, 'n3 HeartbeatRoundReply@4 round 2', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 HeartbeatRoundReply@4 round 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 HeartbeatRoundReply@4 round 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 HeartbeatRoundReply@5 round 2', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 HeartbeatRoundReply@5 round 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 HeartbeatRoundReply@5 round 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 HeartbeatRoundReply@6 round 2', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 HeartbeatRoundReply@6 round 2', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [L, 'n3 HeartbeatRoundReply@6 round 2', '-', 'follower@6 vote nobody', DEPOSED, 'term 6 vote nobody', '1 4'],
    [F, 'n3 ReadIndex@4 request 1', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 ReadIndex@4 request 1', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 ReadIndex@4 request 1', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 ReadIndex@5 request 1', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 ReadIndex@5 request 1', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 ReadIndex@5 request 1', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 ReadIndex@6 request 1', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 ReadIndex@6 request 1', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [L, 'n3 ReadIndex@6 request 1', '-', 'follower@6 vote nobody', DEPOSED, 'term 6 vote nobody', '1 4'],
    [F, 'n3 ReadIndexReply@4 request 1 index 2', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 ReadIndexReply@4 request 1 index 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 ReadIndexReply@4 request 1 index 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 ReadIndexReply@5 request 1 index 2', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 ReadIndexReply@5 request 1 index 2', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 ReadIndexReply@5 request 1 index 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [F, 'n3 ReadIndexReply@6 request 1 index 2', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [C, 'n3 ReadIndexReply@6 request 1 index 2', '-', 'follower@6 vote nobody', '-', 'term 6 vote nobody', '1 4'],
    [L, 'n3 ReadIndexReply@6 request 1 index 2', '-', 'follower@6 vote nobody', DEPOSED, 'term 6 vote nobody', '1 4'],
  ],

  '5.3: answers to AppendEntries are for a leader only': [
    [F, 'n3 AppendEntriesReply@5 ok prev 2 match 2', '-', 'follower@5 vote n2', '-', '-', '1 4'],
    [C, 'n3 AppendEntriesReply@5 no prev 2 conflict 1@0', '-', 'candidate@5 vote n1', '-', '-', '1 4'],
    [L, 'n3 AppendEntriesReply@5 ok prev 2 match 2', '-', 'leader@5 vote n1', '-', '-', '1 4'],
    [
      L,
      'n3 AppendEntriesReply@5 no prev 2 conflict 2@0',
      'n3 AppendEntries@5 prev 1@1 [4] commit 0',
      'leader@5 vote n1',
      '-',
      '-',
      '1 4',
    ],
  ],
};

const FREE_VOTE: readonly Row[] = [
  [
    F,
    'n3 RequestVote@5 last 2@4',
    'n3 RequestVoteReply@5 granted',
    'follower@5 vote n3',
    'arm election',
    'term 5 vote n3',
    '1 4',
  ],
  [F, 'n3 RequestVote@5 last 2@3', 'n3 RequestVoteReply@5 refused', 'follower@5 vote nobody', '-', '-', '1 4'],
];

function meet(role: RoleName, vote: string, message: string): Row {
  const made = node({ role, term: 5, log: '1 4', vote });
  let told: string[];
  try {
    told = `${made.on(message)}; ${made.writeAll()}`.split('; ');
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    told = ['send InvariantError'];
  }
  const tell = (pattern: RegExp, cut: string): string =>
    [...new Set(told.filter((line) => pattern.test(line)).map((line) => line.replace(cut, '')))].join(', ') || '-';
  return [
    role,
    message,
    tell(/^send/, 'send '),
    made.state,
    tell(/^(?:dis)?arm/, ''),
    tell(/^persist/, 'persist '),
    made.log,
  ];
}

describe.each(Object.entries(RULES))('section %s', (_rule, rows) => {
  it.each(rows)('%s, %s: %s; %s', (...row) => {
    expect(meet(row[0], 'n2', row[1])).toEqual(row);
  });
});

describe('section 5.2, 5.4.1: a follower that has not voted in this term', () => {
  it.each(FREE_VOTE)('%s, %s: %s; %s', (...row) => {
    expect(meet(row[0], 'nobody', row[1])).toEqual(row);
  });
});

it('every role meets every message of an older, the same and a newer term', () => {
  const wanted = [F, C, L].flatMap((role) =>
    ownKinds.flatMap((kind) => [4, 5, 6].map((at) => `${role} ${kind}@${at}`)),
  );
  const met = Object.values(RULES)
    .flat()
    .map(([role, message]) => `${role} ${message.split(' ')[1] ?? ''}`);
  expect([...new Set(met)].toSorted()).toEqual(wanted.toSorted());
});
