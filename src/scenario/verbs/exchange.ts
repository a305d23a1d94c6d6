// exchange: the messages among some nodes are delivered until none is left.
//
// No timer fires. What cannot arrive any more, as its link is cut or its receiver down, is lost.

import type { OnItsWay } from '../../sim/schedule/scripted.ts';
import { nodes } from '../syntax/values.ts';
import { verb } from './verb.ts';

/** More messages than any exchange has: a node that answers every answer would never stop. */
const EXCHANGE_MAX = 1_000_000;

export const exchange = verb({
  group: 'messages',
  schema: nodes,
  meaning: 'Delivers messages among these nodes, oldest first, until none is left; no timer fires.',
  example: '- exchange: [n1, n2, n3]',
  before: '- heartbeat: n1',
  alone: 'all',
  checkNames: (names, value, path) => names.nodes(value, path),
  play(context, value) {
    const { world, director } = context;
    const among = context.someNodes(value);
    const mayMove = (found: OnItsWay): boolean => {
      const { from, to } = found.message;
      if (director.isHeld(found) || !among.includes(from) || !among.includes(to)) return false;
      return world.host(to).status !== 'paused';
    };
    context.followUp();
    for (let i = 0; i < EXCHANGE_MAX; i++) {
      const next = director.onTheirWay().find(mayMove);
      if (next === undefined) return;
      const { from, to } = next.message;
      const base = { at: world.now, from, to, number: next.number };
      if (world.network.isCut(world.linkOf(from, to))) context.take({ kind: 'drop', ...base, reason: 'cut' });
      else if (world.host(to).status === 'down') context.take({ kind: 'drop', ...base, reason: 'down' });
      else context.take({ kind: 'deliver', ...base });
    }
    context.mistake('the messages to come to an end', `there are more than ${EXCHANGE_MAX}`);
  },
});
