// A server and a message as texts under other names for the servers: equal if and only if all that follows is.
//
// What the node keeps is read field by field. A field that is not known here counts as it stands; once it is not as it
// was at the start, it may name servers, and the text holds the names under which it was written: then it is equal to
// nothing under other names, and nothing is lost but time.

import { NOBODY, type NodeId } from '../base/ids.ts';
import type { Configuration } from '../protocol/configuration.ts';
import type { Message } from '../protocol/message.ts';
import { timers } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';
import { contentText } from '../shrink/moves.ts';

/** New names by old ones. */
export type ServerNames = readonly number[];

/** Servers, one or none. */
const NAMES = ['votedFor', 'leader', 'transferee'];
/** Servers in no order that matters. */
const NAME_LISTS = ['votes', 'peers'];
const PLAIN = [
  'role',
  'currentTerm',
  'commitIndex',
  'durableIndex',
  'configurationIndex',
  'hasLeaderContact',
  'halted',
  'hardStateChanged',
  'logChangedFrom',
  'snapshotIndex',
  'isCapturing',
  'bytesSinceSnapshot',
];
/**
 * What never differs between servers that behave alike: who it is, what it may choose, room that is used again, and
 * tickets, since every write is complete between two steps.
 */
const LEFT_OUT = [
  'id',
  'options',
  'rules',
  'handlers',
  'outbox',
  'matches',
  'batch',
  'batchFirst',
  'batchHash',
  'lastTicket',
  'durableTicket',
  'ballotTicket',
  'rounds',
  'usesLeases',
];
const SPECIAL = ['log', 'followers', 'configuration', 'pendingWrites', 'held', 'heldTickets'];
const KNOWN: ReadonlySet<string> = new Set([...NAMES, ...NAME_LISTS, ...PLAIN, ...LEFT_OUT, ...SPECIAL]);

type Fields = Readonly<Record<string, unknown>>;

/** What the fields that are not known here are at the start. */
export function usualFields(host: Host): ReadonlyMap<string, string> {
  const probe = host.process.probe as unknown as Fields;
  const unknown = Object.keys(probe).filter((name) => !KNOWN.has(name));
  return new Map(unknown.map((name) => [name, plainText(probe[name])]));
}

/** Those of them that are not so any more. */
export function unusualFields(host: Host, usual: ReadonlyMap<string, string>): string[] {
  if (host.status !== 'up') return [];
  const probe = host.process.probe as unknown as Fields;
  return Object.keys(probe).filter((name) => !KNOWN.has(name) && plainText(probe[name]) !== usual.get(name));
}

const nameOf = (names: ServerNames, id: number): number => (id === NOBODY ? -1 : (names[id] ?? id));
const inOrder = (names: ServerNames, ids: readonly number[]): string =>
  ids
    .map((id) => nameOf(names, id))
    .toSorted((a, b) => a - b)
    .join();

/** A server between two steps. */
export function serverText(host: Host, nodes: number, names: ServerNames, usual: ReadonlyMap<string, string>): string {
  const { disk, process: server } = host;
  const { term, votedFor } = disk.hardState;
  const vote = nameOf(names, votedFor);
  const log = `${disk.prefixHashAt(disk.lastIndex) ?? 0} ${disk.lastIndex}`;
  const compacted = disk.base === 0 && disk.snapshot === undefined ? '' : ` ${disk.base} ${disk.snapshot?.sum}`;
  const kept = `${nameOf(names, host.id)} ${term} ${vote} ${log}${compacted}`;
  if (host.status !== 'up') return `down ${kept} ${server.lastApplied}`;
  const probe = server.probe as unknown as Fields;
  const parts = [kept, String(server.lastApplied), timers.filter((timer) => host.armed(timer)).join()];
  for (const name of NAMES) parts.push(String(nameOf(names, probe[name] as number)));
  for (const name of NAME_LISTS) parts.push(inOrder(names, (probe[name] as readonly number[] | undefined) ?? []));
  for (const name of PLAIN) parts.push(String(probe[name]));
  const { log: inMemory, configuration } = server.probe;
  const { lastIndex, lastTerm, prefixHash, base } = inMemory;
  parts.push(`${lastIndex} ${lastTerm} ${prefixHash} ${base}`, configurationText(configuration, names));
  parts.push(followersText(host, nodes, names));
  for (const name of ['pendingWrites', 'held', 'heldTickets']) parts.push(plainText(probe[name]));
  const unusual = unusualFields(host, usual);
  for (const name of unusual) parts.push(`${name} ${plainText(probe[name])}`);
  if (unusual.length > 0) parts.push(`under ${names.join()}`);
  return parts.join('|');
}

function followersText(host: Host, nodes: number, names: ServerNames): string {
  const texts: string[] = [];
  for (let id = 0; id < nodes; id++) {
    const progress = host.process.probe.followerOf(id as NodeId) as Fields | undefined;
    if (progress === undefined) continue;
    const fields = Object.keys(progress).filter((name) => name !== 'id');
    texts[nameOf(names, id)] = fields.map((name) => plainText(progress[name])).join();
  }
  return texts.join(';');
}

const configurationText = ({ voters, outgoing, learners }: Configuration, names: ServerNames): string =>
  `${inOrder(names, voters)}/${inOrder(names, outgoing)}/${inOrder(names, learners)}`;

/** Any value as it stands; a queue as what is in it. */
function plainText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('shift' in value && 'at' in value && 'length' in value && !Array.isArray(value)) {
    const queue = value as { readonly length: number; at(place: number): unknown };
    return `<${Array.from({ length: queue.length }, (_, i) => plainText(queue.at(i))).join()}>`;
  }
  if (Array.isArray(value)) return `[${value.map(plainText).join()}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${name}:${typeof field === 'function' ? '' : plainText(field)}`)
    .join()}}`;
}

/** Kinds that name no server but their ends. */
const NAMELESS: readonly string[] = [
  'RequestVote',
  'RequestVoteReply',
  'PreVote',
  'PreVoteReply',
  'AppendEntries',
  'AppendEntriesReply',
];

export function messageText(message: Message, names: ServerNames): string {
  const snapshot = message.kind === 'InstallSnapshot' ? ` ${message.snapshot.sum}` : '';
  const text = `${nameOf(names, message.from)}>${nameOf(names, message.to)} ${contentText(message)}${snapshot}`;
  return NAMELESS.includes(message.kind) ? text : `${text} under ${names.join()}`;
}

/** All orders of so many servers; the names as they are come first. */
export function serverOrders(nodes: number): ServerNames[] {
  if (nodes === 0) return [[]];
  return serverOrders(nodes - 1).flatMap((names) =>
    Array.from({ length: nodes }, (_, place) => names.toSpliced(nodes - 1 - place, 0, nodes - 1)),
  );
}
