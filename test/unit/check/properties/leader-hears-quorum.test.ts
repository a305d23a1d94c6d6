// CheckQuorum: a leader that begins another period had a quorum of answers in the last one.

import { promise } from '../../../support/stage.ts';

promise(
  'leader-hears-quorum',
  [
    [
      'a leader that nobody answered',
      `n1 leader@2
       n1 answered by n2 n3
       n1 checks its quorum
       n1 checks its quorum`,
      'n1 leads term 2 on, but in a whole election timeout 1 of 5 servers answered, itself among them',
    ],
    [
      'a leader that a minority answered',
      `n1 leader@2
       n1 answered by n2 n3
       n1 checks its quorum
       n1 answered by n4
       n1 checks its quorum`,
      'n1 leads term 2 on, but in a whole election timeout 2 of 5 servers answered, itself among them',
    ],
    [
      'a leader that a quorum answers in each period',
      `n1 leader@2
       n1 answered by n2 n3
       n1 checks its quorum
       n1 answered by n4 n5
       n1 checks its quorum`,
      undefined,
    ],
    [
      'a leader that steps down',
      `n1 leader@2
       n1 answered by n2
       n1 checks its quorum, follower@2`,
      undefined,
    ],
    [
      'a late timer of a server that leads no longer',
      `n1 leader@2
       n1 follower@2
       n1 checks its quorum`,
      undefined,
    ],
    [
      'a leader of another term, whose first period is over',
      `n1 leader@2
       n1 follower@3
       n1 leader@4
       n1 answered by n2 n3
       n1 checks its quorum`,
      undefined,
    ],
  ],
  5,
  undefined,
  { checkQuorum: true },
);
