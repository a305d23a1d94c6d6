// What is still to be mended when faults end: links, disks, clocks and processes, one step after the other.
//
// What has been mended meanwhile, or by hand, is not mended again. All is mended, or only a core that holds a quorum
// and whose servers reach each other; each link of the others is then cut or not, in one direction or both.

import type { Random } from '../../base/random.ts';
import type { Nemesis } from '../faults/nemesis.ts';
import type { Host } from '../host.ts';
import { shuffledNodes } from '../network/partition.ts';
import type { LinkEnds } from '../step.ts';
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

  /** Mends all faults, or a core only: so often, of a million. */
  end(odds: number, seed: Random, nemesis: Nemesis): void {
    const { world } = this;
    const random = seed.stream('heal');
    const core = odds > 0 && random.chance(odds) ? this.drawCore(random) : undefined;
    if (core === undefined) return this.addAll(world.network.activeFaults, world.hosts, nemesis);
    this.addAll(world.network.activeFaults, core, nemesis);
    const links: LinkEnds[] = [];
    for (const from of world.hosts) {
      for (const to of world.hosts) {
        const isCut = random.chance(500_000);
        if (from !== to && isCut && !(core.includes(from) && core.includes(to))) links.push([from.id, to.id]);
      }
    }
    if (links.length > 0) this.add(() => world.cut(world.network.nextFault(), 'rest', links));
  }

  /** A random quorum or more of the voters, of those whose disks are sound; undefined if these are fewer. */
  private drawCore(random: Random): readonly Host[] | undefined {
    const { world } = this;
    const { voters } = world.configuration;
    const quorum = (voters.length >>> 1) + 1;
    const size = random.between(quorum, Math.max(quorum, voters.length - 1));
    const sound = shuffledNodes(world.nodes, random)
      .map((id) => world.host(id))
      .filter(
        ({ id, disk, unservable }) =>
          voters.includes(id) && unservable === undefined && !disk.isDamaged && !disk.isWiped,
      );
    return sound.length < quorum ? undefined : sound.slice(0, size);
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
