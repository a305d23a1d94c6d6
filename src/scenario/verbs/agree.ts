// agree: a client has a command executed on some nodes, however often it has to ask.
//
// Time runs while it waits. It asks the leader of the moment again when another one leads, or when it was too long
// without news.

import * as z from 'zod';
import { nodeName, type NodeId } from '../../base/ids.ts';
import { parseDuration } from '../../run/quantity.ts';
import { appliedOf, placeOf, type NamedCall } from '../conditions/facts.ts';
import { leaderOf } from '../conditions/selector.ts';
import type { VerbContext } from '../interpreter/context.ts';
import { command, durationValue, nodes } from '../syntax/values.ts';
import { newCall, operationOf, send, session } from './calls.ts';
import { verb } from './verb.ts';

/** How long the client waits before it asks again, in microseconds. */
const PATIENCE = 250_000;

function hasExecuted({ world }: VerbContext, id: NodeId, call: NamedCall): boolean {
  const host = world.host(id);
  const place = placeOf(host, call);
  return place > 0 && place <= appliedOf(host);
}

/** Asks the leader until all of some nodes have executed the call. */
function askUntilExecuted(context: VerbContext, call: NamedCall, on: readonly NodeId[], limit: number): boolean {
  const { world } = context;
  const isDone = (): boolean => on.every((id) => hasExecuted(context, id, call));
  const faults = world.calmSince >= 0 ? undefined : context.usualFaults;
  const window = { faults, drop: [], hold: [], never: [] };
  while (world.now < limit) {
    const leader = leaderOf(world);
    const asked = leader?.status === 'up' && send(context, call, leader.id);
    const until = Math.min(limit, world.now + PATIENCE);
    const isOver = (): boolean => (asked ? isDone() || leaderOf(world) !== leader : leaderOf(world) !== undefined);
    if (isDone() || (context.runWindow({ until, ...window }, isOver) && isDone())) return true;
  }
  return false;
}

export const agree = verb({
  group: 'clients',
  schema: z.union([
    nodes,
    z.strictObject({
      on: nodes.optional().describe('who must have executed it (default: up)'),
      command: command.optional().describe('a put of a key of its own if it is left out'),
      client: session,
      within: durationValue.optional().describe('how long it may take (default: 10s)'),
    }),
  ]),
  main: 'on',
  as: 'call',
  draws: true,
  meaning: 'A client gets a command executed on these nodes, asking whoever leads, again and again.',
  example: '- { agree: all, as: done }',
  alone: 'up',
  checkNames(names, value, path) {
    if (typeof value === 'string' || Array.isArray(value)) return names.nodes(value, path);
    names.nodes(value.on, [...path, 'on']);
  },
  play(context, value, { step, path }) {
    const isNodes = typeof value === 'string' || Array.isArray(value);
    const { on = 'up', command: written, client, within = '10s' } = isNodes ? { on: value } : value;
    const wanted = context.someNodes(on);
    const call = newCall(context, client, operationOf(context, written));
    context.give(step.as, { call });
    const limit = context.world.now + parseDuration('within', String(within));
    if (askUntilExecuted(context, call, wanted, limit)) return;
    const have = wanted.filter((id) => hasExecuted(context, id, call));
    const found = have.length === 0 ? 'nobody has executed it' : `only ${have.map(nodeName).join(', ')} executed it`;
    context.goTo(path);
    context.failed(`${wanted.map(nodeName).join(', ')} to agree within ${String(within)}`, found);
  },
});
