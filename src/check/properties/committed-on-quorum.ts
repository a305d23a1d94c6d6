// What is committed stays committed (section 5.4): an entry that a quorum held when it was committed is held by a
// quorum from then on. Only so does the election restriction find it in every later leader (section 5.4.1).
//
// Seen at the moment of the loss, long before an election is won without the entry. A server whose disk is empty or bad
// stays away for good, and for every later election it is as if it still held the entry.

import { logIndex, nodeName, type LogIndex } from '../../base/ids.ts';
import { quorumText, isQuorumOf } from '../../protocol/configuration.ts';
import type { Host } from '../../sim/host.ts';
import type { World } from '../../sim/world.ts';
import type { Finding, Ghost, Known, Property, PropertyFacts } from '../property.ts';

export const committedOnQuorumFacts = {
  name: 'committed-on-quorum',
  kind: 'safety',
  mood: 'always',
  needs: ['log', 'commit', 'disk'],
} as const satisfies PropertyFacts;

export function committedOnQuorum(
  ghost: Ghost,
  { hosts, configuration }: Pick<World, 'hosts' | 'configuration'>,
): Property {
  /** The one by which the newest committed entry was committed; it need not be committed itself (section 6). */
  let counted = configuration;
  /** By id: 1 for a server that holds the entry. */
  const holders = new Uint8Array(hosts.length);

  const holds = (host: Host, index: LogIndex, hash: number): boolean => {
    const { disk, status } = host;
    if (disk.isWiped || host.unservable !== undefined) return true;
    // What a snapshot stands for was committed before.
    if (index >= disk.base && disk.prefixHashAt(index) !== hash) return false;
    if (status === 'down') return true;
    const { log } = host.process.probe;
    return index < log.base || (log.lastIndex >= index && log.prefixHashAt(index) === hash);
  };

  /** The newest committed entry has the fewest holders; whoever holds it holds all before it. */
  const look = (host: Host): Finding => {
    const index = logIndex(ghost.committed.length - 1);
    if (index === 0) return undefined;
    const hash = ghost.committed.at(index);
    for (let i = 0; i < hosts.length; i++) holders[i] = holds(hosts[i] as Host, index, hash) ? 1 : 0;
    if (isQuorumOf(counted, holders)) return undefined;
    const lost = `${nodeName(host.id)} no longer holds entry ${index}`;
    const when = `which was committed in term ${ghost.committedIn.at(index)}`;
    return `${lost}, ${when}: ${quorumText(counted, holders)} do`;
  };

  const isShort = (host: Host): boolean => {
    const index = ghost.committed.length - 1;
    const { log } = host.process.probe;
    if (index < log.base) return false;
    return log.lastIndex < index || log.prefixHashAt(logIndex(index)) !== ghost.committed.at(index);
  };

  return {
    name: committedOnQuorumFacts.name,
    mood: committedOnQuorumFacts.mood,
    committed(host) {
      if (host.process.probe.commitIndex < ghost.committed.length) return undefined;
      counted = (ghost.known[host.id] as Known).configuration;
      return undefined;
    },
    started: (host) => (isShort(host) ? look(host) : undefined),
    logChanged: (host, kept, before) => (kept < before && kept < ghost.committed.length - 1 ? look(host) : undefined),
  };
}
