// clock: the clock of a node runs at another rate, or jumps.
//
// Rate and jump have a sign, so that none is taken for an absolute number.

import * as z from 'zod';
import { UsageError } from '../../base/errors.ts';
import { nodeName } from '../../base/ids.ts';
import { parseDuration, parseOdds } from '../../run/quantity.ts';
import { nodes, read } from '../syntax/values.ts';
import { checkNodes, verb } from './verb.ts';

const signed = (parse: (text: string) => number) =>
  z.string().superRefine(
    read((text: string) => {
      if (!/^[+-]/.test(text)) throw new UsageError(`${JSON.stringify(text)} has no sign, expected + or - in front`);
      return parse(text.slice(1));
    }),
  );

const parseRate = (text: string): number => parseOdds('the rate', text);
const parseJump = (text: string): number => parseDuration('the jump', text);

/** `+20%` → 200000, `-1s` → -1000000. */
const valueOf = (text: string, parse: (text: string) => number): number =>
  (text.startsWith('-') ? -1 : 1) * parse(text.slice(1));

const textOf = (n: number, unit: string): string => `${n < 0 ? '-' : '+'}${Math.abs(n)}${unit}`;

export const clock = verb({
  group: 'processes',
  schema: z.strictObject({
    node: nodes,
    rate: signed(parseRate)
      .optional()
      .describe('how much faster than true it runs, such as +20% or -300ppm (default: +0%)'),
    jump: signed(parseJump).optional().describe('how far it jumps, such as +200ms or -1s (default: not)'),
  }),
  meaning: 'Changes the clock of a node: its rate, and a jump.',
  example: '- clock: { node: n1, rate: +20%, jump: -100ms }',
  checkNames: checkNodes,
  play(context, { node, rate = '+0%', jump = '+0' }) {
    const ratePpm = valueOf(rate, parseRate);
    const micros = valueOf(jump, parseJump);
    for (const id of context.someNodes(node)) {
      context.take({ kind: 'clock', at: context.world.now, node: id, ratePpm, jump: micros });
    }
  },
  render: {
    clock: ({ node, ratePpm, jump }) => ({
      node: nodeName(node),
      rate: textOf(ratePpm, 'ppm'),
      jump: textOf(jump, 'us'),
    }),
  },
});
