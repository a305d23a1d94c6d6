// The highest index on a majority, counted by the node without sorting, against the definition.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logIndex, nodeId } from '../../src/base/ids.ts';
import { initialConfiguration, isQuorum, isQuorumOf, quorumIndex } from '../../src/protocol/configuration.ts';
import { node } from '../support/node.ts';
import { runs, SEED_NOTE } from '../support/seed.ts';

/** Sorted from high to low, the value in the middle (the lower middle of an even number) is on a majority. */
const bySorting = (matches: readonly number[]): number =>
  matches.toSorted((a, b) => b - a)[Math.floor(matches.length / 2)] ?? 0;

const counted = (matches: readonly number[]): number =>
  quorumIndex(initialConfiguration(matches.length), matches.map(logIndex));

/** Every list of `length` numbers from 0 to `max`. */
function everyList(length: number, max: number): number[][] {
  const first = Array.from({ length: max + 1 }, (_, n) => n);
  if (length === 0) return [[]];
  return everyList(length - 1, max).flatMap((rest) => first.map((n) => [n, ...rest]));
}

describe(`the highest index that a majority holds ${SEED_NOTE}`, () => {
  it.each([1, 2, 3, 4, 5, 6])('of %i servers, all ways to hold up to three entries', (servers) => {
    for (const matches of everyList(servers, 3)) expect(counted(matches), String(matches)).toBe(bySorting(matches));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('of %i servers, any indexes', (servers) => {
    const matches = fc.array(fc.oneof(fc.nat(9), fc.nat(1_000_000)), { minLength: servers, maxLength: servers });
    fc.assert(
      fc.property(matches, (indexes) => {
        expect(counted(indexes)).toBe(bySorting(indexes));
        const best = counted(indexes);
        expect(indexes.filter((index) => index >= best).length).toBeGreaterThan(servers / 2);
        expect(indexes.filter((index) => index > best).length).toBeLessThanOrEqual(servers / 2);
      }),
      runs(300),
    );
  });

  it('the list is not changed', () => {
    const matches = [3, 1, 2].map(logIndex);
    quorumIndex(initialConfiguration(3), Object.freeze(matches));
    expect(matches).toEqual([3, 1, 2]);
  });

  const majority = (voters: readonly number[], holds: (voter: number) => boolean): boolean =>
    voters.filter(holds).length > voters.length / 2;
  const joint = fc.record({
    voters: fc.uniqueArray(fc.nat(8), { minLength: 1 }),
    outgoing: fc.uniqueArray(fc.nat(8)),
    learners: fc.uniqueArray(fc.nat(8)),
    indexes: fc.array(fc.nat(6), { minLength: 9, maxLength: 9 }),
    marked: fc.uniqueArray(fc.nat(8)),
  });

  it('in a joint configuration both halves have to agree (section 6)', () => {
    fc.assert(
      fc.property(joint, ({ voters, outgoing, learners, indexes, marked }) => {
        const both = (holds: (voter: number) => boolean): boolean =>
          majority(voters, holds) && (outgoing.length === 0 || majority(outgoing, holds));
        const [of, from, rest] = [voters, outgoing, learners].map((ids) => ids.map(nodeId));
        const configuration = { voters: of ?? [], outgoing: from ?? [], learners: rest ?? [] };
        const best = [6, 5, 4, 3, 2, 1].find((index) => both((voter) => (indexes[voter] ?? 0) >= index)) ?? 0;
        expect(quorumIndex(configuration, indexes.map(logIndex))).toBe(best);
        const isHeld = both((voter) => marked.includes(voter));
        expect(isQuorum(configuration, marked.map(nodeId))).toBe(isHeld);
        const marks = Array.from({ length: 9 }, (_, voter) => (marked.includes(voter) ? 1 : 0));
        expect(isQuorumOf(configuration, marks)).toBe(isHeld);
      }),
      runs(2000),
    );
  });

  it('a leader commits exactly that, if it is of its own term', () => {
    const acknowledged = fc.integer({ min: 2, max: 9 }).chain((nodes) =>
      fc.record({
        old: fc.nat(4),
        matches: fc.array(fc.nat(8), { minLength: nodes - 1, maxLength: nodes - 1 }),
      }),
    );
    fc.assert(
      fc.property(acknowledged, ({ old, matches }) => {
        const log = [...Array<number>(old).fill(1), ...Array<number>(8 - old).fill(2)].join(' ');
        const matched = Object.fromEntries(matches.map((match, i) => [`n${i + 2}`, match]));
        const { commitIndex } = node({ role: 'leader', nodes: matches.length + 1, term: 2, log, matched }).raft;
        const held = bySorting([8, ...matches]);
        expect(commitIndex).toBe(held > old ? held : 0);
      }),
      runs(200),
    );
  });
});
