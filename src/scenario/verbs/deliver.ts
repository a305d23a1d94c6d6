// deliver, drop, duplicate: what becomes of a message on its way, by hand.
//
// Several patterns are taken one after the other: what a message sets off may be what the next pattern means.

import type { OnItsWay } from '../../sim/schedule/scripted.ts';
import type { Step } from '../../sim/step.ts';
import type { RawPatterns } from '../conditions/pattern.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { meantBy } from './messages.ts';
import { verb } from './verb.ts';
import { patterns } from './window.ts';

type Fate = 'deliver' | 'drop' | 'duplicate';

function stepOf(at: Step['at'], kind: Fate, { message, number }: OnItsWay, effects: number | undefined): Step {
  const { from, to } = message;
  if (kind === 'drop') return { kind, at, from, to, number, reason: 'lost' };
  return effects === undefined || kind === 'duplicate'
    ? { kind, at, from, to, number }
    : { kind, at, from, to, number, effects };
}

const decide =
  (kind: Fate) =>
  (context: VerbContext, value: RawPatterns, { step }: StepPlace): void => {
    for (const pattern of [value].flat()) {
      for (const found of meantBy(context, pattern)) {
        context.take(stepOf(context.world.now, kind, found, step.effects));
      }
    }
  };

export const deliver = verb({
  group: 'messages',
  schema: patterns,
  meaning: 'Delivers the oldest message that matches, or all that do.',
  example: '- deliver: n1 -> n2 AppendEntries',
  before: '- heartbeat: n1',
  checkNames: (names, value, path) => names.patterns(value, path),
  play: decide('deliver'),
  render: { deliver: (step, world) => world.pattern(step) },
});

export const drop = verb({
  group: 'messages',
  schema: patterns,
  meaning: 'Loses the oldest message that matches, or all that do.',
  example: '- drop: { from: leader, kind: Heartbeat, all: true }',
  before: '- heartbeat: n1',
  checkNames: (names, value, path) => names.patterns(value, path),
  play: decide('drop'),
  render: { drop: (step, world) => world.pattern(step) },
});

export const duplicate = verb({
  group: 'messages',
  schema: patterns,
  meaning: 'Puts a second copy of a message on its way.',
  example: '- duplicate: n1 -> n3',
  before: '- heartbeat: n1',
  checkNames: (names, value, path) => names.patterns(value, path),
  play: decide('duplicate'),
  render: { duplicate: (step, world) => world.pattern(step) },
});
