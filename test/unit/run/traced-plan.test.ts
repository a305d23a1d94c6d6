// Whatever is wrong with the plan of a trace is told with its place in the file, and never ends in a stack.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.ts';
import { ZERO_INDEX } from '../../../src/protocol/message.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { planOfTrace } from '../../../src/run/traced-plan.ts';
import { decodeTrace, TraceWriter } from '../../../src/trace/format.ts';
import { micros } from '../../../src/base/ids.ts';
import { runs, seeded } from '../../support/seed.ts';

const plan = makePlan({
  seed: '7',
  nodes: 2,
  profile: 'calm',
  length: { steps: 1 },
  disks: [
    { term: 1, votedFor: 0, log: [1] },
    { term: 1, votedFor: 1, log: [] },
  ],
});

/** A trace without steps about a plan, whatever that is. */
function traceOf(json: object): string {
  const writer = new TraceWriter({ kind: 'steps', version: '0.1.0', plan: json as { nodes: number } });
  const end = { steps: 0, at: micros(ZERO_INDEX), fingerprint: '0'.repeat(16), violation: null };
  return writer.header() + writer.end(end);
}

/** What is said about the plan of a trace, without the name of the file. */
function complaint(json: object): string {
  try {
    planOfTrace(decodeTrace(traceOf(json), 'a.trace'));
    return '';
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.replace(/^a\.trace:1:/, '');
  }
}

/** The column of a text in the header, from 1. */
const columnOf = (json: object, text: string): number => (traceOf(json).split('\n')[0] ?? '').indexOf(text) + 1;

it('a plan that nobody touched is the plan', () => {
  expect(planOfTrace(decodeTrace(traceOf(plan), 'a.trace'))).toEqual(plan);
});

describe('the plan of a trace is refused, with the place, if it has', () => {
  const p = plan.parameters;
  it.each<[string, object, string, string]>([
    ['no list of properties', { properties: 0 }, '0,"length', '"properties" is 0; expected a list'],
    ['null for properties', { properties: null }, 'null,"length', '"properties" is null; expected a list'],
    ['an unknown property', { properties: ['vote-onze'] }, '"vote-onze"', 'unknown property "vote-onze", expected one'],
    ['a number as its seed', { seed: 7 }, '7,', '"seed" is 7; expected a text'],
    ['no seed', { seed: undefined }, '{"nodes"', 'the plan has no "seed"; expected a text'],
    ['an empty seed', { seed: '' }, '"",', 'the seed is empty, expected a whole number or any text'],
    ['a list of parameters', { parameters: [] }, '[],"node"', '"parameters" is a list; expected an object'],
    ['a text as a parameter', { parameters: { ...p, loss: '1%' } }, '"1%"', 'loss is 1%, expected a whole number'],
    ['a parameter beyond its range', { parameters: { ...p, keys: -3 } }, '-3,', 'keys is -3, expected a whole number'],
    ['an unknown parameter', { parameters: { ...p, lozz: 1 } }, '1},"node"', 'unknown parameter "lozz", expected one'],
    [
      'a range upside down',
      { parameters: { ...p, delayMin: 99999 } },
      '99999',
      'delayMin is 99999, more than delayMax',
    ],
    ['no object of node options', { node: 1 }, '1,"variant"', '"node" is 1; expected an object'],
    ['a node option of another kind', { node: { ...plan.node, noOpOnElection: 3 } }, '3,"back', 'noOpOnElection is 3,'],
    ['a number as its length', { length: 5 }, '5,"disks"', '"length" is 5; expected an object'],
    ['a length that is none', { length: { steps: 1.5 } }, '1.5', 'steps is 1.5, expected a whole number from 1'],
    ['an unknown profile', { profile: 'calmm' }, '"calmm"', 'unknown profile "calmm", expected one of calm'],
    ['an unknown variant', { variant: 'none' }, '"none"', 'unknown variant "none", expected one of'],
    ['an unknown scheduler', { scheduler: 0 }, '0}}', 'unknown scheduler "0", expected one of timed'],
    ['no list of disks', { disks: 'none' }, '"none"', '"disks" is "none"; expected a list'],
    ['a disk that is none', { disks: [plan.disks?.[0], null] }, 'null]', 'a disk is null; expected an object'],
    ['too few disks', { disks: [] }, '[]}', 'disks is [], expected a list of one for each of the 2 nodes'],
    ['too many nodes', { nodes: 10 }, '10,', 'nodes is 10, expected a whole number from 1 to 9'],
  ])('%s', (_what, changes, at, message) => {
    const json = { ...plan, ...changes };
    const column = columnOf(json, at);
    expect(complaint(json).slice(0, `${column}: ${message}`.length)).toBe(`${column}: ${message}`);
  });

  it(seeded('anything else in the place of any of its values'), () => {
    const paths = Object.keys(plan).flatMap((key) => {
      const value = (plan as unknown as Record<string, unknown>)[key];
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [[key], ...(isObject ? Object.keys(value).map((inner) => [key, inner]) : [])];
    });
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), ([outer = '', inner], value) => {
        const json = structuredClone(plan) as unknown as Record<string, Record<string, unknown>>;
        if (inner === undefined) (json as Record<string, unknown>)[outer] = value;
        else (json[outer] ??= {})[inner] = value;
        const told = complaint(json);
        if (told !== '') expect(told).toMatch(/^\d+: ./);
      }),
      runs(1000),
    );
  });
});
