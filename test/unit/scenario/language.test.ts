// Every word of the language does what its example says: the examples of the reference page are played.

import { describe, expect, it } from 'vitest';
import { conditionNames, conditionTable } from '../../../src/scenario/conditions/conditions.ts';
import { groupNames } from '../../../src/scenario/conditions/selector.ts';
import { nodeOptionTable, type NodeOptionName } from '../../../src/raft/options.ts';
import { wordsOf } from '../../../src/run/node-options.ts';
import { exampleStart, verbNames, verbTable } from '../../../src/scenario/verbs/verbs.ts';
import { play, story } from '../../support/scenario.ts';

/** A value of an option with which a verb that needs it makes sense. */
function unusualOf(name: NodeOptionName): unknown {
  const option = nodeOptionTable[name];
  return option.kind === 'word' ? wordsOf(option).at(-1) : option.kind === 'number' ? 1 : true;
}

describe('the example of a verb', () => {
  it.each(verbNames)('%s', (verb) => {
    const row = verbTable[verb];
    const before = 'before' in row ? row.before : '';
    const byHand = verb === 'persist' || verb === 'fail write' ? ['writes'] : verb === 'answer' ? ['answers'] : [];
    const start = byHand[0] === 'writes' ? '- timeout: n2' : exampleStart;
    const needs: readonly NodeOptionName[] = 'needs' in row && row.needs !== undefined ? row.needs : [];
    const node = Object.fromEntries(needs.map((name) => [name, unusualOf(name)]));
    const played = play(story({ nodes: 5, node, byHand, steps: [start, before, row.example] }));
    expect(played.failure).toBeUndefined();
    expect(played.skipped).toEqual([]);
    const without = play(story({ nodes: 5, node, byHand, steps: [start, before] }));
    const changesNothing = ['let', 'mark', 'show', 'expect', 'hold', 'release', 'maybe', 'tick'].includes(verb);
    if (changesNothing) expect(played.run.steps).toBeGreaterThanOrEqual(without.run.steps);
    else expect(played.run.fingerprint).not.toBe(without.run.fingerprint);
  });

  it.each(verbNames.filter((verb) => 'alone' in verbTable[verb]))('%s may stand alone', (verb) => {
    const played = play(story({ nodes: 3, steps: [exampleStart, '- cut: n2 -> n3', `- ${verb}`] }));
    expect(played.failure).toBeUndefined();
  });
});

describe('the example of a condition', () => {
  it.each(conditionNames.filter((word) => word !== 'fingerprint'))('%s', (word) => {
    const start = word === 'messages' ? '- timeout: n1\n- deliver: n1 -> n2' : exampleStart;
    const nodes = word === 'messages' ? 3 : 5;
    const { example } = conditionTable[word];
    // Followers learn of the commit with what comes next.
    const after = word === 'converged' ? '- heartbeat: n1\n- exchange' : '';
    const played = play(story({ nodes, steps: [start, after, `- expect: { ${word}: ${example} }`] }));
    expect(played.failure).toBeUndefined();
  });

  it('fingerprint', () => {
    const played = play(story({ nodes: 3, steps: ['- timeout: n1'] }));
    const told = `- timeout: n1\n- expect: { fingerprint: '${played.run.fingerprint}' }`;
    expect(play(story({ nodes: 3, steps: [told] })).failure).toBeUndefined();
    const wrong = play(story({ nodes: 3, steps: ["- expect: { fingerprint: '0000000000000000' }"] }));
    expect(wrong.failure?.kind).toBe('failed');
  });
});

/** Conditions that do not hold behind the start of the examples, and what is told of them. */
const UNMET: readonly (readonly [yaml: string, expected: string, found: string])[] = [
  ['leader: n2', 'n2 leads', 'n1 leads in term 1'],
  ['leader: none', 'nobody leads', 'n1 leads in term 1'],
  ['leader: { node: n1, term: 2 }', 'n1 leads in term 2', 'n1 leads in term 1'],
  ['leaders: [n1, n2]', 'leaders: n1, n2', 'leaders: n1'],
  ['roles: { n3: candidate }', 'n3 is candidate', 'n3 is follower'],
  ['term: 7', 'term 7', 'term 1'],
  ['term: { n2: at least 2 }', 'n2 term at least 2', 'n2 term 1'],
  ['votes: { n2: nobody }', 'n2 voted for nobody', 'n2 voted for n1'],
  ['members: { n1: [n1, n2] }', 'n1 has the members n1 n2', 'n1 has n1 n2 n3 n4 n5'],
  ['logs: { n1: 1 2 }', 'n1 log 1 2', 'n1 log 1 1'],
  ['logs: { followers: empty }', 'n2 log empty', 'n2 log 1 1'],
  ['commit: { n1: 7 }', 'n1 commit index 7', 'n1 commit index 2'],
  ['applied: at least 9', 'applied index at least 9', 'applied index 2'],
  ['snapshot: 3', 'snapshot index 3', 'snapshot index 0'],
  ['base: { n1: 2 }', 'n1 log base 2', 'n1 log base 0'],
  ['progress: { n2: snapshot }', 'n2 is sent: snapshot', 'n2 is sent: replicate'],
  ['progress: { n1: { match: 2 } }', 'n1 match index 2', 'n1 match index undefined'],
  [
    'progress: { n2: { mode: probe, match: 1, next: 9, inflight: 4, active: false } }',
    'n2 is sent: probe, match index 1, next index 9, in flight 4, active false',
    'n2 is sent: replicate, match index 2, next index 3, in flight 0, active true',
  ],
  ['disk: { n2: empty }', 'n2 has the log on its disk: empty', 'n2 has the log on its disk: 1 1'],
  [
    'disk: { n2: { term: 7, vote: nobody, snapshot: 1, writes: 2 } }',
    'n2 has the vote on its disk for nobody, has on its disk term 7, has on its disk a snapshot up to 1, ' +
      'writes on their way: 2',
    'n2 has the vote on its disk for n1, has on its disk term 1, has on its disk a snapshot up to 0, ' +
      'writes on their way: 0',
  ],
  ['timers: { n1: [election, heartbeat] }', 'n1 timers: election, heartbeat', 'n1 timers: heartbeat'],
  ['timers: { n2: none }', 'n2 timers: none', 'n2 timers: election'],
  ['index: { my call: 7 }', 'my call at index 7', 'my call at index 2'],
  ['index: { my call: { n3: none } }', 'n3 has my call at index 0', 'n3 has my call at index 2'],
  ['holds: { n1: 2@2 }', 'n1 holds 2@2', 'n1 has no 2@2 in its log 1 1'],
  ['lacks: { n1: my call }', 'n1 lacks my call', 'n1 has my call at 2'],
  ['committed: 3@1', '3@1 to be committed', 'no node has ever committed it'],
  ['uncommitted: my call', 'my call not to be committed', 'it is, and in the log of n1'],
  ['answers: { my call: refused }', 'my call: refused', 'my call: ok ok'],
  ['answers: { my call: ok 7 }', 'my call: ok 7', 'my call: ok ok'],
  ['sent: { kind: RequestVote, count: 3 }', '3 × RequestVote from anybody to anybody', '4 were sent'],
  ['in flight: { to: n2 }', 'at least 1 × message from anybody to n2', '0 are on their way'],
  ['messages: { RequestVote: none }', 'RequestVote: 0', 'RequestVote: 4'],
  ['reached: split-vote', 'split-vote to be reached', 'the run has not come to that'],
  ['violated: any', 'any to be broken', 'every promise is kept'],
  ['time: at least 1s', 'at least 1s of time', '0s'],
];

describe('a condition that does not hold is told as expected and found', () => {
  it.each(UNMET)('%s', (yaml, expected, found) => {
    const { failure } = play(story({ nodes: 5, steps: [exampleStart, `- expect: { ${yaml} }`] }));
    expect(failure).toMatchObject({ kind: 'failed', expected, found });
  });

  it('of every condition one is told', () => {
    const told = UNMET.map(([yaml]) => yaml.split(':')[0]);
    const rest = conditionNames.filter((word) => !told.includes(word));
    expect(rest).toEqual(['converged', 'fingerprint']);
  });

  it('converged', () => {
    const steps = [exampleStart, '- isolate: n5', '- propose: put y 1', '- exchange', '- expect: { converged: true }'];
    expect(play(story({ nodes: 5, steps })).failure).toMatchObject({
      expected: 'logs and commit indexes to be the same',
      found: 'n1 log 1 1 1 commit 3, but n2 log 1 1 1 commit 2',
    });
  });
});

describe('an answer', () => {
  it.each([
    ['put y 1', 'ok ok'],
    ['add n 5', 'ok 5'],
    ['cas x 1 2', 'ok yes'],
    ['cas x 7 2', 'ok no'],
    ['get x', 'ok 1'],
    ['get z', 'ok empty'],
    ['put x empty', 'ok ok'],
  ])('to %s is %s', (command, answer) => {
    const steps = [exampleStart, `- { propose: ${command}, as: it }`, '- exchange'];
    expect(play(story({ nodes: 3, steps, rest: `expect: { answers: { it: ${answer} } }` })).failure).toBeUndefined();
  });

  it('that is the word empty is told apart from none at all', () => {
    const steps = [exampleStart, '- propose: put x empty', '- { read: x, as: it }', '- exchange'];
    expect(play(story({ nodes: 3, steps, rest: 'expect: { answers: { it: ok empty } }' })).failure).toMatchObject({
      expected: 'it: ok empty',
      found: 'it: ok "empty"',
    });
  });
});

describe('groups', () => {
  it.each(groupNames)('%s can be nobody, or somebody', (group) => {
    // Where there are pre-votes, nobody is a candidate behind the timeout.
    const node = { membership: 'joint', ...(group === 'pre-candidates' ? { preVote: true } : {}) };
    const steps = [
      exampleStart,
      ...(group === 'learners' || group === 'strangers' ? ['- change members: { remove: n4, learn: n5 }'] : []),
      '- exchange',
      '- split: [[n1, n2], [n3, n4, n5]]',
      '- timeout: n3',
      '- exchange',
      '- timeout: n2',
      '- crash: n4',
      '- pause: n5',
      `- let: { them: ${group} }`,
    ];
    expect(play(story({ nodes: 5, node, steps })).failure).toBeUndefined();
  });
});
