// Leader Append-Only: a leader never overwrites or deletes entries in its log.

import { promise } from '../../../support/stage.ts';

promise('leader-append-only', [
  [
    'a leader deletes its last entry',
    `n1 leader@3 [1 3]
     n1 leader@3 [1]`,
    'n1 leads term 3 with a log of 2 entries and changed entry 2',
  ],
  [
    'a leader deletes everything',
    `n1 leader@3 [1 3]
     n1 leader@3 []`,
    'n1 leads term 3 with a log of 2 entries and changed entry 1',
  ],
  [
    'a leader overwrites its last entry',
    `n2 leader@3 [1 3]
     n2 leader@3 [1 3x]`,
    'n2 leads term 3 with a log of 2 entries and changed entry 2',
  ],
  [
    'a leader overwrites an entry in the middle and appends others',
    `n1 leader@3 [1 1 3]
     n1 leader@3 [1 3 3 3 3]`,
    'n1 leads term 3 with a log of 3 entries and changed entry 2',
  ],
  [
    'a leader deletes an entry that is committed',
    `n1 leader@3 [1 1 3] commit 3
     n1 leader@3 [1 1] commit 3`,
    'n1 leads term 3 with a log of 3 entries and changed entry 3',
  ],
  [
    'a leader appends',
    `n1 leader@3 [1]
     n1 leader@3 [1 3]
     n1 leader@3 [1 3 3 3] commit 2
     n1 leader@3 [1 3 3 3 3] commit 5`,
    undefined,
  ],
  [
    'a leader that steps down in the step in which its log is cut',
    `n1 leader@3 [1 3]
     n1 follower@4 [1 4]`,
    undefined,
  ],
  [
    'a follower of the same term',
    `n2 follower@3 [1 2]
     n2 follower@3 [1 3]
     n2 follower@3 []`,
    undefined,
  ],
  [
    'a candidate that becomes a follower, is cut, and leads later',
    `n1 candidate@3 [1 2 2]
     n1 follower@3 [1 3]
     n1 leader@4 [1 3 4]`,
    undefined,
  ],
  [
    'a leader that lost what was not synced in a crash',
    `n1 leader@3 [1 3 3]
     n1 crashes
     n1 starts @3 [1]
     n1 leader@5 [1 5]`,
    undefined,
  ],
  [
    'a candidate whose log changes in the step in which it is elected',
    `n1 candidate@3 [1 2]
     n1 leader@3 [1 3]`,
    undefined,
  ],
  [
    'a leader that goes straight into another term with another log',
    `n1 leader@3 [1 3]
     n1 leader@4 [1 4]`,
    undefined,
  ],
  [
    'a leader of another term with another log',
    `n1 leader@3 [1 3 3]
     n1 follower@4 [1 4]
     n1 leader@5 [1 4 5]`,
    undefined,
  ],
]);
