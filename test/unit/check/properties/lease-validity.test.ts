// Lease validity: nobody is elected while a leader holds a lease.

import { promise } from '../../../support/stage.ts';

promise(
  'lease-validity',
  [
    [
      'another one is elected',
      `n1 leader@2
       n1 holds a lease
       n2 leader@3`,
      'n1 holds a lease in term 2, but n2 was elected in term 3',
    ],
    [
      'a lease that is taken when there is a newer leader',
      `n1 leader@2
       n2 leader@3
       n1 holds a lease`,
      'n1 holds a lease in term 2, but n2 was elected in term 3',
    ],
    [
      'the lease has ended',
      `n1 leader@2
       n1 holds a lease
       n1 holds no lease
       n2 leader@3`,
      undefined,
    ],
    [
      'its leader is down',
      `n1 leader@2
       n1 holds a lease
       n1 crashes
       n2 leader@3`,
      undefined,
    ],
    [
      'its leader is elected again',
      `n1 leader@2
       n1 holds a lease
       n1 leader@3`,
      undefined,
    ],
  ],
  3,
  undefined,
  { checkQuorum: true, lease: true },
);
