// Durability honesty: no message leaves that claims what is not on the sender's disk.

import { promise } from '../../../support/stage.ts';

promise('durability-honesty', [
  [
    'a request tells a term that is not durable',
    `n1 disk term 2 vote n1
     n1 to n2: RequestVote@3 last 0@0`,
    'n1 sends a message of term 3, but its disk says term 2',
  ],
  [
    'so does a leader',
    `n1 disk term 2 vote n1
     n1 to n2: AppendEntries@3`,
    'n1 sends a message of term 3, but its disk says term 2',
  ],
  [
    'so does a refusal',
    `n1 to n2: AppendEntriesReply@1 no prev 4 conflict 1@0`,
    'n1 sends a message of term 1, but its disk says term 0',
  ],
  [
    'a granted vote that is not durable',
    `n1 disk term 3 vote nobody
     n1 to n2: RequestVoteReply@3 granted`,
    'n1 tells of its vote for n2 in term 3, but its disk says nobody',
  ],
  [
    'a granted vote that contradicts the durable one',
    `n1 disk term 3 vote n3
     n1 to n2: RequestVoteReply@3 granted`,
    'n1 tells of its vote for n2 in term 3, but its disk says n3',
  ],
  [
    'a candidate whose vote for itself is not durable',
    `n1 disk term 3 vote n2
     n1 to n2: RequestVote@3 last 0@0`,
    'n1 tells of its vote for n1 in term 3, but its disk says n2',
  ],
  [
    'entries are acknowledged that are only in memory',
    `n1 disk term 1 vote nobody [1]
     n1 follower@1 [1 1]
     n1 to n2: AppendEntriesReply@1 ok prev 1 match 2`,
    'n1 acknowledges entry 2, but its disk holds 1 entries, and not that one',
  ],
  [
    'entries are acknowledged where the disk still has others',
    `n1 disk term 2 vote nobody [1 1 1]
     n1 follower@2 [1 2]
     n1 to n2: AppendEntriesReply@2 ok prev 1 match 2`,
    'n1 acknowledges entry 2, but its disk holds 3 entries, and not that one',
  ],
  [
    'entries are acknowledged that nobody has',
    `n1 disk term 1 vote nobody [1]
     n1 follower@1 [1]
     n1 to n2: AppendEntriesReply@1 ok prev 4 match 5`,
    'n1 acknowledges entry 5, but its log ends at 1',
  ],
  [
    'term and vote are durable',
    `n1 disk term 3 vote n1
     n1 to n2: RequestVote@3 last 0@0
     n1 disk term 4 vote n2
     n1 to n2: RequestVoteReply@4 granted`,
    undefined,
  ],
  [
    'a message of an older term than the durable one claims nothing about the vote of the newer',
    `n1 disk term 4 vote n3
     n1 to n2: RequestVoteReply@3 granted
     n1 to n2: RequestVote@2 last 0@0`,
    undefined,
  ],
  [
    'a refused vote claims no vote',
    `n1 disk term 3 vote n3
     n1 to n2: RequestVoteReply@3 refused`,
    undefined,
  ],
  [
    'a leader sends entries that it still writes',
    `n1 disk term 2 vote n1
     n1 leader@2 [1 2]
     n1 to n2: AppendEntries@2 prev 0@0 [1 2]`,
    undefined,
  ],
  [
    'what is acknowledged is durable, and what is not is not acknowledged',
    `n1 disk term 2 vote nobody [1 2]
     n1 follower@2 [1 2 2 2]
     n1 to n2: AppendEntriesReply@2 ok prev 1 match 2
     n1 to n2: AppendEntriesReply@2 ok prev 0 match 0
     n1 to n2: AppendEntriesReply@2 no prev 7 conflict 5@0`,
    undefined,
  ],
  [
    'the disk has more than is acknowledged, and other entries behind it',
    `n1 disk term 2 vote nobody [1 1 1 1]
     n1 follower@2 [1 1 2]
     n1 to n2: AppendEntriesReply@2 ok prev 1 match 2`,
    undefined,
  ],
]);
