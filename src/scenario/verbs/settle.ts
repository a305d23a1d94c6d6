// settle: the faults end, what is broken is mended, and time runs until the cluster may be asked for progress.
//
// There are no more faults behind it.

import * as z from 'zod';
import { parseDuration } from '../../run/quantity.ts';
import { durationValue } from '../syntax/values.ts';
import { noNames, verb } from './verb.ts';
import { windowOf } from './window.ts';

export const settle = verb({
  group: 'time',
  schema: z.union([z.literal(true), durationValue]),
  draws: true,
  meaning: 'Ends all faults, restarts what is down, and lets time run for as long as a cluster may take to recover.',
  example: '- settle: 6s',
  before: '- isolate: n1',
  alone: true,
  checkNames: noNames,
  play(context, value, { path }) {
    context.director.calmDown();
    context.mendAll();
    const length = value === true ? context.plan.parameters.settle : parseDuration('settle', String(value));
    context.runWindow(windowOf(context, { faults: 'none' }, length, path), () => false);
  },
});
