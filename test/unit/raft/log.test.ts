// The log: indexes without gaps from 1, terms that never fall, and a hash of every prefix.
//
// Tables for what the sections say, and a plain array of terms as the oracle for everything else.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/errors.ts';
import { logIndex, term } from '../../../src/base/ids.ts';
import type { Log } from '../../../src/raft/log.ts';
import { runs, SEED_NOTE } from '../../support/seed.ts';
import { commandAt, entriesOf, logOf, logText, place, termsOf } from '../../support/text.ts';

describe('an empty log', () => {
  it('ends at index 0 of term 0, and holds that place', () => {
    const log = logOf('');
    expect([log.lastIndex, log.lastTerm, log.termAt(logIndex(0)), log.prefixHashAt(logIndex(0))]).toEqual([0, 0, 0, 0]);
    expect(log.has(logIndex(0), term(0))).toBe(true);
    expect(log.tailFrom(logIndex(1))).toEqual([]);
    expect(log.batchFrom(logIndex(1), 100)).toEqual([]);
  });
});

describe('a log holds an entry', () => {
  it.each([
    ['1 1 2', '3@2', true],
    ['1 1 2', '2@1', true],
    ['1 1 2', '3@1', false],
    ['1 1 2', '2@2', false],
    ['1 1 2', '4@2', false],
    ['1 1 2', '99@0', false],
    ['1 1 2', '0@0', true],
    ['1 1 2', '0@1', false],
    ['', '1@1', false],
  ])('[%s] holds %s: %s', (terms, at, holds) => {
    const { index, term: entryTerm } = place(at);
    expect(logOf(terms).has(index, entryTerm)).toBe(holds);
  });
});

describe('a log is cut', () => {
  it.each([
    ['1 1 2', 3, '1 1'],
    ['1 1 2', 2, '1'],
    ['1 1 2', 1, ''],
    ['1 1 2', 4, '1 1 2'],
    ['1 1 2', 9, '1 1 2'],
    ['', 1, ''],
  ])('[%s] from %i: [%s]', (terms, from, kept) => {
    const log = logOf(terms);
    log.cutFrom(logIndex(from));
    expect(logText(log)).toBe(kept);
    expect([log.lastIndex, log.lastTerm]).toEqual([logOf(kept).lastIndex, logOf(kept).lastTerm]);
    expect(log.prefixHashAt(log.lastIndex)).toBe(logOf(kept).prefixHashAt(log.lastIndex));
  });

  it('and takes older terms again afterwards', () => {
    const log = logOf('1 5');
    log.cutFrom(logIndex(2));
    log.append({ term: term(2), command: commandAt(2, 2) });
    expect(logText(log)).toBe('1 2');
    expect(log.prefixHashAt(logIndex(2))).toBe(logOf('1 2').prefixHashAt(logIndex(2)));
  });
});

describe('terms within a log', () => {
  it.each([
    // log, index, first index of its term, term, last index of that term
    ['1 1 2 2 2 5', 4, 3, 2, 5],
    ['1 1 2 2 2 5', 1, 1, 1, 2],
    ['1 1 2 2 2 5', 6, 6, 5, 6],
    ['1 1 2 2 2 5', 3, 3, 3, 0],
    ['1 1 2 2 2 5', 5, 3, 9, 0],
    ['2 2', 2, 1, 1, 0],
    ['7', 1, 1, 7, 1],
  ])('[%s]: the term at %i begins at %i; term %i ends at %i', (terms, at, first, wanted, last) => {
    const log = logOf(terms);
    expect(log.firstIndexOfTermAt(logIndex(at))).toBe(first);
    expect(log.lastIndexOfTerm(term(wanted))).toBe(last);
  });
});

describe('a batch', () => {
  it.each([
    // first index, bytes at most (an entry has ten), terms
    [1, 30, '1 1 2'],
    [1, 40, '1 1 2 3'],
    [1, 39, '1 1 2'],
    [3, 20, '2 3'],
    [3, 19, '2'],
    [3, 0, '2'],
    [4, 1000, '3'],
    [5, 1000, ''],
    [9, 1000, ''],
  ])('from %i, at most %i bytes: [%s]', (from, bytesMax, terms) => {
    expect(termsOf(logOf('1 1 2 3').batchFrom(logIndex(from), bytesMax))).toBe(terms);
  });

  it.each(['batch', 'tail'] as const)('a %s is a copy', (what) => {
    const log = logOf('1 1 2');
    const copy = what === 'batch' ? log.batchFrom(logIndex(1), 100) : log.tailFrom(logIndex(1));
    log.append({ term: term(3), command: commandAt(4, 3) });
    log.cutFrom(logIndex(2));
    expect(termsOf(copy)).toBe('1 1 2');
    copy.length = 0;
    expect(logText(log)).toBe('1');
  });
});

describe('a log refuses', () => {
  it.each<[string, (log: Log) => unknown]>([
    ['a term that falls', (log) => log.append({ term: term(1), command: commandAt(4, 1) })],
    ['to read behind its end', (log) => log.entryAt(logIndex(4))],
    ['to read before its beginning', (log) => log.entryAt(logIndex(0))],
    ['the term behind its end', (log) => log.termAt(logIndex(4))],
    ['the prefix behind its end', (log) => log.prefixHashAt(logIndex(4))],
    ['to cut what stands before the first entry', (log) => log.cutFrom(logIndex(0))],
  ])('%s', (_title, act) => {
    const log = logOf('1 1 2');
    expect(() => act(log)).toThrow(InvariantError);
    expect(logText(log)).toBe('1 1 2');
  });
});

describe(`a log behaves like a plain array of entries ${SEED_NOTE}`, () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('append'), n: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut'), n: fc.integer({ min: 1, max: 12 }) }) },
  );

  it('after any appends and cuts', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const log = logOf('');
        let plain: number[] = [];
        for (const { kind, n } of actions) {
          if (kind === 'append') {
            const next = (plain.at(-1) ?? 1) + n;
            log.append({ term: term(next), command: commandAt(plain.length + 1, next) });
            plain.push(next);
          } else {
            log.cutFrom(logIndex(n));
            plain = plain.slice(0, n - 1);
          }
          compare(log, plain);
        }
      }),
      runs(300),
    );
  });

  function compare(log: Log, plain: readonly number[]): void {
    expect([log.lastIndex, log.lastTerm]).toEqual([plain.length, plain.at(-1) ?? 0]);
    for (let i = 1; i <= plain.length; i++) {
      const at = logIndex(i);
      const here = plain[i - 1] ?? 0;
      expect(log.termAt(at)).toBe(here);
      expect(log.entryAt(at)).toEqual({ term: here, command: commandAt(i, here) });
      expect(log.firstIndexOfTermAt(at)).toBe(plain.indexOf(here) + 1);
      expect(termsOf(log.tailFrom(at))).toBe(plain.slice(i - 1).join(' '));
      expect(log.prefixHashAt(at)).toBe(logOf(plain.slice(0, i).join(' ')).prefixHashAt(at));
    }
    for (let wanted = 1; wanted <= (plain.at(-1) ?? 0) + 1; wanted++) {
      expect(log.lastIndexOfTerm(term(wanted))).toBe(plain.lastIndexOf(wanted) + 1);
      for (let i = 1; i <= plain.length + 1; i++) {
        expect(log.has(logIndex(i), term(wanted))).toBe(plain[i - 1] === wanted);
      }
    }
  }

  it('in the batches that it gives', () => {
    const sizes = fc.array(fc.nat(30), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 14 }), fc.nat(100), (bytes, from, bytesMax) => {
        const log = logOf('');
        for (const [i, size] of bytes.entries()) log.append({ term: term(1), command: commandAt(i + 1, 1, size) });
        const wanted: number[] = [];
        for (const size of bytes.slice(from - 1)) {
          if (wanted.length > 0 && wanted.reduce((a, b) => a + b, size) > bytesMax) break;
          wanted.push(size);
        }
        expect(log.batchFrom(logIndex(from), bytesMax).map((entry) => entry.command.bytes)).toEqual(wanted);
      }),
      runs(500),
    );
  });

  it('and two logs have the same chain at an index only if they hold the same entries up to there', () => {
    const terms = fc
      .array(fc.nat(2), { maxLength: 6 })
      .map((steps) => steps.map((_step, i) => 1 + steps.slice(0, i + 1).reduce((a, b) => a + b, 0)));
    fc.assert(
      fc.property(terms, terms, (left, right) => {
        for (let i = 1; i <= Math.min(left.length, right.length); i++) {
          const same = left.slice(0, i).join(' ') === right.slice(0, i).join(' ');
          const chains = [left, right].map((each) => logOf(each.join(' ')).prefixHashAt(logIndex(i)));
          expect(chains[0] === chains[1]).toBe(same);
        }
      }),
      runs(500),
    );
  });

  it('an entry is told by its command as well as by its term', () => {
    const [entry] = entriesOf('1');
    const one = logOf('');
    const other = logOf('');
    if (entry !== undefined) one.append(entry);
    other.append({ term: term(1), command: commandAt(9, 9) });
    expect(one.prefixHashAt(logIndex(1))).not.toBe(other.prefixHashAt(logIndex(1)));
  });
});
