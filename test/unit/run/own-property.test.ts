// Properties and observers that a caller of the library brings: what they find ends the run and is named, and a promise
// that nobody broke is never called kept for want of a look.

import { describe, expect, it } from 'vitest';
import { makePlan, simulate, UsageError, type Property, type Run } from '../../../src/index.ts';

const plan = makePlan({ seed: '7', nodes: 3, profile: 'calm', length: { micros: 2_000_000 } });

/** Finds that a second leader was elected, or whatever else it is told to say of the first one. */
const noLeader: Property = { name: 'no-leader', mood: 'always', elected: (host) => `n${host.id + 1} was elected` };

const verdictOf = (run: Run, name: string): object | undefined => {
  const found = run.verdicts.find(({ property }) => property === name);
  return found === undefined ? undefined : { outcome: found.outcome, why: found.why };
};

describe('a property of one’s own', () => {
  it('that is broken ends the run with a violation that names it', () => {
    const run = simulate(plan, { properties: [noLeader] });
    expect(run.violation).toMatchObject({ property: 'no-leader', step: run.steps, at: run.at });
    expect(run.violation?.why).toMatch(/^n[123] was elected$/);
    expect(verdictOf(run, 'no-leader')).toEqual({ outcome: 'fail', why: run.violation?.why });
    expect(run.at).toBeLessThan(1_000_000);
  });

  it('that is kept has a verdict behind those of the plan', () => {
    const run = simulate(plan, { properties: [{ name: 'calm-terms', mood: 'always', turned: () => undefined }] });
    expect(run.violation).toBeUndefined();
    expect(run.verdicts.map(({ property }) => property)).toEqual([...plan.properties, 'calm-terms']);
    expect(verdictOf(run, 'calm-terms')).toEqual({ outcome: 'pass', why: '' });
  });

  it('is judged at the end, and undecided where another one ended the run', () => {
    const late: Property = {
      name: 'ten-leaders',
      mood: 'eventually',
      finish: (world) => ({ outcome: 'fail', why: `${world.nodes} servers, and no tenth leader` }),
    };
    const run = simulate(plan, { properties: [late] });
    expect(run.violation).toMatchObject({ property: 'ten-leaders', why: '3 servers, and no tenth leader' });
    const stopped = simulate(plan, { properties: [late, noLeader] });
    expect(verdictOf(stopped, 'ten-leaders')).toMatchObject({ outcome: 'unknown' });
    expect(stopped.violation?.property).toBe('no-leader');
  });

  it('may be an object of a class, and sees the beginning', () => {
    class Counting implements Property {
      readonly name = 'counting';
      readonly mood = 'always';
      private steps = 0;
      private nodes = 0;

      begin(world: { nodes: number }): void {
        this.nodes = world.nodes;
      }

      stepped(): string | undefined {
        return ++this.steps === 5 ? `five steps of ${this.nodes} servers` : undefined;
      }
    }
    const run = simulate(plan, { properties: [new Counting()] });
    expect(run.violation).toMatchObject({ property: 'counting', why: 'five steps of 3 servers' });
  });

  it.each(['elected', 'applied', 'finish'])('that throws in %s is named, and no server is', (hook) => {
    const torn = {
      name: 'torn',
      mood: 'always',
      [hook]: () => {
        throw new Error('out of ideas');
      },
    } as Property;
    const run = simulate(plan, { properties: [torn] });
    expect(run.violation).toMatchObject({ property: 'torn', why: 'the property itself threw: out of ideas' });
    expect(verdictOf(run, 'handlers-never-throw')).toEqual({ outcome: 'pass', why: '' });
  });

  it.each([
    [[{ ...noLeader, name: '' }], 'the name of a property is "", expected a text such as "my-property"'],
    [[noLeader, noLeader], 'two properties are called no-leader, expected a name for each'],
    [[{ ...noLeader, name: 'vote-once' }], 'two properties are called vote-once, expected a name for each'],
    [
      [{ ...noLeader, mood: 'never' as 'always' }],
      'the mood of no-leader is "never", expected one of always, eventually',
    ],
  ])('is refused without a name of its own, or a mood', (properties, message) => {
    expect(() => simulate(plan, { properties })).toThrow(new UsageError(message));
  });
});

describe('an observer', () => {
  it('that finds something ends the run with a violation that names it, and with a verdict', () => {
    const run = simulate(plan, { observers: [noLeader] });
    expect(run.violation).toMatchObject({ property: 'no-leader', step: run.steps });
    expect(run.verdicts.at(-1)).toEqual({ property: 'no-leader', outcome: 'fail', why: run.violation?.why });
    expect(verdictOf(run, 'linearizability')).toMatchObject({ outcome: 'unknown' });
  });

  it('that finds nothing has no verdict', () => {
    const run = simulate(plan, { observers: [{ name: 'quiet', mood: 'always' }] });
    expect(run.verdicts.map(({ property }) => property)).toEqual(plan.properties);
  });
});

it('without checks nothing is said of any promise', () => {
  const every = makePlan({ ...plan, node: { preVote: true, checkQuorum: true, lease: true, membership: 'joint' } });
  const { verdicts, violation } = simulate(every, { checks: false, properties: [noLeader] });
  expect(violation).toBeUndefined();
  expect(new Set(verdicts.map(({ outcome, why }) => `${outcome}: ${why}`))).toEqual(
    new Set(['unknown: nothing was checked']),
  );
});
