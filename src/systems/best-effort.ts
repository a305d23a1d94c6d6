// Systems that keep their own time: programs with threads and timers that nobody here can stop.
//
// They run in real time, beside a world whose virtual time waits for theirs. What they do is checked as ever, but a
// seed is no run of theirs: nothing repeats, so that nothing of them is replayed, shrunk or driven by hand, and every
// report says so. A plan names the mode in the text of its system, so that everybody who sees the plan sees the mode.

import { UsageError } from '../base/errors.ts';

/** In front of the command of a child that speaks our lines, and keeps its own time. */
export const BEST_EFFORT = 'best-effort:';

/** In front of the command of a node that speaks Maelstrom's messages. */
export const MAELSTROM = 'maelstrom:';

/** What reports say of them. */
export const BEST_EFFORT_WORDS = 'best effort: the system keeps its own time, and no run repeats';

/** Whether runs of what a plan names do not repeat. */
export const isBestEffort = (system: string | undefined): boolean =>
  system !== undefined && (system.startsWith(BEST_EFFORT) || system.startsWith(MAELSTROM));

/** @throws UsageError if a system keeps its own time: nobody can tell it what happens next. */
export function notByHand(system: string | undefined): void {
  if (!isBestEffort(system)) return;
  const why = 'keeps its own time (best effort): it cannot be replayed, shrunk or driven by hand';
  throw new UsageError(`${JSON.stringify(system)} ${why}`);
}
