// The bounds of a run: what would fill the memory or never end is noticed, named, and ends the run at the same step
// every time.

import { describe, expect, it } from 'vitest';
import { makePlan, Simulation, simulate, type PlanInput } from '../../../src/index.ts';
import { Bounds, boundTable, LOOK_EVERY } from '../../../src/sim/bounds.ts';
import { EventKind } from '../../../src/sim/schedule/event-kind.ts';
import { EventQueue } from '../../../src/sim/schedule/queue.ts';
import { UNSCHEDULED } from '../../../src/sim/schedule/scheduler.ts';
import { micros } from '../../../src/base/ids.ts';
import { World } from '../../../src/sim/world.ts';
import { Puppet } from '../../support/stage.ts';

const AT_ONCE = {
  delayMin: 0,
  delayMax: 0,
  writeDelayMin: 0,
  writeDelayMax: 0,
  syncDelayMin: 0,
  syncDelayMax: 0,
  thinkMin: 0,
  thinkMax: 0,
};
const YEAR = 365 * 86_400_000_000;

describe('a run that would never end', () => {
  it.each<[string, NonNullable<PlanInput['parameters']>, string]>([
    ['because nothing takes any time', AT_ONCE, 'more than 1 000 000 steps at one moment of virtual time'],
    ['because slow spells pile up', { slowEvery: 1, slowFor: YEAR }, 'more than 10 000 cuts and slow spells at once'],
    ['because cuts pile up', { cutEvery: 1, cutFor: YEAR }, 'more than 10 000 cuts and slow spells at once'],
  ])('%s, ends beyond a bound, which the verdict names', (_why, parameters, words) => {
    const plan = makePlan({ seed: '1', nodes: 3, profile: 'calm', parameters });
    const run = simulate(plan);
    expect(run.flood?.words).toBe(words);
    expect(run.violation).toBeUndefined();
    expect(run.steps % LOOK_EVERY).toBe(0);
    expect(run.verdicts.find(({ property }) => property === 'bounded-liveness')).toEqual({
      property: 'bounded-liveness',
      outcome: 'unknown',
      why: `the run ended early, with ${words}`,
    });
    const inPieces = new Simulation(plan);
    while (inPieces.advance(777));
    expect(inPieces.finish()).toMatchObject({ steps: run.steps, fingerprint: run.fingerprint, flood: run.flood });
  });
});

describe('a look at a world', () => {
  const world = (): World => new World([new Puppet()]);

  it('finds nothing in one that has little of everything', () => {
    expect(new Bounds(world(), UNSCHEDULED).look()).toBeUndefined();
  });

  it('finds messages and calls', () => {
    const many = world();
    many.network.onTheirWay = boundTable.messages.most + 1;
    expect(new Bounds(many, UNSCHEDULED).look()?.words).toBe('more than 200 000 messages on their way at once');
    const busy = world();
    Object.defineProperty(busy.sessions, 'kept', { value: boundTable.calls.most + 1 });
    expect(new Bounds(busy, UNSCHEDULED).look()).toEqual({
      bound: 'calls',
      words: 'more than 4 000 000 calls of clients to be judged',
    });
  });

  it('finds events that wait, and goes on saying so', () => {
    const queue = new EventQueue();
    queue.push(1, EventKind.client, 0, 0, undefined);
    const scheduler = { ...UNSCHEDULED, eventsWaiting: queue.size };
    const bounds = new Bounds(world(), scheduler);
    expect(bounds.look()).toBeUndefined();
    scheduler.eventsWaiting = boundTable.events.most + 1;
    const flood = { bound: 'events', words: 'more than 4 000 000 events that wait for their time' };
    expect(bounds.look()).toEqual(flood);
    scheduler.eventsWaiting = 0;
    expect([bounds.look(), bounds.flood]).toEqual([flood, flood]);
  });

  it('counts the steps of a moment anew when time goes on', () => {
    const still = world();
    const bounds = new Bounds(still, UNSCHEDULED);
    bounds.look();
    still.steps = boundTable.moment.most;
    expect(bounds.look()).toBeUndefined();
    still.now = micros(1);
    still.steps += 1;
    expect(bounds.look()).toBeUndefined();
    still.steps += boundTable.moment.most;
    expect(bounds.look()).toBeUndefined();
    still.steps += 1;
    expect(bounds.look()?.bound).toBe('moment');
  });
});
