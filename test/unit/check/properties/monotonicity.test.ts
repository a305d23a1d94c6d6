// Terms never fall, not even by a crash once they were told; commitIndex never falls within a life.

import { promise } from '../../../support/stage.ts';

promise('monotonicity', [
  [
    'a term falls',
    `n1 follower@3
     n1 follower@2`,
    'n1 goes from term 3 back to 2',
  ],
  [
    'a term falls together with a change of role',
    `n1 candidate@3
     n1 leader@3
     n1 follower@1`,
    'n1 goes from term 3 back to 1',
  ],
  [
    'a crash forgets a term that was told in a request',
    `n1 candidate@3
     n1 to n2: RequestVote@3 last 0@0
     n1 crashes
     n1 starts @2`,
    'n1 restarts in term 2, but has sent messages of term 3',
  ],
  [
    'a crash forgets a term that was told in a refusal',
    `n1 follower@5
     n1 to n2: AppendEntriesReply@5 no prev 0
     n1 crashes
     n1 starts @4`,
    'n1 restarts in term 4, but has sent messages of term 5',
  ],
  [
    'a second crash forgets it',
    `n1 follower@3
     n1 to n2: RequestVoteReply@3 refused
     n1 crashes
     n1 starts @3
     n1 crashes
     n1 starts @2`,
    'n1 restarts in term 2, but has sent messages of term 3',
  ],
  [
    'commitIndex falls',
    `n1 follower@1 [1 1] commit 2
     n1 follower@1 [1 1] commit 1`,
    'n1 goes from commitIndex 2 back to 1',
  ],
  [
    'a new leader begins with commitIndex 0',
    `n1 follower@1 [1 1] commit 2
     n1 leader@2 [1 1] commit 0`,
    'n1 goes from commitIndex 2 back to 0',
  ],
  [
    'terms and commit indexes rise, by one or by more, or stay',
    `n1 follower@1 [1 1 1] commit 1
     n1 follower@1
     n1 candidate@2
     n1 candidate@3
     n1 leader@3 [1 1 1] commit 3
     n1 follower@9`,
    undefined,
  ],
  [
    'a crash forgets a term that nobody was told',
    `n1 follower@3
     n1 crashes
     n1 starts @2`,
    undefined,
  ],
  [
    'messages that still belong to an older term',
    `n1 follower@3
     n1 to n2: RequestVoteReply@2 refused
     n1 crashes
     n1 starts @2`,
    undefined,
  ],
  [
    'a restart begins with commitIndex 0',
    `n1 follower@1 [1 1] commit 2
     n1 crashes
     n1 starts @1 [1 1]
     n1 follower@1 [1 1] commit 1`,
    undefined,
  ],
  [
    'another server may be behind',
    `n1 follower@3 [1] commit 1
     n1 to n2: RequestVoteReply@3 refused
     n2 crashes
     n2 starts @2
     n2 follower@2`,
    undefined,
  ],
]);
