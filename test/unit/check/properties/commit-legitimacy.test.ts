// Commit legitimacy: counted on the disks, at the very moment.

import { promise, type Situation } from '../../../support/stage.ts';

const situations: readonly Situation[] = [
  [
    'a leader commits what only its own disk has',
    `n1 disk [1 2]
     n2 disk [1]
     n1 leader@2 [1 2] commit 2`,
    'n1 commits entry 2, which is durable on 1 of 3 servers',
  ],
  [
    'a leader commits what others have in memory only',
    `n1 disk [1 2]
     n2 follower@2 [1 2]
     n3 follower@2 [1 2]
     n1 leader@2 [1 2] commit 2`,
    'n1 commits entry 2, which is durable on 1 of 3 servers',
  ],
  [
    'the other disks hold another entry there',
    `n1 disk [1 2]
     n2 disk [1 1]
     n3 disk [1x 2]
     n1 leader@2 [1 2] commit 2`,
    'n1 commits entry 2, which is durable on 1 of 3 servers',
  ],
  [
    'a leader counts replicas of an entry of an older term',
    `n1 disk [1 2]
     n2 disk [1 2]
     n3 disk [1 2]
     n1 leader@3 [1 2 3] commit 2`,
    'n1 leads term 3 and commits entry 2 by counting, which is of term 2',
  ],
  [
    'a follower commits what no leader has',
    `n2 follower@2 [1 2] commit 1`,
    'n2 commits entry 1, but no leader has committed entries after 0',
  ],
  [
    'a follower commits more than any leader has',
    `n1 disk [1 2]
     n2 disk [1 2]
     n1 leader@2 [1 2] commit 2
     n2 follower@2 [1 2 2] commit 3`,
    'n2 commits entry 3, but no leader has committed entries after 2',
  ],
  [
    'a candidate commits',
    `n3 candidate@2 [1] commit 1`,
    'n3 commits entry 1, but no leader has committed entries after 0',
  ],
  [
    'a leader commits what a majority has, itself among it',
    `n1 disk [1 2]
     n2 disk [1 2]
     n1 leader@2 [1 2] commit 2`,
    undefined,
  ],
  [
    'a leader commits before its own disk has it',
    `n2 disk [1 2]
     n3 disk [1 2 2 2]
     n1 leader@2 [1 2] commit 2`,
    undefined,
  ],
  [
    'the disk of a server that is down counts',
    `n1 disk [1 2]
     n3 disk [1 2]
     n3 crashes
     n1 leader@2 [1 2] commit 2`,
    undefined,
  ],
  [
    'older entries are committed by one of the own term behind them',
    `n1 disk [1 2 3]
     n2 disk [1 2 3]
     n1 leader@3 [1 2 3] commit 3`,
    undefined,
  ],
  [
    'followers commit as far as a leader did, later, and when it is gone',
    `n1 disk [1 2]
     n2 disk [1 2]
     n1 leader@2 [1 2] commit 2
     n1 crashes
     n2 follower@2 [1 2] commit 1
     n2 follower@2 [1 2] commit 2
     n3 candidate@5 [1 2] commit 2`,
    undefined,
  ],
];

promise('commit-legitimacy', situations);

promise(
  'commit-legitimacy',
  [
    [
      'half of an even number is no majority',
      `n1 disk [1]
       n2 disk [1]
       n1 leader@1 [1] commit 1`,
      'n1 commits entry 1, which is durable on 2 of 4 servers',
    ],
    [
      'three of four are',
      `n1 disk [1]
       n2 disk [1]
       n4 disk [1]
       n1 leader@1 [1] commit 1`,
      undefined,
    ],
  ],
  4,
  'four servers',
);

promise(
  'commit-legitimacy',
  [
    ['alone, not durable', 'n1 leader@1 [1] commit 1', 'n1 commits entry 1, which is durable on 0 of 1 servers'],
    ['alone, durable', 'n1 disk [1]\n n1 leader@1 [1] commit 1', undefined],
  ],
  1,
  'one server',
);
