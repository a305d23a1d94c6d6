// Exactly-once effect: on every machine, and in every replay of the log, a session's executed numbers only rise.

import { promise } from '../../../support/stage.ts';

promise('exactly-once', [
  [
    'a command is executed twice',
    `n1 executes c1#3 at 4
     n1 executes c1#3 at 5`,
    'n1 executes command 3 of c1 a second time, at entry 5',
  ],
  [
    'with other commands between',
    `n1 executes c1#3 at 4
     n1 executes c2#8 at 5
     n1 repeats c1#3 at 6
     n1 executes c1#3 at 7`,
    'n1 executes command 3 of c1 a second time, at entry 7',
  ],
  [
    'with commands of very many clients between',
    [
      'n1 executes c1#3 at 4',
      ...Array.from({ length: 5000 }, (_, i) => `n1 executes c${i + 2}#1 at ${i + 5}`),
      'n1 executes c1#3 at 5005',
    ].join('\n'),
    'n1 executes command 3 of c1 a second time, at entry 5005',
  ],
  [
    'an older command comes behind a newer one',
    `n1 executes c1#3 at 4
     n1 executes c1#2 at 5`,
    'n1 executes command 2 of c1 after its command 3, at entry 5',
  ],
  [
    'twice in a replay',
    `n1 executes c1#1 at 1
     n1 repeats c1#1 at 2
     n1 executes c1#1 at 1
     n1 executes c1#1 at 2`,
    'n1 executes command 1 of c1 a second time, at entry 2',
  ],
  [
    'a machine that survived a crash forgot',
    `n1 executes c1#1 at 3
     n1 crashes
     n1 starts
     n1 executes c1#1 at 4`,
    'n1 executes command 1 of c1 a second time, at entry 4',
  ],
  [
    'a command that comes again is not executed again',
    `n1 executes c1#3 at 4
     n1 repeats c1#3 at 5
     n1 repeats c1#2 at 6
     n1 executes c1#4 at 7`,
    undefined,
  ],
  [
    'numbers may be left out: the client gave up',
    `n1 executes c1#1 at 4
     n1 executes c1#7 at 5`,
    undefined,
  ],
  [
    'sessions and servers count on their own',
    `n1 executes c1#3 at 4
     n1 executes c2#3 at 5
     n2 executes c1#3 at 4
     n2 executes c3#1 at 5`,
    undefined,
  ],
  [
    'a machine that starts anew executes the log anew',
    `n1 executes c1#1 at 1
     n1 executes c1#2 at 2
     n1 crashes
     n1 starts
     n1 executes c1#1 at 1
     n1 executes c1#2 at 2`,
    undefined,
  ],
  [
    'entries that carry no command',
    `n1 follower@1 [1 1]
     n1 applies 1, machine 1
     n1 executes c1#1 at 2`,
    undefined,
  ],
]);
