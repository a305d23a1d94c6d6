// The table of verbs says each step of a trace, once; a verb that takes a step back is the one that says it.

import { describe, expect, it } from 'vitest';
import { timerNames, timerTable } from '../../../src/protocol/timers.ts';
import { stepKinds, type Step } from '../../../src/sim/step.ts';
import { renderStep } from '../../../src/scenario/render.ts';
import type { Rendering, Verb } from '../../../src/scenario/verbs/verb.ts';
import { verbNames, verbTable } from '../../../src/scenario/verbs/verbs.ts';

const rowOf = (name: (typeof verbNames)[number]): Verb<never> => verbTable[name] as never;

describe('the table of verbs', () => {
  it.each(stepKinds)('has words for the step %s', (kind) => {
    const verbs = verbNames.filter((name) => rowOf(name).render?.[kind] !== undefined);
    expect(verbs.length).toBeGreaterThan(0);
    // A timer has a verb for each kind of timer; a call a short form before the full one.
    if (kind !== 'timer' && kind !== 'call') expect(verbs).toHaveLength(1);
  });

  it.each(timerNames)('has the verb that the timer %s is spoken of with', (timer) => {
    const step = { kind: 'timer', at: 0, node: 0, timer } as unknown as Step;
    expect(renderStep(step, {} as Rendering)).toEqual({ [timerTable[timer].verb]: 'n1' });
  });

  it('takes steps of their own only with verbs that nest', () => {
    expect(verbNames.filter((name) => rowOf(name).nests)).toEqual(['repeat', 'for each', 'maybe']);
  });

  it('tells a reader what each does, with an example that names it', () => {
    for (const name of verbNames) {
      const { meaning, example } = rowOf(name);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(example).toContain(name);
    }
  });
});
