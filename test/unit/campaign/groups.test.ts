// Findings in groups: by property and way to violate it, the smallest replay stays; neither sharding nor the time given
// to shrinking changes which groups there are, or their names.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeedFinding } from '../../../src/campaign/batch.ts';
import type { FailureWitness } from '../../../src/campaign/campaign.ts';
import { groupFindings, groupName, wayToFail } from '../../../src/campaign/groups.ts';
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

/** A property that was violated in some way; shrunk to so many steps, or not at all. */
const broken = (seed: number, property: string, way: string, steps?: number): FailureWitness => ({
  finding: findingOf(seed, property, 'violation', `n${seed} ${way} ${seed}`),
  replay: steps === undefined ? undefined : replayOf(`${seed}`, steps),
});

const nameOf = (property: string, way: string): string => groupName(broken(1, property, way).finding);

describe('groups', () => {
  it('have a property and a way to violate it, the smallest replay, and all seeds in order', () => {
    const witnesses = [broken(1, 'a', 'x', 9), broken(2, 'a', 'y', 5), broken(3, 'a', 'x', 7), broken(4, 'b', 'x', 1)];
    const { groups, notShrunk } = groupFindings(witnesses, { a: 3, b: 1 }, 5);
    const expected = [
      [nameOf('a', 'x'), '1,3', 7, '3'],
      [nameOf('a', 'y'), '2', 5, '2'],
      [nameOf('b', 'x'), '4', 1, '4'],
    ];
    expect(groups.map(({ name, seeds, replay, finding }) => [name, seeds.join(), replay?.steps, finding.seed])).toEqual(
      expected.toSorted(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
    );
    expect(notShrunk).toEqual({});
  });

  it('of equal replays the one with the lower seed stays; any replay is better than none', () => {
    const equal = groupFindings([broken(1, 'a', 'x', 7), broken(2, 'a', 'x', 7)], { a: 2 }, 5);
    expect(equal.groups[0]?.finding.seed).toBe('1');
    const late = groupFindings([broken(1, 'a', 'x'), broken(2, 'a', 'x', 900)], { a: 2 }, 5);
    expect(late.groups[0]).toMatchObject({ finding: { seed: '2' }, seeds: ['1', '2'], replay: { steps: 900 } });
  });

  it('what is no violation is grouped by its words; of violations only the first ones are in a group', () => {
    const exception = (seed: number, why: string): FailureWitness => ({
      finding: findingOf(seed, 'TypeError', 'exception', why),
      replay: undefined,
    });
    const witnesses = [
      exception(1, 'p'),
      exception(2, 'q'),
      exception(3, 'p'),
      broken(4, 'a', 'x'),
      broken(5, 'a', 'y'),
    ];
    const { groups, notShrunk } = groupFindings(witnesses, { TypeError: 3, a: 9 }, 2);
    expect(groups.map(({ seeds }) => seeds.join()).toSorted()).toEqual(['1,3', '2', '4', '5']);
    expect(notShrunk).toEqual({ a: 7 });
  });

  it.each([
    ['n1 and n3 were both elected leader of term 5', '# were both elected leader of term #'],
    ['n4, n1 and n3 were elected', '# were elected'],
    ['n1 stopped: commitIndex never passes the end', '# stopped: commitIndex never passes the end'],
    ['c2 read "a \\" 7" of k1, which n3 never wrote\nc1 put x', '# read # of k1, which # never wrote'],
    ['none of the 4 writes', 'none of the # writes'],
  ])('%j is the way %j', (why, way) => {
    expect(wayToFail(why)).toBe(way);
  });

  it(seeded('are the same, under the same names, whatever shrinking came to'), () => {
    const ways = fc.array(fc.record({ property: fc.constantFrom('a', 'b'), way: fc.constantFrom('x', 'y', 'z') }));
    const times = fc.array(fc.option(fc.nat(2_000), { nil: undefined }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(ways, times, times, (all, some, others) => {
        const groupsOf = (steps: readonly (number | undefined)[]): unknown =>
          groupFindings(
            all.map(({ property, way }, seed) => broken(seed, property, way, steps[seed])),
            { a: all.length, b: all.length },
            3,
          ).groups.map(({ name, seeds }) => [name, seeds]);
        expect(groupsOf(some)).toEqual(groupsOf(others));
      }),
      runs(200),
    );
  });

  it(seeded('of shards are those of one machine: the first of each property are the same'), () => {
    const found = fc.uniqueArray(
      fc.record({
        seed: fc.nat(300),
        property: fc.constantFrom('a', 'b', 'c'),
        way: fc.constantFrom('x', 'y'),
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
          mine.map(({ seed, property, way, steps }, i) => {
            const before = mine.slice(0, i).filter((other) => other.property === property).length;
            return broken(seed, property, way, before < LIMIT ? steps : undefined);
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
