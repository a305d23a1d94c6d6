// State Machine Safety: no two servers apply different entries at the same index.

import { promise } from '../../../support/stage.ts';

promise('state-machine-safety', [
  [
    'a server commits another entry than was committed there before',
    `n1 leader@2 [1 2] commit 2
     n2 follower@2 [1 1] commit 2`,
    'n2 commits entry 2 with another log up to there than the one that was committed before',
  ],
  [
    'a server commits behind a difference',
    `n1 leader@2 [1 2 2] commit 3
     n2 follower@2 [1x 2 2] commit 3`,
    'n2 commits entry 3 with another log up to there than the one that was committed before',
  ],
  [
    'a server commits further than anyone, and differs where others were',
    `n1 leader@2 [1 2] commit 2
     n2 follower@2 [1 1 1 1] commit 4`,
    'n2 commits entry 2 with another log up to there than the one that was committed before',
  ],
  [
    'two machines end in different states',
    `n1 follower@2 [1 2]
     n2 follower@2 [1 1]
     n1 applies 1, machine 10
     n2 applies 1, machine 10
     n1 applies 2, machine 20
     n2 applies 2, machine 21`,
    'n1 applied an entry 2 of term 2, n2 applies one of term 1 there, and they end in different states',
  ],
  [
    'a machine that starts anew ends in a different state than before',
    `n1 follower@1 [1]
     n1 applies 1, machine 10
     n1 crashes
     n1 starts @1 [1] applied 0
     n1 applies 1, machine 11`,
    'n1 applied an entry 1 of term 1, n1 applies one of term 1 there, and they end in different states',
  ],
  [
    'a machine skips an entry',
    `n1 follower@1 [1 1 1]
     n1 applies 1, machine 10
     n1 applies 3, machine 30`,
    'n1 applies entry 3 right after entry 1',
  ],
  [
    'a machine applies an entry twice',
    `n1 follower@1 [1 1 1]
     n1 applies 1, machine 10
     n1 applies 1, machine 10`,
    'n1 applies entry 1 right after entry 1',
  ],
  [
    'a machine that forgot goes on where it was',
    `n1 follower@1 [1 1]
     n1 applies 1, machine 10
     n1 crashes
     n1 starts @1 [1 1] applied 0
     n1 applies 2, machine 20`,
    'n1 applies entry 2 right after entry 0',
  ],
  [
    'the same entries are committed and applied everywhere, some later',
    `n1 leader@2 [1 2 2] commit 3
     n1 applies 1, machine 10
     n1 applies 2, machine 20
     n2 follower@2 [1 2] commit 1
     n2 applies 1, machine 10
     n2 follower@2 [1 2] commit 2
     n2 applies 2, machine 20`,
    undefined,
  ],
  [
    'different entries that nobody commits',
    `n1 leader@2 [1 2] commit 1
     n2 follower@2 [1 1 1] commit 1
     n3 follower@2 [1x]`,
    undefined,
  ],
  [
    'a machine that starts anew applies everything anew',
    `n1 follower@1 [1 1]
     n1 applies 1, machine 10
     n1 applies 2, machine 20
     n1 crashes
     n1 starts @1 [1 1] applied 0
     n1 applies 1, machine 10
     n1 applies 2, machine 20`,
    undefined,
  ],
  [
    'a machine that survived a crash goes on',
    `n1 follower@1 [1 1]
     n1 applies 1, machine 10
     n1 crashes
     n1 starts @1 [1 1]
     n1 applies 2, machine 20`,
    undefined,
  ],
]);
