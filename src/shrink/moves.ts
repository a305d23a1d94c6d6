// A schedule as moves: what happened, named by what it is about and not by numbers.
//
// A move survives when others are taken out around it. A message is meant by the move that sent it and by its content,
// a call by its client, a write by its node. Only what can change a server or a client is a move: pauses, cuts, drops
// and clocks merely decide when the others come, and here their order says that.

import type { TimerName } from '../protocol/timers.ts';
import { nodeName, type ClientId, type Micros, type NodeId } from '../base/ids.ts';
import {
  changeText,
  configurationCommand,
  configurationOf,
  renamedConfiguration,
  type MembershipChange,
} from '../protocol/configuration.ts';
import type { Entry, HandWritten, Message } from '../protocol/message.ts';
import type { FieldName } from '../protocol/messages/row.ts';
import { entriesIn, notationWithoutEntries, rowOf, valueOf, verdictOf } from '../protocol/messages/text.ts';
import { operationText, type Operation } from '../protocol/operation.ts';
import { stepKinds, stepTable, type PlainKind, type Step, type StepOf, type TimingKind } from '../sim/step.ts';

interface Named {
  /** Identifies a move within one shrink; a move keeps it however it is changed. */
  readonly id: number;
}

interface OfProcess extends Named {
  readonly node: NodeId;
}

/** The process crashes after so many effects of this move. */
interface CutShort {
  readonly effects?: number;
}

export interface MessageMove extends Named, CutShort {
  readonly act: 'deliver' | 'duplicate';
  readonly message: Message;
  /** The move that sent it; 0 for the boot. */
  readonly origin: number;
}

export interface CallMove extends OfProcess, CutShort {
  readonly act: 'call';
  readonly client: ClientId;
  readonly sequence: number;
  readonly operation: Operation;
}

/** A step of one node as it is, without its time. */
export type PlainMove = {
  readonly [Kind in PlainKind]: { readonly act: Kind } & Named & Omit<StepOf<Kind>, 'kind' | 'at'>;
}[PlainKind];

export type Move =
  | MessageMove
  | CallMove
  | ({ readonly act: 'timer'; readonly timer: TimerName } & OfProcess & CutShort)
  | ({ readonly act: 'durable' } & OfProcess & CutShort)
  | ({ readonly act: 'transfer'; readonly target: NodeId } & OfProcess & CutShort)
  | ({ readonly act: 'write-failed'; readonly error: 'write' | 'sync'; readonly kept: number } & OfProcess)
  /** `kept` is Infinity if every cached write survives. */
  | ({ readonly act: 'crash'; readonly kept: number; readonly torn: boolean } & OfProcess)
  | ({ readonly act: 'change-members'; readonly change: MembershipChange } & OfProcess & CutShort)
  /** The oldest answer to this call arrives. */
  | ({ readonly act: 'answer'; readonly client: ClientId; readonly sequence: number } & Named)
  /** A message that nobody sent. */
  | ({ readonly act: 'send'; readonly message: HandWritten } & Named)
  | PlainMove;

/** A step that can change a server or a client. */
export type MovingStep = Exclude<Step, { readonly kind: TimingKind }>;

export const isMoving = (step: Step): step is MovingStep => !('isTiming' in stepTable[step.kind]);

export const plainKinds: readonly PlainKind[] = stepKinds.filter(
  (kind): kind is PlainKind => 'outcome' in stepTable[kind],
);

// The fields of each kind go with it, which no type can say of all kinds at once.
export function plainMove({ kind, at: _at, ...fields }: StepOf<PlainKind>, id: number): PlainMove {
  const move: object = { act: kind, id, ...fields };
  return move as PlainMove;
}

export function plainStep({ act, id: _id, ...fields }: PlainMove, at: Micros): StepOf<PlainKind> {
  const step: object = { kind: act, at, ...fields };
  return step as StepOf<PlainKind>;
}

/** The process that a move happens to; undefined for links and clients. */
export function processOf(move: Move): NodeId | undefined {
  if (move.act === 'deliver') return move.message.to;
  return 'node' in move ? move.node : undefined;
}

/** Every node that a move speaks of. */
export function nodesOf(move: Move): readonly NodeId[] {
  if ('message' in move) return [move.message.from, move.message.to];
  if (move.act === 'change-members') return [move.node, ...serversIn(move.change)];
  if (move.act === 'transfer') return [move.node, move.target];
  return 'node' in move ? [move.node] : [];
}

const serversIn = ({ voters, learners, removed }: MembershipChange): NodeId[] => [...voters, ...learners, ...removed];

/** The same move with other names for the nodes. */
export function renamed(move: Move, nameOf: (node: NodeId) => NodeId): Move {
  if (move.act === 'send') return { ...move, message: renamedMessage(move.message, nameOf) as HandWritten };
  if ('message' in move) {
    return { ...move, message: renamedMessage(move.message, nameOf) };
  }
  if (move.act === 'change-members') {
    const { voters, learners, removed } = move.change;
    const inOrder = (ids: readonly NodeId[]): NodeId[] => ids.map(nameOf).toSorted((a, b) => a - b);
    const change = { voters: inOrder(voters), learners: inOrder(learners), removed: inOrder(removed) };
    return { ...move, node: nameOf(move.node), change };
  }
  if (move.act === 'transfer') return { ...move, node: nameOf(move.node), target: nameOf(move.target) };
  return 'node' in move ? { ...move, node: nameOf(move.node) } : move;
}

function renamedMessage(message: Message, nameOf: (node: NodeId) => NodeId): Message {
  const ends = { ...message, from: nameOf(message.from), to: nameOf(message.to) };
  if (ends.kind !== 'AppendEntries') return ends;
  if (!ends.entries.some(({ command }) => configurationOf(command) !== undefined)) return ends;
  return { ...ends, entries: ends.entries.map((entry) => renamedEntry(entry, nameOf)) };
}

function renamedEntry(entry: Entry, nameOf: (node: NodeId) => NodeId): Entry {
  const configuration = configurationOf(entry.command);
  if (configuration === undefined) return entry;
  return { term: entry.term, command: configurationCommand(renamedConfiguration(configuration, nameOf)) };
}

/** The same move, whole. */
export function withoutEffects(move: Move): Move {
  if (!('effects' in move)) return move;
  const { effects: _effects, ...whole } = move;
  return whole;
}

/**
 * What a message says, without its ends: equal for two messages that say the same. Entries stand at the end, each with
 * its term and its command.
 */
export function contentText(message: Message): string {
  const { entries } = entriesIn(message);
  return `${message.kind}@${message.term} ${notationWithoutEntries(message)} ${entries.map(entryText).join()}`;
}

const entryText = ({ term, command }: Entry): string => `${term}:${command.hash}`;

export const deliveriesIn = (moves: readonly Move[]): number => moves.filter(({ act }) => act === 'deliver').length;

/** How many moves come from outside: timers, faults, clients; a write or an answer that is made by hand does not. */
export const eventsIn = (moves: readonly Move[]): number =>
  moves.filter(({ act }) => act !== 'deliver' && act !== 'durable' && act !== 'answer').length;

/** A move as a text: equal for two moves that do the same to the same servers. */
export function moveText(move: Move): string {
  const cut = 'effects' in move && move.effects !== undefined ? ` after ${move.effects}` : '';
  switch (move.act) {
    case 'deliver':
    case 'duplicate': {
      const { message } = move;
      return `${nodeName(message.from)}>${nodeName(message.to)} ${move.act} ${contentText(message)}${cut}`;
    }
    case 'send': {
      const { message } = move;
      return `${nodeName(message.from)}>${nodeName(message.to)} send ${contentText(message)}`;
    }
    case 'call':
      return `${nodeName(move.node)} call ${move.client}.${move.sequence} ${operationText(move.operation)}${cut}`;
    case 'change-members':
      return `${nodeName(move.node)} change members: ${changeText(move.change)}${cut}`;
    case 'timer':
      return `${nodeName(move.node)} ${move.timer}${cut}`;
    case 'transfer':
      return `${nodeName(move.node)} transfer ${nodeName(move.target)}${cut}`;
    case 'crash':
      return `${nodeName(move.node)} crash ${move.kept}${move.torn ? ' torn' : ''}`;
    case 'write-failed':
      return `${nodeName(move.node)} ${move.error} fails ${move.kept}`;
    case 'answer':
      return `answer ${move.client}.${move.sequence}`;
    case 'durable':
      return `${nodeName(move.node)} ${move.act}${cut}`;
    default: {
      const { act, id: _id, node, ...fields } = move;
      return [nodeName(node), act, ...Object.values(fields)].join(' ');
    }
  }
}

const SENT_BY = 32;
const SAME_VERDICT = 8;
const SAME_TERM = 4;
const SAME_PLACE = 2;
const SAME_REST = 1;
/** No message fits better. */
export const LIKENESS_MAX: number = SENT_BY + SAME_VERDICT + SAME_TERM + SAME_PLACE + SAME_REST;

const CONTENT_MAX = SAME_VERDICT + SAME_PLACE + SAME_REST;

/**
 * How well a message on its way fits the one that a move means; -1 if it is of another kind, or if it cannot fit better
 * than `best`: comparing what messages say is most of what a long schedule costs.
 */
export function likeness(meant: MessageMove, message: Message, origin: number, best = -1): number {
  const wanted = meant.message;
  if (wanted.kind !== message.kind) return -1;
  const points = (origin === meant.origin ? SENT_BY : 0) + (wanted.term === message.term ? SAME_TERM : 0);
  if (points + CONTENT_MAX <= best) return -1;
  if (wanted === message) return points + CONTENT_MAX;
  return points + likenessOfContent(wanted, message);
}

function likenessOfContent(wanted: Message, message: Message): number {
  const fields = rowOf(wanted).likeness;
  let points = verdictOf(wanted) === verdictOf(message) ? SAME_VERDICT : 0;
  if (fields[0] === undefined || isSame(wanted, message, fields[0])) points += SAME_PLACE;
  for (let i = 1; i < fields.length; i++) if (!isSame(wanted, message, fields[i] as FieldName)) return points;
  return points + SAME_REST;
}

const isSame = (one: Message, other: Message, field: FieldName): boolean => sizeOf(one, field) === sizeOf(other, field);

/** What a field holds; of entries, how many they are. */
function sizeOf(message: Message, field: FieldName): string | number | boolean | undefined {
  const value = valueOf(message, field);
  return typeof value === 'object' ? value.length : value;
}
