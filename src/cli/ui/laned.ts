// Steps in the one-line notation with lanes between their time and their words, for a terminal that is wide enough.
//
// Nothing is cut: what does not fit beside the lanes goes on below, where the lanes go on, too.

import type { LanedStep } from '../../view/laned-recorder.ts';
import { laneHead, lanesText } from '../../view/text-lanes.ts';
import type { Channel } from './terminal.ts';
import { wrapped } from './layout.ts';

/** Number and time of a step. */
const FRONT = /^ *#\d+ +[\d:.]+ {2}/;
const FRONT_WIDTH = 24;
/** With less room than this beside the lanes the notation is easier to read without them. */
const TEXT_MIN = 56;

/** The columns of a terminal; 0 where there is none. */
export const columnsOf = ({ isTerminal, stream }: Channel): number => (isTerminal ? (stream.columns ?? 0) : 0);

/** Whether so many columns have room for the lanes of so many servers and for the notation beside them. */
export const hasRoomForLanes = (servers: number, columns: number): boolean =>
  columns >= FRONT_WIDTH + lanesText(Array.from({ length: servers }, () => ' ')).length + TEXT_MIN;

export const lanedHead = (servers: number): string => `${' '.repeat(FRONT_WIDTH - 8)}${laneHead(servers)}`;

/** One step as lines of at most so many columns. */
export function lanedLines({ line, data, signs }: LanedStep, columns: number): string[] {
  const front = FRONT.exec(line)?.[0] ?? '';
  const lanes = `${front.trimEnd().padEnd(FRONT_WIDTH)}${lanesText(signs, data)}`;
  const below = `${' '.repeat(FRONT_WIDTH)}${lanesText(signs)}  `;
  const words = line.slice(front.length).trim().replace(/ +/g, ' ');
  const [first = '', ...rest] = wrapped(words, columns - below.length);
  return [`${lanes}${first}`, ...rest.map((more) => `${below}${more}`)];
}
