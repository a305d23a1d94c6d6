// The zoo: bugs of election timers, of when they start anew and when not (sections 5.2 and 5.6).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { Timer } from '../../protocol/timers.ts';
import type { Variant } from '../row.ts';

/** Variants of timers. */
export const timerVariants = {
  'candidate-never-retries': {
    fault: 'A candidate has no election timer: a split vote leaves candidates for ever.',
    section: '5.2',
    breaks: 'bounded-liveness',
    noticedBy: ['timer-armed'],
    sources: ['Students’ Guide to Raft'],
    handlers: (paper) => ({
      campaign: (node) => {
        paper.campaign(node);
        if (node.role !== 'leader') node.disarm(Timer.election);
      },
    }),
  },
  'no-timer-after-step-down': {
    fault: 'A leader that an answer deposes ends without a timer, and never stands for election again.',
    section: '5.1, 5.2',
    breaks: 'timer-armed',
    noticedBy: ['bounded-liveness'],
    sources: ['vesoft-inc/nebula#2419'],
    handlers: (paper) => ({
      AppendEntriesReply: (node, reply) => {
        paper.AppendEntriesReply(node, reply);
        if (node.role === 'follower' && reply.term === node.currentTerm && !reply.success) node.disarm(Timer.election);
      },
    }),
  },
} as const satisfies Record<string, Variant>;
