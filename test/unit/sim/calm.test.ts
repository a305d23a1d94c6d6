// The calm, seen from near: what is mended when the faults end, and what cannot happen any more.

import { describe, expect, it } from 'vitest';
import { clientId, micros, NOBODY } from '../../../src/base/ids.ts';
import { Random } from '../../../src/base/random.ts';
import { Timer } from '../../../src/protocol/timers.ts';
import type { Host } from '../../../src/sim/host.ts';
import { endingOf, Nemesis } from '../../../src/sim/faults/nemesis.ts';
import { parametersWith } from '../../../src/sim/parameters.ts';
import { EventQueue } from '../../../src/sim/schedule/queue.ts';
import { World } from '../../../src/sim/world.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { Bench, ENDLESS } from '../../support/bench.ts';
import { Puppet } from '../../support/stage.ts';
import { taped } from '../../support/tape.ts';

const CALM = 10_000;
const soon = { ...ENDLESS, faultsUntil: CALM };

describe('when the calm comes', () => {
  it('a crash that waited for a step comes no more', () => {
    const bench = new Bench(3, {}, soon);
    bench.host(1).crashAfterEffects = 2;
    bench.run();
    expect(bench.tape.steps.map(({ kind }) => kind)).toEqual(['calm']);
    bench.send(0, 1);
    bench.run();
    expect(bench.tape.steps.map(({ kind }) => kind)).toEqual(['calm', 'deliver']);
  });

  it('everything is mended at that moment, one step after the other, and then it is calm', () => {
    const bench = new Bench(3, { downFor: 1_000_000 }, soon);
    const { world, scheduler } = bench;
    world.cut(1, 'one-way', [[bench.host(0).id, bench.host(1).id]]);
    world.slow(2, 5, [[bench.host(1).id, bench.host(0).id]]);
    world.setClock(bench.host(0), 100_000, 0);
    world.pause(bench.host(1));
    scheduler.crash(bench.host(2));
    const before = bench.tape.steps.length;
    bench.run();
    const steps = bench.tape.steps.slice(before);
    expect(steps.every(({ at }) => at === CALM)).toBe(true);
    expect(steps.map(({ kind }) => kind)).toEqual(['heal', 'mend', 'clock', 'resume', 'restart', 'calm']);
  });

  it('a timer of a clock that ran slow goes off in true time', () => {
    const bench = new Bench(1, { electionTimeoutMin: 100_000, electionTimeoutMax: 100_000 }, soon);
    const host = bench.host(0);
    bench.world.setClock(host, -500_000, 0);
    bench.scheduler.timerArmed(host, Timer.election);
    expect(host.deadline(Timer.election)).toBe(200_000);
    bench.run();
    // A twentieth of it had passed on the slow clock: 5 ms.
    expect(bench.tape.of('timer').map(({ at }) => at)).toEqual([CALM + 95_000]);
  });

  it('a process that still crashes is back at once, with all that it had cached', () => {
    const bench = new Bench(2, { downFor: 1_000_000, powerLoss: 1_000_000, tornWrite: 1_000_000 }, soon);
    bench.run();
    for (let i = 0; i < 5; i++) bench.write(1);
    bench.scheduler.crash(bench.host(1));
    const at = bench.world.now;
    bench.run(1);
    expect(bench.tape.steps.slice(-2)).toEqual([
      { kind: 'crash', at, node: 1, kept: 5, torn: false },
      { kind: 'restart', at, node: 1 },
    ]);
  });

  it('no write fails any more that is issued from then on', () => {
    const bench = new Bench(1, { writeError: 1_000_000 }, soon);
    bench.run();
    bench.write(0);
    bench.run();
    expect(bench.tape.steps.map(({ kind }) => kind)).toEqual(['calm', 'durable']);
  });

  it('no answer is lost any more that is given from then on', () => {
    const bench = new Bench(1, { answerLoss: 1_000_000, clients: 1, thinkMin: 1_000_000, thinkMax: 1_000_000 }, soon);
    const answer = { client: clientId(0), sequence: 1, outcome: 'ok', result: '', leader: NOBODY } as const;
    bench.scheduler.answerGiven(answer, 1);
    bench.run(2);
    bench.scheduler.answerGiven(answer, 2);
    bench.run(1);
    expect(bench.tape.of('answer').map(({ lost }) => lost)).toEqual([true, false]);
  });

  it('comes once, also if time and steps both ask for it', () => {
    const bench = new Bench(2, { electionTimeoutMin: 3_000, electionTimeoutMax: 3_000 }, { ...soon, faultStepsMax: 4 });
    bench.scheduler.timerArmed(bench.host(0), Timer.election);
    for (let i = 0; i < 6; i++) bench.send(0, 1);
    bench.run();
    expect(bench.tape.of('calm').length).toBe(1);
  });
});

describe('a disk is wiped', () => {
  /** What becomes of a wipe that was meant for a life of a host. */
  function wiped(prepare: (host: Host) => void): boolean {
    const world = new World([new Puppet()]);
    const [host] = world.hosts as [Host];
    prepare(host);
    const scheduler = {
      crash: (): void => undefined,
      resume: (): void => undefined,
      requeueTimers: (): void => undefined,
    };
    const nemesis = new Nemesis(
      world,
      parametersWith({ wipesMax: 1 }),
      new EventQueue(),
      Random.fromSeed('1'),
      scheduler,
    );
    nemesis.take(endingOf('wipe'), 0, 3);
    return world.counters.faults.wipe === 1;
  }

  it.each([
    ['while its process is down', 'down', 3, true],
    ['not if the process is back already', 'up', 3, false],
    ['not in a later life', 'down', 4, false],
  ] as const)('%s', (_what, status, life, expected) => {
    expect(wiped((host) => Object.assign(host, { status, life }))).toBe(expected);
  });
});

describe('a run that is long enough', () => {
  it.each([
    // length, settle, calm at
    [12_000_000, 6_000_000, 6_000_000],
    [12_000_001, 6_000_000, 6_000_001],
    [11_999_999, 6_000_000, 5_999_999],
    [1_000_001, 6_000_000, 500_000],
    [1, 6_000_000, 0],
  ])('of %i microseconds, with %i to settle, is calm from %i on', (length, settle, calmAt) => {
    const { tape } = taped({ seed: '1', profile: 'calm', parameters: { settle }, length: { micros: length } });
    expect(tape.of('calm').map(({ at }) => at)).toEqual([micros(calmAt)]);
  });
});

describe('a run in which nothing can happen any more', () => {
  it('ends, however many steps it has left', () => {
    const parameters = { clients: 0, crashEvery: 10_000, wipesMax: 3, powerLoss: 1_000_000 };
    const plan = makePlan({ seed: '1', nodes: 1, profile: 'calm', parameters, length: { steps: 4000 } });
    expect(simulate(plan).steps).toBeLessThan(4000);
  });
});
