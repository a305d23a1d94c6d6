// A transfer ends: with a timer, and with the lead.

import { promise } from '../../../support/stage.ts';

promise('transfer-ends', [
  [
    'no timer runs',
    `n1 leader@2
     n1 hands over to n2`,
    'n1 hands over to n2, and no timer runs that would end this',
  ],
  [
    'it outlives the lead',
    `n1 leader@2
     n1 arms transfer
     n1 hands over to n2
     n1 follower@3`,
    'n1 hands over to n2, but it is no leader any more',
  ],
  [
    'the timer runs, and the leader goes on in the end',
    `n1 leader@2
     n1 arms transfer
     n1 hands over to n2
     n1 hands over to nobody
     n1 arms nothing`,
    undefined,
  ],
]);
