// The shapes in which a network breaks: which links each blocks, in clusters of one to nine nodes, and which are drawn.

import { describe, expect, it } from 'vitest';
import { nodeId, type NodeId } from '../../../../src/base/ids.ts';
import { Random } from '../../../../src/base/random.ts';
import { cutNames, cutTable, drawCut, shuffledNodes, type CutName } from '../../../../src/sim/network/partition.ts';
import type { LinkEnds } from '../../../../src/sim/step.ts';

const ordered = (nodes: number): NodeId[] => Array.from({ length: nodes }, (_, i) => nodeId(i));
const SIZES = [2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Rows send, columns receive: `x` is blocked, `o` open. */
function picture(nodes: number, links: readonly LinkEnds[]): string[] {
  const blocked = new Set(links.map(([from, to]) => `${from} ${to}`));
  const cell = (from: number, to: number): string => (from === to ? '.' : blocked.has(`${from} ${to}`) ? 'x' : 'o');
  return ordered(nodes).map((from) =>
    ordered(nodes)
      .map((to) => cell(from, to))
      .join(''),
  );
}

describe('among five nodes in their order, the first one is struck by', () => {
  const pictures: Readonly<Record<Exclude<CutName, 'halves'>, readonly string[]>> = {
    'two-way': ['.xooo', 'x.ooo', 'oo.oo', 'ooo.o', 'oooo.'],
    'one-way': ['.xooo', 'o.ooo', 'oo.oo', 'ooo.o', 'oooo.'],
    isolate: ['.xxxx', 'x.ooo', 'xo.oo', 'xoo.o', 'xooo.'],
    deaf: ['.oooo', 'x.ooo', 'xo.oo', 'xoo.o', 'xooo.'],
    mute: ['.xxxx', 'o.ooo', 'oo.oo', 'ooo.o', 'oooo.'],
    'majority-minority': ['.ooxx', 'o.oxx', 'oo.xx', 'xxx.o', 'xxxo.'],
    bridge: ['.ooxx', 'o.oxx', 'oo.oo', 'xxo.o', 'xxoo.'],
    ring: ['.oxxo', 'o.oxx', 'xo.ox', 'xxo.o', 'oxxo.'],
    chain: ['.oxxx', 'o.oxx', 'xo.ox', 'xxo.o', 'xxxo.'],
  };

  it.each(Object.entries(pictures))('%s', (name, rows) => {
    const links = cutTable[name as CutName].links(ordered(5), Random.fromSeed('unused'));
    expect(picture(5, links)).toEqual(rows);
  });

  it('halves, of every size', () => {
    const random = Random.fromSeed('halves');
    const seen = new Set(
      Array.from({ length: 200 }, () => picture(5, cutTable.halves.links(ordered(5), random)).join(' ')),
    );
    expect([...seen].toSorted()).toEqual(
      [
        '.xxxx x.ooo xo.oo xoo.o xooo.',
        '.oxxx o.xxx xx.oo xxo.o xxoo.',
        '.ooxx o.oxx oo.xx xxx.o xxxo.',
        '.ooox o.oox oo.ox ooo.x xxxx.',
      ].toSorted(),
    );
  });

  it('every shape has a picture', () => {
    expect([...Object.keys(pictures), 'halves'].toSorted()).toEqual([...cutNames].toSorted());
  });
});

describe('in every size', () => {
  /** How many directed links a shape blocks. */
  const counts: Readonly<Record<Exclude<CutName, 'halves'>, (n: number) => number>> = {
    'two-way': () => 2,
    'one-way': () => 1,
    isolate: (n) => 2 * (n - 1),
    deaf: (n) => n - 1,
    mute: (n) => n - 1,
    'majority-minority': (n) => 2 * (Math.floor(n / 2) + 1) * (n - Math.floor(n / 2) - 1),
    bridge: (n) => 2 * Math.floor(n / 2) * (n - 1 - Math.floor(n / 2)),
    ring: (n) => n * (n - 1) - 2 * n,
    chain: (n) => n * (n - 1) - 2 * (n - 1),
  };
  const rows = Object.entries(counts).flatMap(([name, count]) =>
    SIZES.filter((n) => n >= cutTable[name as CutName].nodesMin).map((n) => [name as CutName, n, count(n)] as const),
  );

  it.each(rows)('%s of %i nodes blocks %i links, each once, none to itself, whatever the order', (name, n, count) => {
    expect(count, 'a shape that blocks nothing is none').toBeGreaterThan(0);
    const random = Random.fromSeed(`${name} ${n}`);
    for (const order of [ordered(n), shuffledNodes(n, random), shuffledNodes(n, random)]) {
      const links = cutTable[name].links(order, random);
      expect(links.length).toBe(count);
      expect(new Set(links.map(String)).size).toBe(count);
      expect(links.every(([from, to]) => from !== to && order.includes(from) && order.includes(to))).toBe(true);
    }
  });

  it.each(SIZES)('of %i nodes: the order says who stands where', (n) => {
    const order = ordered(n).toReversed();
    for (const name of cutNames.filter((shape) => shape !== 'halves' && cutTable[shape].nodesMin <= n)) {
      const plain = cutTable[name].links(ordered(n), Random.fromSeed('unused'));
      const turned = cutTable[name].links(order, Random.fromSeed('unused'));
      const moved = plain.map(([from, to]) => String([order[from], order[to]]));
      expect(turned.map(String).toSorted()).toEqual(moved.toSorted());
    }
  });
});

describe('drawn shapes', () => {
  const pairs = ['two-way', 'one-way', 'isolate', 'deaf', 'mute', 'halves'];
  const threes = [...pairs, 'majority-minority', 'bridge', 'chain'];

  const possibleOf: readonly (readonly [number, readonly string[]])[] = [
    [2, pairs],
    [3, threes],
    ...[4, 5, 6, 7, 8, 9].map((n) => [n, [...threes, 'ring']] as const),
  ];

  it.each(possibleOf)('of %i nodes: all that are possible, and no other', (n, possible) => {
    const random = Random.fromSeed(`draw ${n}`);
    const seen = new Set<string>();
    for (let i = 0; i < 400; i++) {
      const { shape, links } = drawCut(n, random, undefined);
      seen.add(shape);
      expect(links.length).toBeGreaterThan(0);
      expect(links.length).toBeLessThanOrEqual(n * (n - 1));
      for (const [from, to] of links) {
        expect(from !== to && from >= 0 && from < n && to >= 0 && to < n, `${from} to ${to}`).toBe(true);
      }
    }
    expect([...seen].toSorted()).toEqual([...possible].toSorted());
  });

  it.each(SIZES)('of %i nodes: everyone is struck, and if someone is named, it is he', (n) => {
    const random = Random.fromSeed(`struck ${n}`);
    const struck = (first: NodeId | undefined): NodeId[] => {
      for (;;) {
        const { shape, links } = drawCut(n, random, first);
        for (const [from, to] of links) expect(from, shape).not.toBe(to);
        if (shape === 'mute') return [...new Set(links.map(([from]) => from))];
        if (shape === 'deaf') return [...new Set(links.map(([, to]) => to))];
      }
    };
    for (const node of ordered(n)) expect(struck(node)).toEqual([node]);
    const seen = new Set(Array.from({ length: 200 }, () => struck(undefined)[0]));
    expect(seen.size).toBe(n);
  });

  it('the same draws follow, whoever is named', () => {
    for (let seed = 0; seed < 50; seed++) {
      const one = Random.fromSeed(String(seed));
      const other = Random.fromSeed(String(seed));
      expect(drawCut(5, one, undefined).shape).toBe(drawCut(5, other, nodeId(3)).shape);
      expect(one.next()).toBe(other.next());
    }
  });
});

describe('a random order', () => {
  it.each([1, ...SIZES])('of %i nodes holds each once', (n) => {
    const random = Random.fromSeed(`order ${n}`);
    for (let i = 0; i < 20; i++) expect(shuffledNodes(n, random).toSorted((a, b) => a - b)).toEqual(ordered(n));
  });

  it('of three nodes is each of the six about as often', () => {
    const random = Random.fromSeed('six');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = shuffledNodes(3, random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
