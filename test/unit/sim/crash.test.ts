// Crashes: what is volatile is gone, what is cached survives in part, and a crash may fall between any two effects.

import { describe, expect, it } from 'vitest';
import { NOBODY, type NodeId } from '../../../src/base/ids.ts';
import { makePlan, type PlanInput } from '../../../src/run/plan.ts';
import { Simulation } from '../../../src/run/simulate.ts';
import type { Host } from '../../../src/sim/host.ts';
import type { Process } from '../../../src/sim/process.ts';
import type { Step } from '../../../src/sim/step.ts';
import type { Outbox } from '../../../src/protocol/outbox.ts';
import { Timer } from '../../../src/protocol/timers.ts';
import { effectsIn, type Effect } from '../../support/effects.ts';
import { nodeOf, Tape, taped } from '../../support/tape.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;

/** A short run with an election, calls, refusals, retries and a change of the leader. */
const STORY: PlanInput = {
  seed: '4',
  nodes: 3,
  profile: 'lossy',
  parameters: { cutEvery: 300 * MILLISECOND, cutFor: 200 * MILLISECOND, clients: 3, patience: 40 * MILLISECOND },
  node: { notifyCommit: true },
  length: { micros: 2 * SECOND },
};

const story = taped(STORY).tape.steps;

/** Takes a script, and keeps what the process at its last step wants done. */
class Scripted {
  readonly tape = new Tape();
  readonly simulation: Simulation;

  constructor(script: readonly Step[]) {
    this.simulation = new Simulation(makePlan(STORY), { recorder: this.tape, script });
  }

  /** Takes so many steps. */
  take(steps: number): void {
    this.simulation.advance(steps);
  }

  host(id: NodeId): Host {
    return this.simulation.world.host(id);
  }

  /** The effects that a process wants from here on. */
  listen(process: Process): Effect[] {
    const wanted: Effect[] = [];
    for (const door of ['receive', 'timeout', 'writeCompleted', 'writeFailed', 'call'] as const) {
      const original = process[door].bind(process) as (argument: unknown) => Outbox;
      Object.assign(process, {
        [door]: (argument: unknown): Outbox => {
          const outbox = original(argument);
          wanted.push(...effectsIn(outbox));
          return outbox;
        },
      });
    }
    return wanted;
  }
}

/** What the host did of the effects of the last step, told by what can be seen from outside. */
function done(scripted: Scripted, host: Host, cachedBefore: number): Record<string, unknown> {
  const place = scripted.tape.steps.length - 1;
  const { tape } = scripted;
  return {
    sent: tape.sendings.filter((sent) => sent.place === place).map(({ message }) => message),
    writes: host.disk.cachedWrites - cachedBefore,
    applied: host.process.lastApplied,
    refused: tape.answers.filter((given) => given.place === place && given.answer.outcome === 'refused').length,
  };
}

function expected(effects: readonly Effect[], appliedBefore: number): Record<string, unknown> {
  const applied = effects.flatMap((effect) => (effect.kind === 'apply' ? [effect.to] : []));
  return {
    sent: effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : [])),
    writes: effects.filter(({ kind }) => kind === 'persist').length,
    applied: Math.max(appliedBefore, ...applied),
    refused: effects.filter(({ kind }) => kind === 'refuse').length,
  };
}

/** The places of steps of each kind that want effects of different kinds, a handful of each. */
function interestingPlaces(): number[] {
  const scripted = new Scripted(story);
  const seen = new Map<string, number>();
  const heard = scripted.simulation.world.hosts.map((host) => scripted.listen(host.process));
  return story.flatMap((step, place) => {
    for (const list of heard) list.length = 0;
    scripted.take(1);
    const node = nodeOf(step);
    if (node === undefined || !['deliver', 'timer', 'durable', 'call'].includes(step.kind)) return [];
    const look = `${step.kind}: ${heard[node]?.map(({ kind }) => kind).join(' ')}`;
    const times = (seen.get(look) ?? 0) + 1;
    seen.set(look, times);
    return times <= 2 ? [place] : [];
  });
}

describe('a crash between any two effects of a step', () => {
  const places = interestingPlaces();

  it('is tried where the steps want many different things', () => {
    expect(places.length).toBeGreaterThan(25);
    expect(new Set(places.map((place) => story[place]?.kind))).toEqual(
      new Set(['deliver', 'timer', 'durable', 'call']),
    );
  });

  it.each(places.map((place) => [place + 1, story[place] as Step] as const))('step %i, %j', (number, step) => {
    const before = story.slice(0, number - 1);
    for (let effects = 0, wantedOfAll = Infinity; effects <= wantedOfAll + 1; effects++) {
      const back: Step = { kind: 'restart', at: step.at, node: nodeOf(step) as NodeId };
      const script = [...before, { ...step, effects } as Step, back, ...story.slice(number)];
      const scripted = new Scripted(script);
      scripted.take(before.length);
      const host = scripted.host(nodeOf(step) as NodeId);
      const cachedBefore = host.disk.cachedWrites - (step.kind === 'durable' ? 1 : 0);
      const appliedBefore = host.process.lastApplied;
      const wanted = scripted.listen(host.process);
      scripted.take(1);
      wantedOfAll = wanted.length;

      const carried = wanted.slice(0, effects);
      expect(done(scripted, host, cachedBefore), `${effects} of ${wanted.length} effects`).toEqual(
        expected(carried, appliedBefore),
      );
      expect(scripted.tape.steps.at(-1)).toMatchObject({ kind: step.kind, effects: Math.min(effects, wanted.length) });

      // The very next step is its crash, in which nothing that was cached is lost.
      expect(scripted.simulation.world.crashPending).toBe(host);
      const cached = host.disk.cachedWrites;
      scripted.take(1);
      expect(scripted.tape.steps.at(-1)).toEqual({
        kind: 'crash',
        at: step.at,
        node: host.id,
        kept: cached,
        torn: false,
      });
      expect([
        host.status,
        host.crashAfterEffects,
        host.crashPending,
        host.deadline(Timer.election),
        host.deadline(Timer.heartbeat),
      ]).toEqual(['down', -1, false, Infinity, Infinity]);

      // It comes back, and whatever of the story is still possible happens: no promise is broken.
      scripted.take(1_000_000);
      expect(host.life).toBeGreaterThan(1);
      expect(scripted.simulation.finish().violation).toBeUndefined();
    }
  });
});

describe('a crash', () => {
  /** A leader with three writes on their way, none durable yet. */
  function leaderAtWork(): Scripted {
    const place = story.findIndex((step, i) => {
      if (step.kind !== 'call') return false;
      const scripted = new Scripted(story.slice(0, i + 1));
      scripted.take(i + 1);
      const { process, disk } = scripted.host(step.node);
      return process.probe.role === 'leader' && process.probe.commitIndex > 0 && disk.cachedWrites === 1;
    });
    const call = story[place] as Extract<Step, { kind: 'call' }>;
    const script = story.slice(0, place + 1);
    for (const client of [0, 1, 2] as NodeId[]) {
      const operation = { kind: 'put', key: 'x', value: `${client}` } as const;
      script.push({ ...call, client: client as unknown as typeof call.client, sequence: 100, operation });
    }
    const scripted = new Scripted(script);
    scripted.take(script.length);
    return scripted;
  }

  it.each([0, 1, 2, 3, 4, 9])('keeps the synced records and the first %i cached writes', (kept) => {
    const { simulation } = leaderAtWork();
    const { world } = simulation;
    const host = world.hosts.find(({ process }) => process.probe.role === 'leader') as Host;
    const { log, currentTerm } = host.process.probe;
    const [durable, last, cached] = [host.disk.lastIndex, log.lastIndex, host.disk.cachedWrites];
    expect([last - durable, cached]).toEqual([4, 4]);
    const chains = [0, 1, 2, 3, 4].map((more) => log.prefixHashAt((durable + more) as typeof durable));

    world.crash(host, kept, false);
    expect(() => host.process.probe).toThrow('only a running process is asked');
    expect(host.disk.cachedWrites).toBe(0);
    world.restart(host);
    const probe = host.process.probe;
    const survived = Math.min(kept, 4);
    expect([probe.log.lastIndex, probe.log.prefixHash]).toEqual([durable + survived, chains[survived]]);

    // What is volatile is gone (Figure 2): role, leader, commitIndex.
    expect([probe.role, probe.leader, probe.commitIndex]).toEqual(['follower', NOBODY, 0]);
    expect([probe.currentTerm, probe.votedFor]).toEqual([currentTerm, host.id]);
    expect([host.status, host.armed(Timer.election), host.deadline(Timer.heartbeat)]).toEqual(['up', true, Infinity]);
    expect(world.counters.lostWrites).toBe(4 - survived);
  });

  it('tears the first write that it takes, which restarts notice and drop', () => {
    const { simulation } = leaderAtWork();
    const { world } = simulation;
    const host = world.hosts.find(({ process }) => process.probe.role === 'leader') as Host;
    const durable = host.disk.lastIndex;
    world.crash(host, 1, true);
    expect([world.counters.tornWrites, world.counters.tornTails, world.counters.lostWrites]).toEqual([1, 0, 3]);
    world.restart(host);
    expect([host.process.probe.log.lastIndex, world.counters.tornTails]).toEqual([durable + 1, 1]);
  });

  it('of a paused process is one like any other', () => {
    const { simulation } = leaderAtWork();
    const host = simulation.world.hosts[0] as Host;
    simulation.world.pause(host);
    simulation.world.crash(host, 0, false);
    expect(host.status).toBe('down');
    simulation.world.restart(host);
    expect(host.status).toBe('up');
  });
});

describe('while a process is down', () => {
  const parameters = {
    crashEvery: 200 * MILLISECOND,
    downFor: 200 * MILLISECOND,
    powerLoss: 0,
    patience: 100 * MILLISECOND,
  };
  const made = ['1', '2'].map((seed) =>
    taped({ seed, nodes: 3, profile: 'crashes', parameters, length: { micros: 20 * SECOND } }),
  );

  it.each(made)('messages to it are dropped on arrival, and only those ($run.fingerprint)', ({ tape }) => {
    const down = new Set<NodeId>();
    let drops = 0;
    for (const step of tape.steps) {
      const node = nodeOf(step);
      if (step.kind === 'restart') down.delete(step.node);
      else if (step.kind === 'crash') down.add(step.node);
      else if (step.kind === 'drop') {
        expect([step.reason, down.has(step.to)]).toEqual(['down', true]);
        drops++;
      } else if (node !== undefined && step.kind !== 'call') expect(down.has(node), step.kind).toBe(false);
    }
    expect(drops).toBeGreaterThan(100);
  });

  it.each(made)('calls to it are refused at once, with no idea who leads ($run.fingerprint)', ({ tape, run }) => {
    const down = new Set<NodeId>();
    let refused = 0;
    tape.steps.forEach((step, place) => {
      if (step.kind === 'restart') down.delete(step.node);
      if (step.kind === 'crash') down.add(step.node);
      if (step.kind !== 'call' || !down.has(step.node)) return;
      const answers = tape.answers.filter((given) => given.place === place).map(({ answer }) => answer);
      const { client, sequence } = step;
      expect(answers).toEqual([{ client, sequence, outcome: 'refused', result: '', leader: NOBODY }]);
      refused++;
    });
    expect(refused).toBeGreaterThan(20);
    expect(run.violation).toBeUndefined();
  });

  it.each(made)('it stays away for about as long as it should ($run.fingerprint)', ({ tape }) => {
    const since = new Map<NodeId, number>();
    let restarts = 0;
    for (const step of tape.steps) {
      if (step.kind === 'crash') since.set(step.node, step.at);
      const crashedAt = step.kind === 'restart' ? since.get(step.node) : undefined;
      if (crashedAt === undefined || step.at >= 14 * SECOND) continue;
      expect(step.at - crashedAt).toBeGreaterThanOrEqual(100 * MILLISECOND);
      expect(step.at - crashedAt).toBeLessThanOrEqual(300 * MILLISECOND);
      restarts++;
    }
    expect(restarts).toBeGreaterThan(20);
  });
});

describe('drawn crashes', () => {
  /** The crashes of a run, with how many writes were cached. */
  function crashesOf(
    parameters: PlanInput['parameters'],
  ): { kept: number; cached: number; torn: boolean; inStep: boolean }[] {
    const tape = new Tape();
    const wishes = { seed: '1', nodes: 3, profile: 'disk', length: { micros: 20 * SECOND } };
    const standard = {
      crashEvery: 100 * MILLISECOND,
      downFor: 50 * MILLISECOND,
      writeError: 0,
      syncError: 0,
      clients: 20,
    };
    const plan = makePlan({ ...wishes, parameters: { ...standard, settle: 1, ...parameters } });
    const simulation = new Simulation(plan, { recorder: tape });
    const crashes: { kept: number; cached: number; torn: boolean; inStep: boolean }[] = [];
    for (let more = true; more;) {
      const before = simulation.world.hosts.map(({ disk }) => disk.cachedWrites);
      const last = tape.steps.at(-1);
      more = simulation.advance(1);
      const step = tape.steps.at(-1) as Step;
      if (step.kind !== 'crash') continue;
      const inStep = last !== undefined && 'effects' in last;
      crashes.push({ kept: step.kept, cached: before[step.node] ?? 0, torn: step.torn, inStep });
    }
    return crashes;
  }

  it('without power losses keep all that was cached, and tear nothing', () => {
    const crashes = crashesOf({ powerLoss: 0, tornWrite: 1_000_000 });
    expect(crashes.length).toBeGreaterThan(100);
    expect(crashes.some(({ cached }) => cached > 1)).toBe(true);
    for (const { kept, cached, torn } of crashes) expect([kept, torn]).toEqual([cached, false]);
  });

  it('by power loss keep none, some or all of it, and tear some', () => {
    const crashes = crashesOf({ powerLoss: 1_000_000, tornWrite: 500_000 });
    for (const { kept, cached } of crashes) expect(kept).toBeLessThanOrEqual(cached);
    const busy = crashes.filter(({ cached }) => cached > 1);
    expect(busy.some(({ kept }) => kept === 0)).toBe(true);
    expect(busy.some(({ kept, cached }) => kept > 0 && kept < cached)).toBe(true);
    expect(busy.some(({ kept, cached }) => kept === cached)).toBe(true);
    expect(crashes.some(({ torn }) => torn)).toBe(true);
    expect(crashes.some(({ torn }) => !torn)).toBe(true);
  });

  it.each([
    [0, 0, 0],
    [1_000_000, 0.9, 1],
    [300_000, 0.15, 0.5],
  ])('fall into a step with odds of %i', (crashInStep, low, high) => {
    const crashes = crashesOf({ crashInStep });
    const share = crashes.filter(({ inStep }) => inStep).length / crashes.length;
    expect(share).toBeGreaterThanOrEqual(low);
    expect(share).toBeLessThanOrEqual(high);
  });
});
