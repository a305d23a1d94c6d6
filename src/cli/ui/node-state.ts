// The servers at one moment of a run, side by side: what each holds in memory and what is safe on its disk.
//
// Entries are written as in the paper's figures, index and term: `12@3` is the entry at index 12, of term 3.

import { logIndex, nodeName, NOBODY, type NodeId } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { LogView } from '../../sim/process.ts';
import { padded, widthOf } from './layout.ts';
import type { Paint } from './paint.ts';

export interface NodeSnapshot {
  readonly node: string;
  readonly status: Host['status'];
  /** What it holds in memory; null while it is down. */
  readonly memory: {
    readonly role: string;
    readonly term: number;
    readonly vote: string | null;
    readonly leader: string | null;
    readonly commitIndex: number;
    readonly lastIndex: number;
    /** The last entries. */
    readonly tail: readonly string[];
  } | null;
  readonly disk: {
    readonly term: number;
    readonly vote: string | null;
    readonly last: string;
    readonly cachedWrites: number;
    /** Why the server cannot start from it. */
    readonly unservable: string | null;
  };
}

const TAIL = 3;

const nameOf = (id: NodeId): string | null => (id === NOBODY ? null : nodeName(id));

export function nodeSnapshots(hosts: readonly Host[]): NodeSnapshot[] {
  return hosts.map((host) => {
    const { disk } = host;
    const last = disk.lastIndex;
    return {
      node: nodeName(host.id),
      status: host.status,
      memory: host.status === 'down' ? null : memoryOf(host),
      disk: {
        term: disk.hardState.term,
        vote: nameOf(disk.hardState.votedFor),
        last: last === 0 ? 'empty' : `${last}@${disk.entryAt(last).term}`,
        cachedWrites: disk.cachedWrites,
        unservable: host.unservable ?? null,
      },
    };
  });
}

function memoryOf(host: Host): NonNullable<NodeSnapshot['memory']> {
  const { role, currentTerm, votedFor, leader, commitIndex, log } = host.process.probe;
  return {
    role,
    term: currentTerm,
    vote: nameOf(votedFor),
    leader: nameOf(leader),
    commitIndex,
    lastIndex: log.lastIndex,
    tail: tailOf(log),
  };
}

function tailOf(log: LogView): string[] {
  const tail: string[] = [];
  for (let i = Math.max(1, log.lastIndex - TAIL + 1); i <= log.lastIndex; i++)
    tail.push(`${i}@${log.termAt(logIndex(i))}`);
  return tail;
}

export function nodeTable(states: readonly NodeSnapshot[], paint: Paint): string[] {
  const head = ['node', 'role', 'term', 'vote', 'commit', 'log', 'disk'];
  const rows = states.map((state) => cellsOf(state));
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((cells) => widthOf(cells[i] ?? ''))));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => padded(cell, widths[i] ?? 0)).join('  ')}`.trimEnd();
  return [paint.faint(line(head)), ...rows.map(line)];
}

function cellsOf({ node, status, memory, disk }: NodeSnapshot): string[] {
  const onDisk = [disk.last];
  if (memory === null || memory.term !== disk.term) onDisk.push(`term ${disk.term}`);
  if (disk.vote !== null && (memory === null || memory.vote !== disk.vote)) onDisk.push(`vote ${disk.vote}`);
  if (disk.cachedWrites > 0) onDisk.push(`${disk.cachedWrites} unsynced`);
  if (disk.unservable !== null) onDisk.push(disk.unservable);
  const diskText = onDisk.join(', ');
  if (memory === null) return [node, 'down', '', '', '', '', diskText];
  const role = status === 'paused' ? `${memory.role}, paused` : memory.role;
  const more = memory.lastIndex > memory.tail.length ? '… ' : '';
  const log = memory.lastIndex === 0 ? 'empty' : `${more}${memory.tail.join(' ')}`;
  return [node, role, String(memory.term), memory.vote ?? '-', String(memory.commitIndex), log, diskText];
}
