// Log Matching: two logs that hold an entry with the same index and term are identical up to it.

import { promise } from '../../../support/stage.ts';

promise('log-matching', [
  [
    'different entries with the same index and term',
    `n1 follower@2 [1 2]
     n2 follower@2 [1 2x]`,
    'n1 and n2 both hold an entry 2 of term 2, but their logs differ at or before it',
  ],
  [
    'the first entries differ',
    `n1 follower@2 [1 2]
     n2 follower@2 [1x]`,
    'n1 and n2 both hold an entry 1 of term 1, but their logs differ at or before it',
  ],
  [
    'the same entry behind entries of different terms',
    `n1 follower@3 [1 3]
     n2 follower@3 [2 3]`,
    'n1 and n2 both hold an entry 2 of term 3, but their logs differ at or before it',
  ],
  [
    'the same entry far behind the difference',
    `n1 follower@4 [1 2 4 4]
     n3 follower@4 [1 3 4 4]`,
    'n1 and n3 both hold an entry 3 of term 4, but their logs differ at or before it',
  ],
  [
    'a third log that differs from one that was not the first there',
    `n1 follower@3 [1 2]
     n2 follower@3 [1 3]
     n3 follower@3 [1 3x]`,
    'n2 and n3 both hold an entry 2 of term 3, but their logs differ at or before it',
  ],
  [
    'with a log that has been cut since',
    `n1 follower@2 [1 2]
     n1 follower@3 [1 3]
     n2 follower@3 [1 2x]`,
    'n1 and n2 both hold an entry 2 of term 2, but their logs differ at or before it',
  ],
  [
    'with a log of a server that is gone',
    `n1 follower@2 [1 2]
     n1 crashes
     n2 follower@2 [1 2x]`,
    'n1 and n2 both hold an entry 2 of term 2, but their logs differ at or before it',
  ],
  [
    'a server and its own log before a crash',
    `n1 follower@2 [1 2]
     n1 crashes
     n1 starts @2 [1 2x]`,
    'n1 and n1 both hold an entry 2 of term 2, but their logs differ at or before it',
  ],
  [
    'behind what was committed',
    `n1 follower@2 [1 1 2] commit 2
     n2 follower@2 [1 1 2] commit 2
     n3 follower@2 [1 1 2x]`,
    'n1 and n3 both hold an entry 3 of term 2, but their logs differ at or before it',
  ],
  [
    'equal logs, and logs of different lengths',
    `n1 follower@2 [1 1 2]
     n2 follower@2 [1 1]
     n3 follower@2 [1 1 2 2 2]
     n2 follower@2 [1 1 2 2 2 2]`,
    undefined,
  ],
  [
    'different terms at an index, on all servers and over time',
    `n1 follower@4 [1 2]
     n2 follower@4 [1 3]
     n3 follower@4 [1 4]
     n1 follower@5 [1 4]
     n2 follower@5 [1 4 5]
     n1 follower@5 [1 4 5]`,
    undefined,
  ],
  [
    'the same entry cut and appended again',
    `n1 follower@2 [1 2 2]
     n1 follower@2 [1]
     n1 follower@2 [1 2 2]`,
    undefined,
  ],
  [
    'the same command in different terms',
    `n1 follower@3 [1 2]
     n2 follower@3 [1 3 3]
     n3 follower@3 [2]`,
    undefined,
  ],
]);
