// The search of all schedules: clean on the node of the paper, shortest on broken ones, and true to the simulator.
//
// The bounds are small enough for a second or two each. A counterexample is played again as a scenario.

import { describe, expect, it } from 'vitest';
import { counterexampleOf } from '../../../src/explore/counterexample.ts';
import type { ExploreBound } from '../../../src/explore/event.ts';
import { Exploration, type ExploreResult } from '../../../src/explore/explore.ts';
import { isStale } from '../../../src/explore/servers.ts';
import { StateSet } from '../../../src/explore/state-set.ts';
import { nodeId } from '../../../src/base/ids.ts';
import type { NodeOptions } from '../../../src/raft/options.ts';
import { withoutRest } from '../../../src/base/rest.ts';
import { makePlan, type Plan } from '../../../src/run/plan.ts';
import { planOfScenario } from '../../../src/scenario/load.ts';
import { playScenario } from '../../../src/scenario/interpreter/play.ts';
import { simulate } from '../../../src/run/simulate.ts';
import type { Variant } from '../../../src/zoo/row.ts';
import { variantTable, type VariantName } from '../../../src/zoo/variant.ts';
import { readStory } from '../../support/scenario.ts';

const bound = (given: Partial<ExploreBound> = {}): ExploreBound => ({
  nodes: 3,
  terms: 2,
  calls: 1,
  messages: 2,
  duplicates: 0,
  crashes: 0,
  snapshots: 0,
  change: undefined,
  isFair: false,
  ...given,
});

const planOf = (variant: VariantName | null, nodes = 3, node: Partial<NodeOptions> = {}, spares = 0): Plan =>
  makePlan({ nodes, profile: 'calm', variant, node, spares, parameters: { clients: 0 } });

const explored = (variant: VariantName | null, given: Partial<ExploreBound> = {}): ExploreResult =>
  withoutRest(new Exploration(planOf(variant, given.nodes), bound(given)).run());

describe('the node of the paper', () => {
  it.each([
    [{ terms: 1, calls: 0 }],
    [{ terms: 1, calls: 1 }],
    [{ terms: 1, calls: 0, crashes: 1 }],
    [{ terms: 2, calls: 0, messages: 1 }],
    [{ nodes: 2, terms: 2, calls: 1, crashes: 1 }],
  ])('is clean within %j', (given) => {
    const { outcome, progress, broken } = explored(null, given);
    expect(broken).toBeUndefined();
    expect(outcome).toBe('clean');
    expect(progress.states).toBeGreaterThan(100);
  });

  it('has the same states whatever the servers are called', () => {
    const { uneven, progress } = explored(null, { terms: 1, calls: 0 });
    expect(uneven).toEqual([]);
    // The first depth: all are followers. The second: one of three has timed out, and it does not matter which.
    expect(progress.states).toBeLessThan(progress.steps);
    const [, second] = depths(planOf(null), bound({ terms: 1, calls: 0, messages: 9 }));
    expect(second).toBe(1);
  });

  const away = { voters: [], learners: [], removed: [nodeId(2)] };
  it.each([
    ['joint', away],
    ['single', away],
  ] as const)('is clean when a server leaves (%s), and some schedule ends without it', (membership, change) => {
    const search = new Exploration(planOf(null, 3, { membership }), bound({ terms: 1, calls: 0, messages: 1, change }));
    expect(withoutRest(search.run()).outcome).toBe('clean');
    const left = search.servers.states.filter(({ configuration }) => configuration.voters.length === 2);
    expect(left.some(({ commitIndex, log }) => commitIndex === log.length - 1)).toBe(true);
  });

  it('is clean when one takes the place of another by joint consensus', () => {
    const change = { voters: [nodeId(3)], learners: [], removed: [nodeId(2)] };
    const search = new Exploration(
      planOf(null, 4, { membership: 'joint' }, 1),
      bound({ nodes: 4, terms: 1, calls: 0, messages: 1, change }),
    );
    expect(withoutRest(search.run()).outcome).toBe('clean');
    expect(search.servers.states.some(({ configuration }) => configuration.outgoing.length === 3)).toBe(true);
  });

  it('is clean with one snapshot, which some server receives', () => {
    const search = new Exploration(
      planOf(null, 3, { compactEvery: 1 }),
      bound({ terms: 1, messages: 1, snapshots: 1 }),
    );
    const { outcome, beyondSnapshots } = withoutRest(search.run());
    expect(outcome).toBe('clean');
    expect(beyondSnapshots).toBeGreaterThan(0);
    expect(search.servers.messages.some(({ message }) => message.kind === 'InstallSnapshot')).toBe(true);
  });

  it('makes nothing of a message that is called stale, in whatever state its receiver is or comes to', () => {
    const search = new Exploration(planOf(null), bound({ terms: 2, calls: 0, messages: 1 }));
    withoutRest(search.run());
    const { servers } = search;
    let stale = 0;
    for (const state of servers.states.slice()) {
      for (const { message, event } of servers.messages.slice()) {
        if (message.to !== state.node || !state.isUp || !isStale(message, state)) continue;
        stale++;
        const { to, sent } = servers.after(state.id, event);
        expect(to).toBe(state.id);
        expect(sent).toEqual([]);
      }
    }
    expect(stale).toBeGreaterThan(1000);
    for (const after of servers.states) {
      const before = servers.states[after.from];
      if (before === undefined) continue;
      for (const { message } of servers.messages) {
        if (message.to === after.node && isStale(message, before)) expect(isStale(message, after)).toBe(true);
      }
    }
  });

  it('names what it did not look at', () => {
    const { beyondTerms, lost } = explored(null, { terms: 1, calls: 0 });
    expect(beyondTerms).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
  });
});

/** How many states there are at each of the first depths. */
function depths(plan: Plan, within: ExploreBound): number[] {
  const search = new Exploration(plan, within);
  const counts: number[] = [];
  let before = 0;
  for (const _ of search.run()) {
    if (search.progress.depth >= counts.length) {
      counts.push(search.progress.level);
      before = search.progress.states;
    }
    if (counts.length > 3) break;
  }
  expect(before).toBeGreaterThan(0);
  return counts;
}

/** Shortest schedules: as many steps, for this promise of the simulator. */
const shortest: readonly (readonly [VariantName, Partial<ExploreBound>, string, number])[] = [
  ['vote-reset-same-term-follower', {}, 'vote-once', 6],
  ['stale-vote-response-counted', {}, 'election-safety', 7],
  ['vote-no-log-check', {}, 'leader-completeness', 8],
  ['append-truncates-always', {}, 'commit-legitimacy', 8],
  ['append-skips-prev-check', {}, 'durability-honesty', 8],
  ['commit-counts-prior-term', {}, 'commit-legitimacy', 11],
  ['commit-median-wrong', {}, 'commit-legitimacy', 6],
  ['progress-reset-too-late', {}, 'log-matching', 6],
  ['vote-not-persisted-before-reply', {}, 'durability-honesty', 2],
  ['ack-before-persist', {}, 'durability-honesty', 4],
];

describe('a fair schedule', () => {
  it('commits from every state of the node of the paper', () => {
    const { outcome, fair, suspected } = explored(null, { calls: 0, messages: 1, isFair: true });
    expect([outcome, suspected]).toEqual(['clean', 0]);
    expect(fair).toBeGreaterThan(1000);
  });

  it('does not where elections have no end, and the simulator says the same', () => {
    const variant = 'higher-term-handled-after-vote-check';
    const { broken, path } = explored(variant, { messages: 1, isFair: true });
    const found = counterexampleOf(planOf(variant), path, broken ?? '', 'a search');
    expect([found.property, found.steps]).toEqual(['bounded-liveness', 3]);
    const story = readStory(found.text);
    expect(playScenario(story, planOfScenario(story, {})).failure).toBeUndefined();
  });
});

describe('a variant', () => {
  it.each(shortest)(
    '%s within %j breaks %s in %i steps, and its scenario plays so',
    (variant, given, property, steps) => {
      const plan = planOf(variant);
      const { outcome, path, broken } = explored(variant, given);
      expect(outcome).toBe('broken');
      const found = counterexampleOf(plan, path, broken ?? '', 'a search');
      expect([found.property, found.steps]).toEqual([property, steps]);
      const story = readStory(found.text);
      expect(playScenario(story, planOfScenario(story, {})).failure).toBeUndefined();
    },
  );

  it('agrees with random search and with PCT on who is broken', { timeout: 60_000 }, () => {
    for (const variant of [null, 'vote-no-log-check', 'commit-median-wrong', 'ack-before-persist'] as const) {
      const isBroken = explored(variant, variant === null ? { terms: 1 } : {}).outcome === 'broken';
      for (const scheduler of ['timed', 'pct'] as const) {
        const seeds = Array.from({ length: 60 }, (_, i) => String(i + 1));
        const hunt: Variant['hunt'] = variant === null ? undefined : (variantTable[variant] as Variant).hunt;
        const run = (seed: string): boolean => {
          const length = { steps: 8000 };
          return simulate(makePlan({ ...hunt, seed, nodes: 3, variant, scheduler, length })).violation !== undefined;
        };
        expect([variant, scheduler, seeds.some(run)]).toEqual([variant, scheduler, isBroken]);
      }
    }
  });
});

describe('a set of states', () => {
  it('knows each once, and the way to it, however many there are', () => {
    const states = new StateSet();
    expect(states.add(7, 8, -1, 0, 0)).toBe(0);
    for (let i = 1; i < 200_000; i++) expect(states.add(Math.imul(i, 40_503), -i, i - 1, i % 3, i)).toBe(i);
    for (let i = 1; i < 200_000; i += 777) expect(states.add(Math.imul(i, 40_503), -i, 0, 0, 0)).toBe(-1);
    expect(states.pathTo(3)).toEqual([1, 2, 3].map((event) => ({ node: event % 3, event })));
  });
});
