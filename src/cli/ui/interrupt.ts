// Ctrl-C and its kin: the first signal asks the work to stop in an orderly way, the second stops the program at once.
//
// A handler runs only between two slices of work, because the simulation is synchronous: its user must yield. After
// the first signal the system's own handling is back, which needs no help from a busy program.

import { signals, type Signal } from '../exit-code.ts';

export class Interruption {
  /** The signal that came, if one did. */
  signal: Signal | undefined = undefined;
  private readonly onSignal: (signal: Signal) => void;

  /** Listens from now on; `onSignal` is called for the first signal. */
  constructor(onSignal: (signal: Signal) => void) {
    this.onSignal = (signal) => {
      if (this.signal !== undefined) return;
      this.signal = signal;
      // A terminal that closes hangs up more than once, from its shell and from the system: that is no second wish.
      for (const other of signals) if (other !== 'SIGHUP') process.off(other, this.onSignal);
      onSignal(signal);
    };
    this.listen();
  }

  /** Leaves all signals to the system. */
  release(): void {
    for (const signal of signals) process.off(signal, this.onSignal);
  }

  /** Does what cannot yield: meanwhile a signal ends the program at once. */
  atOnce<Result>(work: () => Result): Result {
    if (this.signal !== undefined) return work();
    this.release();
    try {
      return work();
    } finally {
      this.listen();
    }
  }

  private listen(): void {
    for (const signal of signals) process.on(signal, this.onSignal);
  }
}
