// The clock of a process: it runs fast or slow, and may jump.
//
// Timers are set on the process's own clock. Rates are whole parts per million off true; conversions round down, so
// that every engine gives the same microsecond.

const MILLION = 1_000_000;

/** True microseconds that pass while a clock of this rate counts `local`. */
export function toTrueAt(ratePpm: number, local: number): number {
  return ratePpm === 0 ? local : Math.floor((local * MILLION) / (MILLION + ratePpm));
}

export class Clock {
  /** Parts per million faster (or, below 0, slower) than true time. */
  ratePpm = 0;
  /** How far the clock is ahead of true time by jumps alone. */
  offset = 0;
  private local = 0;
  private readAt = 0;
  private readOffset = 0;

  /** What the clock says at a moment of true time, from 0 on; asked in order. It never runs backwards. */
  read(now: number): number {
    const jumped = this.offset - this.readOffset;
    this.local += Math.max(0, this.toLocal(now - this.readAt) + jumped);
    this.readAt = now;
    this.readOffset = this.offset;
    return this.local;
  }

  /** True microseconds that pass while this clock counts `local`. */
  toTrue(local: number): number {
    return toTrueAt(this.ratePpm, local);
  }

  /** Microseconds that this clock counts while `true_` pass. */
  toLocal(true_: number): number {
    return this.ratePpm === 0 ? true_ : Math.floor((true_ * (MILLION + this.ratePpm)) / MILLION);
  }
}
