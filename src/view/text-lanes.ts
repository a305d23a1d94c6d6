// The space-time diagram as text: a lane for each server, a line for each step, arrows from the sender's lane to the
// receiver's.
//
// A line shows the message that arrives in its step, or is lost; where it began is the sender's lane at that moment.

import { nodeName, type NodeId } from '../base/ids.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import type { History } from './history.ts';
import type { ServerMoment } from './moments.ts';
import { restOfLine } from './picture-words.ts';

const LANE = 6;
/** Narrower than this there is no room beside the lanes. */
const TEXT_MIN = 24;

/** Whether lanes of so many servers and a few words fit into a width. */
export const fitsLanes = (servers: number, width: number): boolean => 8 + servers * LANE + TEXT_MIN <= width;

export function laneHead(servers: number): string {
  const names = Array.from({ length: servers }, (_, node) => nodeName(node as NodeId).padEnd(LANE));
  return `${' '.repeat(8)}${names.join('')}`.trimEnd();
}

/** One step as a line of at most so many columns. */
export function laneLine(history: History, number: number, width: number): string {
  const signs = Array.from({ length: history.servers }, (_, node) => laneSign(history.server(node, number)));
  const front = `${`#${number}`.padEnd(8)}${lanesText(signs, history.step(number))}`;
  return Array.from(`${front}${restOfLine(history.lines[number] ?? '')}`)
    .slice(0, width)
    .join('')
    .trimEnd();
}

/** The lanes of servers that are shown by these signs, with what a step does across them. */
export function lanesText(signs: readonly string[], step?: Step): string {
  const cells = Array.from({ length: signs.length * LANE }, (_, x) =>
    x % LANE === 0 ? (signs[x / LANE] ?? ' ') : ' ',
  );
  if (step !== undefined) arrow(cells, step);
  return cells.join('');
}

/** What a server is, as the sign of its lane. */
export function laneSign({ status, role, life }: Pick<ServerMoment, 'status' | 'role' | 'life'>): string {
  if (status === 'down') return life === 0 ? ' ' : '·';
  if (status === 'paused') return '‖';
  return role === 'leader' ? '█' : role === 'follower' || role === 'unknown' ? '│' : '┆';
}

/** Draws the line of a message over the lanes between its ends. */
function arrow(cells: string[], step: Step): void {
  const node = nodeOf(step);
  if (!('from' in step)) {
    if (node !== undefined) cells[node * LANE + 1] = '●';
    return;
  }
  const [from, to] = [step.from * LANE, step.to * LANE];
  const isRight = to > from;
  const isLost = step.kind === 'drop';
  const [low, high] = isRight ? [from + 1, to - 1] : [to + 1, from - 1];
  for (let x = low; x <= high; x++) cells[x] = isLost && x % 2 === 0 ? ' ' : x % LANE === 0 ? '┼' : '─';
  if (isLost) cells[isRight ? high - 1 : low + 1] = '✗';
  else if (step.kind === 'deliver') cells[isRight ? high : low] = isRight ? '▶' : '◀';
}
