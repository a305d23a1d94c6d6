// The table of actions: every kind of step that the scripted scheduler can take, family by family.
//
// A kind without an action does not compile.

import type { Step, StepKind, StepOf } from '../step.ts';
import type { StepAction, StepActions, StepContext } from './action.ts';
import { clientSteps } from './clients.ts';
import { linkSteps } from './links.ts';
import { messageSteps } from './messages.ts';
import { processSteps } from './processes.ts';

const actions: StepActions<StepKind> = {
  ...messageSteps, // set-up only: the families stand in files of their own
  ...processSteps, // set-up only: as above
  ...linkSteps, // set-up only: as above
  ...clientSteps, // set-up only: as above
};

/** Why a step cannot be taken now; undefined if it can. Nothing is changed. */
export function whyNotNow(context: StepContext, step: Step): string | undefined {
  const action = actions[step.kind] as StepAction<StepKind>;
  return action.whyNot(context, step);
}

/** Takes a step, or says why it cannot be taken. */
export function takeStep(context: StepContext, step: Step): string | undefined {
  return takeOf(context, step, step.kind);
}

function takeOf<Kind extends StepKind>(context: StepContext, step: StepOf<Kind>, kind: Kind): string | undefined {
  const action: StepAction<Kind> = actions[kind];
  const why = action.whyNot(context, step);
  if (why === undefined) action.take(context, step);
  return why;
}
