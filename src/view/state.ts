// The cluster at one moment as texts and cells for a panel, and what of it is otherwise at another moment.
//
// A panel compares with the step before, a reader with any step. Each text has a key; two moments are compared key by
// key.

import { nodeName, NOBODY, type NodeId } from '../base/ids.ts';
import { configurationOf, configurationText } from '../protocol/configuration.ts';
import type { Capability } from '../protocol/capabilities.ts';
import type { Command, Entry } from '../protocol/message.ts';
import { operationText } from '../protocol/operation.ts';
import { timerTable } from '../protocol/timers.ts';
import { oneLine, signed } from '../trace/words.ts';
import type { History } from './history.ts';
import { armedTimers, type ServerMoment } from './moments.ts';

export interface StateText {
  readonly key: string;
  readonly label: string;
  readonly text: string;
  /** What stands there at the other moment, where it is otherwise. */
  readonly was: string | undefined;
}

export interface LogCell {
  readonly index: number;
  readonly term: number;
  readonly words: string;
  readonly isCommitted: boolean;
  readonly isApplied: boolean;
  readonly isDurable: boolean;
  /** Another entry, or none, stands there at the other moment. */
  readonly isNew: boolean;
}

export interface ServerState {
  readonly node: NodeId;
  readonly name: string;
  readonly moment: ServerMoment;
  readonly texts: readonly StateText[];
  /** The last entries; what is before them is only counted. */
  readonly cells: readonly LogCell[];
  readonly cellsBefore: number;
  /** Entries that stand there at the other moment and are gone here. */
  readonly cellsGone: number;
}

/** Entries of a log that a panel shows. */
const CELLS_MAX = 24;

/** Every server after `step`, with what is otherwise after `other`. */
export function stateAt(history: History, step: number, other: number, cellsMax: number = CELLS_MAX): ServerState[] {
  return Array.from({ length: history.servers }, (_, place) => {
    const node = place as NodeId;
    const moment = history.server(node, step);
    const then = history.server(node, other);
    const before = new Map(textsOf(then).map(([key, , text]) => [key, text]));
    const shown = textsOf(moment).filter(([key]) => isShown(history, moment, key));
    const texts = shown.map(([key, label, text]) => {
      const was = before.get(key);
      return { key, label, text, was: was === text ? undefined : (was ?? '') };
    });
    const last = lastOf(moment);
    const first = Math.max(moment.base + 1, last - cellsMax + 1);
    const cells: LogCell[] = [];
    for (let index = first; index <= last; index++) {
      const entry = history.entry(node, index, step);
      const isNew = history.entry(node, index, other) !== entry;
      const isDurable = history.log(node, 'disk').entryAt(index, step) === entry;
      if (entry !== undefined) cells.push(cellOf(moment, index, entry, { isNew, isDurable }));
    }
    const cellsGone = Math.max(0, lastOf(then) - last);
    return { node, name: nodeName(node), moment, texts, cells, cellsBefore: first - 1, cellsGone };
  });
}

/** By key of a text: what a system must show for it. */
const neededFor: Readonly<Record<string, Capability>> = {
  role: 'roles',
  term: 'terms',
  vote: 'votes',
  leader: 'roles',
  commit: 'commit',
  applied: 'applied',
  disk: 'disk',
  timers: 'timers',
};

/** What nobody knows of a server is left out: what a system does not show, or what no trace tells. */
function isShown({ shows }: History, { role, status }: ServerMoment, key: string): boolean {
  if (key === 'status') return role === 'unknown';
  if (role === 'unknown' && shows === undefined) return status === 'down' && key === 'role';
  const needed = neededFor[key];
  return needed === undefined || shows === undefined || shows.includes(needed);
}

/** A server that is down has what its disk has. */
const lastOf = (moment: ServerMoment): number => (moment.status === 'down' ? moment.disk.lastIndex : moment.lastIndex);

function cellOf(
  { status, commitIndex, applied }: ServerMoment,
  index: number,
  { term, command }: Entry,
  rest: Pick<LogCell, 'isNew' | 'isDurable'>,
): LogCell {
  const isCommitted = status !== 'down' && index <= commitIndex;
  return { index, term, words: entryWords(command), isCommitted, isApplied: index <= applied, ...rest };
}

export const entryWords = (command: Command): string => {
  if ('operation' in command) return oneLine(operationText(command.operation as Parameters<typeof operationText>[0]));
  const configuration = configurationOf(command);
  if (configuration !== undefined) return `members ${configurationText(configuration)}`;
  return command.hash === 0 && command.bytes === 0 ? 'no-op' : 'a command';
};

type Text = readonly [key: string, label: string, text: string];

const nameOf = (node: NodeId): string => (node === NOBODY ? 'nobody' : nodeName(node));

function textsOf(moment: ServerMoment): Text[] {
  const { disk, clock, configuration, unservable, thrown } = moment;
  const writes = disk.cachedWrites === 0 ? '' : `, ${disk.cachedWrites} on the way`;
  const texts: Text[] = [
    ['role', 'role', moment.status === 'up' || moment.status === 'down' ? roleText(moment) : `${moment.role}, paused`],
  ];
  const standing = { up: 'runs', down: 'down', paused: 'paused' } as const;
  texts.push(['status', 'it', `${standing[moment.status]}; what it is is not known`]);
  if (moment.status !== 'down') {
    texts.push(['term', 'term', String(moment.term)], ['vote', 'vote', nameOf(moment.votedFor)]);
    texts.push(['leader', 'leader', nameOf(moment.leader)], ['commit', 'commit', String(moment.commitIndex)]);
  }
  texts.push(['applied', 'applied', String(moment.applied)]);
  if (moment.base > 0) texts.push(['base', 'snapshot', `up to ${moment.base}`]);
  const vote = nameOf(disk.votedFor);
  texts.push(['disk', 'disk', `term ${disk.term}, vote ${vote}, log to ${disk.lastIndex}${writes}`]);
  if (unservable !== undefined) texts.push(['unservable', 'stays away', `its disk is ${unservable}`]);
  if (thrown !== undefined) texts.push(['thrown', 'threw', oneLine(thrown, 100)]);
  const running = armedTimers(moment).map((timer) => timerTable[timer].title);
  if (moment.status !== 'down') texts.push(['timers', 'timers', running.join(', ') || 'none']);
  if (clock.ratePpm !== 0 || clock.offset !== 0) {
    texts.push(['clock', 'clock', `${signed(clock.ratePpm)} ppm, ${signed(clock.offset)} µs`]);
  }
  if (configuration !== undefined) texts.push(['voters', 'voters', votersText(configuration)]);
  if (moment.values !== undefined && moment.values.length > 0) {
    const all = moment.values.map(([key, value]) => `${oneLine(key)}=${oneLine(value)}`);
    texts.push(['machine', 'machine', all.join(' ')]);
  }
  return [...texts, ...followerTexts(moment)];
}

const roleText = ({ role, status, life }: ServerMoment): string =>
  status === 'down' && life === 0 ? 'not started' : role;

function votersText({ voters, outgoing, learners }: NonNullable<ServerMoment['configuration']>): string {
  const old = outgoing.length === 0 ? '' : `, before: ${outgoing.map(nameOf).join(' ')}`;
  const more = learners.length === 0 ? '' : `, learners: ${learners.map(nameOf).join(' ')}`;
  return `${voters.map(nameOf).join(' ')}${old}${more}`;
}

function followerTexts({ followers }: ServerMoment): Text[] {
  return (followers ?? []).flatMap((view, node): Text[] => {
    if (view === undefined) return [];
    const text = `next ${view.nextIndex}, match ${view.matchIndex}, ${view.mode}`;
    return [[`follower ${node}`, `of ${nodeName(node as NodeId)}`, text]];
  });
}
