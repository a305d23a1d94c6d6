// Faults of links: cut in some shape, and slow.
//
// Each has a number, under which it ends; one that has ended already, by hand or with all others, does not end again.

import type { NodeId } from '../../base/ids.ts';
import { drawCut, shuffledNodes } from '../network/partition.ts';
import { MILLION, MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import { count, duration, odds } from '../parameter.ts';
import type { LinkEnds } from '../step.ts';
import { around, between, fault } from './fault.ts';

export const cut = fault({
  meaning: 'links pass no messages, in one of the shapes of a cut',
  parameters: {
    cutEvery: duration('partitions', 0, 'mean time between two cuts'),
    cutFor: duration('partitions', 1 * SECOND, 'mean time until a cut heals'),
  },
  switch: 'cutEvery',
  shapedBy: [],
  steps: ['cut', 'heal'],
  profiles: {
    partitions: { cutEvery: 1500 * MILLISECOND, cutFor: 900 * MILLISECOND },
    chaos: { cutEvery: 2 * SECOND },
  },
  campaign: {
    stream: 'cut',
    odds: 550_000,
    draw: (random) => ({
      cutEvery: between(random, 60 * MILLISECOND, 3 * SECOND),
      cutFor: between(random, 60 * MILLISECOND, 2 * SECOND),
    }),
  },
  strike: {
    stream: 'cuts',
    every: 'cutEvery',
    begin(striker, random, p) {
      const { world } = striker;
      if (world.nodes < 2) return undefined;
      const { shape, links } = drawCut(world.nodes, random, striker.leaderOr(random, undefined));
      const number = striker.nextFault();
      world.cut(number, shape, links);
      return { after: around(random, p.cutFor), subject: 0, number };
    },
  },
  end({ world }, _subject, number) {
    if (world.network.isCutFault(number) === true) world.heal(number);
  },
});

/** All links to and from one node, or one link, or all links of the cluster become slow. */
export const slow = fault({
  meaning: 'messages take many times longer: on one link, around one server, or everywhere',
  parameters: {
    slowEvery: duration('partitions', 0, 'mean time between two slow spells of some links'),
    slowFor: duration('partitions', 1 * SECOND, 'mean length of a slow spell'),
    slowFactor: count('partitions', 30, 'how many times longer messages take on a slow link'),
  },
  switch: 'slowEvery',
  shapedBy: [],
  steps: ['slow', 'mend'],
  profiles: { partitions: { slowEvery: 4 * SECOND } },
  campaign: {
    stream: 'slow',
    odds: 250_000,
    draw: (random) => ({
      slowEvery: between(random, 200 * MILLISECOND, 4 * SECOND),
      slowFor: between(random, 100 * MILLISECOND, 2 * SECOND),
      slowFactor: between(random, 3, 60),
    }),
  },
  strike: {
    stream: 'slow links',
    every: 'slowEvery',
    begin(striker, random, p) {
      const { world } = striker;
      if (world.nodes < 2) return undefined;
      const order = shuffledNodes(world.nodes, random);
      const [first, second] = order as [NodeId, NodeId];
      const scope = random.below(3);
      const links: LinkEnds[] = [];
      for (const from of order) {
        for (const to of order) {
          if (from === to) continue;
          const isAround = scope === 1 && (from === first || to === first);
          if (scope === 0 || isAround || (scope === 2 && from === first && to === second)) links.push([from, to]);
        }
      }
      const number = striker.nextFault();
      world.slow(number, p.slowFactor, links);
      return { after: around(random, p.slowFor), subject: 0, number };
    },
  },
  end({ world }, _subject, number) {
    if (world.network.isCutFault(number) === false) world.restore(number);
  },
});

/** Whom and what the end of the faults mends is drawn in `schedule/mending.ts`; nothing here strikes by itself. */
export const partialHeal = fault({
  parameters: {
    partialHeal: odds(
      'partitions',
      0,
      'when the faults end, only a connected core with a quorum is mended, and the rest stays broken',
    ),
  },
  switch: 'partialHeal',
  shapedBy: [],
  steps: ['heal', 'cut'],
  profiles: {},
  campaign: {
    stream: 'partial heal',
    odds: 300_000,
    draw: (random) => ({ partialHeal: between(random, 50 * PERCENT, MILLION) }),
  },
});
