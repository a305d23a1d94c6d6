// Fresh reads: as of what was committed anywhere when they came, and of what is executed.

import { promise } from '../../../support/stage.ts';

promise('read-freshness', [
  [
    'an index that is too old',
    `n1 leader@2 [2 2] commit 2
     n3 asked by c1 to read by index
     n3 serves c1 as of 1, applied 2`,
    'n3 answers a read of c1 by index as of entry 1, but entry 2 was committed when it came',
  ],
  [
    'an index that is not executed',
    `n1 leader@2 [2 2] commit 2
     n3 asked by c1 to read by follower
     n3 serves c1 as of 2, applied 1`,
    'n3 answers a read of c1 by follower as of entry 2, but has executed entry 1 only',
  ],
  [
    'what is committed later does not count',
    `n1 leader@2 [2] commit 1
     n3 asked by c1 to read by lease
     n1 leader@2 [2 2] commit 2
     n3 serves c1 as of 1, applied 1`,
    undefined,
  ],
  [
    'a read that comes again is as old as it was',
    `n1 leader@2 [2] commit 1
     n3 asked by c1 to read by index
     n1 leader@2 [2 2] commit 2
     n3 asked by c1 to read by index
     n3 serves c1 as of 1, applied 1`,
    undefined,
  ],
]);
