// Lists of entries that share their full blocks, against plain arrays that share nothing.
//
// The lengths lie around the borders of the blocks; what happens to one list must never show in another.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryList } from '../../src/protocol/entry-list.ts';
import { extendPrefixHash } from '../../src/base/hash.ts';
import { logIndex, term } from '../../src/base/ids.ts';
import type { Entry } from '../../src/protocol/message.ts';
import { runs, SEED_NOTE } from '../support/seed.ts';
import { commandAt } from '../support/text.ts';

const BLOCK = 512;
const near = fc
  .tuple(fc.constantFrom(0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK), fc.integer({ min: -2, max: 2 }))
  .map(([length, more]) => Math.max(0, length + more));

const action = fc.record({
  kind: fc.constantFrom('extend', 'cut', 'copy', 'compact', 'restart'),
  which: fc.nat(5),
  length: near,
});

/** A list and what it holds; of the entries up to `base` nothing may be asked but the term and the hash of the last. */
interface Twin {
  readonly list: EntryList;
  plain: readonly Entry[];
  base: number;
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

/** The hashes of all prefixes, the empty one first. */
function hashesOf(entries: readonly Entry[]): number[] {
  const hashes = [0];
  for (const entry of entries) hashes.push(extendPrefixHash(hashes.at(-1) ?? 0, entry.term, entry.command.hash));
  return hashes;
}

function compare({ list, plain, base }: Twin): void {
  expect([list.base, list.lastIndex]).toEqual([base, plain.length]);
  const hashes = hashesOf(plain);
  const indexes = Array.from({ length: plain.length + 3 }, (_, i) => i - 1);
  const isKnown = (index: number): boolean => index >= base && index <= plain.length;
  expect(indexes.map((index) => list.prefixHashAt(index))).toEqual(
    indexes.map((index) => (isKnown(index) ? hashes[index] : undefined)),
  );
  expect(indexes.map((index) => list.termAt(index))).toEqual(
    indexes.map((index) => (isKnown(index) ? (plain[index - 1]?.term ?? 0) : undefined)),
  );
  expect(list.prefixHash).toBe(hashes.at(-1));
  const entryThere = (index: number): Entry | undefined => (index > base ? plain[index - 1] : undefined);
  expect(indexes.every((index) => list.entryAt(index) === entryThere(index))).toBe(true);
  for (const from of [1, base + 1, BLOCK, BLOCK + 1, Math.max(1, plain.length), plain.length + 1]) {
    const rest = list.slice(from, Infinity);
    expect(rest.length).toBe(from > base ? Math.max(0, plain.length + 1 - from) : 0);
    expect(rest.every((entry, i) => entry === plain[from - 1 + i])).toBe(true);
  }
}

describe(`lists of entries that share blocks ${SEED_NOTE}`, () => {
  it('are as independent as copied arrays', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 10 }), (actions) => {
        const twins: Twin[] = [{ list: new EntryList(), plain: [], base: 0 }];
        for (const { kind, which, length } of actions) {
          const twin = twins[which % twins.length];
          if (twin === undefined) continue;
          if (kind === 'extend') extend(twin, length);
          if (kind === 'copy') twins.push({ list: twin.list.copy(), plain: twin.plain, base: twin.base });
          if (kind === 'cut' && length >= twin.base) {
            twin.list.cutTo(length);
            twin.plain = twin.plain.slice(0, length);
          }
          if (kind === 'compact') {
            twin.list.compactTo(length);
            if (length <= twin.plain.length) twin.base = Math.max(twin.base, length);
          }
          if (kind === 'restart' && length > 0) {
            extend(twin, length);
            twin.plain = twin.plain.slice(0, length);
            const hash = hashesOf(twin.plain).at(-1) ?? 0;
            twin.list.restartAt(logIndex(length), twin.plain.at(-1)?.term ?? term(0), hash);
            twin.base = length;
          }
        }
        for (const twin of twins) compare(twin);
      }),
      runs(200),
    );
  });

  it.each([BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])(
    'a copy of %i entries and its origin go separate ways',
    (length) => {
      const one: Twin = { list: new EntryList(), plain: [], base: 0 };
      extend(one, length);
      const other: Twin = { list: one.list.copy(), plain: one.plain, base: 0 };
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
