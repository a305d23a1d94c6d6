// The rolling hash of a run: equal fingerprints mean equal runs.
//
// Every step folds in what happened, when, to whom, and what the process that moved became. Two lanes of 32 bits with
// different multipliers make 64; integer arithmetic only. Changing what is folded in breaks every pinned fingerprint.

import { hex } from './hash.ts';

export class Fingerprint {
  #a = 0x243f6a88 | 0;
  #b = 0x85a308d3 | 0;

  /** Folds in one number by its low 32 bits. */
  add(value: number): void {
    const a = Math.imul(this.#a ^ value, 0x9e3779b1);
    this.#a = a ^ (a >>> 15);
    const b = Math.imul(this.#b + value, 0x85ebca77);
    this.#b = (((b << 13) | (b >>> 19)) + 0x52dce729) | 0;
  }

  /** Folds in a time, which may need more than 32 bits. */
  addTime(at: number): void {
    this.add(at | 0);
    if (at >= 0x8000_0000) this.add(Math.floor(at / 0x1_0000_0000));
  }

  toString(): string {
    return hex(this.#a) + hex(this.#b);
  }
}
