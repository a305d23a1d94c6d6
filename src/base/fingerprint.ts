// The rolling hash of a run: equal fingerprints mean equal runs.
//
// Every step folds in what happened, when, to whom, and what the process that moved became. Two lanes of 32 bits
// make 64, and what enters the first goes on into the second; integer arithmetic only. Changing what is folded in
// breaks every pinned fingerprint.

import { hex } from './hash.ts';

export class Fingerprint {
  private a = 0x243f6a88 | 0;
  private b = 0x85a308d3 | 0;

  /** Folds in two numbers by their low 32 bits, one into each lane. */
  fold(left: number, right: number): void {
    const a = Math.imul(this.a ^ left, 0x9e3779b1);
    this.a = a ^ (a >>> 15);
    const b = Math.imul(this.b + right, 0x85ebca77);
    this.b = (((b << 13) | (b >>> 19)) + a) | 0;
  }

  /** Folds one number into both lanes. */
  add(value: number): void {
    this.fold(value, value);
  }

  toString(): string {
    return hex(this.a) + hex(this.b);
  }
}
