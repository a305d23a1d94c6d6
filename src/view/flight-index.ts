// Which messages are on their way within a range of steps, found without going through all of them.
//
// Steps are cut into blocks; each block knows the messages that overlap it. Most messages live for a few steps, so the
// index is about as large as the messages are many.

import type { Flight, History } from './history.ts';

const BLOCK = 256;

export class FlightIndex {
  private readonly blocks: Flight[][] = [];

  constructor(history: History) {
    for (const flight of history.flights) {
      const last = endOf(flight);
      for (let block = Math.floor(flight.sentAt / BLOCK); block <= Math.floor(last / BLOCK); block++) {
        (this.blocks[block] ??= []).push(flight);
      }
    }
  }

  /** Those that were sent or ended, or were on their way, in these steps, in the order in which they were sent. */
  between(first: number, last: number): readonly Flight[] {
    const found = new Set<Flight>();
    for (let block = Math.floor(first / BLOCK); block <= Math.floor(last / BLOCK); block++) {
      for (const flight of this.blocks[block] ?? []) {
        if (flight.sentAt <= last && endOf(flight) >= first) found.add(flight);
      }
    }
    return Array.from(found);
  }
}

const endOf = ({ sentAt, endings }: Flight): number => endings.at(-1)?.step ?? sentAt;
