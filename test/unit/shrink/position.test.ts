// Positions: equal exactly when the same can come next, whoever has which name.

import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeId, type NodeId } from '../../../src/base/ids.ts';
import { renamed, type Move } from '../../../src/shrink/moves.ts';
import { optionsOf } from '../../../src/shrink/options.ts';
import { positionOf } from '../../../src/shrink/position.ts';
import { Trial } from '../../../src/shrink/trial.ts';
import type { Environment } from '../../../src/shrink/environment.ts';
import { planFor } from '../../../src/shrink/shrink.ts';
import type { NodeOptionsInput } from '../../../src/run/node-options.ts';
import { makePlan } from '../../../src/run/plan.ts';

const environmentOf = (node: NodeOptionsInput): Environment => ({
  plan: planFor(makePlan({ nodes: 3, seed: '1', node })),
  byHand: { writes: false, answers: false, drops: false, crashes: false },
});

let environment = environmentOf({});

function result(moves: readonly Move[]): Trial {
  const trial = new Trial(environment);
  trial.boot();
  for (const move of moves) expect(trial.take(move)).toBeDefined();
  return trial;
}

/** A schedule of the moves that are possible, each chosen by a number. */
function schedule(choices: readonly number[]): Move[] {
  let id = 0;
  const fresh = { id: () => ++id, client: (moves: readonly Move[]) => moves.length };
  const moves: Move[] = [];
  for (const choice of choices) {
    const options = optionsOf(result(moves), moves, fresh);
    const option = options[choice % options.length];
    if (option !== undefined) moves.push(option);
  }
  return moves;
}

const choices = fc.array(fc.nat(10_000), { maxLength: 25 });
const names = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });

describe.each<NodeOptionsInput>([{}, { preVote: true, checkQuorum: true }])('a position with %o', (node) => {
  beforeAll(() => {
    environment = environmentOf(node);
  });

  it('is the same under every name', () => {
    fc.assert(
      fc.property(choices, names, (drawn, order) => {
        const moves = schedule(drawn);
        const others = moves.map((move) => renamed(move, (one: NodeId) => nodeId(order[one] ?? 0)));
        expect(positionOf(result(others), others)).toBe(positionOf(result(moves), moves));
      }),
      { numRuns: 200 },
    );
  });

  it('is another one after a move that changed something', () => {
    fc.assert(
      fc.property(choices, (drawn) => {
        const moves = schedule(drawn);
        const before = result(moves.slice(0, -1));
        const after = result(moves);
        if (before.world.fingerprint.toString() === after.world.fingerprint.toString()) return;
        const [last] = moves.slice(-1);
        // A leader's heartbeat may send what is on its way already; a copy is no longer alone.
        if (last === undefined || last.act !== 'deliver') return;
        expect(positionOf(after, moves)).not.toBe(positionOf(before, moves.slice(0, -1)));
      }),
      { numRuns: 200 },
    );
  });
});
