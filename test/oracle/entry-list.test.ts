// Lists of entries that share their full blocks, against plain arrays that share nothing.
//
// The lengths lie around the borders of the blocks; what happens to one list must never show in another.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryList } from '../../src/protocol/entry-list.ts';
import { extendPrefixHash } from '../../src/base/hash.ts';
import { term } from '../../src/base/ids.ts';
import type { Entry } from '../../src/protocol/message.ts';
import { runs, SEED_NOTE } from '../support/seed.ts';
import { commandAt } from '../support/text.ts';

const BLOCK = 512;
const near = fc
  .tuple(fc.constantFrom(0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK), fc.integer({ min: -2, max: 2 }))
  .map(([length, more]) => Math.max(0, length + more));

const action = fc.record({ kind: fc.constantFrom('extend', 'cut', 'copy'), which: fc.nat(5), length: near });

interface Twin {
  readonly list: EntryList;
  plain: readonly Entry[];
}

let salt = 0;
function nextEntry(): Entry {
  salt++;
  return { term: term(1 + (salt % 7)), command: commandAt(salt, 0, salt % 5) };
}

function extend(twin: Twin, length: number): void {
  const more = Array.from({ length: Math.max(0, length - twin.plain.length) }, nextEntry);
  for (const entry of more) twin.list.push(entry);
  twin.plain = [...twin.plain, ...more];
}

/** The chains of all prefixes, the empty one first. */
function chainsOf(entries: readonly Entry[]): number[] {
  const chains = [0];
  for (const entry of entries) chains.push(extendPrefixHash(chains.at(-1) ?? 0, entry.term, entry.command.hash));
  return chains;
}

function compare({ list, plain }: Twin): void {
  expect(list.length).toBe(plain.length);
  const chains = chainsOf(plain);
  expect(Array.from({ length: plain.length + 1 }, (_, i) => list.prefixHashAt(i))).toEqual(chains);
  expect([list.prefixHash, list.prefixHashAt(-1), list.prefixHashAt(plain.length + 1)]).toEqual([
    chains.at(-1),
    undefined,
    undefined,
  ]);
  const read = Array.from({ length: plain.length + 2 }, (_, i) => list.entryAt(i));
  expect(read.every((entry, i) => entry === plain[i - 1])).toBe(true);
  for (const from of [1, BLOCK, BLOCK + 1, Math.max(1, plain.length), plain.length + 1]) {
    const rest = list.slice(from, Infinity);
    expect(rest.length).toBe(Math.max(0, plain.length + 1 - from));
    expect(rest.every((entry, i) => entry === plain[from - 1 + i])).toBe(true);
  }
}

describe(`lists of entries that share blocks ${SEED_NOTE}`, () => {
  it('are as independent as copied arrays', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 10 }), (actions) => {
        const twins: Twin[] = [{ list: new EntryList(), plain: [] }];
        for (const { kind, which, length } of actions) {
          const twin = twins[which % twins.length];
          if (twin === undefined) continue;
          if (kind === 'extend') extend(twin, length);
          if (kind === 'copy') twins.push({ list: twin.list.copy(), plain: twin.plain });
          if (kind === 'cut') {
            twin.list.cutTo(length);
            twin.plain = twin.plain.slice(0, length);
          }
        }
        for (const twin of twins) compare(twin);
      }),
      runs(100),
    );
  });

  it.each([BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])(
    'a copy of %i entries and its origin go separate ways',
    (length) => {
      const one: Twin = { list: new EntryList(), plain: [] };
      extend(one, length);
      const other: Twin = { list: one.list.copy(), plain: one.plain };
      for (const cut of [length - 1, BLOCK - 2, 3]) {
        one.list.cutTo(cut);
        one.plain = one.plain.slice(0, cut);
        extend(one, cut + 2);
        compare(one);
        compare(other);
      }
      extend(other, length + 2);
      compare(one);
      compare(other);
    },
  );
});
