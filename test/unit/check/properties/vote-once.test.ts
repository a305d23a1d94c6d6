// One vote a term: told by the messages that leave, and remembered across crashes.

import { promise } from '../../../support/stage.ts';

promise('vote-once', [
  [
    'two votes for different candidates in a term',
    `n1 to n2: RequestVoteReply@2 granted
     n1 to n3: RequestVoteReply@2 granted`,
    'n1 votes for n3 in term 2, in which it voted for n2 before',
  ],
  [
    'a vote for another one behind its own candidacy',
    `n1 to n2: RequestVote@2 last 0@0
     n1 to n3: RequestVoteReply@2 granted`,
    'n1 votes for n3 in term 2, in which it voted for n1 before',
  ],
  [
    'a candidacy behind a vote for another one',
    `n1 to n3: RequestVoteReply@2 granted
     n1 to n2: RequestVote@2 last 0@0`,
    'n1 votes for n1 in term 2, in which it voted for n3 before',
  ],
  [
    'a vote that a crash forgot',
    `n1 to n2: RequestVoteReply@2 granted
     n1 crashes
     n1 starts @2
     n1 to n3: RequestVoteReply@2 granted`,
    'n1 votes for n3 in term 2, in which it voted for n2 before',
  ],
  [
    'a second vote in an older term',
    `n1 to n2: RequestVoteReply@2 granted
     n1 to n2: RequestVoteReply@3 granted
     n1 to n3: RequestVoteReply@2 granted`,
    'n1 votes for n3 in term 2, in which it voted for n2 before',
  ],
  [
    'the same vote told twice, also across a crash',
    `n1 to n2: RequestVoteReply@2 granted
     n1 to n2: RequestVoteReply@2 granted
     n1 crashes
     n1 starts @2
     n1 to n2: RequestVoteReply@2 granted`,
    undefined,
  ],
  [
    'votes in different terms',
    `n1 to n2: RequestVoteReply@2 granted
     n1 to n3: RequestVoteReply@3 granted
     n1 to n2: RequestVote@4 last 0@0`,
    undefined,
  ],
  [
    'a vote and refusals',
    `n1 to n3: RequestVoteReply@2 refused
     n1 to n2: RequestVoteReply@2 granted
     n1 to n3: RequestVoteReply@2 refused`,
    undefined,
  ],
  [
    'a candidate asks everyone, twice',
    `n1 to n2: RequestVote@2 last 0@0
     n1 to n3: RequestVote@2 last 0@0
     n1 to n2: RequestVote@2 last 0@0`,
    undefined,
  ],
  [
    'voters vote for different candidates',
    `n1 to n2: RequestVoteReply@2 granted
     n2 to n3: RequestVoteReply@2 granted
     n3 to n1: RequestVoteReply@2 granted`,
    undefined,
  ],
]);
