// All schedules within a few changes of a replay: those of a broken node break the promise in many ways, those of the
// node of the paper in none.

import { describe, expect, it } from 'vitest';
import { withoutRest } from '../../../src/base/rest.ts';
import { Surroundings, type AroundResult } from '../../../src/explore/around.ts';
import { planOfScenario } from '../../../src/scenario/load.ts';
import { playOf } from '../../../src/shrink/proof.ts';
import { readStory } from '../../support/scenario.ts';

const story = readStory(`name: two votes
why: a vote is forgotten at a message of the same term
strict: false
cluster: { nodes: 3 }
variant: vote-no-log-check
steps:
  - timeout: n1
  - deliver: n1 -> n2 RequestVote
  - timeout: n2
  - deliver: n2 -> n1 RequestVoteReply
  - deliver: n1 -> n3 AppendEntries
  - deliver: n2 -> n3 RequestVote
  - deliver: n3 -> n1 AppendEntriesReply
  - deliver: n3 -> n2 RequestVoteReply
expect: { violated: leader-completeness }
`);

function around(variant: 'vote-no-log-check' | null, changes: number): AroundResult {
  const plan = planOfScenario(story, {});
  const { steps } = playOf(story);
  return withoutRest(new Surroundings(plan, steps, 'leader-completeness', { ...plan, variant }).run(changes));
}

describe('the surroundings of a replay', () => {
  it('begin with the replay itself', () => {
    const { tried, broke } = around('vote-no-log-check', 0);
    expect(tried).toEqual([1]);
    expect(Array.from(broke)).toEqual([['leader-completeness', 1]]);
  });

  it('break the promise in many ways while the bug is there, and keep others where it needs a step', () => {
    const { tried, broke, isWhole } = around('vote-no-log-check', 1);
    expect(isWhole).toBe(true);
    expect(tried[1]).toBeGreaterThan(50);
    expect(broke.get('leader-completeness')).toBeGreaterThan(20);
    // The replay is shortest: without any one of its steps the promise is kept.
    expect(broke.get('none')).toBeGreaterThanOrEqual(8);
  });

  it('are clean once the bug is gone', () => {
    const { tried, broke } = around(null, 1);
    expect(tried[1]).toBeGreaterThan(50);
    expect(Array.from(broke.keys())).toEqual(['none']);
  });
});
