// Ctrl-C and SIGTERM: the first asks the work to stop in an orderly way, the second stops the program at once.
//
// A handler runs only between two slices of work, because the simulation is synchronous: its user must yield.
// After the first signal the system's own handling is back, which needs no help from a busy program.

import type { Signal } from '../exit-code.ts';

export class Interruption {
  /** The signal that came, if one did. */
  signal: Signal | undefined = undefined;
  private readonly onSignal: (signal: Signal) => void;

  /** Listens from now on; `onSignal` is called for the first signal. */
  constructor(onSignal: (signal: Signal) => void) {
    this.onSignal = (signal) => {
      this.release();
      this.signal = signal;
      onSignal(signal);
    };
    process.on('SIGINT', this.onSignal);
    process.on('SIGTERM', this.onSignal);
  }

  /** Leaves both signals to the system. */
  release(): void {
    process.off('SIGINT', this.onSignal);
    process.off('SIGTERM', this.onSignal);
  }
}
