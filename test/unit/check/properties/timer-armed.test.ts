// No server without a timer: a leader waits for its next heartbeat, everyone else for an election timeout.

import { promise } from '../../../support/stage.ts';

promise('timer-armed', [
  ['a follower without any timer', 'n1 arms nothing', 'n1 is no leader and has no election timer'],
  [
    'a candidate with a heartbeat timer only',
    `n1 candidate@2
     n1 arms heartbeat`,
    'n1 is no leader and has no election timer',
  ],
  [
    'a leader without any timer',
    `n1 leader@2
     n1 arms nothing`,
    'n1 is a leader and has no heartbeat timer',
  ],
  [
    'a leader with an election timer only',
    `n1 leader@2
     n1 arms election`,
    'n1 is a leader and has no heartbeat timer',
  ],
  [
    'each has the timer that it needs',
    `n1 arms election
     n2 leader@2
     n2 arms heartbeat
     n3 candidate@2`,
    undefined,
  ],
  ['a server that stopped itself needs none', 'n1 halts\n n1 arms nothing', undefined],
  [
    'a server that is down needs none, and has one as soon as it is back',
    `n1 crashes
     n1 starts`,
    undefined,
  ],
]);
