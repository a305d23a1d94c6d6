// The servers at one moment of a run as a table: what each holds in memory and what is safe on its disk.
//
// Every column stays, however narrow the page is: long cells wrap.

import type { NodeSnapshot } from '../../trace/node-snapshot.ts';
import { tableLines } from './layout.ts';
import type { Paint } from './paint.ts';

const HEAD = ['node', 'role', 'term', 'vote', 'commit', 'log', 'disk'];

export function nodeTable(states: readonly NodeSnapshot[], paint: Paint, width = Infinity): string[] {
  const [head = '', ...rows] = tableLines([HEAD, ...states.map(cellsOf)], width);
  return [paint.faint(head), ...rows];
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
