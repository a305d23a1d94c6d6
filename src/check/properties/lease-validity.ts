// Lease validity (dissertation 6.4.1): while a leader holds a lease, no other server is elected.
//
// This is what lets it answer reads alone; it breaks before any read is stale. A lease of a paused server that ended
// meanwhile counts for nothing: it looks at its timer first when it goes on.

import { nodeName, NOBODY, type NodeId } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { Parameters } from '../../sim/parameters.ts';
import type { World } from '../../sim/world.ts';
import { LeaseDoubt } from '../lease-doubt.ts';
import type { Finding, Property, PropertyFacts } from '../property.ts';

export const leaseValidityFacts = {
  name: 'lease-validity',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'timers'],
} as const satisfies PropertyFacts;

export function leaseValidity(world: World, parameters: Parameters): Property {
  const doubt = new LeaseDoubt(world, parameters);
  /** The newest term that has a leader, and who that is. */
  let newest = 0;
  let leader: NodeId = NOBODY;

  const judge = (host: Host): Finding => {
    if (host.status === 'down' || doubt.reason !== undefined) return undefined;
    const { holdsLease, currentTerm } = host.process.probe;
    if (!holdsLease || currentTerm >= newest || doubt.isOver(host)) return undefined;
    const lease = `${nodeName(host.id)} holds a lease in term ${currentTerm}`;
    return `${lease}, but ${nodeName(leader)} was elected in term ${newest}`;
  };

  return {
    name: leaseValidityFacts.name,
    mood: leaseValidityFacts.mood,
    fired(host, timer) {
      doubt.fired(host, timer);
      return undefined;
    },
    elected(host) {
      const { currentTerm } = host.process.probe;
      if (currentTerm <= newest) return undefined;
      newest = currentTerm;
      leader = host.id;
      for (const other of world.hosts) {
        const finding = other === host ? undefined : judge(other);
        if (finding !== undefined) return finding;
      }
      return undefined;
    },
    stepped(host) {
      doubt.stepped(host);
      return host.process.probe.holdsLease ? judge(host) : undefined;
    },
    finish: () =>
      doubt.reason === undefined ? { outcome: 'pass', why: '' } : { outcome: 'unknown', why: doubt.reason },
  };
}
