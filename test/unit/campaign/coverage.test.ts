// Abstract situations: who is called what does not matter, numbers do not matter, what differs in kind does.

import { describe, expect, it } from 'vitest';
import { Coverage } from '../../../src/campaign/coverage.ts';
import { abstractNodeStates, abstractNodeStateOf } from '../../../src/campaign/node-states.ts';
import { drawPlan } from '../../../src/campaign/swarm.ts';
import { makePlan, type Plan } from '../../../src/run/plan.ts';
import { Simulation } from '../../../src/run/simulate.ts';
import type { Host } from '../../../src/sim/host.ts';
import type { World } from '../../../src/sim/world.ts';

/** The situations of a run, and its fingerprint. */
function situationsOf(plan: Plan): { readonly situations: ReadonlySet<number>; readonly fingerprint: string } {
  const coverage = new Coverage();
  const simulation = new Simulation(plan, { observers: [coverage] });
  coverage.observe(simulation.world);
  while (simulation.advance(10_000));
  return { situations: coverage.clusterStates, fingerprint: simulation.finish().fingerprint };
}

const calm = (seed: string, nodes: number, steps: number): Plan =>
  makePlan({ seed, nodes, profile: 'calm', length: { steps } });

/** What coverage looks at in a server; times and numbers are arbitrary. */
interface Looks {
  readonly role: 'follower' | 'candidate' | 'leader';
  readonly term: number;
  readonly votedFor: number;
  readonly commit: number;
  readonly length: number;
}

/** What coverage makes of a cluster with these servers. */
function coverageOf(servers: readonly Looks[]): Coverage {
  const hosts = servers.map(({ role, term, votedFor, commit, length }, id) => {
    const log = { lastTerm: term, lastIndex: length, prefixHash: length, prefixHashAt: (index: number) => index };
    return {
      id,
      status: 'up',
      disk: { cachedWrites: 0 },
      process: { probe: { role, currentTerm: term, votedFor, commitIndex: commit, log } },
    };
  });
  const coverage = new Coverage();
  coverage.observe({ nodes: hosts.length, hosts } as unknown as World);
  for (const host of hosts) coverage.stepped(host as unknown as Host);
  return coverage;
}

/** The situation that a cluster with these servers is in. */
const situationOf = (servers: readonly Looks[]): number | undefined =>
  Array.from(coverageOf(servers).clusterStates).at(-1);

const servers: readonly Looks[] = [
  { role: 'leader', term: 7, votedFor: 0, commit: 4, length: 9 },
  { role: 'follower', term: 7, votedFor: 0, commit: 3, length: 8 },
  { role: 'candidate', term: 6, votedFor: 2, commit: 0, length: 4 },
];

/** The abstract states that servers came to, by name. */
function nodeStatesOf(...args: Parameters<typeof situationOf>): string[] {
  const { nodeStates } = coverageOf(...args);
  return abstractNodeStates.filter((_, number) => nodeStates[number] === 1);
}

describe('coverage', () => {
  it('has a name of its own for each way to stand', () => {
    const numbers = [0, 1, 2, 3].flatMap((role) =>
      [false, true].flatMap((isPaused) =>
        [0, 1, 2].flatMap((term) => [0, 1, 2, 3].map((log) => abstractNodeStateOf(role, isPaused, term, log))),
      ),
    );
    expect(numbers).toEqual(Array.from(abstractNodeStates.keys()));
    expect(new Set(abstractNodeStates).size).toBe(96);
    expect(abstractNodeStates[abstractNodeStateOf(2, true, 1, 3)]).toBe('paused leader, a term behind, another log');
    expect(abstractNodeStates[abstractNodeStateOf(3, false, 0, 0)]).toBe('pre-candidate, newest term, best log');
  });

  it('sees how each server stands to the newest term and the best log', () => {
    expect(nodeStatesOf(servers)).toEqual([
      'follower, newest term, log an entry off',
      'candidate, a term behind, log entries off',
      'leader, newest term, best log',
    ]);
  });

  it('does not care who is called what', () => {
    const others = [1, 2, 0];
    const renamed: Looks[] = [];
    servers.forEach((server, id) => {
      renamed[others[id] ?? 0] = { ...server, votedFor: others[server.votedFor] ?? -1 };
    });
    expect(situationOf(renamed)).toBe(situationOf(servers));
  });

  it('does not care for numbers, only for how they stand to each other', () => {
    const later = servers.map((server) => ({
      ...server,
      term: server.term + 5,
      length: server.length + 100,
      commit: server.commit + 100,
    }));
    expect(situationOf(later)).toBe(situationOf(servers));
    const further = servers.map((server) => (server.role === 'candidate' ? { ...server, commit: 1 } : server));
    expect(situationOf(further)).toBe(situationOf(servers)); // three behind is as far as four
  });

  it.each<[keyof Looks, Partial<Looks>]>([
    ['role', { role: 'follower' }],
    ['term', { term: 7 }],
    ['votedFor', { votedFor: 0 }],
    ['commit', { commit: 4 }],
    ['length', { length: 9 }],
  ])('cares for the %s', (_what, change) => {
    const changed = servers.map((server) => (server.role === 'candidate' ? { ...server, ...change } : server));
    expect(situationOf(changed)).not.toBe(situationOf(servers));
  });

  it('is the same each time, and changes no run', () => {
    const plan = drawPlan('7');
    const once = situationsOf(plan);
    expect(situationsOf(plan)).toEqual(once);
    const plainRun = new Simulation(plan, {});
    while (plainRun.advance(10_000));
    expect(plainRun.finish().fingerprint).toBe(once.fingerprint);
  });

  it('one server that elects itself: a handful of situations, however long it runs', () => {
    const short = situationsOf(calm('1', 1, 2_000)).situations.size;
    expect(short).toBeGreaterThan(1);
    expect(short).toBeLessThan(60);
    expect(situationsOf(calm('1', 1, 20_000)).situations.size).toBeLessThan(60);
  });

  it('numbers do not count: a calm cluster repeats itself, and other seeds bring little that is new', () => {
    const first = situationsOf(calm('1', 3, 20_000)).situations;
    const longer = situationsOf(calm('1', 3, 40_000)).situations;
    expect(longer.size).toBeLessThan(1.5 * first.size);
    const pair = situationsOf(calm('1', 2, 20_000)).situations;
    const other = Array.from(situationsOf(calm('2', 2, 20_000)).situations);
    expect(other.filter((situation) => pair.has(situation)).length / other.length).toBeGreaterThan(0.8);
  });

  it('faults lead to situations that a calm cluster never sees', () => {
    const quiet = situationsOf(calm('1', 3, 20_000)).situations;
    const wild = situationsOf(
      makePlan({ seed: '1', nodes: 3, profile: 'chaos', length: { steps: 20_000 } }),
    ).situations;
    expect(wild.size).toBeGreaterThan(2 * quiet.size);
  });
});
