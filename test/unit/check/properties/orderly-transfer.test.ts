// An orderly transfer: the whole log, no commands, no loyalty.

import { promise } from '../../../support/stage.ts';

promise('orderly-transfer', [
  [
    'one that lags behind',
    `n2 follower@2 [1]
     n2 from n1: TimeoutNow@2 last 2`,
    'n2 is told to take over term 2, but the log of n1 ends at 2, its own at 1',
  ],
  [
    'a command in between',
    `n1 leader@2 [2]
     n1 hands over to n2
     n1 leader@2 [2 2]`,
    'n1 takes entry 2 while it hands over to n2',
  ],
  [
    'a loyal voter',
    `n3 follower@2
     n3 from n2: RequestVote@3 transfer last 1@2
     n3 follower@2`,
    'n3 does not look at the request of n2, which is to take over in term 3',
  ],
  [
    'an old request to take over says nothing about the log',
    `n2 follower@3 [1]
     n2 from n1: TimeoutNow@2 last 2`,
    undefined,
  ],
  [
    'a request without permission may be ignored',
    `n3 follower@2
     n3 from n2: RequestVote@3 last 1@2
     n3 follower@2`,
    undefined,
  ],
  [
    'a voter that adopts the term, whomever it votes for',
    `n3 follower@2
     n3 from n2: RequestVote@3 transfer last 1@2
     n3 follower@3`,
    undefined,
  ],
]);
