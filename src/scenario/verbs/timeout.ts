// timeout, heartbeat: a timer fires, by hand.
//
// The election timer of a follower or candidate (section 5.2), the heartbeat timer of a leader.

import { nodeName } from '../../base/ids.ts';
import type { TimerName } from '../../protocol/timers.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { nodes } from '../syntax/values.ts';
import { verb } from './verb.ts';

const fire =
  (timer: TimerName) =>
  (context: VerbContext, value: string | readonly string[], { step }: StepPlace): void => {
    const fired = context.someNodes(value);
    context.give(step.as, { nodes: fired });
    for (const node of fired) {
      const taken = { kind: 'timer', at: context.world.now, node, timer } as const;
      context.take(step.effects === undefined ? taken : { ...taken, effects: step.effects });
    }
  };

export const timeout = verb({
  group: 'timers and disks',
  schema: nodes,
  as: 'nodes',
  meaning: 'The election timer of a node fires: it stands for election.',
  example: '- timeout: n2',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: fire('election'),
  render: { timer: ({ timer, node }) => (timer === 'election' ? nodeName(node) : undefined) },
});

export const heartbeat = verb({
  group: 'timers and disks',
  schema: nodes,
  as: 'nodes',
  meaning: 'The heartbeat timer of a leader fires.',
  example: '- heartbeat: leader',
  checkNames: (names, value, path) => names.nodes(value, path),
  play: fire('heartbeat'),
  render: { timer: ({ timer, node }) => (timer === 'heartbeat' ? nodeName(node) : undefined) },
});
