// Processes by hand: crash, restart, pause, resume, wipe, clocks.
//
// Each node of a step is struck in the order of the numbers; one that cannot be is skipped and reported.

import type { VerbContext, Spot, Verbs } from '../interpreter/context.ts';
import { parseDuration, parseOdds } from '../../run/quantity.ts';

function each(kind: 'restart' | 'pause' | 'resume' | 'wipe') {
  return ({ stage }: VerbContext, value: string | readonly string[], { step }: Spot): void => {
    const nodes = stage.someNodes(value);
    stage.give(step.as, { nodes });
    for (const node of nodes) stage.take({ kind, at: stage.world.now, node });
  };
}

/** `+20%` → 200000, `-1s` → -1000000. */
const signed = (text: string, parse: (text: string) => number): number =>
  (text.startsWith('-') ? -1 : 1) * parse(text.slice(1));

export const processVerbs: Verbs<'crash' | 'restart' | 'pause' | 'resume' | 'wipe' | 'clock'> = {
  crash({ stage }, value, { step }) {
    const {
      node,
      keep = 'all',
      torn = false,
    } = typeof value === 'string' || Array.isArray(value) ? { node: value } : value;
    const nodes = stage.someNodes(node);
    stage.give(step.as, { nodes });
    for (const id of nodes) {
      const cached = stage.world.host(id).disk.cachedWrites;
      const kept = keep === 'all' ? cached : keep === 'none' ? 0 : keep;
      stage.take({ kind: 'crash', at: stage.world.now, node: id, kept, torn });
    }
  },
  restart: each('restart'),
  pause: each('pause'),
  resume: each('resume'),
  wipe: each('wipe'),
  clock({ stage }, { node, rate = '+0%', jump = '+0' }) {
    const ratePpm = signed(rate, (text) => parseOdds('the rate', text));
    const micros = signed(jump, (text) => parseDuration('the jump', text));
    for (const id of stage.someNodes(node)) {
      stage.take({ kind: 'clock', at: stage.world.now, node: id, ratePpm, jump: micros });
    }
  },
};
