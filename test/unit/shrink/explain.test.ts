// What is said of PreVote, stickiness and CheckQuorum: each refusal with its reason.

import { describe, expect, it } from 'vitest';
import { NOBODY } from '../../../src/base/ids.ts';
import type { Message } from '../../../src/protocol/message.ts';
import { sentenceOf } from '../../../src/shrink/explain.ts';
import type { Move } from '../../../src/shrink/moves.ts';
import type { NodeSnapshotBefore, Transition } from '../../../src/shrink/transition.ts';
import { readMessage, server } from '../../support/text.ts';

type Looks = Partial<Pick<NodeSnapshotBefore, 'role' | 'term' | 'heard' | 'votedFor'>>;

const looks = (changes: Looks): NodeSnapshotBefore => ({
  isUp: true,
  role: 'follower',
  term: 3,
  votedFor: NOBODY,
  heard: NOBODY,
  lastIndex: 1,
  base: 0,
  snapshotIndex: 0,
  commitIndex: 0,
  log: [3],
  disk: { term: 3, votedFor: NOBODY, lastIndex: 1 },
  ...changes,
});

function told(text: string, before: Looks, after: Looks = before, reply?: string): string {
  const message = readMessage(text, server('n1'));
  const sent: Message[] = reply === undefined ? [] : [readMessage(`n1 ${reply}`, message.from)];
  const transition: Transition = { before: looks(before), after: looks(after), sent, isAgain: false };
  return sentenceOf({ act: 'deliver', id: 1, message, origin: 0 } as unknown as Move, transition);
}

const fires = (timer: 'leaderContact' | 'quorumCheck' | 'election', before: Looks, after: Looks): string =>
  sentenceOf({ act: 'timer', id: 1, node: server('n1'), timer } as unknown as Move, {
    before: looks(before),
    after: looks(after),
    sent: [],
    isAgain: false,
  });

describe('a question for a pre-vote', () => {
  const refused = 'PreVoteReply@3 refused for 3';

  it.each<[Looks, string, string]>([
    [{}, 'PreVoteReply@3 granted for 3', 'n1 would vote for n3 in the term behind 3 and says so'],
    [{ role: 'leader' }, refused, 'n1 refuses n3 its pre-vote in term 3, for it leads term 3'],
    [{ heard: server('n2') }, refused, 'n1 refuses n3 its pre-vote in term 3, for it has just heard its leader n2'],
    [{ heard: server('n3') }, refused, 'n1 refuses n3 its pre-vote in term 3, for its own log is newer'],
    [{ term: 5 }, 'PreVoteReply@5 refused for 3', 'n1 refuses n3 its pre-vote in term 3, for it is in term 5'],
  ])('of %o is answered %s', (before, reply, sentence) => {
    expect(told('n3 PreVote@3 last 1@3', before, before, reply)).toBe(sentence);
  });

  it('may have no answer', () => {
    expect(told('n3 PreVote@3 last 1@3', {})).toBe(
      'n1 is asked by n3 for a pre-vote in term 3 and gives no answer yet',
    );
  });
});

describe('a pre-vote', () => {
  const asking: Looks = { role: 'pre-candidate' };

  it.each<[string, Looks, string]>([
    [
      'n2 PreVoteReply@3 granted for 3',
      { role: 'candidate', term: 4, votedFor: server('n1') },
      'n1 receives the pre-vote of n2 for term 3, becomes a candidate of term 4, and votes for itself',
    ],
    ['n2 PreVoteReply@3 granted for 2', asking, 'n1 receives the pre-vote of n2 for term 2, an old one'],
    ['n2 PreVoteReply@3 refused for 3', asking, 'n1 is refused the pre-vote of n2'],
    ['n2 PreVoteReply@7 refused for 3', { term: 7 }, 'n1 is refused the pre-vote of n2 and learns of term 7'],
  ])('%s', (text, after, sentence) => {
    expect(told(text, asking, after)).toBe(sentence);
  });
});

describe('a candidate that is not looked at', () => {
  it.each<[Looks, string]>([
    [{ role: 'leader' }, 'for it leads term 3'],
    [{ heard: server('n2') }, 'for it has just heard its leader n2'],
  ])('by %o', (before, reason) => {
    expect(told('n3 RequestVote@9 last 9@9', before)).toBe(
      `n1 does not look at the request of n3 for its vote in term 9, ${reason}`,
    );
  });
});

describe('a timer', () => {
  it.each<['leaderContact' | 'quorumCheck' | 'election', Looks, Looks, string]>([
    ['election', {}, { role: 'pre-candidate' }, 'n1 times out and asks whether it could win an election behind term 3'],
    ['leaderContact', {}, {}, 'n1 has heard no leader for the shortest election timeout'],
    ['quorumCheck', { role: 'leader' }, { role: 'leader' }, 'n1 looks who has answered it'],
    ['quorumCheck', { role: 'leader' }, {}, 'n1 has no quorum of answers, and steps down'],
  ])('%s', (timer, before, after, sentence) => {
    expect(fires(timer, before, after)).toBe(sentence);
  });
});
