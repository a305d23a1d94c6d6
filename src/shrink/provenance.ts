// Provenance: which move sent a message, and which move issued a write that is not durable yet.
//
// What follows from a move by itself, or much later, is still that move's doing: a reply that leaves when a write
// completes belongs to the move that wrote. Moves are named by their ids; 0 stands for the boot.

import type { NodeId } from '../base/ids.ts';

export class Provenance {
  /** The move behind what happens now. */
  cause = 0;
  /** How many writes are cached, on all disks. */
  cachedWrites = 0;
  /** By the sequence number of a message, from 1: the move that sent it. */
  private readonly origins: number[] = [];
  /** By node: the moves that issued the cached writes, oldest first. */
  private readonly writers: readonly number[][];

  constructor(nodes: number) {
    this.writers = Array.from({ length: nodes }, () => []);
  }

  /** A message leaves. */
  sent(): void {
    this.origins.push(this.cause);
  }

  /** The move that sent a message. */
  originOf({ sequence }: { readonly sequence: number }): number {
    return this.origins[sequence - 1] ?? 0;
  }

  /** A write is handed to the disk. */
  issued(node: NodeId): void {
    this.writersOf(node).push(this.cause);
    this.cachedWrites++;
  }

  /** The move that issued the oldest cached write; undefined if none is cached. */
  writerOf(node: NodeId): number | undefined {
    return this.writersOf(node)[0];
  }

  /** The oldest cached write is durable. */
  written(node: NodeId): void {
    if (this.writersOf(node).shift() !== undefined) this.cachedWrites--;
  }

  /** The cached writes of a node are gone. */
  lost(node: NodeId): void {
    const writers = this.writersOf(node);
    this.cachedWrites -= writers.length;
    writers.length = 0;
  }

  private writersOf(node: NodeId): number[] {
    return this.writers[node] as number[];
  }
}
