// run: time runs for a while.
//
// Timers fire, messages arrive, disks write, clients call, as the seed draws it; nothing ends the window early.

import * as z from 'zod';
import { parseDuration } from '../../run/quantity.ts';
import { durationValue } from '../syntax/values.ts';
import { verb } from './verb.ts';
import { checkWindow, windowFields, windowOf } from './window.ts';

export const run = verb({
  group: 'time',
  schema: z.union([durationValue, z.strictObject({ for: durationValue, ...windowFields })]),
  main: 'for',
  draws: true,
  meaning: 'Lets time run: timers fire, messages arrive, disks write, clients call.',
  example: '- run: { for: 500ms, faults: lossy }',
  checkNames(names, value, path) {
    if (typeof value === 'object') checkWindow(names, value, path);
  },
  play(context, value, { path }) {
    const written = typeof value === 'object' ? value : { for: value };
    const length = parseDuration('for', String(written.for));
    context.runWindow(windowOf(context, written, length, [...path, 'run']), () => false);
  },
});
