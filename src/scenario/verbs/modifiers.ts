// What may stand beside the verb of a step, whatever the verb.
//
// `do` is not among them: it belongs to the verbs that take steps of their own.

import * as z from 'zod';
import { durationValue, name, whole } from '../syntax/values.ts';

export const modifierFields = {
  as: name.optional().describe('names what the step is about: nodes, a call, a fault of links'),
  at: durationValue.optional().describe('the virtual time of the step, if it is later than now'),
  optional: z.boolean().optional().describe('left out if it is about nobody, or cannot be taken'),
  effects: whole(0, 1_000_000).optional().describe('the node crashes after so many effects of this step'),
};
