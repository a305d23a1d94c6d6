// Faults that lie in wait: each strikes in the state that it waits for, in no other, and not behind the end of the faults.

import { describe, expect, it } from 'vitest';
import { taped, type Tape } from '../../../support/tape.ts';
import type { Parameters } from '../../../../src/sim/parameters.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;

const tapeOf = (parameters: Partial<Parameters>, seed = '1', node = {}): Tape =>
  taped({ seed, nodes: 3, profile: 'calm', parameters, node, length: { micros: 10 * SECOND } }).tape;

/** How long the faults of a run last that is ten seconds long. */
const FAULTS_UNTIL = 5 * SECOND;

describe('a leader that stands still until it is overtaken', () => {
  const tape = tapeOf({ overtakeEvery: 500 * MILLISECOND, settle: 5 * SECOND });
  const pauses = tape.of('pause');
  const resumes = tape.of('resume');

  it('stands longer than an election takes, and goes on soon behind it', () => {
    expect(pauses.length).toBeGreaterThan(3);
    expect(resumes.length).toBe(pauses.length);
    const lengths = pauses.map(
      ({ at, node }) => (resumes.find((one) => one.node === node && one.at > at)?.at ?? 0) - at,
    );
    // The last one may be mended.
    for (const length of lengths.slice(0, -1)) {
      expect(length).toBeGreaterThan(100 * MILLISECOND);
      expect(length).toBeLessThan(2 * SECOND);
    }
  });

  it('is cut off for that time, or is not', () => {
    const cuts = tape.of('cut');
    expect(cuts.length).toBeGreaterThan(0);
    expect(cuts.length).toBeLessThan(pauses.length);
    for (const { at, links } of cuts) {
      const pause = pauses.find((one) => one.at === at);
      expect(links.every((ends) => ends.includes(pause?.node as (typeof ends)[0]))).toBe(true);
    }
    expect(tape.of('heal').length).toBe(cuts.length);
  });

  it('and none begins when the faults are over', () => {
    for (const { at } of pauses) expect(at).toBeLessThanOrEqual(FAULTS_UNTIL);
  });
});

describe.each([
  ['whoever has just won', { winnerCrashEvery: 400 * MILLISECOND }],
  // Elections come of leaders that stand still.
  ['a server whose vote is on its way', { voteCrashEvery: 400 * MILLISECOND, overtakeEvery: 500 * MILLISECOND }],
] as const)('%s', (_who, parameters) => {
  const all = { ...parameters, settle: 5 * SECOND, downFor: 50 * MILLISECOND, syncDelayMin: 5 * MILLISECOND };
  const tape = tapeOf({ ...all, syncDelayMax: 20 * MILLISECOND });

  it('crashes, now and then in mid-step, until the faults are over', () => {
    const crashes = tape.of('crash');
    expect(crashes.length).toBeGreaterThan(3);
    for (const { at } of crashes) expect(at).toBeLessThanOrEqual(FAULTS_UNTIL);
    expect(tape.of('restart').length).toBe(3 + crashes.length);
  });
});

it('nothing strikes where nothing of the kind is to be seen', () => {
  const calm = tapeOf({ winnerCrashEvery: 300 * MILLISECOND, settle: 5 * SECOND }, '2', { noOpOnElection: false });
  const quiet = { clients: 1, openLoopEvery: 0, thinkMin: 9 * SECOND, thinkMax: 9 * SECOND };
  const idle = tapeOf({ winnerCrashEvery: 300 * MILLISECOND, settle: 5 * SECOND, ...quiet }, '2', {
    noOpOnElection: false,
  });
  expect(calm.of('crash').length).toBeGreaterThan(0);
  // Without a first entry a new leader has nothing on its way.
  expect(idle.of('crash').length).toBe(0);
});
