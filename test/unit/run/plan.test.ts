// What a plan refuses: a field that nothing knows would silently mean nothing, at whatever depth it stands.

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.ts';
import { makePlan, windowParameters, type PlanInput } from '../../../src/run/plan.ts';

const disk = { term: 1, votedFor: 0, log: [1] };

const unknown: readonly (readonly [given: unknown, told: string])[] = [
  [{ nods: 3 }, 'unknown field of a plan "nods", expected one of seed, nodes, spares, profile, '],
  [{ nods: 3 }, 'did you mean nodes?'],
  [{ sceduler: 'walk' }, 'did you mean scheduler?'],
  [{ xyzzy: 1 }, 'unknown field of a plan "xyzzy"'],
  [{ parameters: { los: 5 } }, 'unknown parameter "los", expected one of electionTimeoutMin, '],
  [{ parameters: { los: 5 } }, 'did you mean loss?'],
  [{ node: { inflight: 5 } }, 'unknown node option "inflight", expected one of noOpOnElection, '],
  [{ node: { inflight: 5 } }, 'did you mean inflightMax?'],
  [{ length: { step: 5 } }, 'unknown field of a length "step", expected one of micros, steps; did you mean steps?'],
  [{ nodes: 1, disks: [{ ...disk, lgo: [] }] }, 'unknown field of a disk "lgo", expected one of term, votedFor, log'],
];

const wrongShapes: readonly (readonly [given: unknown, told: string])[] = [
  [[], 'the plan is [], expected an object with seed, '],
  [{ parameters: 5 }, 'parameters is 5, expected an object with '],
  [{ node: [] }, 'node is [], expected an object with noOpOnElection, '],
  [{ length: 5 }, 'length is 5, expected an object with micros, steps'],
  [{ length: {} }, 'length has nothing, expected one of micros, steps'],
  [{ length: { steps: 5, micros: 5 } }, 'length has steps and micros, expected one of micros, steps'],
  [{ properties: 0 }, 'properties is 0, expected a list of names'],
  [{ seed: 5 }, 'the seed is 5, expected a text'],
  [{ nodes: 1, disks: [null] }, 'the disk of n1 is null, expected an object with term, votedFor, log'],
];

describe('a plan', () => {
  it.each([...unknown, ...wrongShapes])('%j is refused: %s', (given, told) => {
    expect(() => makePlan(given as PlanInput)).toThrow(UsageError);
    expect(() => makePlan(given as PlanInput)).toThrow(told);
  });

  it('of a trace is refused with its place', () => {
    const json = { seed: '1', nods: 3 };
    expect(() => makePlan(json as PlanInput)).toThrow('unknown field of a plan "nods"');
    expect(() => makePlan({ seed: '1', properties: 0 } as unknown as PlanInput)).toThrow(UsageError);
  });

  it('that is a plan already stays as it is', () => {
    const plan = makePlan({ nodes: 1, disks: [disk], scheduler: 'walk', length: { steps: 9 } });
    expect(makePlan(plan)).toEqual(plan);
  });

  it('has no window with a parameter that nothing knows', () => {
    const { parameters } = makePlan({});
    const changes = { los: 5 } as Parameters<typeof windowParameters>[2];
    expect(() => windowParameters(parameters, undefined, changes)).toThrow('did you mean loss?');
  });
});
