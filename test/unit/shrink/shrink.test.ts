// What shrinking comes to: the same every time, read as a story, with a proof; and what it refuses.

import { describe, expect, it } from 'vitest';
import { Shrinking, Unshrinkable } from '../../../src/shrink/shrink.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { propertyNames } from '../../../src/run/properties.ts';
import { readStory } from '../../support/scenario.ts';
import { playOf, prove, type Proof } from '../../../src/shrink/proof.ts';
import { brokenWithout, failing, planOf, failingRun, shrunk } from '../../support/shrinking.ts';

describe('the result', () => {
  it('is the same every time, to the byte', () => {
    const found = failingRun('vote-not-persisted-before-reply');
    const [first, second] = [shrunk(found), shrunk(found)];
    expect(second.text).toBe(first.text);
    expect(second.shape).toBe(first.shape);
  });

  it('reads as a story: the bug, a comment on each step, the broken promise on the last', () => {
    const { text } = shrunk(failingRun('vote-not-persisted-before-reply'));
    expect(text.replace(/^why: [^]*?(?=^cluster)/m, '')).toMatchInlineSnapshot(`
      "name: vote-once is broken by vote-not-persisted-before-reply
      cluster:
        nodes: 2
      variant: vote-not-persisted-before-reply
      promises:
        - vote-once
      steps:
        # n1 times out, becomes a candidate of term 1, and votes for itself.
        - timeout: n1
        # n2 votes for n1 in term 1, crashes after 2 effects of that, and forgets its vote for n1 in term 1.
        - { deliver: n1 -> n2 RequestVote, effects: 2 }
        # n2 restarts in term 0, without a vote, with an empty log.
        - restart: n2
        # n2 times out, becomes a candidate of term 1, and votes for itself.
        # Broken: n2 votes for n2 in term 1, in which it voted for n1 before.
        - timeout: n2
      expect:
        violated: vote-once
      "
    `);
  });

  it('is shrunk no further when it is shrunk again', () => {
    const found = failingRun('vote-not-persisted-before-reply');
    const { text, candidate } = shrunk(found);
    const played = playOf(readStory(text));
    const again = shrunk({ ...found, plan: candidate.environment.plan, steps: played.steps });
    expect(again.candidate.moves.length).toBe(candidate.moves.length);
    expect(again.candidate.environment.plan.nodes).toBe(candidate.environment.plan.nodes);
  });

  it('breaks the promise that the run broke, although others would be broken sooner', () => {
    // A leader by a vote that counts twice lacks what was committed; two leaders of a term take fewer steps.
    const found = failing(makePlan({ ...planOf('duplicate-votes-counted', 12), properties: propertyNames }));
    if (found === undefined) throw new Error('the run keeps its promises');
    expect(found.target).toBe('leader-completeness');
    let asked = 0;
    const { text } = shrunk({ ...found, isOver: () => ++asked > 8000 });
    expect(brokenWithout(text, undefined)).toBe('leader-completeness');
  });
});

describe('a cluster that makes no progress', () => {
  it('is no finding where the timing is such that no Raft could: there is nothing to shrink', () => {
    const parameters = { heartbeatInterval: 400_000, electionTimeoutMin: 160_000, clients: 7 };
    const plan = makePlan({ seed: '3', profile: 'partitions', parameters, length: { micros: 20_000_000 } });
    expect(failing(plan)).toBeUndefined();
    const verdict = simulate(plan).verdicts.find(({ property }) => property === 'bounded-liveness');
    expect(verdict?.outcome).toBe('unknown');
    expect(verdict?.why).toMatch(/heartbeat/);
  });
});

describe('the proof', () => {
  const proofOf = (text: string): Proof => {
    const steps = prove(text, 'exactly-once', () => false);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };

  it('finds the step that is not needed, and tells what happens without it', () => {
    const { text } = shrunk(failingRun('retry-without-dedup'));
    const [call] = /^ {2}- .*call:.*\n/m.exec(text) ?? [];
    expect(call).toBeDefined();
    const proof = proofOf(text.replace('expect:', `${call ?? ''}expect:`));
    expect(proof).toMatchObject({ isMinimal: false, removed: 1 });
    expect(proof.shorter?.steps.filter(({ kind }) => kind === 'call')).toHaveLength(2);
  });

  it('refuses a scenario that breaks nothing', () => {
    const { text } = shrunk(failingRun('retry-without-dedup'));
    expect(() => proofOf(text.replace('variant: retry-without-dedup\n', ''))).toThrow(/goes as its trial did/);
  });
});

describe('what is out of reach', () => {
  it('ends with the best so far when the time is up, and claims no proof', () => {
    const found = failingRun('commit-median-wrong');
    let asked = 0;
    const result = shrunk({ ...found, isOver: () => ++asked > 40 });
    expect(result.proof.isMinimal).toBe(false);
    expect(result.candidate.moves.length).toBeLessThan(found.steps.length);
  });

  it('refuses a promise that depends on time', () => {
    const found = failingRun('vote-no-log-check');
    expect(() => new Shrinking({ ...found, target: 'bounded-liveness' })).toThrow(Unshrinkable);
    expect(() => new Shrinking({ ...found, target: 'bounded-liveness' })).toThrow(/depends on more than the order/);
  });
});
