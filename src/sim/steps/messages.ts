// Steps of messages: delivered, gone, doubled, and put on their way by somebody else.
//
// A message is meant by its link and its number there, and must be on its way; one that nobody sent gets the next
// number.

import { nodeName } from '../../base/ids.ts';
import type { StepOf } from '../step.ts';
import { crashAfter, notUp, type OnItsWay, type StepActions, type StepContext } from './action.ts';

type OnItsWayKind = 'deliver' | 'drop' | 'duplicate';

const linkOf = ({ world }: StepContext, { from, to }: StepOf<OnItsWayKind>): number =>
  world.linkOf(world.host(from).id, world.host(to).id);

const found = (context: StepContext, step: StepOf<OnItsWayKind>): OnItsWay | undefined =>
  context.find(linkOf(context, step), step.number);

function notOnItsWay(context: StepContext, step: StepOf<OnItsWayKind>): string | undefined {
  if (found(context, step) !== undefined) return undefined;
  return `message ${step.number} from ${nodeName(step.from)} to ${nodeName(step.to)} is not on its way`;
}

export const messageSteps: StepActions<OnItsWayKind | 'send'> = {
  deliver: {
    whyNot(context, step) {
      const { world } = context;
      const why = notOnItsWay(context, step) ?? notUp(world.host(step.to));
      if (why !== undefined || !world.network.isCut(linkOf(context, step))) return why;
      return `the link ${nodeName(step.from)}→${nodeName(step.to)} is cut`;
    },
    take(context, step) {
      const { world } = context;
      const meant = found(context, step);
      if (meant === undefined) return;
      context.takeMessage(linkOf(context, step), step.number);
      crashAfter(world.host(step.to), step.effects);
      world.deliver(step.number, meant.message);
    },
  },
  drop: {
    whyNot: notOnItsWay,
    take(context, step) {
      const meant = found(context, step);
      if (meant === undefined) return;
      context.takeMessage(linkOf(context, step), step.number);
      context.world.drop(step.number, meant.message, step.reason);
    },
  },
  duplicate: {
    whyNot: notOnItsWay,
    take(context, step) {
      const meant = found(context, step);
      if (meant === undefined) return;
      meant.copies++;
      context.world.duplicate(step.number, meant.message);
    },
  },
  send: {
    whyNot({ world }, { message: { from, to } }) {
      const isSame = world.host(from) === world.host(to);
      return isSame ? `${nodeName(from)} sends nothing to itself` : undefined;
    },
    take: ({ world }, { message }) => world.inject(message),
  },
};
