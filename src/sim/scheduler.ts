// Who decides what happens next. The world tells its scheduler what has become possible; the scheduler takes steps.
//
// The timed one lets virtual time decide, the scripted one a list of steps. An adversarial one, in which any enabled
// step may come next, fits behind the same five calls.

import { InvariantError } from '../base/assert.ts';
import type { Message, Write } from '../base/message.ts';
import type { Host } from './host.ts';
import type { Answer } from './process.ts';

export interface Scheduler {
  messageSent(link: number, number: number, message: Message): void;
  /** A timer was started anew; its deadline is the scheduler's to set. */
  timerArmed(host: Host, timer: number): void;
  writeIssued(host: Host, write: Write): void;
  answerGiven(answer: Answer, number: number): void;
  /** An answer arrived at its client. */
  answerArrived(answer: Answer): void;
  /** Takes one step of the world; false if nothing can happen any more. */
  next(): boolean;
}

/** What a world has before it gets a scheduler. */
export const UNSCHEDULED: Scheduler = {
  messageSent: unscheduled,
  timerArmed: unscheduled,
  writeIssued: unscheduled,
  answerGiven: unscheduled,
  answerArrived: unscheduled,
  next: unscheduled,
};

function unscheduled(): never {
  throw new InvariantError('a world needs a scheduler before it moves');
}
