// A long window of time can be ended from outside, and what a story remembers of it has an end.

import { describe, expect, it } from 'vitest';
import { KEPT_MESSAGES_MAX, Witness } from '../../../src/scenario/conditions/witness.ts';
import { play, story } from '../../support/scenario.ts';

const WEEKS = '- run: 1000000000ms';

describe('a window of a billion milliseconds', () => {
  it('ends where it is stopped', () => {
    let steps = 0;
    const isStopped = (): boolean => ++steps > 5000;
    const { failure, run } = play(story({ nodes: 3, steps: [WEEKS] }), {}, { isStopped });
    expect(failure).toMatchObject({ kind: 'stopped', path: ['steps', 0] });
    expect(run.steps).toBeLessThan(5001);
  });

  it('ends also a story that takes steps by hand for ever', () => {
    let asked = 0;
    const steps = ['- repeat: 100000', '  do: [{ repeat: 100000, do: [{ let: { a: n1 } }] }]'];
    const { failure } = play(story({ nodes: 3, steps }), {}, { isStopped: () => ++asked > 1000 });
    expect(failure?.kind).toBe('stopped');
  });
});

describe('messages that were sent', () => {
  const message = { kind: 'RequestVote', from: 0, to: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0 } as never;
  const tell = (witness: Witness, count: number): void => {
    for (let i = 0; i < count; i++) witness.sent(undefined as never, message);
  };

  it('are counted, and kept only for a story that asks for them', () => {
    for (const keeps of [true, false]) {
      const witness = new Witness(keeps);
      tell(witness, 3);
      const before = witness.countsSince();
      tell(witness, 2);
      expect(witness.kept).toHaveLength(keeps ? 5 : 0);
      expect(witness.countsSince()).toMatchObject({ all: 5, RequestVote: 5, AppendEntries: 0, bytes: 200 });
      expect(witness.countsSince(before)).toMatchObject({ all: 2, RequestVote: 2, bytes: 80 });
    }
  });

  it('are no more than can be kept', () => {
    const witness = new Witness(true);
    tell(witness, KEPT_MESSAGES_MAX);
    expect(witness.isFull).toBe(false);
    tell(witness, 7);
    expect(witness.isFull).toBe(true);
    expect(witness.kept).toHaveLength(KEPT_MESSAGES_MAX + 1);
  });

  it('since a mark are those behind it', () => {
    const steps = [
      '- timeout: n1',
      '- mark: voted',
      '- exchange',
      '- expect: { sent: { kind: RequestVote, count: none, since: voted } }',
      '- expect: { messages: { RequestVote: none, RequestVoteReply: 2, since: voted } }',
      '- expect: { sent: { kind: RequestVote, count: 2 }, messages: { RequestVote: 2 } }',
    ];
    expect(play(story({ nodes: 3, steps })).failure).toBeUndefined();
  });
});
