// A message that nobody sent is a move like any other: it is kept where the failure needs it, told, and written again.

import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../src/base/ids.ts';
import { writtenMessage } from '../../../src/protocol/messages/hand-written.ts';
import { isMoving, moveText, nodesOf, renamed, type Move } from '../../../src/shrink/moves.ts';
import { sentenceOf } from '../../../src/shrink/explain.ts';

const [n1, n2, n3] = [nodeId(0), nodeId(1), nodeId(2)];
const message = writtenMessage({ kind: 'TimeoutNow', from: n1, to: n2, term: 4 }, () => 7);
const move: Move = { act: 'send', id: 1, message };

describe('a message that nobody sent', () => {
  it('is a move of both its ends, which other names reach', () => {
    expect(isMoving({ kind: 'send', at: 0 as never, message })).toBe(true);
    expect(nodesOf(move)).toEqual([n1, n2]);
    const other = renamed(move, (id) => (id === n2 ? n3 : id));
    expect(nodesOf(other)).toEqual([n1, n3]);
    expect([moveText(move), moveText(other)]).toEqual([
      'n1>n2 send TimeoutNow@4 last 7 ',
      'n1>n3 send TimeoutNow@4 last 7 ',
    ]);
  });

  it('has a sentence that does not blame its sender', () => {
    expect(sentenceOf(move, undefined)).toMatch(/^Somebody puts .*n1.* on its way, which nobody sent$/);
  });
});
