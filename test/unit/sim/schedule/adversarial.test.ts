// The adversarial schedulers: whatever can happen may be next, and still a seed decides a run and its script repeats it.

import { describe, expect, it } from 'vitest';
import { makePlan, type PlanInput } from '../../../../src/run/plan.ts';
import { simulate } from '../../../../src/run/simulate.ts';
import { schedulerNames, schedulerTable, type AdversaryName } from '../../../../src/sim/schedule/scheduler.ts';
import { stepKinds, type StepKind } from '../../../../src/sim/step.ts';
import { Tape, taped } from '../../../support/tape.ts';

const adversaries = schedulerNames.filter((name): name is AdversaryName => name !== 'timed');
const everything = {
  crashEvery: 200_000,
  downFor: 100_000,
  cutEvery: 300_000,
  slowEvery: 300_000,
  pauseEvery: 300_000,
  clockEvery: 100_000,
  wipesMax: 1,
  writeError: 5_000,
  syncError: 5_000,
  capacity: 8,
  changeEvery: 300_000,
  transferEvery: 300_000,
  compactionEvery: 300_000,
  rotsMax: 1,
  longDelay: 20_000,
};

const wishesOf = (scheduler: string, more: PlanInput = {}): PlanInput => ({
  seed: '1',
  scheduler,
  length: { steps: 4_000 },
  ...more,
});

describe('the plan', () => {
  it('has no scheduler where time decides, so that plans of before are what they were', () => {
    expect(makePlan(wishesOf('timed'))).not.toHaveProperty('scheduler');
    expect(makePlan(wishesOf('timed'))).toEqual(makePlan({ seed: '1', length: { steps: 4_000 } }));
  });

  it('refuses a scheduler that does not exist', () => {
    expect(() => makePlan(wishesOf('wlk'))).toThrow('unknown scheduler "wlk", expected one of timed, walk, pct, delay');
  });

  it('says what each scheduler does', () => {
    for (const name of schedulerNames) expect(schedulerTable[name].length).toBeGreaterThan(40);
  });
});

describe.each(adversaries)('%s', (scheduler) => {
  const plans: readonly PlanInput[] = [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((nodes) => ({ seed: `a${nodes}`, nodes })),
    { seed: 'b', parameters: everything },
    { seed: 'c', parameters: { openLoopEvery: 3_000, clients: 40 } },
    { seed: 'd', profile: 'calm', length: { micros: 2_000_000 } },
  ];

  it.each(plans)('a seed decides the run, and its script repeats it: $seed', (more) => {
    const plan = makePlan(wishesOf(scheduler, more));
    const { tape, run } = taped(plan);
    expect(run.violation).toBeUndefined();
    expect(simulate(plan).fingerprint).toBe(run.fingerprint);
    expect(simulate(plan, { checks: false }).fingerprint).toBe(run.fingerprint);
    const replayed = new Tape();
    const again = simulate(plan, { script: tape.steps, recorder: replayed });
    expect(again.skipped).toEqual([]);
    expect(again.fingerprint).toBe(run.fingerprint);
    expect(replayed.prints).toEqual(tape.prints);
  });

  it('is repeated by its script wherever it ends, also with a process that is about to crash', () => {
    const parameters = { crashEvery: 20_000, crashInStep: 1_000_000, downFor: 10_000 };
    for (let steps = 100; steps < 250; steps++) {
      const { tape, run } = taped(wishesOf(scheduler, { parameters, length: { steps } }));
      expect(simulate(run.plan, { script: tape.steps }).fingerprint).toBe(run.fingerprint);
    }
  });

  it('two seeds give two runs, and so do two schedulers', () => {
    const prints = ['1', '2'].map((seed) => simulate(makePlan(wishesOf(scheduler, { seed }))).fingerprint);
    const others = schedulerNames.map((name) => simulate(makePlan(wishesOf(name))).fingerprint);
    expect(new Set([...prints, ...others]).size).toBe(5);
  });

  it('takes every kind of step, and loses messages for every reason', () => {
    const kinds = new Set<string>();
    const reasons = new Set<string>();
    const counts = { inStep: 0, torn: 0, lost: 0, lostAnswers: 0, repeated: 0, refused: 0, sync: 0, write: 0 };
    for (let seed = 0; seed < 30; seed++) {
      const { tape, run } = taped(wishesOf(scheduler, { seed: `k${seed}`, parameters: everything }));
      for (const step of tape.steps) {
        kinds.add(step.kind);
        if (step.kind === 'drop') reasons.add(step.reason);
        if (step.kind === 'write-failed') counts[step.error]++;
      }
      counts.inStep += run.counters.crashesInStep;
      counts.torn += run.counters.tornWrites;
      counts.lost += run.counters.lostWrites;
      counts.lostAnswers += run.counters.lostAnswers;
      counts.repeated += run.counters.repeatedCalls;
      counts.refused += run.counters.refusals;
    }
    // Clocks decide nothing where any timer may go off, the faults go on to the end, and only a story sends what no
    // server sent.
    const others: readonly StepKind[] = ['clock', 'calm', 'send'];
    expect([...kinds].toSorted()).toEqual(stepKinds.filter((kind) => !others.includes(kind)).toSorted());
    expect([...reasons].toSorted()).toEqual(['cut', 'down', 'full', 'lost']);
    for (const [name, count] of Object.entries(counts)) expect(count, name).toBeGreaterThan(0);
  });

  it('makes progress: leaders are elected, calls are answered', () => {
    for (const profile of ['calm', 'chaos']) {
      const { summary } = simulate(makePlan(wishesOf(scheduler, { profile, length: { steps: 10_000 } })));
      expect(summary.leaders).toBeGreaterThan(1);
      expect(summary.callsCompleted).toBeGreaterThan(50);
    }
  });

  it('lets timers of both kinds go off', () => {
    const { tape } = taped(wishesOf(scheduler, { profile: 'calm' }));
    expect(new Set(tape.of('timer').map(({ timer }) => timer))).toEqual(new Set(['election', 'heartbeat']));
  });

  it('goes on where a pause has stopped it', () => {
    const parameters = { clients: 1, pauseEvery: 20_000, pauseFor: 10_000, thinkMax: 5_000, patience: 60_000_000 };
    const wishes = { nodes: 1, profile: 'calm', parameters, length: { micros: 20_000_000 } };
    expect(simulate(makePlan(wishesOf(scheduler, wishes))).summary.callsCompleted).toBeGreaterThan(100);
  });

  it('keeps some messages to a dead process for its next life', () => {
    const parameters = { crashEvery: 400_000, downFor: 400_000, crashInStep: 0 };
    const { tape } = taped(wishesOf(scheduler, { profile: 'calm', parameters, length: { steps: 20_000 } }));
    const [survived, all] = survivals(tape);
    expect(all).toBeGreaterThan(20);
    expect(survived / all).toBeGreaterThan(0.1);
    expect(survived / all).toBeLessThan(0.8);
  });

  it('lets one message at a time through a slow link', () => {
    const spells = { slowEvery: 200_000, slowFor: 400_000, slowFactor: 10, delayMin: 5_000, delayMax: 5_000 };
    const { tape } = taped(wishesOf(scheduler, { profile: 'calm', nodes: 3, parameters: spells }));
    const gaps = gapsWhileSlow(tape);
    expect(gaps.length).toBeGreaterThan(10);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50_000);
  });

  it('holds single messages up where the plan says so', () => {
    const { tape } = taped(wishesOf(scheduler, { profile: 'calm', parameters: { longDelay: 50_000 } }));
    expect(overtakings(tape)).toBeGreaterThan(0);
  });

  it('lets happen only what the plan allows', () => {
    const { tape, run } = taped(wishesOf(scheduler, { profile: 'calm', length: { steps: 10_000 } }));
    const { faults, duplicated, lostAnswers, dropped, restarts } = run.counters;
    expect(Object.values(faults).every((count) => count === 0)).toBe(true);
    expect([duplicated, lostAnswers, dropped.lost, dropped.cut, dropped.full, restarts]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(overtakings(tape)).toBe(0);
  });

  it('lets messages overtake each other on one link only where the plan allows it', () => {
    const { tape } = taped(wishesOf(scheduler, { profile: 'calm', parameters: { reorder: 500_000 } }));
    expect(overtakings(tape)).toBeGreaterThan(0);
  });

  it('delivers messages that are older than an election timeout', () => {
    const { tape } = taped(wishesOf(scheduler, { profile: 'calm', length: { steps: 20_000 } }));
    const sent = new Map(tape.sendings.map(({ from, to, number, place }) => [`${from} ${to} ${number}`, place]));
    const ages = tape.steps.map((step, place) =>
      step.kind === 'deliver' ? place - (sent.get(`${step.from} ${step.to} ${step.number}`) as number) : 0,
    );
    expect(Math.max(...ages)).toBeGreaterThan(25);
  });

  it('keeps time: never backwards, at most a millisecond a step unless nothing can move', () => {
    const { tape, run } = taped(wishesOf(scheduler, { profile: 'calm', length: { micros: 3_000_000 } }));
    const times = tape.steps.map(({ at }) => at);
    expect(times.every((at, i) => Number.isInteger(at) && at >= (times[i - 1] ?? 0))).toBe(true);
    expect(run.at).toBeLessThanOrEqual(3_000_000);
    expect(run.at).toBeGreaterThan(2_000_000);
  });

  it('ends in time, also where nothing can move', () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const parameters of [{}, { clients: 0, cutEvery: 500_000 }]) {
        const wishes = { seed: `t${seed}`, profile: 'calm', parameters, length: { micros: 50_000 } };
        expect(simulate(makePlan(wishesOf(scheduler, wishes))).at).toBeLessThanOrEqual(50_000);
      }
    }
  });

  it('ends where nothing can happen any more', () => {
    const parameters = { clients: 0, crashEvery: 10_000, wipesMax: 3, powerLoss: 1_000_000 };
    const { steps } = simulate(makePlan(wishesOf(scheduler, { nodes: 1, profile: 'calm', parameters })));
    expect(steps).toBeLessThan(100);
  });

  it('leaves it open whether the cluster would recover, and says why', () => {
    const { verdicts } = simulate(makePlan(wishesOf(scheduler, { length: { micros: 20_000_000 } })));
    const verdict = verdicts.find(({ property }) => property === 'bounded-liveness');
    expect(verdict?.outcome).toBe('unknown');
    expect(verdict?.why).toBe(`the scheduler ${scheduler} lets timers and messages come in any order, up to the end`);
  });
});

/** Deliveries of a message after a later one of the same link. */
function overtakings(tape: Tape): number {
  const newest = new Map<string, number>();
  let count = 0;
  for (const { from, to, number } of tape.of('deliver')) {
    const link = `${from}→${to}`;
    if (number < (newest.get(link) ?? 0)) count++;
    else newest.set(link, number);
  }
  return count;
}

/** Of the messages that were on their way to a process when it crashed, how many its next life received. */
function survivals(tape: Tape): readonly [number, number] {
  const waiting = new Map<string, boolean>();
  const sendings = tape.sendings.values();
  let sent = sendings.next();
  let survived = 0;
  let all = 0;
  tape.steps.forEach((step, place) => {
    if (step.kind === 'deliver' || step.kind === 'drop') {
      const name = `${step.from}→${step.to}#${step.number}`;
      const isOrphan = waiting.get(name) === true;
      waiting.delete(name);
      if (isOrphan) all++;
      if (isOrphan && step.kind === 'deliver') survived++;
    }
    if (step.kind === 'crash') {
      for (const name of waiting.keys()) if (name.includes(`→${step.node}#`)) waiting.set(name, true);
    }
    for (; sent.done !== true && sent.value.place === place; sent = sendings.next()) {
      waiting.set(`${sent.value.from}→${sent.value.to}#${sent.value.number}`, false);
    }
  });
  return [survived, all];
}

/** Times between two deliveries over one link while it is slow. */
function gapsWhileSlow(tape: Tape): number[] {
  const spells = new Map<number, Set<string>>();
  const lastAt = new Map<string, number>();
  const gaps: number[] = [];
  const isSlow = (link: string): boolean => [...spells.values()].some((links) => links.has(link));
  for (const step of tape.of('deliver', 'slow', 'mend')) {
    if (step.kind === 'slow') spells.set(step.fault, new Set(step.links.map(([from, to]) => `${from}→${to}`)));
    else if (step.kind === 'mend') {
      spells.delete(step.fault);
      for (const link of lastAt.keys()) if (!isSlow(link)) lastAt.delete(link);
    } else {
      const link = `${step.from}→${step.to}`;
      if (!isSlow(link)) continue;
      const last = lastAt.get(link);
      if (last !== undefined) gaps.push(step.at - last);
      lastAt.set(link, step.at);
    }
  }
  return gaps;
}
