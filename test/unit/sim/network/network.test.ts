// The links: cuts and slow spells overlap, each ends on its own, and every link counts its messages.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../../src/base/ids.ts';
import { Network } from '../../../../src/sim/network/network.ts';
import type { LinkEnds } from '../../../../src/sim/step.ts';
import { runs, seeded } from '../../../support/seed.ts';

const NODES = 4;
const ends = (from: number, to: number): LinkEnds => [nodeId(from), nodeId(to)];
const link = (from: number, to: number): number => from * NODES + to;

/** The faults as they were told, and nothing else. */
class Told {
  readonly faults = new Map<number, { readonly links: readonly LinkEnds[]; readonly factor: number }>();

  of(number: number): { readonly cuts: number; readonly slowness: number } {
    const here = [...this.faults.values()].filter(({ links }) => links.some(([from, to]) => link(from, to) === number));
    const factors = here.map(({ factor }) => factor);
    return { cuts: factors.filter((factor) => factor === 0).length, slowness: Math.max(1, ...factors) };
  }
}

const anyEnds = fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1)).map(([from, to]) => ends(from, to));
const anyLinks = fc.uniqueArray(anyEnds, { maxLength: 8, selector: String });
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cut' as const), links: anyLinks }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('slow' as const),
      links: anyLinks,
      factor: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(30) }) },
);

describe(seeded('cuts and slow spells'), () => {
  it('overlap: a link works again when the last one that touches it is over', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const network = new Network(NODES);
        const told = new Told();
        let fault = 0;
        for (const one of commands) {
          if (one.kind === 'end') {
            expect(network.end(one.which)).toBe(told.faults.delete(one.which));
          } else {
            fault++;
            const factor = one.kind === 'cut' ? 0 : one.factor;
            if (one.kind === 'cut') network.cut(fault, one.links);
            else network.slow(fault, one.links, factor);
            told.faults.set(fault, { links: one.links, factor });
          }
          expect([...network.activeFaults]).toEqual([...told.faults.keys()]);
          for (let number = 0; number < NODES * NODES; number++) {
            const { cuts, slowness } = told.of(number);
            expect([network.isCut(number), network.slowness(number)]).toEqual([cuts > 0, slowness]);
          }
          for (let number = 0; number <= 30; number++) {
            const known = told.faults.get(number);
            expect(network.isCutFault(number)).toBe(known === undefined ? undefined : known.factor === 0);
          }
        }
      }),
      runs(300),
    );
  });

  it.each([1, 2, 255, 256, 257, 1_000])('%i cuts of one link at a time', (cuts) => {
    const network = new Network(NODES);
    for (let fault = 1; fault <= cuts; fault++) {
      network.cut(fault, [ends(0, 1)]);
      if (!network.isCut(link(0, 1))) expect.fail(`open under ${fault} cuts`);
    }
    for (let fault = 1; fault <= cuts; fault++) {
      if (!network.isCut(link(0, 1))) expect.fail(`open with ${cuts - fault + 1} cuts left`);
      expect(network.end(fault)).toBe(true);
    }
    expect(network.isCut(link(0, 1))).toBe(false);
  });

  it('are directed', () => {
    const network = new Network(NODES);
    network.cut(1, [ends(0, 1)]);
    network.slow(2, [ends(2, 3)], 5);
    expect([network.isCut(link(0, 1)), network.isCut(link(1, 0))]).toEqual([true, false]);
    expect([network.slowness(link(2, 3)), network.slowness(link(3, 2))]).toEqual([5, 1]);
  });

  it('cannot be ended twice, or before they began', () => {
    const network = new Network(NODES);
    network.cut(1, [ends(0, 1)]);
    network.cut(2, [ends(0, 1)]);
    expect([network.end(3), network.end(1), network.end(1)]).toEqual([false, true, false]);
    expect(network.isCut(link(0, 1))).toBe(true);
  });
});

describe('message numbers', () => {
  it('count from 1 on each link', () => {
    const network = new Network(2);
    expect([1, 1, 2, 1].map((number) => network.nextNumber(number))).toEqual([1, 2, 1, 3]);
  });
});
