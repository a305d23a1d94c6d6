// Findings in groups: by property and shape, the smallest replay stays, and no sharding changes any of it.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeedFinding } from '../../../src/campaign/batch.ts';
import type { FailureWitness } from '../../../src/campaign/campaign.ts';
import { groupFindings } from '../../../src/campaign/groups.ts';
import type { Replay } from '../../../src/campaign/replay.ts';
import { bySeed } from '../../../src/campaign/checkpoint.ts';
import { runs, seeded } from '../../support/seed.ts';

const findingOf = (seed: number, property: string, kind: SeedFinding['kind'], why = ''): SeedFinding => ({
  seed: String(seed),
  kind,
  property,
  why,
  step: 0,
  fingerprint: '',
});

const replayOf = (shape: string, steps: number): Replay => ({
  shape,
  steps,
  scenario: `name: ${shape}`,
  why: '',
  deliveries: 0,
  externals: steps,
  nodes: 3,
  tries: 1,
  isMinimal: true,
});

const broken = (seed: number, property: string, shape?: string, steps = 1): FailureWitness => ({
  finding: findingOf(seed, property, 'violation'),
  replay: shape === undefined ? undefined : replayOf(shape, steps),
});

describe('groups', () => {
  it('have a property and a shape, the smallest replay, and all seeds in order', () => {
    const witnesses = [broken(1, 'a', 'x', 9), broken(2, 'a', 'y', 5), broken(3, 'a', 'x', 7), broken(4, 'b', 'x', 1)];
    const { groups, notShrunk } = groupFindings(witnesses, { a: 3, b: 1 }, 5);
    expect(groups.map(({ name, seeds, replay, finding }) => [name, seeds.join(), replay?.steps, finding.seed])).toEqual(
      [
        ['a-x', '1,3', 7, '3'],
        ['a-y', '2', 5, '2'],
        ['b-x', '4', 1, '4'],
      ],
    );
    expect(notShrunk).toEqual({});
  });

  it('of equal replays the one with the lower seed stays', () => {
    const { groups } = groupFindings([broken(1, 'a', 'x', 7), broken(2, 'a', 'x', 7)], { a: 2 }, 5);
    expect(groups[0]?.finding.seed).toBe('1');
  });

  it('what cannot be shrunk has the shape of its words; a broken promise without replay that of its seed', () => {
    const exception = (seed: number, why: string): FailureWitness => ({
      finding: findingOf(seed, 'TypeError', 'exception', why),
      replay: undefined,
    });
    const witnesses = [exception(1, 'p'), exception(2, 'q'), exception(3, 'p'), broken(4, 'a'), broken(5, 'a')];
    const { groups, notShrunk } = groupFindings(witnesses, { TypeError: 3, a: 9 }, 2);
    expect(groups.map(({ seeds }) => seeds.join()).toSorted()).toEqual(['1,3', '2', '4', '5']);
    expect(groups.map(({ name }) => name)).toContain('a-seed-4');
    expect(notShrunk).toEqual({ a: 7 });
  });

  it(seeded('of shards are those of one machine: the first of each property are the same'), () => {
    const found = fc.uniqueArray(
      fc.record({
        seed: fc.nat(300),
        property: fc.constantFrom('a', 'b', 'c'),
        shape: fc.constantFrom('x', 'y'),
        steps: fc.nat(9),
      }),
      { selector: ({ seed }) => seed, maxLength: 30 },
    );
    fc.assert(
      fc.property(found, fc.integer({ min: 1, max: 4 }), (all, shards) => {
        const LIMIT = 3;
        const failures: Record<string, number> = {};
        for (const { property } of all) failures[property] = (failures[property] ?? 0) + 1;
        const sorted = all.toSorted((a, b) => a.seed - b.seed);
        /** What a machine has after shrinking the first of each property. */
        const witnesses = (mine: typeof all): FailureWitness[] =>
          mine.map(({ seed, property, shape, steps }, i) => {
            const before = mine.slice(0, i).filter((other) => other.property === property).length;
            return broken(seed, property, before < LIMIT ? shape : undefined, steps);
          });
        const parts = Array.from({ length: shards }, (_, shard) =>
          witnesses(sorted.filter(({ seed }) => (seed >> 5) % shards === shard)),
        );
        const merged = parts.flat().toSorted((a, b) => bySeed(a.finding, b.finding));
        expect(groupFindings(merged, failures, LIMIT)).toEqual(groupFindings(witnesses(sorted), failures, LIMIT));
      }),
      runs(200),
    );
  });
});
