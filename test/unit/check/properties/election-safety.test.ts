// Election Safety: at most one leader of a term, ever.

import { promise } from '../../../support/stage.ts';

promise('election-safety', [
  [
    'two leaders of a term at the same time',
    `n1 leader@3
     n2 leader@3`,
    'n1 and n2 were both elected leader of term 3',
  ],
  [
    'the first has stepped down by then',
    `n1 leader@3
     n1 follower@4
     n3 leader@3`,
    'n1 and n3 were both elected leader of term 3',
  ],
  [
    'the first has crashed by then',
    `n2 leader@3
     n2 crashes
     n1 leader@3`,
    'n2 and n1 were both elected leader of term 3',
  ],
  [
    'much later, behind leaders of newer terms',
    `n1 leader@3
     n2 leader@4
     n1 follower@4
     n1 leader@5
     n3 leader@4`,
    'n2 and n3 were both elected leader of term 4',
  ],
  [
    'a leader that goes from a term of its own into one of another',
    `n1 leader@4
     n2 leader@3
     n2 leader@4`,
    'n1 and n2 were both elected leader of term 4',
  ],
  [
    'leaders of different terms at the same time',
    `n1 leader@3
     n2 leader@4
     n3 leader@5`,
    undefined,
  ],
  [
    'a leader of an older term that comes late',
    `n1 leader@7
     n2 leader@3`,
    undefined,
  ],
  [
    'a leader that goes on leading, and leads again later',
    `n1 leader@3
     n1 leader@3 [3]
     n1 follower@4
     n1 leader@5`,
    undefined,
  ],
  [
    'a leader that crashes and is elected once more in its term',
    `n1 leader@3
     n1 crashes
     n1 starts @3
     n1 candidate@3
     n1 leader@3`,
    undefined,
  ],
  [
    'several candidates of a term, one of which is elected',
    `n1 candidate@3
     n2 candidate@3
     n3 candidate@3
     n2 leader@3
     n1 follower@3`,
    undefined,
  ],
]);
