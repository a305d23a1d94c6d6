// What is still to be mended when faults end: links, disks, clocks and processes, one step after the other.
//
// What has been mended meanwhile, or by hand, is not mended again. It draws nothing.

import type { Nemesis } from '../faults/nemesis.ts';
import type { Host } from '../host.ts';
import type { World } from '../world.ts';

export class Mending {
  private readonly world: World;
  private readonly due: (() => void)[] = [];

  constructor(world: World) {
    this.world = world;
  }

  get isDue(): boolean {
    return this.due.length > 0;
  }

  /** Mends what is due next, which may turn out to be no step. */
  next(): void {
    this.due.shift()?.();
  }

  /** Mends until a step was taken; false if nothing is left to mend. */
  step(): boolean {
    const { steps } = this.world;
    while (this.due.length > 0) {
      this.next();
      if (this.world.steps > steps) return true;
    }
    return false;
  }

  /** Something to be done behind all that is due so far. */
  add(mend: () => void): void {
    this.due.push(mend);
  }

  /** These faults of links end, and all that is broken of these processes. */
  addAll(faults: Iterable<number>, hosts: Iterable<Host>, nemesis: Nemesis): void {
    const { world } = this;
    for (const fault of faults) {
      this.due.push(() => {
        const isCut = world.network.isCutFault(fault);
        if (isCut === true) world.heal(fault);
        else if (isCut === false) world.restore(fault);
      });
    }
    for (const host of hosts) {
      host.crashAfterEffects = -1;
      for (const mend of nemesis.mendsOf(host)) this.due.push(mend);
    }
  }
}
