// A steady leader: no term without pre-votes, and no help for those who want the place of a leader that was just heard.

import { promise, type Situation } from '../../../support/stage.ts';

/** All are in term 2, which n1 leads. */
const led = `n1 follower@2
     n1 leader@2
     n2 follower@2
     n3 follower@2`;

const preVotes: readonly Situation[] = [
  [
    'a term that a pre-candidate raises before it has asked',
    `${led}
     n3 pre-candidate@3`,
    'n3 goes from term 2 to 3 with 1 of 3 pre-votes, its own among them',
  ],
  [
    'a candidate that no quorum would vote for',
    `${led}
     n3 pre-candidate@2
     n2 to n3: PreVoteReply@2 refused for 2
     n3 candidate@3`,
    'n3 goes from term 2 to 3 with 1 of 3 pre-votes, its own among them',
  ],
  [
    'pre-votes of an older term',
    `${led}
     n2 to n3: PreVoteReply@1 granted for 1
     n3 candidate@3`,
    'n3 goes from term 2 to 3 with 1 of 3 pre-votes, its own among them',
  ],
  [
    'a term that is jumped over',
    `${led}
     n2 to n3: PreVoteReply@2 granted for 2
     n3 candidate@4`,
    'n3 goes from term 2 to 4 with 2 of 3 pre-votes, its own among them',
  ],
  [
    'a pre-vote of a leader',
    `${led}
     n1 to n3: PreVoteReply@2 granted for 2`,
    'n1 would vote for n3, but it leads',
  ],
  [
    'a pre-vote against the leader that was just heard',
    `${led}
     n2 hears n1
     n2 to n3: PreVoteReply@2 granted for 2`,
    'n2 would vote for n3, but it heard n1 within the shortest election timeout',
  ],
  [
    'a candidate of a quorum',
    `${led}
     n3 pre-candidate@2
     n2 to n3: PreVoteReply@2 granted for 2
     n3 candidate@3`,
    undefined,
  ],
  [
    'one that is elected in the same step',
    `${led}
     n2 to n3: PreVoteReply@2 granted for 2
     n3 leader@3`,
    undefined,
  ],
  [
    'a newer term that was heard of',
    `${led}
     n3 pre-candidate@2
     n3 follower@7`,
    undefined,
  ],
  [
    'a pre-vote for the leader itself, which stepped down',
    `${led}
     n2 hears n1
     n1 follower@2
     n2 to n1: PreVoteReply@2 granted for 2`,
    undefined,
  ],
  [
    'a pre-vote when the leader was heard long ago',
    `${led}
     n2 hears n1
     n2 hears nobody
     n2 to n3: PreVoteReply@2 granted for 2`,
    undefined,
  ],
  [
    'a pre-vote of a server that restarted since it heard its leader',
    `${led}
     n2 hears n1
     n2 crashes
     n2 starts @2
     n2 to n3: PreVoteReply@2 granted for 2`,
    undefined,
  ],
];

promise('steady-leader', preVotes, 3, 'with PreVote', { preVote: true });

promise(
  'steady-leader',
  [
    [
      'a vote in a newer term against the leader that was just heard',
      `${led}
       n2 hears n1
       n2 votes n3@3`,
      'n2 votes for n3 in term 3, but it heard n1 within the shortest election timeout',
    ],
    [
      'a leader that votes for another one',
      `${led}
       n1 votes n3@3`,
      'n1 votes for n3 in term 3, but it leads',
    ],
    [
      'a term that is raised without pre-votes, which nobody asks for',
      `${led}
       n3 candidate@3`,
      undefined,
    ],
    [
      'a vote for the leader itself',
      `${led}
       n2 hears n1
       n2 votes n1@3`,
      undefined,
    ],
    [
      'a vote when the leader was heard long ago',
      `${led}
       n2 hears n1
       n2 hears nobody
       n2 votes n3@3`,
      undefined,
    ],
    [
      'a newer term that was heard of, without a vote',
      `${led}
       n2 hears n1
       n2 follower@3`,
      undefined,
    ],
  ],
  3,
  'with CheckQuorum',
  { checkQuorum: true },
);
