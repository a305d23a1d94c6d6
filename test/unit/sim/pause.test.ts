// Pauses: nothing happens to a paused process; what came up meanwhile happens when it resumes, in its order.

import { describe, expect, it } from 'vitest';
import { micros, type NodeId } from '../../../src/base/ids.ts';
import { Timer } from '../../../src/protocol/timers.ts';
import type { Step } from '../../../src/sim/step.ts';
import { Bench } from '../../support/bench.ts';
import { nodeOf, taped, type Tape } from '../../support/tape.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;

const textOf = (step: Step): string => {
  switch (step.kind) {
    case 'deliver':
      return `n${step.from + 1}→n${step.to + 1}#${step.number}`;
    case 'timer':
      return `${step.timer} of n${step.node + 1}`;
    default:
      return `${step.kind} ${(nodeOf(step) ?? -1) + 1}`;
  }
};

/** Messages from two nodes to the third, with its timers and writes: all of it becomes possible at different times. */
function busy(seed: string): Bench {
  const bench = new Bench(
    3,
    { reorder: 1_000_000, delayMax: 400 * MILLISECOND, syncDelayMax: 50_000 },
    undefined,
    seed,
  );
  bench.scheduler.timerArmed(bench.host(2), Timer.election);
  bench.scheduler.timerArmed(bench.host(2), Timer.heartbeat);
  for (let i = 0; i < 12; i++) {
    bench.send(0, 2);
    bench.send(1, 2);
    bench.send(2, 1);
    bench.write(2);
  }
  return bench;
}

describe('what comes up for a paused process', () => {
  it.each(['1', '2', '3', '4', '5', '6', '7', '8'])(
    'waits, and happens in its order when it resumes (seed %s)',
    (seed) => {
      const plain = busy(seed);
      plain.run();
      const ofThird = (tape: Tape): string[] => tape.steps.filter((step) => nodeOf(step) === 2).map(textOf);
      expect(ofThird(plain.tape).length).toBe(2 + 24 + 12);

      const paused = busy(seed);
      const host = paused.host(2);
      paused.world.pause(host);
      paused.run();
      expect(paused.tape.steps.filter((step) => nodeOf(step) === 2).map(({ kind }) => kind)).toEqual(['pause']);
      expect(paused.tape.of('deliver').length, 'others go on').toBe(12);

      paused.world.now = micros(paused.world.now + SECOND);
      paused.scheduler.resume(host);
      const resumedAt = paused.world.now;
      paused.run();
      expect(ofThird(paused.tape).slice(2)).toEqual(ofThird(plain.tape));
      const after = paused.tape.steps.slice(paused.tape.steps.findIndex(({ kind }) => kind === 'resume'));
      expect(new Set(after.map(({ at }) => at))).toEqual(new Set([resumedAt]));
    },
  );

  it('in the middle: what came before the pause has happened, the rest follows', () => {
    const plain = busy('9');
    plain.run();
    const bench = busy('9');
    bench.run(20);
    bench.world.pause(bench.host(2));
    bench.run();
    bench.scheduler.resume(bench.host(2));
    bench.run();
    const told = (tape: Tape): string[] =>
      tape.steps.filter((step) => nodeOf(step) === 2 && step.kind !== 'pause' && step.kind !== 'resume').map(textOf);
    expect(told(bench.tape)).toEqual(told(plain.tape));
  });

  it('is gone if it crashes meanwhile: messages are dropped, timers and writes mean nothing', () => {
    const bench = busy('10');
    bench.world.pause(bench.host(2));
    bench.run();
    bench.scheduler.crash(bench.host(2));
    const before = bench.tape.steps.length;
    bench.run(24);
    const steps = bench.tape.steps.slice(before);
    expect(steps.map((step) => (step.kind === 'drop' ? step.reason : step.kind))).toEqual(Array(24).fill('down'));
    bench.run();
    expect(bench.tape.of('timer', 'durable')).toEqual([]);
    expect(bench.tape.steps.slice(before + 24).map(textOf)).toEqual(['restart 3']);
  });
});

describe('in a run full of pauses, crashes and clock changes', () => {
  const parameters = {
    pauseEvery: 150 * MILLISECOND,
    pauseFor: 300 * MILLISECOND,
    crashEvery: 200 * MILLISECOND,
    downFor: 50 * MILLISECOND,
    clockEvery: 200 * MILLISECOND,
  };
  const runs = ['1', '2', '3'].map((seed) =>
    taped({ seed, nodes: 3, profile: 'calm', parameters, length: { micros: 20 * SECOND } }),
  );
  const CALM = 14 * SECOND;

  it.each(runs)(
    'nothing happens to a paused process but its end, and clocks that are set right ($run.fingerprint)',
    ({ tape }) => {
      const paused = new Set<NodeId>();
      let pauses = 0;
      for (const step of tape.steps) {
        const node = nodeOf(step);
        if (node === undefined) continue;
        if (step.kind === 'resume' || step.kind === 'crash') paused.delete(node);
        else if (step.kind === 'pause') {
          expect(paused.has(node)).toBe(false);
          paused.add(node);
          pauses++;
        } else if (paused.has(node)) expect([step.kind, step.at]).toEqual(['clock', CALM]);
      }
      expect(pauses).toBeGreaterThan(20);
      expect(paused.size).toBe(0);
    },
  );

  it.each(runs)('each pause ends when it is over, and none ends another one ($run.fingerprint)', ({ tape }) => {
    const since = new Map<NodeId, number>();
    let ended = 0;
    for (const step of tape.steps) {
      if (step.kind === 'pause') since.set(step.node, step.at);
      if (step.kind !== 'resume') continue;
      const length = step.at - (since.get(step.node) ?? -1);
      if (step.at !== CALM) {
        expect(length).toBeGreaterThanOrEqual(150 * MILLISECOND);
        expect(length).toBeLessThanOrEqual(450 * MILLISECOND);
      }
      ended++;
    }
    expect(ended).toBeGreaterThan(10);
  });

  it.each(runs)('and the cluster keeps its promises ($run.fingerprint)', ({ run }) => {
    expect(run.violation).toBeUndefined();
  });
});
