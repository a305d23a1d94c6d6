// hold, release: messages that wait while time runs.
//
// Neither is a step of the world: a trace shows only when such a message arrives.

import { meantBy } from './messages.ts';
import { verb } from './verb.ts';
import { patterns } from './window.ts';

export const hold = verb({
  group: 'messages',
  schema: patterns,
  meaning: 'Keeps messages on their way back while time runs, until they are released or delivered.',
  example: '- hold: { from: n1, all: true }',
  before: '- heartbeat: n1',
  checkNames: (names, value, path) => names.patterns(value, path),
  play(context, value) {
    const { director } = context;
    for (const found of meantBy(context, value, (one) => !director.isHeld(one))) director.holdBack(found);
  },
});

export const release = verb({
  group: 'messages',
  schema: patterns,
  meaning: 'Lets held messages go on their way.',
  example: '- release: all',
  before: '- heartbeat: n1\n- hold: n1 ->',
  checkNames: (names, value, path) => names.patterns(value, path),
  play(context, value) {
    const { director } = context;
    for (const found of meantBy(context, value, (one) => director.isHeld(one))) director.letGo(found);
  },
});
