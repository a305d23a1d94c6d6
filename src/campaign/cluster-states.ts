// How many abstract cluster states were reached, in bounded memory: the smallest hashes stand for all. (A bottom-k
// sketch.)
//
// Up to its size it counts exactly. Beyond, it estimates from how densely the smallest lie, within about one percent.
// What is kept depends on the set of states alone, never on the order, so shards and nights add up exactly.

import { scramble } from '../base/hash.ts';

/** So many hashes are kept. */
export const CLUSTER_STATES_KEPT = 16_384;
const HASHES = 0x1_0000_0000;

/** By which the smallest are kept. */
export const rankOf = (hash: number): number => scramble(hash);

export class ClusterStates {
  private _kept = new Set<number>();
  /** Nothing above it is among the smallest. */
  private highest = HASHES;

  /** States of higher rank would not be kept, and need not be sent. */
  get rankMax(): number {
    return this.highest;
  }

  /** Adds a state by its hash, of any quality. */
  add(hash: number): void {
    this.keep(rankOf(hash));
  }

  /** Adds what another sketch kept. */
  addKept(kept: readonly number[]): void {
    for (const hash of kept) this.keep(hash);
  }

  /** The smallest hashes, in order. */
  kept(): readonly number[] {
    this.prune();
    return Array.from(this._kept).toSorted((a, b) => a - b);
  }

  /** How many there are, or about how many. */
  count(): number {
    this.prune();
    if (this._kept.size < CLUSTER_STATES_KEPT) return this._kept.size;
    return Math.round(((CLUSTER_STATES_KEPT - 1) * HASHES) / (this.highest + 1));
  }

  private keep(hash: number): void {
    if (hash > this.highest) return;
    this._kept.add(hash);
    if (this._kept.size >= 2 * CLUSTER_STATES_KEPT) this.prune();
  }

  private prune(): void {
    if (this._kept.size < CLUSTER_STATES_KEPT || (this._kept.size === CLUSTER_STATES_KEPT && this.highest < HASHES))
      return;
    const smallest = Array.from(this._kept)
      .toSorted((a, b) => a - b)
      .slice(0, CLUSTER_STATES_KEPT);
    this._kept = new Set(smallest);
    this.highest = smallest.at(-1) ?? HASHES;
  }
}
