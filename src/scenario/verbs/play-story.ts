// The story itself: repetition, names, marks, what is shown, what is expected.
//
// Nothing of this moves the world by itself; what is random here draws from a stream of its own.

import { parseOdds } from '../../run/quantity.ts';
import type { Verbs } from '../interpreter/context.ts';
import { leaderOf } from '../conditions/selector.ts';

export const storyVerbs: Verbs<'repeat' | 'for each' | 'maybe' | 'let' | 'mark' | 'show' | 'expect'> = {
  repeat(player, times, { path, step }) {
    for (let i = 0; i < times; i++) player.steps(step.do ?? [], [...path, 'do']);
  },
  'for each'(player, value, { path, step }) {
    for (const node of player.stage.someNodes(value)) {
      player.stage.give(step.as ?? 'node', { nodes: [node] });
      player.steps(step.do ?? [], [...path, 'do']);
    }
  },
  maybe(player, odds, { path, step }) {
    if (player.stage.chance(parseOdds('maybe', String(odds)))) player.steps(step.do ?? [], [...path, 'do']);
  },
  let({ stage }, names) {
    for (const [name, value] of Object.entries(names)) stage.give(name, { nodes: stage.someNodes(value) });
  },
  mark({ stage }, name) {
    stage.mark(name);
  },
  show(player, value) {
    player.show(player.stage.nodesOf(value));
  },
  expect({ stage }, conditions, { path, step }) {
    stage.expect(conditions, [...path, 'expect']);
    const leader = leaderOf(stage.world);
    if (leader !== undefined) stage.give(step.as, { nodes: [leader.id] });
  },
};
