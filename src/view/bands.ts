// The bands beside and on the lanes: links that are cut or slow, servers that are down, paused, without their disk, or
// whose clock runs off.
//
// Faults of links are those whose step has links; how each ends, its row says. What lasts at a server is read from its
// moments.

import { stepTable, type LinkEnds, type Step } from '../sim/step.ts';
import { linksWords } from '../trace/words.ts';
import type { History } from './history.ts';
import type { ServerMoment } from './moments.ts';

export interface LinkBand {
  readonly from: number;
  /** The step that ends it; Infinity if none does. */
  readonly until: number;
  readonly text: string;
  readonly links: readonly LinkEnds[];
  /** Messages do not pass at all. */
  readonly isCut: boolean;
  /** Its place beside those that last at the same time. */
  readonly column: number;
}

/** Faults of links in a run, in order. */
export function linkBands(history: History): LinkBand[] {
  const open = new Map<string, Omit<LinkBand, 'until'>>();
  const bands: LinkBand[] = [];
  const end = (key: string, until: number): void => {
    const band = open.get(key);
    if (band !== undefined) bands.push({ ...band, until });
    open.delete(key);
  };
  for (let number = 1; number <= history.last; number++) {
    const step = history.step(number);
    if ('links' in step) {
      const taken = new Set(Array.from(open.values(), ({ column }) => column));
      let column = 0;
      while (taken.has(column)) column++;
      const { undoneBy } = stepTable[step.kind];
      const text = `${step.kind} ${step.fault}: ${linksWords(step.links)}`;
      const isCut = !('factor' in step);
      open.set(`${undoneBy} ${step.fault}`, { from: number, text, links: step.links, isCut, column });
    } else if ('fault' in step) end(keyOf(step), number);
  }
  for (const key of Array.from(open.keys())) end(key, Infinity);
  return bands.toSorted((a, b) => a.from - b.from);
}

const keyOf = (step: Extract<Step, { readonly fault: number }>): string => `${step.kind} ${step.fault}`;

export type ServerBandKind = 'down' | 'paused' | 'unservable' | 'clock';

/** What lasts at a server besides its role; undefined if nothing does. */
export function bandOf(moment: ServerMoment): { readonly kind: ServerBandKind; readonly text: string } | undefined {
  if (moment.unservable !== undefined) return { kind: 'unservable', text: `disk ${moment.unservable}` };
  if (moment.status === 'down') return moment.life === 0 ? undefined : { kind: 'down', text: 'down' };
  if (moment.status === 'paused') return { kind: 'paused', text: 'paused' };
  const { ratePpm } = moment.clock;
  return ratePpm === 0 ? undefined : { kind: 'clock', text: `clock ${ratePpm > 0 ? '+' : ''}${ratePpm} ppm` };
}

/** Who cannot hear whom at a moment, in words; empty if everybody hears everybody. */
export const cutsAt = (bands: readonly LinkBand[], step: number): readonly string[] =>
  bands.filter(({ from, until }) => from <= step && step < until).map(({ text }) => text);
