// Disks that fail: the process stops by itself and comes back; one whose disk is wiped or damaged stays away.

import { describe, expect, it } from 'vitest';
import { logIndex, type NodeId } from '../../../../src/base/ids.ts';
import { makePlan, type PlanInput } from '../../../../src/run/plan.ts';
import { Simulation } from '../../../../src/run/simulate.ts';
import type { Host } from '../../../../src/sim/host.ts';
import { nodeOf, Tape, taped } from '../../../support/tape.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;

describe('a write that fails', () => {
  const rows = (['write', 'sync'] as const).flatMap((error) =>
    ['1', '2', '3'].map((seed) => {
      const parameters = {
        [`${error}Error`]: 20_000,
        downFor: 50 * MILLISECOND,
        syncDelayMax: 20 * MILLISECOND,
        clients: 20,
      };
      const wishes = { seed, nodes: 3, profile: 'calm', parameters, length: { micros: 20 * SECOND } } as const;
      return { error, seed, ...taped(wishes) };
    }),
  );

  it.each(rows)(
    '$error error: halts the process, whose crash is the very next step (seed $seed)',
    ({ tape, error }) => {
      const failures = tape.steps.flatMap((step, place) => (step.kind === 'write-failed' ? [{ step, place }] : []));
      expect(failures.length).toBeGreaterThan(10);
      for (const { step, place } of failures) {
        expect(step.error).toBe(error);
        const next = tape.steps[place + 1];
        expect(next).toMatchObject({ kind: 'crash', node: step.node, at: step.at });
        expect(
          tape.sendings.filter((sent) => sent.place === place),
          'a halted node says nothing',
        ).toEqual([]);
      }
      // These are the only crashes.
      expect(tape.of('crash').length).toBe(failures.length);
    },
  );

  it.each(rows)('$error error: brings it back, and no promise is broken (seed $seed)', ({ tape, run }) => {
    expect(run.violation).toBeUndefined();
    const { counters } = run;
    expect(counters.faults['write-failed']).toBe(tape.of('write-failed').length);
    expect(tape.of('restart').length).toBe(3 + tape.of('crash').length);
  });

  it('a write error takes all that was cached, a failed sync may have written some of it, in order', () => {
    const seen = new Set<string>();
    for (const { error, seed } of rows) {
      const parameters = {
        [`${error}Error`]: 20_000,
        downFor: 50 * MILLISECOND,
        syncDelayMax: 20 * MILLISECOND,
        clients: 20,
      };
      const tape = new Tape();
      const plan = makePlan({ seed, nodes: 3, profile: 'calm', parameters, length: { micros: 20 * SECOND } });
      const simulation = new Simulation(plan, { recorder: tape });
      for (let more = true; more;) {
        const cached = simulation.world.hosts.map(({ disk }) => disk.cachedWrites);
        more = simulation.advance(1);
        const step = tape.steps.at(-1);
        if (step?.kind !== 'write-failed') continue;
        const before = cached[step.node] ?? 0;
        expect(step.kept).toBeLessThanOrEqual(before);
        if (error === 'write') expect(step.kept).toBe(0);
        else if (before > 1) seen.add(step.kept === 0 ? 'none' : step.kept === before ? 'all' : 'some');
      }
    }
    expect([...seen].toSorted()).toEqual(['all', 'none', 'some']);
  });

  it('never fails if it must not', () => {
    const { tape } = taped({
      seed: '1',
      profile: 'disk',
      parameters: { writeError: 0, syncError: 0 },
      length: { micros: 10 * SECOND },
    });
    expect(tape.of('write-failed')).toEqual([]);
  });
});

describe('writes of a disk', () => {
  it('become durable one after the other, each after its own time', () => {
    const delays = { writeDelayMin: 500, writeDelayMax: 500, syncDelayMin: 1_500, syncDelayMax: 1_500 };
    const tape = new Tape();
    const plan = makePlan({
      seed: '1',
      nodes: 3,
      profile: 'calm',
      parameters: { ...delays, clients: 20 },
      length: { micros: 3 * SECOND },
    });
    const simulation = new Simulation(plan, { recorder: tape });
    const queues: number[][] = [[], [], []];
    let most = 0;
    for (let more = true; more;) {
      const before = simulation.world.hosts.map(({ disk }) => disk.cachedWrites);
      more = simulation.advance(1);
      const step = tape.steps.at(-1);
      if (step === undefined) break;
      const { hosts } = simulation.world;
      hosts.forEach((host, i) => {
        const queue = queues[i] as number[];
        if (step.kind === 'durable' && step.node === host.id) expect(step.at).toBe(queue.shift());
        const issued = host.disk.cachedWrites - queue.length;
        for (let n = 0; n < issued; n++) queue.push(Math.max(queue.at(-1) ?? 0, step.at) + 2_000);
        most = Math.max(most, before[i] ?? 0);
      });
    }
    expect(most).toBeGreaterThan(2);
  });
});

describe('a process whose disk is wiped', () => {
  const wishes = (seed: string, wipesMax: number): PlanInput => ({
    seed,
    nodes: 5,
    profile: 'calm',
    parameters: { wipesMax, crashEvery: 500 * MILLISECOND, downFor: 100 * MILLISECOND },
    length: { micros: 20 * SECOND },
  });

  it.each(['1', '2', '3', '4'])('stays away for good, hears nothing and never votes (seed %s)', (seed) => {
    const { tape, world, run } = taped(wishes(seed, 2));
    const wipes = tape.of('wipe');
    expect(wipes.length).toBe(2);
    const gone = new Set<NodeId>();
    const restarts = new Map<NodeId, number>();
    for (const step of tape.steps) {
      const node = nodeOf(step);
      if (step.kind === 'wipe') {
        expect(gone.has(step.node)).toBe(false);
        gone.add(step.node);
      } else if (node !== undefined && gone.has(node)) {
        // It looks at its disk once, and calls to it are refused.
        expect(['restart', 'call']).toContain(step.kind);
        if (step.kind === 'restart') restarts.set(node, (restarts.get(node) ?? 0) + 1);
      }
    }
    expect([...restarts.values()]).toEqual([1, 1]);
    for (const node of gone) {
      const place = tape.steps.findIndex((step) => step.kind === 'wipe' && step.node === node);
      expect(tape.sendings.filter((sent) => sent.from === node && sent.place > place)).toEqual([]);
      const { status, unservable, disk } = world.host(node);
      expect([status, unservable, disk.lastIndex]).toEqual(['down', 'wiped', 0]);
    }
    expect(run.counters.faults.wipe).toBe(2);
    expect(run.violation).toBeUndefined();
  });

  it.each([0, 1, 3])('there are at most so many: %i', (wipesMax) => {
    expect(taped(wishes('5', wipesMax)).tape.of('wipe').length).toBe(wipesMax);
  });

  it('a majority of them: nobody can tell any more whether the cluster would recover', () => {
    const { run } = taped(wishes('5', 3));
    expect(run.violation).toBeUndefined();
    expect(run.verdicts.find(({ property }) => property === 'bounded-liveness')).toMatchObject({
      outcome: 'not applicable',
      why: 'the disks of a majority are gone',
    });
  });

  // The server that acknowledged an entry may be wiped before the leader counts it: that is no fault of the leader.
  it('no promise is broken by what it had acknowledged before', () => {
    const parameters = { wipesMax: 2, crashEvery: 200 * MILLISECOND, downFor: 100 * MILLISECOND };
    for (let seed = 1; seed <= 150; seed++) {
      const { run } = taped({ seed: String(seed), profile: 'disk', parameters, length: { micros: SECOND } });
      expect(run.violation, `seed ${seed}`).toBeUndefined();
    }
  });
});

describe('a process whose disk is damaged', () => {
  it.each([0, 1, 3])('stays away, whichever record it is: %i', (index) => {
    const plan = makePlan({ seed: '1', nodes: 3, profile: 'calm', length: { micros: 5 * SECOND } });
    const tape = new Tape();
    const simulation = new Simulation(plan, { recorder: tape });
    simulation.advance(1_500);
    const { world } = simulation;
    const host = world.hosts[1] as Host;
    expect(host.disk.lastIndex).toBeGreaterThan(3);
    world.crash(host, 0, false);
    host.disk.damage(logIndex(index));
    world.restart(host);
    expect([host.status, host.unservable]).toEqual(['down', 'damaged']);
    const place = tape.steps.length;
    while (simulation.advance(1_000));
    expect(tape.sendings.filter((sent) => sent.from === host.id && sent.place >= place)).toEqual([]);
    const later = tape.steps.slice(place).filter((step) => nodeOf(step) === host.id);
    expect(later.every(({ kind }) => kind === 'call')).toBe(true);
    // The other two go on without it.
    expect(simulation.finish().violation).toBeUndefined();
    expect(simulation.summary().entriesCommitted).toBeGreaterThan(100);
  });
});
