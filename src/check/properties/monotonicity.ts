// Terms and indexes never fall (Figure 2): the "latest term server has seen (… increases monotonically)", and so does
// commitIndex within a life. What a leader knows of a follower rises while it leads: matchIndex "increases
// monotonically", and the next entry to send stands behind it.
//
// After a restart the term is at least the highest of the messages that the server sent.

import { nodeName, NOBODY, type NodeId } from '../../base/ids.ts';
import { isMember, type Configuration } from '../../protocol/configuration.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const monotonicityFacts = {
  name: 'monotonicity',
  kind: 'safety',
  mood: 'always',
  needs: ['terms', 'commit', 'messages'],
} as const satisfies PropertyFacts;

export function monotonicity(ghost: Ghost): Property {
  const { length } = ghost.known;
  /** By leader and follower: the highest match index of this leadership. */
  const matches: number[] = Array.from({ length: length * length }, () => 0);
  /** By server: the members that it knew after its last step. */
  const members: (Configuration | undefined)[] = ghost.known.map(() => undefined);
  /** By server: whose answer came last; nobody's if something else did. */
  const answeredBy: NodeId[] = ghost.known.map(() => NOBODY);
  return {
    name: monotonicityFacts.name,
    mood: monotonicityFacts.mood,
    started(host) {
      const { currentTerm } = host.process.probe;
      const told = ghost.known[host.id]?.told ?? 0;
      if (currentTerm >= told) return undefined;
      return `${nodeName(host.id)} restarts in term ${currentTerm}, but has sent messages of term ${told}`;
    },
    turned(host) {
      const term = ghost.known[host.id]?.term ?? 0;
      const { currentTerm } = host.process.probe;
      if (currentTerm >= term) return undefined;
      return `${nodeName(host.id)} goes from term ${term} back to ${currentTerm}`;
    },
    elected(host) {
      for (let id = 0; id < length; id++) matches[host.id * length + id] = 0;
      return undefined;
    },
    received(host, message) {
      if (message.kind === 'AppendEntriesReply') answeredBy[host.id] = message.from;
      return undefined;
    },
    stepped(host) {
      const { configuration } = host.process.probe;
      if (configuration !== members[host.id]) {
        // Who has left, and comes again, begins anew.
        members[host.id] = configuration;
        for (let id = 0; id < length; id++) {
          if (!isMember(configuration, id as NodeId)) matches[host.id * length + id] = 0;
        }
      }
      const follower = answeredBy[host.id] as NodeId;
      if (follower === NOBODY) return undefined;
      answeredBy[host.id] = NOBODY;
      const progress = host.process.probe.followerOf(follower);
      if (progress === undefined || follower >= length) return undefined;
      const place = host.id * length + follower;
      const before = matches[place] as number;
      const { matchIndex, nextIndex } = progress;
      if (matchIndex < before) {
        const holds = `${nodeName(follower)} holds entry ${before}`;
        return `${nodeName(host.id)} knew that ${holds}, and goes back to ${matchIndex}`;
      }
      matches[place] = matchIndex;
      if (nextIndex > matchIndex) return undefined;
      return `${nodeName(host.id)} is to send ${nodeName(follower)} entry ${nextIndex}, which it is known to hold`;
    },
    uncommitted(host, before) {
      return `${nodeName(host.id)} goes from commitIndex ${before} back to ${host.process.probe.commitIndex}`;
    },
  };
}
