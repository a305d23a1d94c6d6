// until: time runs until some conditions hold.
//
// `eventually` of the file is the same behind the last step. It is a failure if the limit comes first.

import * as z from 'zod';
import { parseDuration } from '../../run/quantity.ts';
import { conditionShape, mismatches } from '../conditions/conditions.ts';
import { leaderOf } from '../conditions/selector.ts';
import type { VerbContext } from '../interpreter/context.ts';
import type { Path } from '../syntax/source.ts';
import { durationValue } from '../syntax/values.ts';
import { verb } from './verb.ts';
import { checkWindow, windowFields, windowOf } from './window.ts';

const schema = z.strictObject({ ...conditionShape, within: durationValue, ...windowFields });

/** Lets time run until the conditions hold; `path` is where they stand. */
export function runUntil(context: VerbContext, value: z.infer<typeof schema>, path: Path): void {
  const { within, faults, drop, hold, never, ...conditions } = value;
  const length = parseDuration('within', String(within));
  const window = windowOf(context, { faults, drop, hold, never }, length, path);
  const isSo = (): boolean => mismatches(conditions, context).length === 0;
  if (context.runWindow(window, isSo)) return;
  const [first] = mismatches(conditions, context);
  if (first === undefined) return;
  context.goTo([...path, ...first.path]);
  context.failed(`${first.expected}, within ${String(within)}`, first.found);
}

export const until = verb({
  group: 'time',
  schema,
  as: 'nodes',
  draws: true,
  meaning: 'Lets time run until the conditions hold; it is a failure if they do not within the limit.',
  example: '- until: { leader: n2, within: 5s }',
  before: '- timeout: n2',
  checkNames(names, value, path) {
    checkWindow(names, value, path);
    names.conditions(value, path);
  },
  play(context, value, { path, step }) {
    runUntil(context, value, [...path, 'until']);
    const leader = leaderOf(context.world);
    if (leader !== undefined) context.give(step.as, { nodes: [leader.id] });
  },
});
