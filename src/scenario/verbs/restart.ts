// restart, pause, resume, wipe: a process goes, comes, or loses its disk.
//
// Each node of a step is struck in the order of the numbers. A server that finds its disk empty or damaged stays away,
// as it might vote twice: its restart is a step that cannot be taken.

import { nodeName } from '../../base/ids.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { nodes } from '../syntax/values.ts';
import { verb } from './verb.ts';

const each =
  (kind: 'restart' | 'pause' | 'resume' | 'wipe') =>
  (context: VerbContext, value: string | readonly string[], { step }: StepPlace): void => {
    const hit = context.someNodes(value);
    context.give(step.as, { nodes: hit });
    for (const node of hit) {
      const isTaken = context.take({ kind, at: context.world.now, node });
      if (kind === 'restart' && isTaken && context.world.host(node).status === 'down') {
        context.skip(`${nodeName(node)} stays down: its disk is empty or damaged, and it might vote twice`);
      }
    }
  };

export const restart = verb({
  group: 'processes',
  schema: nodes,
  as: 'nodes',
  meaning: 'A crashed node starts anew from its disk.',
  example: '- restart: n2',
  before: '- crash: n2',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: each('restart'),
  render: { restart: ({ node }) => nodeName(node) },
});

export const pause = verb({
  group: 'processes',
  schema: nodes,
  as: 'nodes',
  meaning: 'A node stands still and keeps its memory; messages to it stay on their way.',
  example: '- pause: leader',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: each('pause'),
  render: { pause: ({ node }) => nodeName(node) },
});

export const resume = verb({
  group: 'processes',
  schema: nodes,
  as: 'nodes',
  meaning: 'A paused node goes on; what came for it while time ran arrives as soon as time runs again.',
  example: '- resume: paused',
  before: '- pause: n2',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: each('resume'),
  render: { resume: ({ node }) => nodeName(node) },
});

export const wipe = verb({
  group: 'processes',
  schema: nodes,
  as: 'nodes',
  meaning: 'Empties the disk of a crashed node, which then stays away for good.',
  example: '- wipe: n2',
  before: '- crash: n2',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: each('wipe'),
  render: { wipe: ({ node }) => nodeName(node) },
});
