// Sometimes-goals: what reaches each, what nearly does, and that some seconds of chaos reach them all.

import { describe, expect, it } from 'vitest';
import { goalNames, Goals, goalTable, type GoalName } from '../../../src/check/goals.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { Counters } from '../../../src/sim/counters.ts';
import { Stage } from '../../support/stage.ts';

/** Which goals a script reaches, and how often. */
function reached(script: string): Partial<Record<GoalName, number>> {
  let goals: Goals | undefined;
  new Stage((ghost) => (goals = new Goals(ghost))).play(script);
  const counts = Object.entries((goals as unknown as Goals).counts(new Counters()));
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** n1 has a snapshot of two entries. */
const COMPACTED = 'n1 leader@2 [1 2] commit 2; n1 snapshots 2@2 state 3';
const INSTALLED = `${COMPACTED}; n2 installs n1 machine 3`;
const PIECE = 'InstallSnapshot@1 no last 3@1 from 20 bytes 20';

describe('reached by', () => {
  it.each<[GoalName, string, number]>([
    ['leader-elected', 'n1 leader@1', 1],
    ['leader-elected', 'n1 leader@1; n1 leader@1 [1]; n2 leader@2', 2],
    ['leader-replaced', 'n1 leader@1; n2 leader@2; n1 leader@3', 2],
    ['leader-replaced', 'n1 leader@1; n1 crashes; n3 leader@4', 1],
    ['split-vote', 'n1 candidate@1; n1 candidate@2; n1 candidate@3', 2],
    ['split-vote', 'n1 candidate@1; n1 pre-candidate@1; n1 candidate@2', 1],
    ['leader-stepped-down', 'n1 leader@1; n1 follower@2', 1],
    ['two-leaders', 'n1 leader@1; n2 leader@2', 1],
    ['conflicting-tail-replaced', 'n2 follower@2 [1 1 1]; n2 follower@2 [1 2]', 1],
    ['conflicting-tail-replaced', 'n1 leader@1 [1 1]; n1 follower@2 [1]', 1],
    ['older-term-committed', 'n1 leader@2 [1 2] commit 2', 1],
    ['older-term-committed', 'n1 leader@3 [1 2 2 3] commit 4', 1],
    ['batch-sent', 'n1 to n2: AppendEntries@1 prev 0@0 [1 1] commit 0', 1],
    ['log-backtracked', 'n2 to n1: AppendEntriesReply@1 no prev 5 conflict 3@0', 1],
    ['retry-answered-once', 'n1 executes c1#1 at 1; n1 repeats c1#1 at 2', 1],
    ['committed-entry-survived', 'n1 leader@1 [1] commit 1; n1 crashes; n1 starts @1 [1]', 1],
    ['pre-vote-refused', 'n2 follower@1; n2 hears n1; n2 to n3: PreVoteReply@1 refused for 1', 1],
    ['pre-vote-refused', 'n1 leader@1; n1 to n3: PreVoteReply@1 refused for 2', 1],
    ['leader-without-quorum', 'n1 leader@1; n1 follower@1', 1],
    ['candidate-ignored', 'n2 follower@1; n2 hears n1; n2 from n3: RequestVote@2 last 0@0; n2 follower@1', 1],
    ['candidate-ignored', 'n1 leader@1; n1 from n3: RequestVote@2 last 0@0; n1 leader@1', 1],
    ['rejoined-quietly', 'n1 leader@1; n3 pre-candidate@1; n3 hears n1; n3 follower@1', 1],
    ['committed-entry-survived', 'n1 leader@1 [1] commit 1; n2 follower@1 [1 1]; n2 crashes; n2 starts @1 [1]', 1],
    ['joint-begun', 'n1 leader@1 [1{n1n2/n1n2n3}]', 1],
    ['joint-finished', 'n1 leader@1 [1{n1n2/n1n2n3}]; n1 leader@1 [1{n1n2/n1n2n3} 1{n1n2}]', 1],
    ['joint-inherited', 'n1 leader@2 [1{n1n2/n1n2n3}]; n1 leader@2 [1{n1n2/n1n2n3} 2 2{n1n2}]', 1],
    ['voter-added', 'n1 leader@1 [1{n1n2}]; n1 leader@1 [1{n1n2} 1{n1n2n3}]', 1],
    ['voter-removed', 'n1 leader@1 [1{n1n2}]; n1 leader@1 [1{n1n2} 1{n1}]', 2],
    ['learner-promoted', 'n1 leader@1 [1{n1n2+n3}]; n1 leader@1 [1{n1n2+n3} 1{n1n2n3}]', 1],
    ['configuration-rolled-back', 'n2 follower@2 [1 1{n1n2}]; n2 follower@2 [1 2]', 1],
    ['leader-removed', 'n1 leader@1 [1{n2n3}]; n1 follower@1', 1],
    ['snapshot-taken', 'n1 leader@1 [1 1] commit 1; n1 snapshots 1@1 state 3', 1],
    ['snapshot-installed', `${COMPACTED}; n2 installs n1 machine 3`, 1],
    ['snapshot-over-divergent-log', `${COMPACTED}; n2 follower@2 [1 1x]; n2 installs n1 machine 3`, 1],
    ['snapshot-kept-suffix', `${COMPACTED}; n2 follower@2 [1 2 2]; n2 installs n1 machine 3`, 1],
    ['snapshot-refused-as-stale', 'n2 to n1: InstallSnapshotReply@1 ok last 3 from 0 match 5', 1],
    ['snapshot-resumed', `n1 to n2: ${PIECE}; n1 to n2: ${PIECE}`, 1],
    ['crash-while-installing', `${COMPACTED}; n2 installs n1 machine 3; n2 crashes; n2 starts @1 []`, 1],
    [
      'crash-while-installing',
      'n2 to n1: InstallSnapshotReply@1 no last 3 from 0 next 20; n2 crashes; n2 starts @1 []',
      1,
    ],
  ])('%s: %s', (goal, script, times) => {
    expect(reached(script)[goal]).toBe(times);
  });

  it.each<[GoalName, string, keyof Counters]>([
    ['unsynced-write-lost', 'a lost write', 'lostWrites'],
    ['torn-tail-dropped', 'a torn tail', 'tornTails'],
    ['crash-in-step', 'a crash in a step', 'crashesInStep'],
    ['change-refused', 'a refused wish', 'changesRefused'],
  ])('%s: %s that was counted', (goal, _what, counter) => {
    const goals = new Goals({ known: [], committed: { length: 0 }, committedIn: { length: 0 } } as never);
    const counters = new Counters();
    expect(goals.counts(counters)[goal]).toBe(0);
    Object.assign(counters, { [counter]: 3 });
    expect(goals.counts(counters)[goal]).toBe(3);
  });
});

describe('not reached by', () => {
  it.each<[GoalName, string]>([
    ['leader-elected', 'n1 candidate@1; n2 candidate@2'],
    ['leader-replaced', 'n1 leader@1'],
    ['leader-replaced', 'n1 leader@1; n1 leader@1 [1]'],
    // The same server leads once more: nobody took over.
    ['leader-replaced', 'n1 leader@1; n1 follower@2; n1 leader@3'],
    ['leader-replaced', 'n1 leader@1; n1 crashes; n1 starts @1; n1 leader@2'],
    ['split-vote', 'n1 candidate@1; n1 leader@1'],
    ['split-vote', 'n1 pre-candidate@1; n1 candidate@2; n1 follower@2; n1 pre-candidate@2'],
    ['split-vote', 'n1 candidate@1; n1 follower@1; n1 candidate@2'],
    ['split-vote', 'n1 candidate@1; n2 candidate@2'],
    ['leader-stepped-down', 'n1 leader@1; n1 crashes; n1 starts @2'],
    ['leader-stepped-down', 'n1 candidate@1; n1 follower@2'],
    ['two-leaders', 'n1 leader@1; n1 follower@2; n2 leader@2'],
    ['two-leaders', 'n1 leader@1; n1 crashes; n2 leader@2'],
    ['two-leaders', 'n1 leader@3; n2 leader@2'],
    ['conflicting-tail-replaced', 'n2 follower@2 [1 1]; n2 follower@2 [1 1 2]'],
    // A power loss took the entries; nobody replaced them.
    ['conflicting-tail-replaced', 'n2 follower@2 [1 1 1]; n2 crashes; n2 starts @2 [1]'],
    ['older-term-committed', 'n1 leader@2 [2 2] commit 2'],
    ['older-term-committed', 'n2 follower@2 [1 2] commit 2'],
    ['older-term-committed', 'n1 leader@1 [1] commit 1; n1 leader@2 [1 2] commit 2'],
    ['batch-sent', 'n1 to n2: AppendEntries@1 prev 0@0 [1] commit 0; n1 to n2: AppendEntries@1'],
    ['log-backtracked', 'n2 to n1: AppendEntriesReply@1 no prev 5'],
    ['log-backtracked', 'n2 to n1: AppendEntriesReply@1 ok prev 5 match 5'],
    ['retry-answered-once', 'n1 executes c1#1 at 1; n1 executes c1#2 at 2'],
    ['committed-entry-survived', 'n1 leader@1 [1]; n1 crashes; n1 starts @1 [1]'],
    ['pre-vote-refused', 'n2 follower@1; n2 hears n1; n2 to n3: PreVoteReply@1 granted for 1'],
    ['pre-vote-refused', 'n2 follower@1; n2 to n3: PreVoteReply@1 refused for 1'],
    // Refused for its old term, or for its log by the one that follows the asker.
    ['pre-vote-refused', 'n2 follower@2; n2 hears n1; n2 to n3: PreVoteReply@2 refused for 1'],
    ['pre-vote-refused', 'n2 follower@1; n2 hears n1; n2 to n1: PreVoteReply@1 refused for 1'],
    ['leader-without-quorum', 'n1 leader@1; n1 follower@2'],
    ['leader-without-quorum', 'n1 leader@1; n1 crashes; n1 starts @1'],
    ['candidate-ignored', 'n2 follower@1; n2 hears n1; n2 from n3: RequestVote@2 last 0@0; n2 votes n3@2'],
    ['candidate-ignored', 'n2 follower@1; n2 hears n1; n2 from n3: RequestVote@1 last 0@0; n2 follower@1'],
    ['candidate-ignored', 'n2 follower@1; n2 hears n1; n2 from n1: RequestVote@2 last 0@0; n2 follower@1'],
    ['rejoined-quietly', 'n1 leader@1; n3 pre-candidate@1; n3 hears n2; n3 follower@1'],
    ['rejoined-quietly', 'n1 leader@1; n3 pre-candidate@1; n1 crashes; n3 hears n1; n3 follower@1'],
    ['rejoined-quietly', 'n1 leader@1; n3 candidate@1; n3 hears n1; n3 follower@1'],
    ['rejoined-quietly', 'n1 leader@1; n3 pre-candidate@1; n1 leader@2; n3 hears n1; n3 follower@2'],
    ['committed-entry-survived', 'n1 leader@1 [1] commit 1; n1 crashes; n1 starts @1 []'],
    ['joint-begun', 'n1 leader@1 [1 1{n1n2}]'],
    ['joint-begun', 'n2 follower@1 [1 1{n1n2/n1n2n3}]'],
    ['joint-finished', 'n1 leader@1 [1{n1n2}]; n1 leader@1 [1{n1n2} 1{n1n2n3}]'],
    ['joint-inherited', 'n1 leader@1 [1{n1n2/n1n2n3}]; n1 leader@1 [1{n1n2/n1n2n3} 1{n1n2}]'],
    ['voter-added', 'n1 leader@1 [1{n1n2}]'],
    ['voter-removed', 'n1 leader@1 [1{n1n2n3+n4}]'],
    ['learner-promoted', 'n1 leader@1 [1{n1n2}]; n1 leader@1 [1{n1n2} 1{n1n2n3}]'],
    ['configuration-rolled-back', 'n2 follower@2 [1 1]; n2 follower@2 [1 2]'],
    ['leader-removed', 'n1 leader@1 [1{n1n2}]; n1 follower@1'],
    ['snapshot-kept-suffix', `${COMPACTED}; n2 follower@2 [1 2]; n2 installs n1 machine 3`],
    ['snapshot-over-divergent-log', `${COMPACTED}; n2 follower@2 [1]; n2 installs n1 machine 3`],
    ['snapshot-refused-as-stale', 'n2 to n1: InstallSnapshotReply@1 ok last 3 from 0 match 3'],
    ['snapshot-resumed', `n1 to n2: ${PIECE}; n1 to n3: ${PIECE}`],
    ['snapshot-taken', 'n1 leader@1 [1 1] commit 1; n1 crashes; n1 starts @1 [1 1]'],
    [
      'crash-while-installing',
      `${INSTALLED}; n2 to n1: InstallSnapshotReply@2 ok last 2 from 0 match 2; n2 crashes; n2 starts @1 []`,
    ],
    // What it comes back with is not what was committed.
    ['committed-entry-survived', 'n1 leader@2 [2] commit 1; n2 follower@1 [1]; n2 crashes; n2 starts @1 [1]'],
  ])('%s: %s', (goal, script) => {
    expect(reached(script)[goal] ?? 0).toBe(0);
  });
});

describe('some seconds of chaos', () => {
  const runs = ['1', '2', '3', '4', '5', '6'].map((seed, i) => {
    const compaction = { compactEvery: i % 2 === 0 ? 4 : 0, snapshotChunkBytes: 32 };
    const node = { ...compaction, preVote: i % 3 > 0, checkQuorum: i % 3 > 1, sessionsMax: i === 5 ? 2 : 0 };
    const parameters = { transferEvery: i % 2 === 0 ? 1_000_000 : 0 };
    return simulate(makePlan({ seed, node, parameters, length: { micros: 20_000_000 } }));
  });

  for (const membership of ['single', 'joint'] as const) {
    const parameters = { changeEvery: 100_000 };
    runs.push(
      simulate(makePlan({ seed: '1', spares: 1, node: { membership }, parameters, length: { micros: 20_000_000 } })),
    );
  }

  it.each(goalNames)('reach %s', (goal) => {
    expect(runs.filter((run) => run.goals[goal] > 0).length, goalTable[goal]).toBeGreaterThan(0);
  });

  it('reach no goal that takes two servers, if there is one', () => {
    const alone = ['1', '2', '3'].map((seed) => simulate(makePlan({ seed, nodes: 1, length: { micros: 20_000_000 } })));
    const needTwo: readonly GoalName[] = [
      'leader-replaced',
      'split-vote',
      'leader-stepped-down',
      'two-leaders',
      'conflicting-tail-replaced',
      'batch-sent',
      'log-backtracked',
    ];
    for (const { goals } of alone) for (const goal of needTwo) expect(`${goal} ${goals[goal]}`).toBe(`${goal} 0`);
  });

  it('are told of in the order of the table', () => {
    for (const { goals } of runs) expect(Object.keys(goals)).toEqual([...goalNames]);
  });
});

describe('calm', () => {
  it('reaches what needs no fault, and nothing that needs one', () => {
    const { goals } = simulate(makePlan({ seed: '1', profile: 'calm', length: { micros: 10_000_000 } }));
    const some = goalNames.filter((goal) => goals[goal] > 0);
    expect(some).toContain('leader-elected');
    for (const goal of [
      'unsynced-write-lost',
      'torn-tail-dropped',
      'crash-in-step',
      'committed-entry-survived',
    ] as const) {
      expect(some).not.toContain(goal);
    }
  });
});
