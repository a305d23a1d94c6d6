// What is committed stays on the disks of a majority: what breaks that, and what nearly does.

import { promise, type Situation } from '../../../support/stage.ts';

const committed = `n1 disk [1 1]
     n2 disk [1 1]
     n2 follower@1 [1 1]
     n1 leader@1 [1 1] commit 2`;

const situations: readonly Situation[] = [
  [
    'a follower that made the majority cuts the entry in memory',
    `${committed}
     n2 follower@1 [1]`,
    'n2 no longer holds entry 2, which was committed in term 1: 1 of 3 servers do',
  ],
  [
    'it replaces the entry',
    `${committed}
     n2 follower@2 [1 2]`,
    'n2 no longer holds entry 2, which was committed in term 1: 1 of 3 servers do',
  ],
  [
    'it comes back with less than it had',
    `${committed}
     n2 crashes
     n2 disk [1]
     n2 starts @1 [1]`,
    'n2 no longer holds entry 2, which was committed in term 1: 1 of 3 servers do',
  ],
  [
    'a majority still has it',
    `${committed}
     n3 disk [1 1]
     n3 follower@1 [1 1]
     n2 follower@1 [1]`,
    undefined,
  ],
  [
    'a follower cuts behind it',
    `n2 follower@1 [1 1 1]
     ${committed}`,
    undefined,
  ],
  [
    'a follower that never had it cuts its log',
    `${committed}
     n3 follower@1 [1x 1x]
     n3 follower@1 [1x]`,
    undefined,
  ],
  [
    'a server is down with the entry on its disk',
    `${committed}
     n2 crashes
     n3 follower@1 [1 1x]
     n3 follower@1 [1]`,
    undefined,
  ],
  [
    'a server that lost its disk stays away for good',
    `${committed}
     n2 crashes
     n2 is wiped
     n3 follower@1 [1 1x]
     n3 follower@1 [1]`,
    undefined,
  ],
];

promise('committed-on-quorum', situations);
