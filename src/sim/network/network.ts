// The links between processes: how many messages each carried, how many are on their way, which are cut or slow.
//
// A link is directed and has a number, from × nodes + to. Cuts and slow spells overlap: each counts on its own, and a
// link works again when the last one that touches it is over.

import type { LinkEnds } from '../step.ts';

interface Spell {
  readonly links: readonly LinkEnds[];
  readonly factor: number;
}

/** No cluster that works has so much on its way; one more message for each that arrives, and memory is full. */
export const MESSAGES_MAX = 200_000;

export class Network {
  readonly nodes: number;
  /** Messages that were sent, or doubled, and neither arrived nor were lost. */
  onTheirWay = 0;
  private readonly sent: Int32Array;
  private readonly cuts: Int32Array;
  private readonly _slowness: Int32Array;
  /** By link: how many slow spells of each factor touch it. */
  private readonly factors: (Map<number, number> | undefined)[] = [];
  private readonly spells = new Map<number, Spell>();
  private faults = 0;

  constructor(nodes: number) {
    this.nodes = nodes;
    this.sent = new Int32Array(nodes * nodes);
    this.cuts = new Int32Array(nodes * nodes);
    this._slowness = new Int32Array(nodes * nodes).fill(1);
  }

  /** So much is on its way that it can never all arrive. */
  get isFlooded(): boolean {
    return this.onTheirWay > MESSAGES_MAX;
  }

  /** The number of the next message on a link, from 1. */
  nextNumber(link: number): number {
    const number = (this.sent[link] as number) + 1;
    this.sent[link] = number;
    return number;
  }

  /** A number for the next fault of links, from 1. */
  nextFault(): number {
    return ++this.faults;
  }

  isCut(link: number): boolean {
    return this.cuts[link] !== 0;
  }

  /** How many times longer than usual a message takes. */
  slowness(link: number): number {
    return this._slowness[link] as number;
  }

  get activeFaults(): readonly number[] {
    return Array.from(this.spells.keys());
  }

  get activeFaultCount(): number {
    return this.spells.size;
  }

  /** Whether a fault with this number is a cut (and not a slow spell); undefined if it is over. */
  isCutFault(fault: number): boolean | undefined {
    const spell = this.spells.get(fault);
    return spell === undefined ? undefined : spell.factor === 0;
  }

  cut(fault: number, links: readonly LinkEnds[]): void {
    this.spells.set(fault, { links, factor: 0 });
    for (const ends of links) this.count(ends, 1);
  }

  slow(fault: number, links: readonly LinkEnds[], factor: number): void {
    this.spells.set(fault, { links, factor });
    for (const ends of links) this.slowDown(ends, factor, 1);
  }

  /** Ends a cut or a slow spell; false if there is none with this number. */
  end(fault: number): boolean {
    const spell = this.spells.get(fault);
    if (spell === undefined) return false;
    this.spells.delete(fault);
    if (spell.factor === 0) for (const ends of spell.links) this.count(ends, -1);
    else for (const ends of spell.links) this.slowDown(ends, spell.factor, -1);
    return true;
  }

  private count(ends: LinkEnds, by: number): void {
    const link = ends[0] * this.nodes + ends[1];
    this.cuts[link] = (this.cuts[link] as number) + by;
  }

  /** One slow spell more or less on a link, which is as slow as the slowest of them says. */
  private slowDown(ends: LinkEnds, factor: number, by: number): void {
    const link = ends[0] * this.nodes + ends[1];
    const factors = (this.factors[link] ??= new Map<number, number>());
    const count = (factors.get(factor) ?? 0) + by;
    if (count > 0) factors.set(factor, count);
    else factors.delete(factor);
    let slowness = 1;
    for (const other of factors.keys()) if (other > slowness) slowness = other;
    this._slowness[link] = slowness;
  }
}
