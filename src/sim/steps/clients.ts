// Steps of clients: a call reaches a process, an answer its client; an operator asks for other members.
//
// A process that is down refuses a call at once; one that is paused cannot even do that.

import { clientName, nodeName } from '../../base/ids.ts';
import { makeCall } from '../../protocol/operation.ts';
import { crashAfter, notUp, type StepActions } from './action.ts';

export const clientSteps: StepActions<'call' | 'answer' | 'change-members'> = {
  call: {
    whyNot: ({ world }, { node }) => (world.host(node).status === 'paused' ? `${nodeName(node)} is paused` : undefined),
    take({ world }, { client, sequence, node, operation, effects }) {
      crashAfter(world.host(node), effects);
      world.call(makeCall(client, sequence, operation), world.host(node));
    },
  },
  answer: {
    whyNot: (context, { client, number }) =>
      context.findAnswer(client, number) === undefined
        ? `there is no answer ${number} for ${clientName(client)}`
        : undefined,
    take(context, { client, number, lost }) {
      const answer = context.findAnswer(client, number);
      if (answer === undefined) return;
      context.takeAnswer(client, number);
      context.world.answer(answer, number, lost);
    },
  },
  'change-members': {
    whyNot: ({ world }, { node }) => notUp(world.host(node)),
    take({ world }, { node, change, effects }) {
      crashAfter(world.host(node), effects);
      world.changeMembers(world.host(node), change);
    },
  },
};
