// Windows of time: run, until, settle, calm.

import { parseDuration } from '../run/quantity.ts';
import { mismatches } from './conditions.ts';
import { faultsOf } from './load.ts';
import type { Player, Verbs } from './player.ts';
import { leaderOf } from './selector.ts';
import type { RawPatterns, Window } from './stage.ts';
import type { VerbValue } from './verbs.ts';

interface RawWindow {
  readonly faults?: VerbValue<'until'>['faults'];
  readonly drop?: RawPatterns | undefined;
  readonly hold?: RawPatterns | undefined;
}

function windowOf({ stage }: Player, raw: RawWindow, length: number): Window {
  const isOver = stage.world.calmSince >= 0;
  if (isOver && raw.faults !== undefined && raw.faults !== 'none') {
    stage.mistake('no more faults', 'faults behind the step that ended them (settle, calm)');
  }
  return {
    until: stage.world.now + length,
    faults: isOver ? undefined : faultsOf(raw.faults ?? stage.usualFaults, stage.plan.parameters),
    drop: stage.testsOf(raw.drop),
    hold: stage.testsOf(raw.hold),
  };
}

export const timeVerbs: Verbs<'run' | 'until' | 'settle' | 'calm'> = {
  run(player, value) {
    const raw = typeof value === 'object' ? value : { for: value };
    player.stage.runWindow(windowOf(player, raw, parseDuration('for', String(raw.for))), () => false);
  },
  until(player, value, { path, step }) {
    const { stage } = player;
    const { within, faults, drop, hold, ...conditions } = value;
    const window = windowOf(player, { faults, drop, hold }, parseDuration('within', String(within)));
    const isSo = (): boolean => mismatches(conditions, stage).length === 0;
    if (!stage.runWindow(window, isSo)) {
      const [first] = mismatches(conditions, stage);
      if (first === undefined) return;
      const place = path[0] === 'eventually' ? path : [...path, 'until'];
      stage.goTo([...place, ...first.path]);
      stage.failed(`${first.expected}, within ${String(within)}`, first.found);
    }
    const leader = leaderOf(stage.world);
    if (leader !== undefined) stage.give(step.as, { nodes: [leader.id] });
  },
  settle(player, value) {
    const { stage } = player;
    stage.director.calmDown();
    stage.mendAll();
    const length = value === true ? stage.plan.parameters.settle : parseDuration('settle', String(value));
    stage.runWindow(windowOf(player, { faults: 'none' }, length), () => false);
  },
  calm({ stage }) {
    stage.take({ kind: 'calm', at: stage.world.now });
  },
};
