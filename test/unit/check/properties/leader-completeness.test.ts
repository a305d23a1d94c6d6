// Leader Completeness: an entry that was committed is in the log of every leader of a later term.

import { promise } from '../../../support/stage.ts';

promise('leader-completeness', [
  [
    'a new leader lacks a committed entry',
    `n1 leader@2 [1 2] commit 2
     n2 leader@3 [1]`,
    'n2 leads term 3 with a log of 1 entries, but entry 2 was committed in term 2',
  ],
  [
    'a new leader holds another entry there',
    `n1 leader@2 [1 2] commit 2
     n2 leader@3 [1 1 1]`,
    'n2 leads term 3 with another log up to entry 2 than the one that was committed in term 2',
  ],
  [
    'the very same server lost it',
    `n1 leader@2 [1 2] commit 2
     n1 crashes
     n1 starts @2 [1]
     n1 leader@3 [1 3]`,
    'n1 leads term 3 with another log up to entry 2 than the one that was committed in term 2',
  ],
  [
    'long after it was committed, by someone who has gone',
    `n1 leader@2 [1 2] commit 2
     n1 crashes
     n2 leader@3 [1 2 3] commit 3
     n3 leader@7 [1]`,
    'n3 leads term 7 with a log of 1 entries, but entry 3 was committed in term 3',
  ],
  [
    'an old leader commits what a newer one does not have',
    `n2 leader@3 [1]
     n1 leader@2 [1 2] commit 2`,
    'n2 leads term 3 with a log of 1 entries, but entry 2 was committed in term 2',
  ],
  [
    'an old leader commits what stands differently with a newer one',
    `n2 leader@3 [1 3]
     n3 leader@4 [1 2 4]
     n1 leader@2 [1 2] commit 2`,
    'n2 leads term 3 with another log up to entry 2 than the one that was committed in term 2',
  ],
  [
    'the older part only, with a newer part committed behind it in a newer term',
    `n1 leader@2 [1] commit 1
     n1 leader@4 [1 4] commit 2
     n2 leader@3 []`,
    'n2 leads term 3 with a log of 0 entries, but entry 1 was committed in term 2',
  ],
  [
    'a new leader has everything, and more',
    `n1 leader@2 [1 2] commit 2
     n2 leader@3 [1 2]
     n3 leader@4 [1 2 2 3]`,
    undefined,
  ],
  [
    'a new leader lacks what was never committed',
    `n1 leader@2 [1 2 2 2] commit 2
     n2 leader@3 [1 2 3]`,
    undefined,
  ],
  [
    'a leader of an older term lacks what a newer term committed',
    `n1 leader@4 [1 4] commit 2
     n2 leader@3 [1]`,
    undefined,
  ],
  [
    'an old leader commits what all newer leaders have',
    `n2 leader@3 [1 2 3]
     n1 leader@2 [1 2] commit 2`,
    undefined,
  ],
  [
    'a newer leader that stepped down, or crashed, lacks it',
    `n2 leader@3 [1]
     n2 follower@3 [1]
     n3 leader@4 [1]
     n3 crashes
     n1 leader@2 [1 2] commit 2`,
    undefined,
  ],
  [
    'another leader of the very term lacks it: that is another promise',
    `n1 leader@3 [1 3] commit 2
     n2 leader@3 [1]`,
    undefined,
  ],
  [
    'another leader of the very term lacks what is committed while a newer one leads',
    `n2 leader@3 [1]
     n3 leader@4 [1 3 4]
     n1 leader@3 [1 3] commit 2`,
    undefined,
  ],
  [
    'followers and candidates lack it',
    `n1 leader@2 [1 2] commit 2
     n2 follower@3 [1]
     n3 candidate@4 []`,
    undefined,
  ],
  [
    'a follower that learns late of what is committed is no reason to look again',
    `n1 leader@2 [1 2] commit 2
     n2 leader@3 [1 2 3]
     n3 follower@2 [1 2] commit 2`,
    undefined,
  ],
]);
