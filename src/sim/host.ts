// A process in the world, with everything that surrounds it: its life, disk, clock and timers.
//
// A host is up, paused or down. Paused it keeps its memory but nothing happens to it until it resumes; down it keeps
// its disk only. Deadlines are true time; Infinity means that a timer is not armed.

import type { NodeId } from '../base/ids.ts';
import { isMonotonic, timers, type Timer } from '../protocol/timers.ts';
import { Clock, toTrueAt } from './clock.ts';
import { Disk } from './disk/disk.ts';
import type { Process } from './process.ts';

export type HostStatus = 'up' | 'paused' | 'down';

export class Host {
  readonly id: NodeId;
  readonly process: Process;
  readonly disk: Disk = new Disk();
  readonly clock: Clock = new Clock();
  status: HostStatus = 'down';
  /** Counts the lives of the process: events of an earlier life mean nothing to this one. */
  life = 0;
  /** Counts the pauses, so that the end of one never ends another. */
  pauses = 0;
  /** Crash after this many effects of the next step; -1: do not. */
  crashAfterEffects = -1;
  /** The process stopped acting by itself, or its crash in mid-step is due: nothing but a crash may come next. */
  crashPending = false;
  /** The disk cannot be served from (wiped or damaged): the process stays away until it is replaced. */
  unservable: 'wiped' | 'damaged' | undefined = undefined;
  /** What stopped the process when a handler threw. */
  thrown: Error | undefined = undefined;
  private readonly armingSteps = new Float64Array(timers.length).fill(-1);
  private readonly armings = new Float64Array(timers.length).fill(-1);
  private readonly deadlines = new Float64Array(timers.length).fill(Infinity);

  constructor(id: NodeId, process: Process) {
    this.id = id;
    this.process = process;
  }

  armed(timer: Timer): boolean {
    return this.deadline(timer) !== Infinity;
  }

  deadline(timer: Timer): number {
    return this.deadlines[timer] as number;
  }

  /** When a timer of an option was armed last. */
  armedAt(timer: Timer): number {
    return this.armings[timer] as number;
  }

  /** The step in which it was. */
  armedIn(timer: Timer): number {
    return this.armingSteps[timer] as number;
  }

  noteArmed(timer: Timer, now: number, step: number): void {
    this.armings[timer] = now;
    this.armingSteps[timer] = step;
  }

  setDeadline(timer: Timer, at: number): void {
    this.deadlines[timer] = at;
  }

  /**
   * The clock runs at another rate from here on, and jumps; armed timers run on, on the new clock. What is promised to
   * somebody else runs on a clock that never jumps, as every lease has to (dissertation 6.4.1).
   */
  changeClock(now: number, ratePpm: number, jump: number): void {
    const { clock, deadlines } = this;
    for (const timer of timers) {
      const deadline = deadlines[timer] as number;
      if (deadline === Infinity) continue;
      const left = Math.max(0, clock.toLocal(deadline - now) - (isMonotonic(timer) ? 0 : jump));
      deadlines[timer] = now + toTrueAt(ratePpm, left);
    }
    clock.ratePpm = ratePpm;
    clock.offset += jump;
  }

  /** The process is down: what belonged to this life only is gone. */
  stopped(): void {
    this.status = 'down';
    this.deadlines.fill(Infinity);
    this.crashAfterEffects = -1;
    this.crashPending = false;
    this.thrown = undefined;
  }
}
