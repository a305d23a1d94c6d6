// One form for all schedules that mean the same: canonical names, a natural order, clients by appearance.
//
// What one server does keeps its order, and so does a message behind the move that sent it; everything else is free.
// Of what may come next, the move comes that goes on with what came last. So the schedule reads as a story.

import { clientId, nodeId, type NodeId } from '../base/ids.ts';
import { rowOf, valueOf as valueIn } from '../protocol/messages/text.ts';
import type { Operation } from '../protocol/operation.ts';
import { moveText, nodesOf, processOf, renamed, type MessageMove, type Move } from './moves.ts';
import type { Candidate } from './candidate.ts';

/** The moves of a candidate in canonical form; whether they still fail has to be tried. */
export function canonical({ moves, leaders, environment }: Candidate): Move[] {
  const { nodes, spares = 0 } = environment.plan;
  const members = nodes - spares;
  let form = withNames(moves, namesOf(moves, leaders, nodes, members));
  for (let round = 0; round < ROUNDS; round++) {
    const names = namesOf(form.moves, leaders.map(form.nameOf), nodes, members);
    const again = withNames(form.moves, names);
    const ordered = naturalOrder(again.moves);
    const { nameOf } = form;
    form = { moves: ordered, nameOf: (node) => again.nameOf(nameOf(node)) };
  }
  return withPlainCalls(form.moves);
}

const ROUNDS = 3;

/** A text that is equal for candidates whose canonical moves are. */
export const textOf = (moves: readonly Move[]): string => moves.map(moveText).join('\n');

interface Renamed {
  readonly moves: Move[];
  readonly nameOf: (node: NodeId) => NodeId;
}

const withNames = (moves: readonly Move[], names: readonly NodeId[]): Renamed => {
  const nameOf = (node: NodeId): NodeId => names[node] ?? node;
  return { moves: moves.map((move) => renamed(move, nameOf)), nameOf };
};

/**
 * By node its new name: leaders in the order of their elections, then the others as they appear; the first names belong
 * to the members of the beginning, the last ones to the spare servers.
 */
function namesOf(moves: readonly Move[], leaders: readonly NodeId[], nodes: number, members: number): NodeId[] {
  const order = new Set<NodeId>(leaders);
  for (const move of moves) for (const node of nodesOf(move)) order.add(node);
  for (let i = 0; i < nodes; i++) order.add(nodeId(i));
  const names: NodeId[] = [];
  let [member, spare] = [0, members];
  for (const node of order) names[node] = nodeId(node < members ? member++ : spare++);
  return names;
}

/** The same moves, each as soon as the story comes to it. */
export function naturalOrder(moves: readonly Move[]): Move[] {
  const ties = tiesOf(moves);
  const placeOf = new Map<number, number>();
  const left = new Set(moves.keys());
  while (left.size > 0) {
    let next = -1;
    for (const i of left) {
      if ((ties[i] as Ties).needed.some((j) => left.has(j))) continue;
      if (next < 0 || comesBefore(i, next)) next = i;
    }
    left.delete(next);
    placeOf.set(next, placeOf.size);
  }
  return moves
    .map((move, i) => ({ move, at: placeOf.get(i) ?? 0 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ move }) => move);

  /** What goes on with the newest thing that happened; nothing else happens as long as something goes on. */
  function comesBefore(i: number, other: number): boolean {
    const [since, otherSince] = [i, other].map((one) => placeOf.get((ties[one] as Ties).cause) ?? -1) as [
      number,
      number,
    ];
    if (since !== otherSince) return since > otherSince;
    return moveText(moves[i] as Move) < moveText(moves[other] as Move);
  }
}

/** What a move depends on, by places. */
interface Ties {
  readonly needed: readonly number[];
  /** The move that it goes on with; -1 for what happens by itself. */
  readonly cause: number;
}

function tiesOf(moves: readonly Move[]): Ties[] {
  const byId = new Map<number, number>();
  const lastOf = new Map<string, number>();
  return moves.map((move, i) => {
    const needed = ownersOf(move).flatMap((owner) => {
      const last = lastOf.get(owner);
      lastOf.set(owner, i);
      return last === undefined ? [] : [last];
    });
    const sent = 'origin' in move ? byId.get(move.origin) : undefined;
    if (sent !== undefined) needed.push(sent);
    byId.set(move.id, i);
    const goesOn = move.act === 'restart' || move.act === 'durable' || move.act === 'answer';
    return { needed, cause: sent ?? (goesOn ? Math.max(-1, ...needed) : -1) };
  });
}

/** The places of everything that follows from a move, and of the move itself. */
export function relatives(moves: readonly Move[], root: number): Set<number> {
  const following = new Set([root]);
  tiesOf(moves).forEach(({ needed }, i) => {
    if (needed.some((j) => following.has(j))) following.add(i);
  });
  return following;
}

/** What has an order of its own: a process, a message that is doubled, a client. */
function ownersOf(move: Move): string[] {
  const owners: string[] = [];
  const process = processOf(move);
  if (process !== undefined) owners.push(`n${process}`);
  if ('origin' in move) owners.push(messageOwner(move));
  if ('client' in move) owners.push(`c${move.client}`);
  return owners;
}

/** Copies of a message, or those that one move sent on one link and that say the same of the same place. */
function messageOwner({ origin, message }: MessageMove): string {
  const [place] = rowOf(message).likeness;
  const where = place === undefined ? '' : String(Number(valueIn(message, place)));
  return `${origin} ${message.from} ${message.to} ${message.kind} ${where}`;
}

/** Clients numbered as they appear, each with calls from 1. */
function withPlainCalls(moves: readonly Move[]): Move[] {
  const clients = new Map<number, { number: number; sequences: Map<number, number> }>();
  return moves.map((move) => {
    if (!('client' in move)) return move;
    const known = clients.get(move.client) ?? { number: clients.size, sequences: new Map<number, number>() };
    clients.set(move.client, known);
    const sequence = known.sequences.get(move.sequence) ?? known.sequences.size + 1;
    known.sequences.set(move.sequence, sequence);
    return { ...move, client: clientId(known.number), sequence };
  });
}

/** Each call from a client of its own, also a retry of the same one if they are not kept. */
export function withOwnClients(moves: readonly Move[], keepsRetries: boolean): Move[] {
  const clients = new Map<string, number>();
  return moves.map((move, i) => {
    if (!('client' in move)) return move;
    const name = keepsRetries ? `${move.client}.${move.sequence}` : String(i);
    const number = clients.get(name) ?? clients.size;
    clients.set(name, number);
    return { ...move, client: clientId(number), sequence: 1 };
  });
}

/** The same calls with the plainest commands: each a put of a value of its own. */
export function withPlainCommands(moves: readonly Move[]): Move[] {
  const known = new Map<string, Operation>();
  return moves.map((move) => {
    if (move.act !== 'call') return move;
    const name = `${move.client}.${move.sequence}`;
    const operation: Operation = known.get(name) ?? { kind: 'put', key: 'x', value: String(known.size + 1) };
    known.set(name, operation);
    return { ...move, operation };
  });
}

/** The same calls of the same kinds, with plain keys and values: equal ones stay equal. */
export function withPlainTexts(moves: readonly Move[]): Move[] {
  const keys = new Map<string, string>();
  const values = new Map<string, string>([['', '']]);
  const keyOf = (text: string): string => nameIn(keys, text, KEYS[keys.size] ?? `k${keys.size}`);
  const valueOf = (text: string): string => nameIn(values, text, String(values.size));
  return moves.map((move) =>
    move.act === 'call' ? { ...move, operation: plain(move.operation, keyOf, valueOf) } : move,
  );
}

const KEYS: readonly string[] = ['x', 'y', 'z'];

function nameIn(names: Map<string, string>, text: string, fresh: string): string {
  const name = names.get(text) ?? fresh;
  names.set(text, name);
  return name;
}

function plain(operation: Operation, keyOf: (text: string) => string, valueOf: (text: string) => string): Operation {
  const key = operation.kind === 'open' ? '' : keyOf(operation.key);
  switch (operation.kind) {
    case 'get':
      return { kind: 'get', key };
    case 'read':
      return { kind: 'read', key, path: operation.path };
    case 'put':
    case 'append':
      return { kind: operation.kind, key, value: valueOf(operation.value) };
    case 'cas':
      return { kind: 'cas', key, expected: valueOf(operation.expected), value: valueOf(operation.value) };
    case 'add':
      return { kind: 'add', key, amount: 1 };
    case 'open':
      return operation;
  }
}
