// Whose turn it is: the three ways in which an adversary chooses among the threads that can move.
//
// A thread keeps an order of its own: a link, a disk, a timer, the calls to a node, the answers to a client. The
// scheduler says which are ready; a strategy picks one. Each works in rounds of drawn length: bugs that need a few
// bad turns close together are found within one, and no thread starves for longer. Integers only, O(1) a choice.
//
// `pct`: Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, 2010. `delay`: Emmi
// et al., Delay-Bounded Scheduling, 2011.

import type { Random } from '../../base/random.ts';
import { unreachable } from '../../base/errors.ts';
import type { AdversaryName } from './scheduler.ts';

export interface Strategy {
  /** A thread that was idle can move. */
  ready(thread: number): void;
  /** A thread that was ready cannot move. */
  idle(thread: number): void;
  /** Whose turn it is; asked only while a thread is ready. */
  choose(): number;
}

/** The strategy of a name for so many threads. */
export function strategyFor(name: AdversaryName, threads: number, random: Random): Strategy {
  switch (name) {
    case 'walk':
      return new Walk(threads, random);
    case 'pct':
      return new Priorities(threads, random);
    case 'delay':
      return new Delays(threads, random);
    default:
      return unreachable(name);
  }
}

/** A whole number between two powers of two, each power as likely as the others. */
const aboutPower = (random: Random, least: number, most: number): number => {
  const power = 1 << random.between(least, most);
  return power + random.below(power);
};

/** Any ready thread, in half of the rounds each as likely as the others, in the other half slow and fast ones. */
class Walk implements Strategy {
  private readonly random: Random;
  private readonly list: Int32Array;
  private readonly place: Int32Array;
  private size = 0;
  /** By thread: how often out of 64 times it takes its turn. */
  private readonly pace: Int32Array;
  private even = true;
  private left = 0;

  constructor(threads: number, random: Random) {
    this.random = random;
    this.list = new Int32Array(threads);
    this.place = new Int32Array(threads);
    this.pace = new Int32Array(threads);
  }

  ready(thread: number): void {
    this.place[thread] = this.size;
    this.list[this.size++] = thread;
  }

  idle(thread: number): void {
    const place = this.place[thread] as number;
    const last = this.list[--this.size] as number;
    this.list[place] = last;
    this.place[last] = place;
  }

  choose(): number {
    if (this.left-- === 0) this.newRound();
    let thread = this.list[this.random.below(this.size)] as number;
    if (this.even) return thread;
    for (let tried = 0; tried < TRIES && this.random.below(64) >= (this.pace[thread] as number); tried++) {
      thread = this.list[this.random.below(this.size)] as number;
    }
    return thread;
  }

  private newRound(): void {
    this.left = aboutPower(this.random, 6, 11);
    this.even = this.random.chance(500_000);
    if (this.even) return;
    for (let i = 0; i < this.pace.length; i++) this.pace[i] = 1 << this.random.between(0, 6);
  }
}

const TRIES = 6;

/** The ready thread of the highest priority; a few times in a round it falls behind all others. */
class Priorities implements Strategy {
  private readonly random: Random;
  private readonly threads: number;
  private readonly isReady: Uint8Array;
  // Rank 0 is the highest priority; behind the first ranks of all threads there is room for those that fall.
  private readonly rankOf: Int32Array;
  private readonly threadAt: Int32Array;
  /** By rank, a bit: its thread is ready. */
  private readonly bits: Int32Array;
  /** Changes of priority in a round: d - 1. */
  private readonly changes: number;
  private readonly changeAt: Int32Array;
  private changed = 0;
  private length = 0;
  private choices = 0;

  constructor(threads: number, random: Random) {
    this.random = random;
    this.threads = threads;
    this.changes = random.between(0, CHANGES_MAX);
    this.isReady = new Uint8Array(threads);
    this.rankOf = Int32Array.from({ length: threads }, (_, thread) => thread);
    this.threadAt = new Int32Array(threads + CHANGES_MAX);
    this.bits = new Int32Array(((threads + CHANGES_MAX) >>> 5) + 1);
    this.changeAt = new Int32Array(CHANGES_MAX);
    this.newRound();
  }

  ready(thread: number): void {
    this.isReady[thread] = 1;
    this.set(this.rankOf[thread] as number);
  }

  idle(thread: number): void {
    this.isReady[thread] = 0;
    this.clear(this.rankOf[thread] as number);
  }

  choose(): number {
    if (this.choices === this.length) this.newRound();
    const now = this.choices++;
    while (this.changed < this.changes && this.changeAt[this.changed] === now) this.fall(this.highest());
    return this.highest();
  }

  private highest(): number {
    let word = 0;
    while (this.bits[word] === 0) word++;
    const bits = this.bits[word] as number;
    return this.threadAt[(word << 5) + 31 - Math.clz32(bits & -bits)] as number;
  }

  private fall(thread: number): void {
    this.clear(this.rankOf[thread] as number);
    const rank = this.threads + this.changed++;
    this.rankOf[thread] = rank;
    this.threadAt[rank] = thread;
    this.set(rank);
  }

  private newRound(): void {
    const random = this.random;
    this.length = aboutPower(random, 6, 10);
    this.choices = 0;
    this.changed = 0;
    this.drawChanges();
    this.bits.fill(0);
    for (let i = 0; i < this.threads; i++) {
      const j = random.below(i + 1);
      this.threadAt[i] = this.threadAt[j] as number;
      this.threadAt[j] = i;
    }
    for (let rank = 0; rank < this.threads; rank++) {
      const thread = this.threadAt[rank] as number;
      this.rankOf[thread] = rank;
      if (this.isReady[thread] === 1) this.set(rank);
    }
  }

  /** When priorities change in this round, in order. */
  private drawChanges(): void {
    for (let i = 0; i < this.changes; i++) {
      const at = this.random.below(this.length);
      let place = i;
      while (place > 0 && (this.changeAt[place - 1] as number) > at) {
        this.changeAt[place] = this.changeAt[place - 1] as number;
        place--;
      }
      this.changeAt[place] = at;
    }
  }

  private set(rank: number): void {
    this.bits[rank >>> 5] = (this.bits[rank >>> 5] as number) | (1 << (rank & 31));
  }

  private clear(rank: number): void {
    this.bits[rank >>> 5] = (this.bits[rank >>> 5] as number) & ~(1 << (rank & 31));
  }
}

const CHANGES_MAX = 15;

/** One after the other; a few times in a round the thread that would come next is put off for a while. */
class Delays implements Strategy {
  private readonly random: Random;
  // A ring of the ready threads that are not put off, by links to both sides; its anchor is behind the last thread.
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly anchor: number;
  private readonly isReady: Uint8Array;
  /** By thread: up to which choice it is put off; 0 if it is not. */
  private readonly offUntil: Float64Array;
  private readonly off: number[] = [];
  /** Threads are put off this often in a round. */
  private readonly bound: number;
  private left = 0;
  private roundEnds = 0;
  private delayAt = 0;
  private choices = 0;

  constructor(threads: number, random: Random) {
    this.random = random;
    this.anchor = threads;
    this.bound = random.between(1, DELAYS_MAX);
    this.next = new Int32Array(threads + 1).fill(threads);
    this.previous = new Int32Array(threads + 1).fill(threads);
    this.isReady = new Uint8Array(threads);
    this.offUntil = new Float64Array(threads);
  }

  ready(thread: number): void {
    this.isReady[thread] = 1;
    if (this.offUntil[thread] === 0) this.append(thread);
  }

  idle(thread: number): void {
    this.isReady[thread] = 0;
    if (this.offUntil[thread] === 0) this.remove(thread);
  }

  choose(): number {
    const now = ++this.choices;
    if (now > this.roundEnds) this.newRound();
    if (this.off.length > 0) this.bringBack(now);
    let thread = this.next[this.anchor] as number;
    if (thread !== this.anchor && this.left > 0 && now >= this.delayAt) {
      this.putOff(thread);
      thread = this.next[this.anchor] as number;
    }
    // No other thread can move: the one that was put off first has waited long enough.
    for (let i = 0; thread === this.anchor; i++) {
      const waiting = this.off[i] as number;
      if (this.isReady[waiting] === 1) thread = waiting;
    }
    if (this.offUntil[thread] === 0) {
      this.remove(thread);
      this.append(thread);
    }
    return thread;
  }

  private newRound(): void {
    const length = aboutPower(this.random, 6, 10);
    this.roundEnds = this.choices + length;
    this.left = this.bound;
    this.drawDelay();
  }

  private drawDelay(): void {
    const rest = this.roundEnds - this.choices;
    this.delayAt = this.choices + this.random.below(Math.floor((2 * rest) / (this.left + 1)) + 1);
  }

  private putOff(thread: number): void {
    this.remove(thread);
    this.offUntil[thread] = this.choices + aboutPower(this.random, 1, 8);
    this.off.push(thread);
    this.left--;
    this.drawDelay();
  }

  private bringBack(now: number): void {
    for (let i = 0; i < this.off.length; i++) {
      const thread = this.off[i] as number;
      if ((this.offUntil[thread] as number) > now) continue;
      this.off.splice(i--, 1);
      this.offUntil[thread] = 0;
      if (this.isReady[thread] === 1) this.append(thread);
    }
  }

  private append(thread: number): void {
    const last = this.previous[this.anchor] as number;
    this.next[last] = thread;
    this.previous[thread] = last;
    this.next[thread] = this.anchor;
    this.previous[this.anchor] = thread;
  }

  private remove(thread: number): void {
    const before = this.previous[thread] as number;
    const after = this.next[thread] as number;
    this.next[before] = after;
    this.previous[after] = before;
  }
}

const DELAYS_MAX = 12;
