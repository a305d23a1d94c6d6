// The proof that a shrunk scenario is what it says: it violates its property, and without any one of its steps it does
// not.
//
// The text itself is read and played, as `scenario run` does it, so that nothing is taken on trust that the search did.

import { assert } from '../base/errors.ts';
import type { Step } from '../sim/step.ts';
import { planOfScenario, readScenario, type Scenario } from '../scenario/load.ts';
import { playScenario } from '../scenario/interpreter/play.ts';
import type { Run } from '../run/simulate.ts';
import type { PropertyName } from '../run/properties.ts';
import { TraceRecorder } from '../trace/recorder.ts';

export interface Proof {
  /** The property is violated, and is not without any one of the steps. */
  readonly isMinimal: boolean;
  /** How many steps were removed, each alone, and the failure was gone. */
  readonly removed: number;
  /** The step, by its place, without which the property was violated all the same, and what happened then. */
  readonly shorter: { readonly place: number; readonly steps: readonly Step[] } | undefined;
}

/** Plays the scenario without each of its steps in turn; when it is stopped, it has proved nothing. */
export function* prove(text: string, target: PropertyName, isOver: () => boolean): Generator<void, Proof> {
  const scenario = readScenario(text, { file: 'the shrunk scenario', nearest: () => undefined });
  const { run } = playOf(scenario);
  assert(run.violation?.property === target, 'a shrunk scenario goes as its trial did');
  const steps = scenario.raw.steps ?? [];
  for (let removed = 0; removed < steps.length; removed++) {
    if (isOver()) return { isMinimal: false, removed, shorter: undefined };
    const without = { ...scenario, raw: { ...scenario.raw, steps: steps.filter((_, place) => place !== removed) } };
    const played = playOf(without);
    yield;
    if (played.run.violation?.property === target) {
      return { isMinimal: false, removed, shorter: { place: removed, steps: played.steps } };
    }
  }
  return { isMinimal: true, removed: steps.length, shorter: undefined };
}

/** How a scenario goes, and every step of the world that it took. */
export function playOf(scenario: Scenario): { readonly run: Run; readonly steps: readonly Step[] } {
  const recorder = new TraceRecorder({ lines: false });
  const { run } = playScenario(scenario, planOfScenario(scenario, {}), { recorder });
  return { run, steps: recorder.drain().map(({ data }) => data) };
}
