// Reductions: passes that only take something away.
//
// The order is by what pays most: the end of the run alone, whole servers, whole kinds of moves, then single moves. A
// plainer environment (writes and answers by themselves) takes away the moves that it makes needless; at last the node
// gets its usual options, one by one.

import { nodeId, type NodeId } from '../base/ids.ts';
import { messageKinds, messageRows } from '../protocol/messages/table.ts';
import { formOf } from '../protocol/messages/text.ts';
import type { Plan } from '../run/plan.ts';
import { parameterTable } from '../sim/parameters.ts';
import { candidateOf, stepsIn } from './candidate.ts';
import { minimize, type Direction } from './minimize.ts';
import { nodesOf, plainKinds, processOf, renamed, withoutEffects, type Move } from './moves.ts';
import {
  recoveriesOf,
  timingParts,
  unusualOptions,
  unusualRecovery,
  usualOptions,
  type Environment,
} from './environment.ts';
import type { Pass, Search } from './search.ts';

/** Every reduction until none helps. */
export function* reduce(search: Search): Pass {
  for (;;) {
    const before = search.best;
    search.phase = 'fewer servers';
    yield* fewerServers(search);
    search.phase = 'fewer kinds of steps';
    yield* fewerKinds(search);
    search.phase = 'fewer steps';
    yield* fewerSteps(search);
    search.phase = 'a plainer stage';
    yield* plainerEnvironment(search);
    yield* plainerNode(search);
    if (search.best === before) return;
  }
}

/** The last moves alone, as few as fail, but at least a number of them. */
export function* suffixes(search: Search, least: number): Pass {
  const { moves } = search.best;
  for (let size = least; size < moves.length; size *= 2) {
    const isShorter = search.try(moves.slice(-size));
    yield;
    if (isShorter) return;
  }
}

/** Longer schedules are tried without some of the servers, but not with one in the place of another. */
const MERGED_MAX = 100;

/** Without some of the servers, as many as possible; those that stay may take over what the others did. */
function* fewerServers(search: Search): Pass {
  const { moves, environment } = search.best;
  const { nodes } = environment.plan;
  for (let size = search.serversMin; size < nodes; size++) {
    for (const kept of subsets(nodes, size)) {
      for (const roles of moves.length > MERGED_MAX ? castings(nodes, kept).slice(0, 1) : castings(nodes, kept)) {
        const isSmaller = search.try(recast(moves, roles), withNodes(environment, kept));
        yield;
        if (isSmaller) return;
      }
    }
  }
}

/** By node: the server that takes over its role, by place among those that are kept; undefined: none does. */
type Casting = readonly (number | undefined)[];

/** Every way to play the roles of all nodes with those that are kept; first the one in which the others are missing. */
function castings(nodes: number, kept: readonly NodeId[]): Casting[] {
  let found: Casting[] = [[]];
  for (let node = 0; node < nodes; node++) {
    const place = kept.indexOf(nodeId(node));
    const servers = place >= 0 ? [place] : [undefined, ...kept.keys()];
    found = found.flatMap((before) => servers.map((server) => [...before, server]));
  }
  return found;
}

/** The moves in other roles; the moves of a role that is not taken over, or of a server with itself, are left out. */
function recast(moves: readonly Move[], roles: Casting): Move[] {
  return moves
    .filter((move) => {
      const servers = nodesOf(move).map((node) => roles[node]);
      return !servers.includes(undefined) && new Set(servers).size === servers.length;
    })
    .map((move) => renamed(move, (node) => nodeId(roles[node] ?? 0)));
}

/** Kinds of messages of which some are often needless, the ones of the last rows first. */
const spareKinds = messageKinds.filter((kind) => messageRows[kind].forms.some(({ isSpare }) => isSpare)).toReversed();

/** Kinds of moves that a failure often does without. */
const kinds: readonly ((move: Move) => boolean)[] = [
  (move) => move.act === 'duplicate',
  (move) => move.act === 'timer' && move.timer === 'heartbeat',
  ...spareKinds.map(
    (kind) => (move: Move) => move.act === 'deliver' && move.message.kind === kind && formOf(move.message).isSpare,
  ),
  (move) => move.act === 'crash' || move.act === 'restart' || move.act === 'wipe',
  (move) => move.act === 'write-failed',
  (move) => move.act === 'call',
  ...plainKinds
    .filter((kind) => kind !== 'restart' && kind !== 'wipe')
    .map(
      (kind) =>
        (move: Move): boolean =>
          move.act === kind,
    ),
];

/** A write that fails stops its server, as a crash does that loses the same. */
function asCrash(move: Move): Move {
  if (move.act !== 'write-failed') return move;
  const { id, node, kept } = move;
  return { act: 'crash', id, node, kept, torn: false };
}

export function* fewerKinds(search: Search): Pass {
  for (const isOf of kinds) {
    search.try(search.best.moves.filter((move) => !isOf(move)));
    yield;
  }
  search.try(search.best.moves.map(withoutEffects));
  yield;
  search.try(search.best.moves.map(asCrash));
  yield;
  for (let node = 0; node < search.best.environment.plan.nodes; node++) {
    search.try(search.best.moves.filter((move) => processOf(move) !== node));
    yield;
  }
}

/** Delta debugging: afterwards no single move can be left out. */
export function* fewerSteps(search: Search, direction: Direction = 'latest first'): Pass {
  const { environment } = search.best;
  const holds = (moves: readonly Move[]): readonly Move[] | undefined => {
    const result = search.trial(moves, environment);
    if (result === undefined) return undefined;
    search.best = candidateOf(environment, result);
    return result.moves;
  };
  yield* minimize(search.best.moves, holds, direction);
}

const ACT_OF = { answers: 'answer', crashes: '', writes: 'durable' } as const;

/** Writes, answers and crashes by themselves instead of by hand. */
export function* plainerEnvironment(search: Search): Pass {
  for (const kind of ['answers', 'crashes', 'writes'] as const) {
    const { environment, moves } = search.best;
    if (!environment.byHand[kind]) continue;
    const plainer = { ...environment, byHand: { ...environment.byHand, [kind]: false } };
    search.try(
      moves.filter((move) => move.act !== ACT_OF[kind]),
      plainer,
    );
    yield;
  }
  yield* plainerRecovery(search);
}

/** The plainest way for time to run in which the cluster still does not recover. */
function* plainerRecovery(search: Search): Pass {
  const { environment, moves } = search.best;
  if (environment.recovery === undefined) return;
  const costOf = (one: Environment): number => stepsIn({ environment: one, moves }) + unusualRecovery(one);
  const environments = recoveriesOf(environment, environment.plan).filter((one) => costOf(one) < costOf(environment));
  for (const plainer of environments) {
    const isPlainer = search.try(moves, plainer);
    yield;
    if (isPlainer) return;
  }
  yield* plainerTiming(search);
}

/** Each part of the timing as it usually is. */
function* plainerTiming(search: Search): Pass {
  for (const names of timingParts) {
    const { environment, moves } = search.best;
    const { plan } = environment;
    if (names.every((name) => plan.parameters[name] === parameterTable[name].calm)) continue;
    const usual = Object.fromEntries(names.map((name) => [name, parameterTable[name].calm]));
    search.try(moves, { ...environment, plan: { ...plan, parameters: { ...plan.parameters, ...usual } } });
    yield;
  }
}

/** The usual options of the node, each on its own. */
export function* plainerNode(search: Search): Pass {
  for (const name of unusualOptions(search.best.environment.plan)) {
    const { environment, moves } = search.best;
    const { plan } = environment;
    const node = { ...plan.node, [name]: usualOptions(plan)[name] };
    search.try(moves, { ...environment, plan: { ...plan, node } });
    yield;
  }
}

/** Subsets of the nodes of a size, in the order of their numbers. */
function subsets(nodes: number, size: number): NodeId[][] {
  if (size === 0) return [[]];
  const found: NodeId[][] = [];
  for (let last = size - 1; last < nodes; last++) {
    for (const rest of subsets(last, size - 1)) found.push([...rest, nodeId(last)]);
  }
  return found;
}

function withNodes(environment: Environment, kept: readonly NodeId[]): Environment {
  const { disks, spares = 0, ...plan } = environment.plan;
  const sparesKept = kept.filter((node) => node >= plan.nodes - spares).length;
  const smaller: Plan = { ...plan, nodes: kept.length, ...(sparesKept === 0 ? {} : { spares: sparesKept }) };
  if (disks === undefined) return { ...environment, plan: smaller };
  const keptDisks = kept.map((node) => disks[node] ?? { term: 0, votedFor: 0, log: [] });
  const renamedDisks = keptDisks.map((disk) => ({ ...disk, votedFor: kept.indexOf(nodeId(disk.votedFor - 1)) + 1 }));
  return { ...environment, plan: { ...smaller, disks: renamedDisks } };
}
