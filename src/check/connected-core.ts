// The part of a cluster that is whole while the rest is not: running servers that all reach each other, both ways.
//
// It is read off the links as they are, so that a run and its replay see the same one. Clusters are small: every set of
// servers is looked at, once, at the end of a run.

import { isMember, isQuorum, type Configuration } from '../protocol/configuration.ts';
import type { NodeId } from '../base/ids.ts';
import type { Host } from '../sim/host.ts';
import type { World } from '../sim/world.ts';

/** Whether links are still cut or slow on purpose: that a server is down or stands still, any Raft has to bear. */
export const isPartlyBroken = (world: World): boolean => world.network.activeFaultCount > 0;

/** The largest set of running servers that all reach each other and hold a quorum; undefined if there is none. */
export function connectedCore(world: World, configuration: Configuration): readonly Host[] | undefined {
  const running = world.hosts.filter(({ id, status }) => status === 'up' && isMember(configuration, id));
  const reaches = running.map(({ id }) =>
    running.reduce((mask, other, place) => (isJoined(world, id, other.id) ? mask | (1 << place) : mask), 0),
  );
  let best: readonly Host[] | undefined;
  for (let set = 1; set < 1 << running.length; set++) {
    const members = running.filter((_, place) => (set & (1 << place)) !== 0);
    if (best !== undefined && members.length <= best.length) continue;
    const isWhole = running.every((_, place) => (set & (1 << place)) === 0 || ((reaches[place] ?? 0) & set) === set);
    if (isWhole && isQuorum(configuration, idsOf(members))) best = members;
  }
  return best;
}

const idsOf = (hosts: readonly Host[]): NodeId[] => hosts.map(({ id }) => id);

function isJoined(world: World, one: NodeId, other: NodeId): boolean {
  if (one === other) return true;
  return !world.network.isCut(world.linkOf(one, other)) && !world.network.isCut(world.linkOf(other, one));
}
