// A run in slices: signals get their turn however slow the steps are, and slices change nothing about the run.
//
// Real time comes from outside, so that a slow machine is a clock that runs fast.

import { setImmediate } from 'node:timers';
import { describe, expect, it } from 'vitest';
import { makePlan, Simulation } from '../../src/index.ts';
import { drive, judge, SLICE } from '../../src/cli/ui/drive.ts';
import { Interruption } from '../../src/cli/ui/interrupt.ts';
import { Progress } from '../../src/cli/ui/progress.ts';
import { Terminal } from '../../src/cli/ui/terminal.ts';

const plan = makePlan({ seed: '3', nodes: 3, profile: 'calm', length: { steps: 3 * SLICE + 1 } });
const silent = { write: () => true, on: () => undefined };

/** A clock that goes on by so many milliseconds with every look. */
function clockWith(millis: number): () => number {
  let now = 0;
  return () => (now += millis);
}

function means(millis: number): { clock: () => number; progress: Progress; interruption: Interruption } {
  const clock = clockWith(millis);
  const { err } = new Terminal(silent, silent, {});
  return { clock, progress: new Progress(err, 'none', clock), interruption: new Interruption(() => undefined) };
}

describe('a driven run', () => {
  it('stops within a slice where steps are slow', async () => {
    const simulation = new Simulation(plan);
    const { interruption, ...rest } = means(60);
    const looks: number[] = [];
    setImmediate(() => process.emit('SIGQUIT', 'SIGQUIT'));
    const ended = await drive({ ...rest, simulation, interruption, look: () => looks.push(simulation.world.steps) });
    interruption.release();
    expect([ended, interruption.signal]).toEqual(['stopped', 'SIGQUIT']);
    expect(simulation.world.steps).toBeLessThan(SLICE);
    expect(looks).toEqual([simulation.world.steps]);
  });

  it.each([0, 60])('is looked at after the same steps, and comes to the same end (%i ms a look)', async (millis) => {
    const simulation = new Simulation(plan);
    const { interruption, ...rest } = means(millis);
    const looks: number[] = [];
    const ended = await drive({ ...rest, simulation, interruption, look: () => looks.push(simulation.world.steps) });
    interruption.release();
    expect([ended, looks]).toEqual(['over', [SLICE, 2 * SLICE, 3 * SLICE, 3 * SLICE + 1]]);
    const whole = new Simulation(plan);
    while (whole.advance(1_000_000));
    expect(await judge(simulation, rest.clock)).toEqual(whole.finish());
  });
});

describe('an interruption', () => {
  it('leaves every signal to the system after the first, but for those of a terminal that closes', () => {
    const told: string[] = [];
    const before = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].map((signal) => process.listenerCount(signal));
    const count = (): number[] =>
      ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].map((signal, i) => process.listenerCount(signal) - (before[i] ?? 0));
    const interruption = new Interruption((signal) => told.push(signal));
    expect(count()).toEqual([1, 1, 1, 1]);
    expect(interruption.atOnce(count)).toEqual([0, 0, 0, 0]);
    process.emit('SIGHUP', 'SIGHUP');
    process.emit('SIGHUP', 'SIGHUP');
    expect([told, count()]).toEqual([['SIGHUP'], [0, 0, 1, 0]]);
    expect(interruption.atOnce(count)).toEqual([0, 0, 1, 0]);
    interruption.release();
    expect(count()).toEqual([0, 0, 0, 0]);
  });
});
