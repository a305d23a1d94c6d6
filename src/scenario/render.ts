// A step of a trace, or of a shrunk schedule, in the words of the language: the first verb of the table that says it.
//
// Verbs know how they are written; here is only which one is asked, and what every writer of scenarios needs: disks,
// and the crash in the middle of a step.

import { UsageError } from '../base/errors.ts';
import type { Plan } from '../run/plan.ts';
import type { Step } from '../sim/step.ts';
import type { RawScenario, RawStep } from './schema/schema.ts';
import { logText } from './syntax/grammar.ts';
import type { Rendering, Verb } from './verbs/verb.ts';
import { verbNames, verbTable } from './verbs/verbs.ts';

/** The step that takes this one again. */
export function renderStep(step: Step, world: Rendering): RawStep {
  const effects = 'effects' in step && step.effects !== undefined ? { effects: step.effects } : {};
  for (const verb of verbNames) {
    const { render }: Verb<never> = verbTable[verb] as never;
    const value: unknown = render?.[step.kind]?.(step as never, world);
    if (value !== undefined) return { [verb]: value, ...effects };
  }
  throw new UsageError(`no verb of the language takes a step of the kind ${step.kind}`);
}

type Start = NonNullable<NonNullable<RawScenario['cluster']>['start']>;

/** What is on the disks before the first boot. */
export function renderDisks(disks: NonNullable<Plan['disks']>): Start {
  const rows = disks.map(({ term, votedFor, log }, i): [string, Start[string]] => [
    `n${i + 1}`,
    { term, vote: votedFor === 0 ? 'nobody' : `n${votedFor}`, log: logText(log) },
  ]);
  return Object.fromEntries(rows);
}
