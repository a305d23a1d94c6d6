// From a path of a search to a scenario: the same steps in the world of the simulator, under all of its promises.
//
// The search knows what it looks at; whether a promise is really broken, and which speaks first, the monitor says.

import { clientId } from '../base/ids.ts';
import { InvariantError } from '../base/errors.ts';
import type { Message } from '../protocol/message.ts';
import { makePlan, type Plan } from '../run/plan.ts';
import { fairProperty, type PropertyName } from '../run/properties.ts';
import { candidateOf, type Candidate } from '../shrink/candidate.ts';
import type { Environment } from '../shrink/environment.ts';
import type { Move } from '../shrink/moves.ts';
import { renderCandidate } from '../shrink/render.ts';
import { runTrial } from '../shrink/trial.ts';
import { messageText } from './rendering.ts';
import { Servers } from './servers.ts';
import type { ExploredStep } from './event.ts';

export interface Counterexample {
  readonly property: PropertyName;
  readonly why: string;
  readonly steps: number;
  /** The scenario, as YAML. */
  readonly text: string;
}

const NO_NAMES: readonly number[] = [];

/** Plays a path in the simulator. Throws if no promise is broken there, since then one of the two is wrong. */
export function counterexampleOf(
  plan: Plan,
  path: readonly ExploredStep[],
  found: string,
  source: string,
): Counterexample {
  const named = (found.split(':')[0] ?? 'election-safety') as PropertyName;
  const environment = environmentFor(plan, named);
  const result = runTrial(environment, movesOf(plan, path), named);
  if (result.broken === undefined) {
    throw new InvariantError(`a schedule that breaks ${found} keeps every promise in the simulator`);
  }
  const candidate: Candidate = candidateOf(environment, result);
  const text = renderCandidate(candidate, result.broken, { name: source, steps: path.length });
  return { property: result.broken, why: result.why, steps: result.moves.length, text };
}

/** Whether a cluster that no fair schedule seems to help stays so in the simulator, where time runs behind the path. */
export function staysStuck(plan: Plan, path: readonly ExploredStep[]): boolean {
  const { broken } = runTrial(environmentFor(plan, fairProperty), movesOf(plan, path), fairProperty);
  return broken === fairProperty;
}

const byHand = { writes: false, answers: false, drops: false, crashes: false } as const;

const environmentFor = (plan: Plan, property: PropertyName): Environment =>
  property === fairProperty ? { plan: recovering(plan), byHand, recovery: { isEmptied: true } } : { plan, byHand };

/** Clients call while time runs behind the schedule. */
function recovering({ seed, nodes, spares, node, variant, system }: Plan): Plan {
  return makePlan({ seed, nodes, spares, profile: 'calm', node, variant, system });
}

/** The path as moves: each message with the move that sent it. */
function movesOf(plan: Plan, path: readonly ExploredStep[]): Move[] {
  const servers = new Servers(plan);
  const restart = servers.eventId({ act: 'restart' });
  const states = Array.from({ length: plan.nodes }, (_, node) => {
    return servers.after(servers.unborn(node as never), restart).to;
  });
  const origins = new Map<string, number>();
  const textOf = (message: Message): string => messageText(message, NO_NAMES);
  return path.flatMap(({ node, event }, i) => {
    const id = 2 * i + 2;
    const { to, sent } = servers.after(states[node] as number, servers.eventId(event));
    states[node] = to;
    const originOf = (message: Message): number => origins.get(textOf(message)) ?? 0;
    const move = moveOf(node, event, id, originOf);
    const isDoubled = event.act === 'deliver' && event.isDoubled === true;
    const copies = isDoubled ? [duplicateOf(event.message, id - 1, originOf)] : [];
    for (const one of sent) origins.set(textOf((servers.messages[one] as { readonly message: Message }).message), id);
    return [...copies, move];
  });
}

const duplicateOf = (message: Message, id: number, originOf: (message: Message) => number): Move => ({
  act: 'duplicate',
  id,
  message,
  origin: originOf(message),
});

function moveOf(
  node: ExploredStep['node'],
  event: ExploredStep['event'],
  id: number,
  originOf: (message: Message) => number,
): Move {
  const cut = 'effects' in event && event.effects !== undefined ? { effects: event.effects } : {};
  switch (event.act) {
    case 'restart':
      return { act: 'restart', id, node };
    case 'crash':
      return { act: 'crash', id, node, kept: Infinity, torn: false };
    case 'timer':
      return { act: 'timer', id, node, timer: event.timer, ...cut };
    case 'call': {
      const operation = { kind: 'put', key: 'x', value: String(event.number) } as const;
      return { act: 'call', id, node, client: clientId(event.number - 1), sequence: 1, operation, ...cut };
    }
    case 'change':
      return { act: 'change-members', id, node, change: event.change, ...cut };
    case 'deliver':
      return { act: 'deliver', id, message: event.message, origin: originOf(event.message), ...cut };
  }
}
