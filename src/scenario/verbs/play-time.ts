// Windows of time: run, until, settle, calm.
//
// Time runs only here. A window may draw faults, lose or hold what is sent, and ends early when its conditions hold.

import { parseDuration } from '../../run/quantity.ts';
import { mismatches, type Conditions } from '../conditions/conditions.ts';
import { faultsOf } from '../load.ts';
import type { VerbContext, Verbs } from '../interpreter/context.ts';
import { leaderOf } from '../conditions/selector.ts';
import { placed, type Path } from '../syntax/source.ts';
import type { RawPatterns, Window } from '../interpreter/interpreter.ts';
import type { VerbValue } from './verbs.ts';

interface RawWindow {
  readonly faults?: VerbValue<'until'>['faults'];
  readonly drop?: RawPatterns | undefined;
  readonly hold?: RawPatterns | undefined;
  readonly never?: Conditions | readonly Conditions[] | undefined;
}

function windowOf({ stage }: VerbContext, raw: RawWindow, length: number, path: Path): Window {
  const isOver = stage.world.calmSince >= 0;
  if (isOver && raw.faults !== undefined && raw.faults !== 'none') {
    stage.mistake('no more faults', 'faults behind the step that ended them (settle, calm)');
  }
  return {
    until: stage.world.now + length,
    faults: isOver ? undefined : faultsOf(raw.faults ?? stage.usualFaults, stage.plan.parameters),
    drop: stage.testsOf(raw.drop),
    hold: stage.testsOf(raw.hold),
    never: raw.never === undefined ? [] : placed<Conditions>(raw.never, [...path, 'never']),
  };
}

export const timeVerbs: Verbs<'run' | 'until' | 'settle' | 'calm'> = {
  run(player, value, { path }) {
    const raw = typeof value === 'object' ? value : { for: value };
    player.stage.runWindow(windowOf(player, raw, parseDuration('for', String(raw.for)), [...path, 'run']), () => false);
  },
  until(player, value, { path, step }) {
    const { stage } = player;
    const { within, faults, drop, hold, never, ...conditions } = value;
    const place = path[0] === 'eventually' ? path : [...path, 'until'];
    const length = parseDuration('within', String(within));
    const window = windowOf(player, { faults, drop, hold, never }, length, place);
    const isSo = (): boolean => mismatches(conditions, stage).length === 0;
    if (!stage.runWindow(window, isSo)) {
      const [first] = mismatches(conditions, stage);
      if (first === undefined) return;
      stage.goTo([...place, ...first.path]);
      stage.failed(`${first.expected}, within ${String(within)}`, first.found);
    }
    const leader = leaderOf(stage.world);
    if (leader !== undefined) stage.give(step.as, { nodes: [leader.id] });
  },
  settle(player, value, { path }) {
    const { stage } = player;
    stage.director.calmDown();
    stage.mendAll();
    const length = value === true ? stage.plan.parameters.settle : parseDuration('settle', String(value));
    stage.runWindow(windowOf(player, { faults: 'none' }, length, path), () => false);
  },
  calm({ stage }) {
    stage.take({ kind: 'calm', at: stage.world.now });
  },
};
