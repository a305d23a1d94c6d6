// What a window of time may say, and the window that it means.
//
// The faults that are drawn in it, which messages are lost or held back, and what must not be so while it runs. Only
// verbs that let time run use it, and the faults of the whole file.

import * as z from 'zod';
import { windowParameters } from '../../run/plan.ts';
import { profileNames } from '../../sim/faults/profile.ts';
import { parameterNames, parameterTable, type ParameterGroup, type Parameters } from '../../sim/parameters.ts';
import { conditionsSchema, type Conditions } from '../conditions/conditions.ts';
import { pattern } from '../conditions/pattern.ts';
import type { VerbContext, Window } from '../interpreter/context.ts';
import { placed, type Path } from '../syntax/source.ts';
import { oneOrMore, parameters, quantities } from '../syntax/values.ts';
import type { VerbNameScope } from './verb.ts';

const faultGroups: readonly ParameterGroup[] = ['network', 'partitions', 'processes', 'disk', 'clocks'];

/** Faults that are drawn from the seed while time runs. */
export const faults = z
  .union([
    z.enum(['none', ...profileNames]),
    z.strictObject({
      profile: z.enum(profileNames).optional().describe('a named set of faults'),
      ...parameters(
        parameterNames.filter((one) => faultGroups.includes(parameterTable[one].group) || one === 'answerLoss'),
      ),
    }),
  ])
  .describe('none, a profile, or a profile with changed parameters');

/** One message or several, each by its pattern. */
export const patterns = oneOrMore(pattern);

export const windowFields = {
  faults: faults.optional().describe('faults drawn in this window only; what they broke is mended at its end'),
  drop: patterns.optional().describe('messages that are lost when they are sent in this window'),
  hold: patterns.optional().describe('messages that are held back when they are sent in this window'),
  never: oneOrMore(conditionsSchema).optional().describe('conditions that must not hold after any step of this window'),
};

type RawWindow = z.infer<z.ZodObject<typeof windowFields>>;

/** The parameters of a window of time with faults; undefined without any. */
export function faultsOf(written: RawWindow['faults'], base: Parameters): Parameters | undefined {
  if (written === undefined || written === 'none') return undefined;
  if (typeof written === 'string') return windowParameters(base, written, {});
  const { profile, ...changes } = written;
  return windowParameters(base, profile, quantities(changes));
}

export function checkWindow(names: VerbNameScope, { drop, hold, never }: RawWindow, path: Path): void {
  names.conditions(never, [...path, 'never']);
  if (drop !== undefined) names.patterns(drop, [...path, 'drop']);
  if (hold !== undefined) names.patterns(hold, [...path, 'hold']);
}

/** The window that begins now. */
export function windowOf(context: VerbContext, written: RawWindow, length: number, path: Path): Window {
  const { world, plan } = context;
  const isOver = world.calmSince >= 0;
  if (isOver && written.faults !== undefined && written.faults !== 'none') {
    context.mistake('no more faults', 'faults behind the step that ended them (settle, calm)');
  }
  const drawn = written.faults === undefined ? context.usualFaults : faultsOf(written.faults, plan.parameters);
  return {
    until: world.now + length,
    faults: isOver ? undefined : drawn,
    drop: context.testsOf(written.drop),
    hold: context.testsOf(written.hold),
    never: written.never === undefined ? [] : placed<Conditions>(written.never, [...path, 'never']),
  };
}
