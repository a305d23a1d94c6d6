// The nemesis: when faults strike and whom, that each kind draws from a stream of its own, and that all of them end.

import { describe, expect, it } from 'vitest';
import { term, type NodeId } from '../../../../src/base/ids.ts';
import { Random } from '../../../../src/base/random.ts';
import type { Length } from '../../../../src/run/plan.ts';
import type { Host } from '../../../../src/sim/host.ts';
import { Nemesis } from '../../../../src/sim/faults/nemesis.ts';
import { parametersWith, type Parameters } from '../../../../src/sim/parameters.ts';
import { profileNames, type ProfileName } from '../../../../src/sim/faults/profile.ts';
import { EventQueue } from '../../../../src/sim/schedule/queue.ts';
import type { Step } from '../../../../src/sim/step.ts';
import { World } from '../../../../src/sim/world.ts';
import { Puppet } from '../../../support/stage.ts';
import { nodeOf, taped, type Tape, type Taped } from '../../../support/tape.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;

/** Everything at once, in quick succession; no crash waits for a step, so that each strikes when it was drawn. */
const EVERYTHING: Partial<Parameters> = {
  cutEvery: 500 * MILLISECOND,
  slowEvery: 700 * MILLISECOND,
  crashEvery: 600 * MILLISECOND,
  pauseEvery: 1_500 * MILLISECOND,
  clockEvery: 400 * MILLISECOND,
  writeError: 3_000,
  syncError: 3_000,
  crashInStep: 0,
  settle: SECOND,
};
const NOTHING: Partial<Parameters> = {
  cutEvery: 0,
  slowEvery: 0,
  crashEvery: 0,
  pauseEvery: 0,
  clockEvery: 0,
  writeError: 0,
  syncError: 0,
};

const tapes = new Map<string, Tape>();

/** A run with these parameters; each is made once. */
function tapeOf(parameters: Partial<Parameters>, seed: string): Tape {
  const name = `${seed} ${JSON.stringify(parameters)}`;
  const tape =
    tapes.get(name) ?? taped({ seed, nodes: 5, profile: 'chaos', parameters, length: { micros: 12 * SECOND } }).tape;
  tapes.set(name, tape);
  return tape;
}

/** How long each fault of a kind lasted, by its number. */
function lengths(tape: Tape, ends: 'heal' | 'mend'): Map<number, number> {
  return new Map(tape.of(ends).map(({ fault, at }) => [fault, at]));
}

/** What was drawn about each kind of fault; what depends on the state of the cluster, whom it strikes, is left out. */
const drawn: Readonly<Record<string, (tape: Tape) => string[]>> = {
  cuts: (tape) => {
    const ends = lengths(tape, 'heal');
    return tape.of('cut').map(({ at, shape, fault }) => `${at} ${shape} until ${ends.get(fault)}`);
  },
  'slow spells': (tape) => {
    const ends = lengths(tape, 'mend');
    return tape
      .of('slow')
      .map(({ at, factor, links, fault }) => `${at} ${factor} ${links.join(' ')} until ${ends.get(fault)}`);
  },
  crashes: (tape) => {
    const strikes = tape.steps.filter((step, i) => step.kind === 'crash' && tape.steps[i - 1]?.kind !== 'write-failed');
    return strikes.map(({ at }) => String(at));
  },
  pauses: (tape) => tape.of('pause').map(({ at }) => String(at)),
  'clock changes': (tape) =>
    tape
      .of('clock')
      .filter(({ ratePpm, jump }) => ratePpm !== 0 || jump !== 0)
      .map(({ at, node, ratePpm, jump }) => `${at} ${node} ${ratePpm} ${jump}`),
};

/** Each kind alone, and so that no strike finds its victim down: all that was drawn. */
const alone: Readonly<Record<string, Partial<Parameters>>> = {
  cuts: { cutEvery: EVERYTHING.cutEvery ?? 0 },
  'slow spells': { slowEvery: EVERYTHING.slowEvery ?? 0 },
  crashes: { crashEvery: EVERYTHING.crashEvery ?? 0, downFor: 0 },
  pauses: { pauseEvery: EVERYTHING.pauseEvery ?? 0, pauseFor: 2 },
  'clock changes': { clockEvery: EVERYTHING.clockEvery ?? 0 },
};

describe('taking one kind of fault away shifts no draw of another:', () => {
  const kinds = Object.keys(drawn);
  const without: Readonly<Record<string, Partial<Parameters>>> = {
    'nothing taken away': {},
    'no cuts': { cutEvery: 0 },
    'no slow spells': { slowEvery: 0 },
    'no crashes': { crashEvery: 0 },
    'no pauses': { pauseEvery: 0 },
    'no clock changes': { clockEvery: 0 },
    'no write errors': { writeError: 0 },
    'no sync errors': { syncError: 0 },
    'no power losses': { powerLoss: 0 },
    'no losses of messages': { loss: 0, duplicate: 0, reorder: 0, longDelay: 0 },
    'fewer clients': { clients: 1 },
  };
  const rows = kinds.flatMap((kind) => Object.keys(without).map((left) => [kind, left] as const));

  it.each(rows)('%s, %s', (kind, left) => {
    const draw = drawn[kind] as (tape: Tape) => string[];
    for (const seed of ['1', '2']) {
      const all = draw(tapeOf({ ...EVERYTHING, ...NOTHING, ...alone[kind] }, seed));
      expect(all.length).toBeGreaterThan(4);
      const told = draw(tapeOf({ ...EVERYTHING, ...without[left] }, seed));
      const other = told.filter((one) => !all.includes(one));
      expect(other, `seed ${seed}: drawn otherwise`).toEqual([]);
      const isTakenAway = without[left]?.[Object.keys(alone[kind] ?? {})[0] as keyof Parameters] === 0;
      if (isTakenAway) expect(told).toEqual([]);
      else expect(told.length).toBeGreaterThan(all.length / 3);
      // Links are there to be cut and slowed down, whatever else happens.
      if (!isTakenAway && (kind === 'cuts' || kind === 'slow spells')) expect(told).toEqual(all);
    }
  });
});

describe('faults strike', () => {
  it.each([
    ['cuts', 'cutEvery'],
    ['slow spells', 'slowEvery'],
    ['crashes', 'crashEvery'],
    ['pauses', 'pauseEvery'],
    ['clock changes', 'clockEvery'],
  ] as const)(
    'from half to one and a half of their mean distance apart, the first at any time before it: %s',
    (kind, name) => {
      const every = EVERYTHING[name] ?? 0;
      const firsts: number[] = [];
      for (let seed = 1; seed <= 12; seed++) {
        const tape = tapeOf({ ...EVERYTHING, ...NOTHING, ...alone[kind] }, String(seed));
        const times = (drawn[kind] as (of: Tape) => string[])(tape).map((text) => Number.parseInt(text, 10));
        firsts.push(times[0] ?? -1);
        times.slice(1).forEach((at, i) => {
          expect(at - (times[i] ?? 0)).toBeGreaterThanOrEqual(every / 2);
          expect(at - (times[i] ?? 0)).toBeLessThanOrEqual((3 * every) / 2);
        });
      }
      expect(Math.max(...firsts)).toBeLessThan(every);
      expect(Math.min(...firsts)).toBeLessThan(every / 3);
      expect(Math.max(...firsts)).toBeGreaterThan(every / 2);
    },
  );

  /** How often each of five puppets is hit by crashes. */
  function hits(prepare: (puppets: readonly Puppet[], hosts: readonly Host[]) => void): number[] {
    const puppets = Array.from({ length: 5 }, () => new Puppet());
    const world = new World(puppets);
    for (const host of world.hosts) host.status = 'up';
    prepare(puppets, world.hosts);
    const counts = [0, 0, 0, 0, 0];
    const queue = new EventQueue();
    const scheduler = {
      crash: (host: Host): void => void (counts[host.id] = (counts[host.id] ?? 0) + 1),
      resume: (): void => undefined,
      requeueTimers: (): void => undefined,
    };
    const parameters = parametersWith({ crashEvery: 10, crashInStep: 0 });
    const nemesis = new Nemesis(world, parameters, queue, Random.fromSeed('aim'), scheduler);
    nemesis.begin();
    for (let i = 0; i < 5_000 && queue.pop(); i++) {
      world.now = queue.at as typeof world.now;
      nemesis.take(queue.kind, queue.subject, queue.number);
    }
    return counts;
  }
  const lead = (puppet: Puppet | undefined, at: number): void =>
    void Object.assign(puppet ?? {}, { role: 'leader', currentTerm: term(at) });
  const near = (count: number | undefined, share: number): boolean => Math.abs((count ?? 0) - 5_000 * share) < 200;

  it('everyone alike, if nobody leads', () => {
    expect(hits(() => undefined).every((count) => near(count, 0.2))).toBe(true);
  });

  it('the leader more often, and of two the one of the newer term', () => {
    const counts = hits((puppets) => {
      lead(puppets[1], 3);
      lead(puppets[3], 7);
      lead(puppets[4], 5);
    });
    expect(near(counts[3], 0.4 + 0.6 / 5), String(counts)).toBe(true);
    for (const other of [0, 1, 2, 4]) expect(near(counts[other], 0.6 / 5), String(counts)).toBe(true);
  });

  it('a leader that is paused leads nobody; one that is down is not struck', () => {
    const counts = hits((puppets, hosts) => {
      lead(puppets[3], 7);
      (hosts[3] as Host).status = 'paused';
      (hosts[0] as Host).status = 'down';
    });
    expect(counts[0]).toBe(0);
    expect(
      [1, 2, 3, 4].every((i) => near(counts[i], 0.2)),
      String(counts),
    ).toBe(true);
  });
});

const LENGTHS: readonly (readonly [string, Length])[] = [
  ['15 s', { micros: 15 * SECOND }],
  ['3 s', { micros: 3 * SECOND }],
  ['1 ms', { micros: MILLISECOND }],
  ['20000 steps', { steps: 20_000 }],
  ['1000 steps', { steps: 1_000 }],
  ['70 steps', { steps: 70 }],
];
const runs = profileNames.flatMap((profile) =>
  LENGTHS.flatMap(([told, length]) =>
    (told === '15 s' ? ['1', '2'] : ['3']).map((seed) => [profile, told, seed, length] as const),
  ),
);
const CALM_SETTLE = 2 * SECOND;

interface CalmRun extends Taped {
  /** The calm, and its place among the steps. */
  readonly calm: Step;
  readonly place: number;
}

const known = new Map<string, CalmRun>();

/** A run up to the calm and beyond; each is made once. */
function calmRun(profile: ProfileName, length: Length, seed: string, parameters: Partial<Parameters> = {}): CalmRun {
  const name = JSON.stringify([profile, length, seed, parameters]);
  const before = known.get(name);
  if (before !== undefined) return before;
  const made = taped({ seed, profile, parameters: { settle: CALM_SETTLE, ...parameters }, length });
  const place = made.tape.steps.findIndex(({ kind }) => kind === 'calm');
  const run = { ...made, place, calm: made.tape.steps[place] as Step };
  known.set(name, run);
  return run;
}

describe('the schedule of faults ends', () => {
  it.each(runs)('under %s, in %s, with seed %s: in time', (profile, _told, seed, length) => {
    const { tape, run, world, place, calm } = calmRun(profile, length, seed);
    expect(tape.of('calm').length).toBe(1);
    expect([world.calmStep, world.calmSince]).toEqual([place + 1, calm.at]);
    if ('micros' in length) {
      const until = length.micros >= 2 * CALM_SETTLE ? length.micros - CALM_SETTLE : Math.floor(length.micros / 2);
      expect(calm.at).toBe(until);
      expect(run.at).toBeLessThanOrEqual(length.micros);
    } else {
      // What is broken is mended one step after the other, right before.
      const first = Math.floor(length.steps * 0.8);
      expect(place).toBeGreaterThanOrEqual(first);
      expect(place).toBeLessThanOrEqual(first + 40);
      expect(run.steps).toBe(length.steps);
    }
    expect(run.violation).toBeUndefined();
  });

  it.each(runs)(
    'under %s, in %s, with seed %s: nothing is broken then, and nothing breaks any more',
    (profile, _told, seed, length) => {
      const { tape, world, place, calm } = calmRun(profile, length, seed);
      const open = new Map<string, Step>();
      tape.steps.forEach((step, i) => {
        const node = nodeOf(step);
        switch (step.kind) {
          case 'cut':
          case 'slow':
            open.set(`fault ${step.fault}`, step);
            break;
          case 'heal':
          case 'mend':
            expect(open.delete(`fault ${step.fault}`), `${step.kind} ${step.fault}`).toBe(true);
            break;
          case 'pause':
            open.set(`pause ${node}`, step);
            break;
          case 'resume':
            expect(open.delete(`pause ${node}`)).toBe(true);
            break;
          case 'crash':
            open.delete(`pause ${node}`);
            open.set(`down ${node}`, step);
            break;
          case 'restart':
            open.delete(`down ${node}`);
            break;
          case 'clock':
            if (step.ratePpm === 0) open.delete(`clock ${node}`);
            else open.set(`clock ${node}`, step);
            break;
          default:
        }
        if (i === place) expect([...open.keys()], 'broken when the calm comes').toEqual([]);
        // A write that was issued before may still fail; its process is back at once.
        const isFault = ['cut', 'slow', 'pause', 'wipe', 'clock'].includes(step.kind);
        if (i > place && isFault) expect.fail(`${step.kind} after the calm`);
        if (i > place && step.kind === 'crash') expect(tape.steps[i - 1]).toMatchObject({ kind: 'write-failed', node });
        if (i > place && step.kind === 'write-failed') expect(step.at - calm.at).toBeLessThan(200 * MILLISECOND);
      });
      expect(world.network.activeFaults).toEqual([]);
      for (const host of world.hosts) {
        if (world.crashPending === undefined) expect([host.status, host.clock.ratePpm]).toEqual(['up', 0]);
      }
    },
  );

  it.each(runs.filter(([, told]) => told === '15 s'))(
    'under %s, in %s, with seed %s: each at its own time',
    (profile, _told, seed, length) => {
      const { tape, calm } = calmRun(profile, length, seed);
      const began = new Map(tape.of('cut', 'slow').map((step) => [step.fault, step]));
      for (const step of tape.of('heal', 'mend')) {
        const lasted = step.at - (began.get(step.fault)?.at ?? 0);
        const mean = step.kind === 'heal' ? (profile === 'calm' ? 1_000 : 900) * MILLISECOND : SECOND;
        expect(
          lasted <= 1.5 * mean && (lasted >= mean / 2 || step.at === calm.at),
          `${step.kind} after ${lasted}`,
        ).toBe(true);
      }
    },
  );

  it.each(['1', '2', '3'])(
    'after the calm the network loses, doubles and reorders nothing that is sent (seed %s)',
    (seed) => {
      const { tape, place } = calmRun('chaos', { micros: 15 * SECOND }, seed, {
        loss: 300_000,
        duplicate: 300_000,
        reorder: 1_000_000,
      });
      const late = new Set(
        tape.sendings.filter((sent) => sent.place > place).map(({ from, to, number }) => `${from} ${to} ${number}`),
      );
      expect(late.size).toBeGreaterThan(500);
      const last = new Map<string, number>();
      for (const step of tape.of('deliver', 'drop', 'duplicate')) {
        if (!late.has(`${step.from} ${step.to} ${step.number}`)) continue;
        expect(step.kind === 'deliver' || (step.kind === 'drop' && step.reason === 'down')).toBe(true);
        const link = `${step.from} ${step.to}`;
        expect(step.number).toBeGreaterThan(last.get(link) ?? 0);
        last.set(link, step.number);
      }
    },
  );
});

describe('a run of so many steps', () => {
  it.each([1, 2, 3, 5, 6, 7, 10, 33])('%i takes no more than that', (steps) => {
    for (const nodes of [1, 5, 9]) {
      const { run } = taped({ seed: '1', nodes, length: { steps } });
      expect(run.steps).toBe(steps);
    }
  });
});

describe('a crash that waits for a step', () => {
  it('lets the process live until its next one, and takes it after at most four effects of it', () => {
    const parameters = { ...NOTHING, crashEvery: 300 * MILLISECOND, crashInStep: 1_000_000, settle: SECOND };
    const { tape } = taped({ seed: '1', nodes: 3, profile: 'calm', parameters, length: { micros: 20 * SECOND } });
    const seen = new Set<number>();
    tape.steps.forEach((step, i) => {
      if (step.kind !== 'crash') return;
      const before = tape.steps[i - 1] as Step & { readonly effects?: number };
      expect(nodeOf(before) === step.node || before.kind === 'call').toBe(true);
      expect(before.effects).toBeLessThanOrEqual(4);
      seen.add(before.effects ?? -1);
    });
    for (const effects of [0, 1, 2, 3]) expect([...seen]).toContain(effects);
  });

  it('a victim is never a server that is not there', () => {
    const { tape } = taped({ seed: '1', nodes: 1, profile: 'chaos', length: { micros: 20 * SECOND } });
    expect(tape.of('cut', 'slow')).toEqual([]);
    expect(new Set(tape.of('crash', 'pause', 'clock').map((step): NodeId => step.node))).toEqual(new Set([0]));
  });
});
