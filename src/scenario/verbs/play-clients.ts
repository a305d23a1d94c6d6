// Clients by hand: propose, read, retry, agree; calls and answers in full, as a trace has them.
//
// A call belongs to a session; the sessions of the workload come first, those of the story behind them.

import { clientId, micros, nodeName, type NodeId } from '../../base/ids.ts';
import type { Operation } from '../../protocol/operation.ts';
import { parseDuration } from '../../run/quantity.ts';
import { appliedOf, placeOf, type NamedCall } from '../conditions/facts.ts';
import { parseCommand } from '../syntax/grammar.ts';
import { faultsOf } from '../load.ts';
import type { Spot, Verbs } from '../interpreter/context.ts';
import { leaderOf } from '../conditions/selector.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { VerbValue } from './verbs.ts';

type RawCommand = Extract<VerbValue<'propose'>, string> | Operation;

const operationOf = (command: RawCommand): Operation => (typeof command === 'string' ? parseCommand(command) : command);

/** A write to a key of its own. */
function freshPut(stage: Interpreter): Operation {
  const n = stage.nextPut();
  return { kind: 'put', key: `k${n}`, value: `v${n}` };
}

/** A new call of a session, a fresh one if none is named. */
function newCall(stage: Interpreter, number: number | undefined, operation: Operation): NamedCall {
  const client = number === undefined ? stage.freshClient() : number - 1;
  if (client < stage.plan.parameters.clients) {
    stage.mistake('a client of your own', `c${client + 1} belongs to the workload`);
  }
  return { client, sequence: stage.nextSequence(client), operation };
}

function send(stage: Interpreter, { client, sequence, operation }: NamedCall, node: NodeId, effects?: number): boolean {
  const call = { kind: 'call', at: stage.world.now, client: clientId(client), sequence, node, operation } as const;
  return stage.take(effects === undefined ? call : { ...call, effects });
}

/** Asks a node, the leader if none is named. */
function ask(stage: Interpreter, { step }: Spot, call: NamedCall, to: string | undefined, name = step.as): void {
  stage.give(name, { call });
  if (to === undefined && leaderOf(stage.world) === undefined) {
    stage.mistake('a leader to ask', 'nobody leads; elect one first, or say whom to ask (to)');
  }
  send(stage, call, stage.oneNode(to ?? 'leader'), step.effects);
}

/** How long a client of `agree` waits before it asks again, in microseconds. */
const PATIENCE = 250_000;

/** Asks whoever leads until all of some nodes have executed the call. */
function agree(stage: Interpreter, call: NamedCall, on: readonly NodeId[], limit: number): boolean {
  const isDone = (): boolean =>
    on.every((id) => {
      const host = stage.world.host(id);
      const place = placeOf(host, call);
      return place > 0 && place <= appliedOf(host);
    });
  const isCalm = stage.world.calmSince >= 0;
  const faults = isCalm ? undefined : faultsOf(stage.usualFaults, stage.plan.parameters);
  const window = { faults, drop: [], hold: [], never: [] };
  while (stage.world.now < limit) {
    const leader = leaderOf(stage.world);
    const asked = leader?.status === 'up' && send(stage, call, leader.id);
    const until = Math.min(limit, stage.world.now + PATIENCE);
    const isOver = (): boolean =>
      asked ? isDone() || leaderOf(stage.world) !== leader : leaderOf(stage.world) !== undefined;
    if (isDone() || (stage.runWindow({ until, ...window }, isOver) && isDone())) return true;
  }
  return false;
}

export const clientVerbs: Verbs<'propose' | 'read' | 'retry' | 'agree' | 'call' | 'answer'> = {
  propose({ stage }, value, spot) {
    const isCommand = typeof value === 'string' || 'kind' in value;
    const { command, to, client, times } = isCommand ? { command: value } : value;
    const { as } = spot.step;
    const operation = (): Operation => (command === undefined ? freshPut(stage) : operationOf(command));
    if (times === undefined) return ask(stage, spot, newCall(stage, client, operation()), to);
    for (let i = 1; i <= times; i++) {
      const call = newCall(stage, client, operation());
      stage.give(as, { call });
      ask(stage, spot, call, to, as === undefined ? undefined : `${as} ${i}`);
    }
  },
  read({ stage }, value, spot) {
    const { key, to, client } = typeof value === 'string' ? { key: value } : value;
    ask(stage, spot, newCall(stage, client, { kind: 'get', key }), to);
  },
  retry({ stage }, value, spot) {
    const { call: name, to } = typeof value === 'string' ? { call: value } : value;
    const call = stage.call(name);
    if (call === undefined) return stage.skip(`no call ${name} was made`);
    return ask(stage, spot, call, to);
  },
  agree({ stage }, value, { step, path }) {
    const isNodes = typeof value === 'string' || Array.isArray(value);
    const { on = 'up', command, client, within = '10s' } = isNodes ? { on: value } : value;
    const nodes = stage.someNodes(on);
    const call = newCall(stage, client, command === undefined ? freshPut(stage) : operationOf(command));
    stage.give(step.as, { call });
    const limit = stage.world.now + parseDuration('within', String(within));
    if (agree(stage, call, nodes, limit)) return;
    const have = nodes.filter((id) => {
      const place = placeOf(stage.world.host(id), call);
      return place > 0 && place <= appliedOf(stage.world.host(id));
    });
    const names = have.length === 0 ? 'nobody has executed it' : `only ${have.map(nodeName).join(', ')} executed it`;
    stage.goTo(path);
    stage.failed(`${nodes.map(nodeName).join(', ')} to agree within ${String(within)}`, names);
  },
  call({ stage }, { client, sequence, to, command }, { step }) {
    const call = { client: client - 1, sequence, operation: operationOf(command) };
    stage.give(step.as, { call });
    send(stage, call, stage.oneNode(to), step.effects);
  },
  answer({ stage }, { client, number, lost = false }) {
    stage.take({ kind: 'answer', at: micros(stage.world.now), client: clientId(client - 1), number, lost });
  },
};
