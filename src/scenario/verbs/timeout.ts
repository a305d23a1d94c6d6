// timeout, heartbeat, lose contact, check quorum, give up transfer, finish snapshot, end round, tick: a timer fires, by
// hand.
//
// The election timer of whoever does not lead and the heartbeat timer of a leader (section 5.2); how long a server that
// heard its leader is deaf to others (thesis 4.2.3), a leader's period without a quorum of answers (thesis 6.2), how
// long a leader waits for who is to take over (thesis 3.10) and for a server that catches up (thesis 4.2.1), and a
// machine until it is written out (section 7).

import { nodeName } from '../../base/ids.ts';
import type { TimerName } from '../../protocol/timers.ts';
import type { StepPlace, VerbContext } from '../interpreter/context.ts';
import { nodes } from '../syntax/values.ts';
import { verb, type Verb } from './verb.ts';

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

const timerVerb = (
  timer: TimerName,
  row: Pick<Verb<typeof nodes>, 'meaning' | 'example' | 'needs' | 'before'>,
): Verb<typeof nodes> =>
  verb({
    group: 'timers and disks',
    schema: nodes,
    as: 'nodes',
    ...row,
    checkNames: (names, value, path) => names.nodes(value, path),
    play: fire(timer),
    render: { timer: (step) => (step.timer === timer ? nodeName(step.node) : undefined) },
  });

export const timeout = timerVerb('election', {
  meaning: 'The election timer of a node fires: it stands for election, or with PreVote asks whether it could win one.',
  example: '- timeout: n2',
});

export const heartbeat = timerVerb('heartbeat', {
  meaning: 'The heartbeat timer of a leader fires.',
  example: '- heartbeat: leader',
});

export const loseContact = timerVerb('leaderContact', {
  meaning: 'A node has heard no leader for the shortest election timeout: from here on it may help another one.',
  example: '- lose contact: n2',
  needs: ['preVote', 'checkQuorum'],
});

export const checkQuorum = timerVerb('quorumCheck', {
  meaning: 'A leader looks who has answered it since it looked last, and steps down if that is no quorum.',
  example: '- check quorum: leader',
  needs: ['checkQuorum'],
});

export const endLease = timerVerb('lease', {
  meaning: 'The lease of a leader has run out; it asks for another one.',
  example: '- end lease: leader',
  needs: ['lease', 'checkQuorum'],
});

export const giveUpTransfer = timerVerb('transfer', {
  meaning: 'A leader that hands over its lead has waited long enough: it goes on leading.',
  example: '- give up transfer: leader',
  before: '- transfer: n2',
});

export const finishSnapshot = timerVerb('snapshot', {
  meaning: 'The machine of a node has written itself out: what it was when it began takes the place of the log.',
  example: '- finish snapshot: n2',
  needs: ['compactEvery', 'compactBytes'],
});

export const tick = timerVerb('tick', {
  meaning: 'A server of another Raft that counts its own time is told that some has passed.',
  example: '- tick: n2\n  optional: true',
});

export const endRound = timerVerb('catchUp', {
  meaning: 'A round of catching up has taken too long: one of ten in which a server that is to vote may come close.',
  example: '- end round: leader',
  before: '- change members: { learn: n5 }\n- exchange\n- isolate: n5\n- change members: { promote: n5 }',
  needs: ['membership', 'catchUp'],
});
