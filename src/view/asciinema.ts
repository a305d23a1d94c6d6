// A run as a recording for asciinema (format 2): lanes of text, a line for each step, as slow as one can read.
//
// Real time between two lines is the same for all: virtual time would make most of them come at once.

import type { History } from './history.ts';
import { laneHead, laneLine } from './text-lanes.ts';

const WIDTH = 120;
const HEIGHT = 40;
/** Seconds from line to line. */
const PACE = 0.15;

export function asciinemaOf(history: History, from: number, to: number, title: string): string {
  const events: string[] = [JSON.stringify({ version: 2, width: WIDTH, height: HEIGHT, title })];
  const print = (at: number, text: string): void => {
    events.push(JSON.stringify([Math.round(at * 1000) / 1000, 'o', `${text}\r\n`]));
  };
  print(0, laneHead(history.servers));
  for (let step = from; step <= to; step++) print((step - from + 1) * PACE, laneLine(history, step, WIDTH));
  return `${events.join('\n')}\n`;
}
