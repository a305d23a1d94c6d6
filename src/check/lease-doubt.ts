// When leases prove nothing (dissertation 6.4.1): a clock ran beyond their bound, or time did not decide.
//
// A follower that heard from the leader after it asked for its lease outlasts that lease on every clock within the
// bound. If it forgets the leader while the lease is held, or if a lease is held longer than any such clock could hold
// it, that is no fault of the node: from then on reads by lease may be stale in this run, and nothing is promised.

import { nodeName } from '../base/ids.ts';
import { leaseMicrosMax } from '../protocol/lease.ts';
import { Timer } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';
import type { Parameters } from '../sim/parameters.ts';
import type { World } from '../sim/world.ts';

export class LeaseDoubt {
  /** Why leases prove nothing in this run; undefined as long as they do. */
  reason: string | undefined = undefined;
  private readonly world: World;
  private readonly leaseMax: number;

  constructor(world: World, parameters: Parameters) {
    this.world = world;
    this.leaseMax = leaseMicrosMax(parameters);
  }

  /** A timer runs out. */
  fired(host: Host, timer: Timer): void {
    if (timer !== Timer.leaderContact) return;
    for (const other of this.world.hosts) {
      if (other === host || other.status === 'down' || !other.process.probe.holdsLease || this.isOver(other)) continue;
      if (host.armedIn(timer) <= other.armedIn(Timer.lease)) continue;
      this.reason ??= `${nodeName(host.id)} forgot its leader while ${nodeName(other.id)} held a lease`;
    }
  }

  /** A step of a process ended. */
  stepped(host: Host): void {
    if (!host.process.probe.holdsLease || !this.isOver(host)) return;
    this.reason ??= `${nodeName(host.id)} held a lease longer than a clock within the bound could`;
  }

  /** Whether the lease in the memory of a server has ended by true time: one that stands still does not know yet. */
  isOver(host: Host): boolean {
    return this.world.now - host.armedAt(Timer.lease) > this.leaseMax;
  }
}

/** Why leases prove nothing under these terms, whatever happens; undefined if they may. */
export function whyLeasesLie(parameters: Parameters, scheduler: string | undefined): string | undefined {
  if (scheduler !== undefined) return `time does not decide under the scheduler ${scheduler}`;
  const { clockEvery, clockRateMax, clockDriftMax } = parameters;
  if (clockEvery === 0 || clockRateMax <= clockDriftMax) return undefined;
  return 'clocks may run further off than leases allow for: reads by lease may be stale';
}
