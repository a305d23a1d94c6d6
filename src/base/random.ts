// Seeded randomness in named streams: the only importer of seedrandom.
//
// One seed becomes 128 bits of state once; each purpose then has a stream of its own, derived from its name, so that
// a fault that is taken away shifts no draw of any other purpose. Integers only: probabilities are parts per million.
// A keyed draw depends on its key alone and not on how many draws came before it.

import seedrandom from 'seedrandom';
import { hashText, mix, scramble } from './hash.ts';
import { MILLION } from './units.ts';

/** One stream of random integers (sfc32). */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private readonly root: readonly [number, number, number];

  private constructor(a: number, b: number, c: number) {
    this.root = [a, b, c];
    this.a = a;
    this.b = b;
    this.c = c;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** The root stream of a seed; any text is a seed. */
  static fromSeed(seed: string): Random {
    // Its key is repeated to fill a table: without the length, the seeds 7 and 77 would be one.
    const source = seedrandom(`${seed.length}:${seed}`);
    return new Random(source.int32(), source.int32(), source.int32());
  }

  /** An independent stream for a purpose; what was drawn from this one before makes no difference. */
  stream(purpose: string, index = 0): Random {
    const name = mix(hashText(purpose), index);
    const [a, b, c] = this.root;
    return new Random(mix(a, name), mix(b, scramble(name)), mix(c, ~name));
  }

  /** The next 32 bits, unsigned. */
  next(): number {
    const t = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    return scale(this.next(), n);
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return low + scale(this.next(), high - low + 1);
  }

  /** True with a probability in parts per million; draws also when the answer is certain. */
  chance(ppm: number): boolean {
    return scale(this.next(), MILLION) < ppm;
  }

  /** A key for `keyedBelow` and `keyedChance`. */
  key(): number {
    return this.next() | 0;
  }
}

/** A whole number from 0 to n - 1 that depends on the key and the number only. */
export function keyedBelow(key: number, number: number, n: number): number {
  return scale(scramble(mix(key, number)), n);
}

/** True with a probability in parts per million, depending on the key and the number only. */
export function keyedChance(key: number, number: number, ppm: number): boolean {
  return ppm > 0 && keyedBelow(key, number, MILLION) < ppm;
}

/** Two to the power of -32, exactly. */
const PER_BIT = 1 / 0x1_0000_0000;

/** 32 random bits as a number below n: one exactly specified product, no loop. */
function scale(bits: number, n: number): number {
  return Math.floor(bits * n * PER_BIT);
}
