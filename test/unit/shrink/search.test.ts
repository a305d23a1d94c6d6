// What was tried is known again: the same schedule on the same stage, and on no other.

import { expect, it } from 'vitest';
import { nodeId } from '../../../src/base/ids.ts';
import { candidateOf } from '../../../src/shrink/candidate.ts';
import type { Move } from '../../../src/shrink/moves.ts';
import { runTrial } from '../../../src/shrink/trial.ts';
import { Search } from '../../../src/shrink/search.ts';
import type { Environment } from '../../../src/shrink/environment.ts';
import { planFor } from '../../../src/shrink/shrink.ts';
import { makePlan } from '../../../src/run/plan.ts';

const moves: readonly Move[] = [{ act: 'timer', id: 1, node: nodeId(0), timer: 'election' }];
const plan = planFor(makePlan({ seed: '1', nodes: 2 }));
const stage: Environment = {
  plan,
  byHand: { writes: false, answers: false, drops: false, crashes: false },
  recovery: { isEmptied: false },
};
const empty = { term: 0, votedFor: 0, log: [] };

const others: readonly (readonly [what: string, other: Environment])[] = [
  ['the number of servers', { ...stage, plan: { ...plan, nodes: 3 } }],
  ['what is done by hand', { ...stage, byHand: { ...stage.byHand, writes: true } }],
  ['an option of the node', { ...stage, plan: { ...plan, node: { ...plan.node, noOpOnElection: false } } }],
  ['what is on the disks', { ...stage, plan: { ...plan, disks: [{ ...empty, term: 1 }, empty] } }],
  ['what is lost before time runs', { ...stage, recovery: { isEmptied: true } }],
  ['the timing', { ...stage, plan: { ...plan, parameters: { ...plan.parameters, delayMax: 5_000 } } }],
  ['the seed', { ...stage, plan: { ...plan, seed: '2' } }],
];

function searchOn(environment: Environment): Search {
  const search = new Search(
    candidateOf(environment, runTrial(environment, moves, 'vote-once')),
    'vote-once',
    () => false,
  );
  search.trial(moves, environment);
  expect(search.replays).toBe(1);
  return search;
}

it.each(others)('a schedule is tried again where %s differs', (_what, other) => {
  const search = searchOn(stage);
  search.trial(moves, other);
  expect(search.replays).toBe(2);
});

it('a schedule is not tried again on an equal stage', () => {
  const search = searchOn(stage);
  search.trial(moves, { ...stage, plan: { ...plan, node: { ...plan.node } } });
  expect(search.replays).toBe(1);
});

it('where no time runs, the seed decides nothing', () => {
  const { recovery: _recovery, ...still } = stage;
  const search = searchOn(still);
  search.trial(moves, { ...still, plan: { ...plan, seed: '2' } });
  expect(search.replays).toBe(1);
});
