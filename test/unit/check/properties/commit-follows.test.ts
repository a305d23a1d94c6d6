// The commit index moves when it must: with the request that verifies the entries.

import { promise } from '../../../support/stage.ts';

promise('commit-follows', [
  [
    'a request that is taken, and a commit index that stays',
    `n2 follower@2
     n2 from n1: AppendEntries@2 prev 0@0 [2 2] commit 1
     n2 follower@2 [2 2] commit 0`,
    'n2 takes a request of n1 that verifies entry 2 and says that 1 is committed, and has committed 0',
  ],
  [
    'no further than the request verifies',
    `n2 follower@2 [1 1]
     n2 from n1: AppendEntries@2 prev 1@1 commit 2
     n2 follower@2 [1 1] commit 1`,
    undefined,
  ],
  [
    'a request that does not fit moves nothing',
    `n2 follower@2 [1]
     n2 from n1: AppendEntries@2 prev 1@2 commit 1
     n2 follower@2 [1] commit 0`,
    undefined,
  ],
  [
    'nor does one of an older term',
    `n2 follower@3 [1]
     n2 from n1: AppendEntries@2 prev 1@1 commit 1
     n2 follower@3 [1] commit 0`,
    undefined,
  ],
]);
