// Calls of clients by hand: what propose, read, retry, agree and call share.
//
// A call belongs to a session; the sessions of the workload come first, those of the story behind them.

import type { z } from 'zod';
import { clientId, type NodeId } from '../../base/ids.ts';
import type { Operation } from '../../protocol/operation.ts';
import type { NamedCall } from '../conditions/facts.ts';
import { leaderOf } from '../conditions/selector.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { parseCommand } from '../syntax/grammar.ts';
import { type command, selector, whole } from '../syntax/values.ts';

const client = whole(1, 100_000);
/** The session of a call that may be left out. */
export const session = client.optional().describe('a session by its number; a fresh one if it is left out');
/** The session of a call in full. */
export const called = client.describe('the number of the session');
export const target = selector.optional().describe('whom the client asks; the leader if it is left out');

type RawCommand = z.infer<typeof command>;

/** The operation of a command; a put of a key of its own if there is none. */
export function operationOf(context: VerbContext, written: RawCommand | undefined): Operation {
  if (written !== undefined) return typeof written === 'string' ? parseCommand(written) : written;
  const n = context.nextPut();
  return { kind: 'put', key: `k${n}`, value: `v${n}` };
}

/** A new call of a session, a fresh one if none is named. */
export function newCall(context: VerbContext, number: number | undefined, operation: Operation): NamedCall {
  const owner = number === undefined ? context.freshClient() : number - 1;
  if (owner < context.plan.parameters.clients) {
    context.mistake('a client of your own', `c${owner + 1} belongs to the workload`);
  }
  return { client: owner, sequence: context.nextSequence(owner), operation };
}

export function send(context: VerbContext, call: NamedCall, node: NodeId, effects?: number): boolean {
  const { client: owner, sequence, operation } = call;
  const step = { kind: 'call', at: context.world.now, client: clientId(owner), sequence, node, operation } as const;
  return context.take(effects === undefined ? step : { ...step, effects });
}

/** Asks a node, the leader if none is named, and gives the call a name. */
export function ask(
  context: VerbContext,
  { step }: StepPlace,
  call: NamedCall,
  to: string | undefined,
  name = step.as,
): void {
  context.give(name, { call });
  if (to === undefined && leaderOf(context.world) === undefined) {
    context.mistake('a leader to ask', 'nobody leads; elect one first, or say whom to ask (to)');
  }
  send(context, call, context.oneNode(to ?? 'leader'), step.effects);
}
