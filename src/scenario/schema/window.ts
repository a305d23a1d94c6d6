// What a window of time may say.
//
// The faults that are drawn in it, which messages are lost or held back, and what must not be so while it runs.

import { z } from 'zod';
import { profileNames } from '../../sim/faults/profile.ts';
import { parameterNames, parameterTable, type ParameterGroup } from '../../sim/parameters.ts';
import { conditionShape } from '../conditions/conditions.ts';
import { pattern } from '../conditions/pattern.ts';
import { oneOrMore, parameters } from '../syntax/values.ts';

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
  never: oneOrMore(z.strictObject(conditionShape))
    .optional()
    .describe('conditions that must not hold after any step of this window'),
};
