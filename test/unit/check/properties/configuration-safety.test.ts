// Configuration safety: the last configuration of the log, one change behind the other, and quorums that meet.

import { describe, expect, it } from 'vitest';
import { sharesQuorums } from '../../../../src/check/properties/configuration-safety.ts';
import { membersOf, promise, type Situation } from '../../../support/stage.ts';

/** n1 leads term 1 by the votes of all, and has committed an entry. */
const led = `n1 disk term 1 vote n1 []
     n2 to n1: RequestVoteReply@1 granted
     n1 candidate@1
     n1 leader@1
     n1 leader@1 [1] commit 1`;

const situations: readonly Situation[] = [
  [
    'a server goes on with the configuration that it had',
    `${led}
     n1 leader@1 [1 1{n1n2}]
     n1 uses n1n2n3`,
    'n1 uses the configuration n1 n2 n3, but the last one in its log is n1 n2, at 2',
  ],
  [
    'a configuration stays in force when its entry is cut',
    `n2 follower@1 [1 1{n1n2}]
     n2 follower@2 [1 2]
     n2 uses n1n2`,
    'n2 uses the configuration n1 n2, but the last one in its log is n1 n2 n3, at 0',
  ],
  [
    'a change begins before the one before it is committed',
    `${led}
     n1 leader@1 [1 1{n1n2}]
     n1 leader@1 [1 1{n1n2} 1{n1n2n4}]`,
    'n1 leads term 1 and appends configuration 3, but the one at 2 is not committed',
  ],
  [
    'a change begins before an entry of the own term is committed',
    `${led}
     n2 disk term 2 vote n2 [1]
     n2 follower@1 [1] commit 1
     n3 to n2: RequestVoteReply@2 granted
     n2 candidate@2
     n2 leader@2 [1 2]
     n2 leader@2 [1 2 2{n2n3}]`,
    'n2 leads term 2 and appends configuration 3, but has committed no entry of its term',
  ],
  [
    'two voters leave at once',
    `${led}
     n1 leader@1 [1 1{n1}]`,
    'n1 leads term 1 and appends configuration 2: n1 behind n1 n2 n3, two configurations with disjoint quorums',
  ],
  [
    'a leader without the votes of a quorum',
    `n1 disk term 1 vote n1 []
     n1 candidate@1
     n1 leader@1`,
    'n1 leads term 1 by the votes of 1 of 3 servers: n1 n2 n3',
  ],
  [
    'a leader without a quorum of the servers that leave',
    `n1 follower@1 [1{n1n2/n3}]
     n1 disk term 2 vote n1 []
     n2 to n1: RequestVoteReply@2 granted
     n1 candidate@2
     n1 leader@2`,
    'n1 leads term 2 by the votes of 2 of 2 servers and 0 of 1 that leave: n1 n2 (from n3)',
  ],
  [
    'votes of an older term',
    `n1 disk term 2 vote n1 []
     n2 to n1: RequestVoteReply@1 granted
     n1 candidate@2
     n1 leader@2`,
    'n1 leads term 2 by the votes of 1 of 3 servers: n1 n2 n3',
  ],
  [
    'a learner stands for election',
    `n3 follower@1 [1{n1n2+n3}] commit 1
     n3 candidate@2`,
    'n3 stands for election in term 2, but does not vote in n1 n2, learner n3',
  ],
  [
    'a leader that has committed its removal leads on',
    `${led}
     n1 leader@1 [1 1{n2n3}]
     n1 leader@1 commit 2`,
    'n1 has committed that it does not vote in n2 n3, and leads term 1 on',
  ],
  [
    'one voter after the other, and a joint change of three',
    `${led}
     n1 leader@1 [1 1{n1n2}]
     n1 leader@1 commit 2
     n1 leader@1 [1 1{n1n2} 1{n1n2n3}]
     n1 leader@1 commit 3
     n1 leader@1 [1 1{n1n2} 1{n1n2n3} 1{n1n4n5/n1n2n3}]
     n1 leader@1 [1 1{n1n2} 1{n1n2n3} 1{n1n4n5/n1n2n3} 1{n1n4n5}] commit 4`,
    undefined,
  ],
  [
    'a configuration is cut, several levels deep',
    `n2 follower@1 [1 1{n1n2} 1{n1n2n4}]
     n2 follower@2 [1 2]
     n2 follower@3 [1 3{n2n3}]
     n2 follower@4 [4]`,
    undefined,
  ],
  [
    'a server that an uncommitted change leaves out stands for election',
    `n3 follower@1 [1{n1n2}]
     n3 candidate@2`,
    undefined,
  ],
  [
    'a leader steps down when its removal is committed',
    `${led}
     n1 leader@1 [1 1{n2n3}]
     n1 follower@1 commit 2`,
    undefined,
  ],
];

promise('configuration-safety', situations, 3, undefined, { membership: 'joint' });

describe('whether quorums meet, by trying all ways to divide the servers', () => {
  it.each([
    ['n1n2n3', 'n1n2n3n4', true],
    ['n1n2n3n4', 'n1n2n3n4n5', true],
    ['n1n2n3', 'n1n2n3n4n5', false],
    ['n1n2n3', 'n3n4n5', false],
    ['n1n2n3', 'n3n4n5/n1n2n3', true],
    ['n3n4n5/n1n2n3', 'n3n4n5', true],
    ['n1n2', 'n1', true],
    ['n1', 'n2', false],
    ['n1n2n3+n4', 'n1n2n3+n5', true],
  ])('%s and %s: %s', (one, other, meet) => {
    expect(sharesQuorums(membersOf(one), membersOf(other), 5)).toBe(meet);
    expect(sharesQuorums(membersOf(other), membersOf(one), 5)).toBe(meet);
  });
});
