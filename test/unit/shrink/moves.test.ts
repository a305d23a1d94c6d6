// Moves: what they are named by survives renaming, and the message that a move means is the one most like it.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../src/base/ids.ts';
import {
  deliveriesIn,
  eventsIn,
  likeness,
  LIKENESS_MAX,
  moveText,
  nodesOf,
  renamed,
  withoutEffects,
  type MessageMove,
  type Move,
} from '../../../src/shrink/moves.ts';
import { choices, names, scheduleOf, withNames } from '../../support/schedules.ts';
import { runs, seeded } from '../../support/seed.ts';

const isMessage = (move: Move): move is MessageMove => 'message' in move;

describe(seeded('moves'), () => {
  it('are themselves again under their old names', () => {
    fc.assert(
      fc.property(choices, names, (drawn, order) => {
        const moves = scheduleOf(drawn);
        const back = order.map((_, node) => order.indexOf(node));
        expect(withNames(withNames(moves, order), back)).toEqual(moves);
        for (const move of moves) {
          const other = renamed(move, (node) => nodeId(order[node] ?? 0));
          expect(nodesOf(other)).toEqual(nodesOf(move).map((node) => order[node]));
        }
      }),
      runs(100),
    );
  });

  it('mean no message more than the very same one, and none of another kind', () => {
    fc.assert(
      fc.property(choices, (drawn) => {
        const moves = scheduleOf(drawn).filter(isMessage);
        for (const meant of moves) {
          expect(likeness(meant, meant.message, meant.origin)).toBe(LIKENESS_MAX);
          for (const { message, origin } of moves) {
            const points = likeness(meant, message, origin);
            expect(points).toBeLessThanOrEqual(LIKENESS_MAX);
            expect(points < 0).toBe(message.kind !== meant.message.kind);
          }
        }
      }),
      runs(100),
    );
  });

  it('rather mean a message of the same move with other contents than the same contents of another move', () => {
    const meant = scheduleOf([0, 0, 0, 0]).find(isMessage) as MessageMove;
    const { message, origin } = meant;
    const later = { ...message, term: message.term + 1 } as MessageMove['message'];
    expect(likeness(meant, later, origin)).toBeGreaterThan(likeness(meant, message, origin + 1));
  });

  it('are counted by where they come from: deliveries, and what comes from outside', () => {
    const node = nodeId(0);
    const moves: Move[] = [
      { act: 'timer', id: 1, node, timer: 'election' },
      { act: 'durable', id: 2, node },
      { act: 'crash', id: 3, node, kept: 0, torn: false },
      ...scheduleOf([0, 0, 0]).filter(({ act }) => act === 'deliver'),
    ];
    expect(eventsIn(moves)).toBe(2);
    expect(deliveriesIn(moves)).toBe(moves.length - 3);
  });

  it('differ in their text by the effects behind which the server crashes', () => {
    const whole: Move = { act: 'timer', id: 1, node: nodeId(0), timer: 'election' };
    const cut: Move = { ...whole, effects: 2 };
    expect(moveText(cut)).not.toBe(moveText(whole));
    expect(withoutEffects(cut)).toEqual(whole);
    expect(withoutEffects(whole)).toBe(whole);
  });
});
