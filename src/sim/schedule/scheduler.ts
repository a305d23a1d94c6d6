// Who decides what happens next. The world tells its scheduler what has become possible; the scheduler takes steps.
//
// The timed one lets virtual time decide, the scripted one a list of steps, an adversarial one chance or malice: any
// step that is possible may come next. All of them fit behind the same six calls.

import { InvariantError } from '../../base/errors.ts';
import type { Message, Write } from '../../protocol/message.ts';
import type { Timer } from '../../protocol/timers.ts';
import type { Host } from '../host.ts';
import type { Answer } from '../process.ts';

export interface Scheduler {
  messageSent(link: number, number: number, message: Message): void;
  /** A timer was started anew; its deadline is the scheduler's to set. */
  timerArmed(host: Host, timer: Timer): void;
  writeIssued(host: Host, write: Write): void;
  answerGiven(answer: Answer, number: number): void;
  /** An answer arrived at its client. */
  answerArrived(answer: Answer): void;
  /** Takes one step of the world; false if nothing can happen any more. */
  next(): boolean;
  /** How many events wait for their time, where the scheduler has a queue of them. */
  readonly eventsWaiting?: number;
}

/** How long a run lasts: in virtual time or in steps, and from when on there are no faults. */
export interface RunLimits {
  readonly until: number;
  readonly stepsMax: number;
  readonly faultsUntil: number;
  readonly faultStepsMax: number;
}

/** The schedulers that a plan may ask for. */
export const schedulerTable = {
  timed: 'virtual time decides: whatever is possible happens at a moment drawn from the seed',
  walk: 'a random walk: any link, disk, timer or client that can move may be next, evenly or some far more often',
  pct: 'random priorities of links, disks, timers and clients, changed a few times: finds bugs of small depth',
  delay: 'one after the other, but a bounded number of times whoever is next is put off for a while',
} as const;

export type SchedulerName = keyof typeof schedulerTable;
/** Those under which time does not decide. */
export type AdversaryName = Exclude<SchedulerName, 'timed'>;

export const schedulerNames: readonly SchedulerName[] = Object.keys(schedulerTable) as SchedulerName[];

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
