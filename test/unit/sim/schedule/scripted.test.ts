// The scripted scheduler: takes the steps that are possible, says of each other one why not, and draws nothing.

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/base/errors.ts';
import { clientId, micros, nodeId } from '../../../../src/base/ids.ts';
import { makePlan } from '../../../../src/run/plan.ts';
import { simulate, Simulation } from '../../../../src/run/simulate.ts';
import type { LinkEnds, Step } from '../../../../src/sim/step.ts';
import { Tape, taped } from '../../../support/tape.ts';

const NODES = 3;
const at = micros(1_000);
const [n1, n2, n3] = [nodeId(0), nodeId(1), nodeId(2)];
const client = clientId(0);
const links: readonly LinkEnds[] = [[n1, n2]];
const operation = { kind: 'get', key: 'k' } as const;

const up: readonly Step[] = [n1, n2, n3].map((node) => ({ kind: 'restart', at: micros(0), node }));
/** n1 asks n2 and n3 for their votes, once its own is durable. */
const asked: readonly Step[] = [
  ...up,
  { kind: 'timer', at, node: n1, timer: 'election' },
  { kind: 'durable', at, node: n1 },
];
const request: Step = { kind: 'deliver', at, from: n1, to: n2, number: 1 };
const crash: Step = { kind: 'crash', at, node: n2, kept: 0, torn: false };
const pause: Step = { kind: 'pause', at, node: n2 };
const cut: Step = { kind: 'cut', at, fault: 1, shape: 'one-way', links };
const slow: Step = { kind: 'slow', at, fault: 2, factor: 3, links };
const call: Step = { kind: 'call', at, client, sequence: 1, node: n2, operation };
const answer: Step = { kind: 'answer', at, client, number: 1, lost: false };

const plan = makePlan({ seed: '1', nodes: NODES, profile: 'calm', length: { micros: 1_000_000 } });

interface Played {
  readonly steps: readonly Step[];
  readonly skipped: readonly string[];
}

function play(script: readonly Step[]): Played {
  const tape = new Tape();
  const { skipped } = simulate(plan, { script, recorder: tape });
  return { steps: tape.steps, skipped: skipped.map(({ place, why }) => `${place - script.length}: ${why}`) };
}

describe('a step that is not possible is skipped, and the script goes on:', () => {
  it.each<[string, readonly Step[]]>([
    ['message 2 from n1 to n2 is not on its way', [...asked, { ...request, number: 2 }]],
    ['message 1 from n3 to n2 is not on its way', [...asked, { ...request, from: n3 }]],
    ['message 1 from n1 to n2 is not on its way', [...asked, request, request]],
    [
      'message 1 from n1 to n2 is not on its way',
      [
        ...asked,
        { kind: 'drop', at, from: n1, to: n2, number: 1, reason: 'lost' },
        { kind: 'duplicate', at, from: n1, to: n2, number: 1 },
      ],
    ],
    ['n2 is down', [...asked, crash, request]],
    ['n2 is paused', [...asked, pause, request]],
    ['the link n1→n2 is cut', [...asked, cut, request]],
    ['n1 has no heartbeat timer', [...up, { kind: 'timer', at, node: n1, timer: 'heartbeat' }]],
    ['n2 is down', [...up, crash, { kind: 'timer', at, node: n2, timer: 'election' }]],
    ['n2 is paused', [...up, pause, { kind: 'timer', at, node: n2, timer: 'election' }]],
    ['n1 has no write on its way', [...up, { kind: 'durable', at, node: n1 }]],
    ['n1 has no write on its way', [...up, { kind: 'write-failed', at, node: n1, error: 'sync', kept: 0 }]],
    ['n2 is down', [...up, crash, { kind: 'durable', at, node: n2 }]],
    ['n2 is down', [...up, crash, crash]],
    ['n1 is not down', [...up, { kind: 'wipe', at, node: n1 }]],
    ['n1 is not down', [...up, { kind: 'restart', at, node: n1 }]],
    ['n2 is paused', [...up, pause, pause]],
    ['n2 is down', [...up, crash, pause]],
    ['n1 is not paused', [...up, { kind: 'resume', at, node: n1 }]],
    ['n2 is not paused', [...up, crash, { kind: 'resume', at, node: n2 }]],
    ['n2 is paused', [...up, pause, call]],
    ['there is no fault 7 to heal', [...up, { kind: 'heal', at, fault: 7 }]],
    ['there is no fault 2 to heal', [...up, slow, { kind: 'heal', at, fault: 2 }]],
    ['there is no fault 1 to mend', [...up, cut, { kind: 'mend', at, fault: 1 }]],
    ['there is no fault 1 to heal', [...up, cut, { kind: 'heal', at, fault: 1 }, { kind: 'heal', at, fault: 1 }]],
    ['there is no answer 1 for c1', [...up, answer]],
    ['there is no answer 1 for c1', [...up, call, answer, answer]],
    ['there is no answer 2 for c1', [...up, call, { ...answer, number: 2 }]],
  ])('%s', (why, script) => {
    const { steps, skipped } = play(script);
    expect(skipped).toEqual([`-1: ${why}`]);
    expect(steps).toEqual(script.slice(0, -1));
    // What comes behind it is taken all the same.
    const calm: Step = { kind: 'calm', at };
    expect(play([...script, calm])).toEqual({ steps: [...steps, calm], skipped: [`-2: ${why}`] });
  });
});

describe('a step that is possible is taken:', () => {
  it.each<[string, readonly Step[]]>([
    ['a message', [...asked, request]],
    ['a message and its copy', [...asked, { kind: 'duplicate', at, from: n1, to: n2, number: 1 }, request, request]],
    [
      'messages out of their order',
      [
        ...asked,
        { ...request, to: n3 },
        { kind: 'timer', at, node: n1, timer: 'election' },
        { kind: 'durable', at, node: n1 },
        { ...request, number: 2 },
        request,
      ],
    ],
    ['a message that is lost', [...asked, { kind: 'drop', at, from: n1, to: n2, number: 1, reason: 'full' }]],
    ['a message behind a heal', [...asked, cut, { kind: 'heal', at, fault: 1 }, request]],
    [
      'a message against the cut direction',
      [...asked, request, cut, { kind: 'durable', at, node: n2 }, { ...request, from: n2, to: n1 }],
    ],
    ['a pause and its end', [...asked, pause, { kind: 'resume', at, node: n2 }, request]],
    ['a crash of a paused process', [...up, pause, crash]],
    [
      'a wipe, and a restart that finds it',
      [...up, crash, { kind: 'wipe', at, node: n2 }, { kind: 'restart', at, node: n2 }],
    ],
    ['a call to a process that is down, which is refused', [...up, crash, call, answer]],
    ['a clock, also of a process that is down', [...up, crash, { kind: 'clock', at, node: n2, ratePpm: 5, jump: -7 }]],
    ['a slow spell and its end', [...up, slow, { kind: 'mend', at, fault: 2 }]],
  ])('%s', (_what, script) => {
    expect(play(script)).toEqual({ steps: script, skipped: [] });
  });
});

describe('a process that must crash', () => {
  const late: Step = { kind: 'timer', at, node: n1, timer: 'election', effects: 1 };
  const itsCrash: Step = { kind: 'crash', at, node: n1, kept: 0, torn: false };

  it('crashes before anything else, also if the script forgot it', () => {
    const forgotten: Step[] = [...up, late, { kind: 'calm', at }];
    expect(play(forgotten)).toEqual({ steps: [...up, late, itsCrash, { kind: 'calm', at }], skipped: [] });
  });

  it('crashes as the script says', () => {
    const torn: Step = { ...itsCrash, torn: true };
    expect(play([...up, late, torn])).toEqual({ steps: [...up, late, torn], skipped: [] });
  });

  it('crashes at the end of the script', () => {
    expect(play([...up, late]).steps).toEqual([...up, late, itsCrash]);
  });
});

describe('time', () => {
  it('goes as the steps say, and never back', () => {
    const simulation = new Simulation(plan, {
      script: [
        { kind: 'restart', at: micros(500), node: n1 },
        { kind: 'restart', at: micros(200), node: n2 },
        { kind: 'restart', at: micros(900), node: n3 },
      ],
    });
    const times: number[] = [];
    while (simulation.advance(1)) times.push(simulation.world.now);
    expect(times).toEqual([500, 500, 900]);
  });
});

describe('nodes that are not there', () => {
  const far = nodeId(3);
  it.each<Step>([
    { kind: 'restart', at, node: far },
    { kind: 'crash', at, node: far, kept: 0, torn: false },
    { kind: 'deliver', at, from: far, to: n1, number: 1 },
    { kind: 'deliver', at, from: n1, to: far, number: 1 },
    { kind: 'call', at, client, sequence: 1, node: far, operation },
  ])('are a mistake of the user: %j', (step) => {
    expect(() => play([...up, step])).toThrow(UsageError);
    expect(() => play([...up, step])).toThrow('there is no node n4 in a cluster of 3');
  });
});

describe('no random number is drawn', () => {
  it('a script gives the same run under any seed and profile', () => {
    const wishes = { seed: '1', nodes: 5, profile: 'chaos', length: { micros: 3_000_000 } };
    const { tape, run } = taped(wishes);
    for (const other of [{ seed: '2' }, { profile: 'calm' }, { parameters: { clients: 9, loss: 1_000_000 } }]) {
      const again = taped({ ...wishes, ...other }, { script: tape.steps });
      expect([again.run.fingerprint, again.run.skipped]).toEqual([run.fingerprint, []]);
    }
  });

  it('an empty script is a run without steps', () => {
    expect(play([])).toEqual({ steps: [], skipped: [] });
  });
});
