// The canonical form: one for all schedules that mean the same, and one that means the same as they do.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientId, nodeId } from '../../../src/base/ids.ts';
import { candidateOf, type Candidate } from '../../../src/shrink/candidate.ts';
import {
  canonical,
  naturalOrder,
  relatives,
  textOf,
  withOwnClients,
  withPlainCommands,
  withPlainTexts,
} from '../../../src/shrink/canonical.ts';
import { processOf, type CallMove, type Move } from '../../../src/shrink/moves.ts';
import { runTrial } from '../../../src/shrink/trial.ts';
import { choices, names, plainEnvironment, scheduleOf, withNames } from '../../support/schedules.ts';
import { runs, seeded } from '../../support/seed.ts';

const candidateFrom = (moves: readonly Move[]): Candidate =>
  candidateOf(plainEnvironment, runTrial(plainEnvironment, moves, 'election-safety'));

const call = (client: number, sequence: number, operation: CallMove['operation']): CallMove => ({
  act: 'call',
  id: client * 10 + sequence,
  node: nodeId(0),
  client: clientId(client),
  sequence,
  operation,
});

describe(seeded('the canonical form'), () => {
  it('is the same whatever the servers are called', () => {
    fc.assert(
      fc.property(choices, names, (drawn, order) => {
        const moves = scheduleOf(drawn);
        const renamed = candidateFrom(withNames(moves, order));
        expect(textOf(canonical(renamed))).toBe(textOf(canonical(candidateFrom(moves))));
      }),
      runs(100),
    );
  });

  it('is its own canonical form, and can be taken move by move', () => {
    fc.assert(
      fc.property(choices, (drawn) => {
        const plain = canonical(candidateFrom(scheduleOf(drawn)));
        const again = candidateFrom(plain);
        expect(again.moves).toHaveLength(plain.length);
        expect(textOf(canonical(again))).toBe(textOf(plain));
      }),
      runs(100),
    );
  });

  it('keeps the order of what one server does, and a message behind the move that sent it', () => {
    fc.assert(
      fc.property(choices, (drawn) => {
        const moves = scheduleOf(drawn);
        const ordered = naturalOrder(moves);
        expect(ordered.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(moves.map(({ id }) => id));
        for (const node of [0, 1, 2]) {
          const of = (all: readonly Move[]): number[] =>
            all.filter((move) => processOf(move) === node).map(({ id }) => id);
          expect(of(ordered)).toEqual(of(moves));
        }
        ordered.forEach((move, place) => {
          if (!('origin' in move) || move.origin === 0) return;
          expect(ordered.findIndex(({ id }) => id === move.origin)).toBeLessThan(place);
        });
      }),
      runs(100),
    );
  });
});

describe('relatives', () => {
  it('are what follows from a move: its messages, and what its server does later', () => {
    const moves = scheduleOf([0, 0, 0, 0, 0, 0]);
    const [first] = moves;
    const following = relatives(moves, 0);
    expect(following.has(0)).toBe(true);
    moves.forEach((move, place) => {
      const isSent = 'origin' in move && move.origin === first?.id;
      if (isSent || processOf(move) === (first === undefined ? undefined : processOf(first))) {
        expect(following.has(place)).toBe(true);
      }
    });
  });
});

describe('calls', () => {
  it('get clients of their own; a retry stays one only if it is kept', () => {
    const get = { kind: 'get', key: 'k' } as const;
    const moves = [call(7, 3, get), call(7, 3, get), call(7, 4, get)];
    const clientsOf = (all: readonly Move[]): unknown[] => all.map((move) => ('client' in move ? move.client : -1));
    expect(clientsOf(withOwnClients(moves, true))).toEqual([0, 0, 1]);
    expect(clientsOf(withOwnClients(moves, false))).toEqual([0, 1, 2]);
  });

  it('get plain commands, the same for a retry, or plain texts, of which equal ones stay equal', () => {
    const moves = [
      call(0, 1, { kind: 'put', key: 'some', value: 'thing' }),
      call(1, 1, { kind: 'cas', key: 'some', expected: 'thing', value: '' }),
      call(0, 1, { kind: 'put', key: 'some', value: 'thing' }),
      call(2, 1, { kind: 'add', key: 'other', amount: 9 }),
    ];
    const operationsOf = (all: readonly Move[]): unknown[] =>
      all.map((move) => ('operation' in move ? move.operation : 0));
    expect(operationsOf(withPlainCommands(moves))).toEqual([
      { kind: 'put', key: 'x', value: '1' },
      { kind: 'put', key: 'x', value: '2' },
      { kind: 'put', key: 'x', value: '1' },
      { kind: 'put', key: 'x', value: '3' },
    ]);
    expect(operationsOf(withPlainTexts(moves))).toEqual([
      { kind: 'put', key: 'x', value: '1' },
      { kind: 'cas', key: 'x', expected: '1', value: '' },
      { kind: 'put', key: 'x', value: '1' },
      { kind: 'add', key: 'y', amount: 1 },
    ]);
  });
});
