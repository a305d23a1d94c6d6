// A steady leader (section 5.6; thesis 4.2.3, 9.6): a leader that works is not unseated by a server that could not win.
//
// Two halves of one promise. With PreVote a server raises its term by itself only when a quorum has said that it would
// vote for it in that term. A server that heard its leader within the shortest election timeout says so to nobody but
// that leader, and with CheckQuorum neither votes in a newer term. How long ago that was, the host's timer says. A
// grant that waited for the disk may leave behind the leader's next message: it is not held against its sender.
//
// A transfer is no disturbance (thesis 3.10): who was told by the leader of its term to take over may raise its term,
// and its request frees the others of their loyalty; nobody else may call itself permitted.

import { nodeName, NOBODY, type NodeId } from '../../base/ids.ts';
import { isQuorumOf } from '../../protocol/configuration.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Host } from '../../sim/host.ts';
import type { Finding, Ghost, Property, PropertyFacts } from '../property.ts';

export const steadyLeaderFacts = {
  name: 'steady-leader',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'votes', 'messages', 'contents', 'timers'],
} as const satisfies PropertyFacts;

/** Which of the two halves apply, by the node's options. */
export interface SteadyLeaderTerms {
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
}

export function steadyLeader(ghost: Ghost, { preVote, checkQuorum }: SteadyLeaderTerms): Property {
  /** By id: 1 for each server that gave a pre-vote. */
  const marks = new Uint8Array(ghost.known.length);
  /** By asker: the newest term that it was given pre-votes for, and a bit for each server that gave one. */
  const askedTerms = ghost.known.map(() => -1);
  const grants = ghost.known.map(() => 0);
  /** As each server stood after its last step: the leader that it had just heard (itself while it leads), or nobody. */
  const heard: NodeId[] = ghost.known.map(() => NOBODY);
  /** As each server stood after its last step: nothing that it sends was held back before. */
  const isQuiet = ghost.known.map(() => true);

  /** By server: the term whose leader told it to take over, and the term in which a permitted candidate asked it. */
  const takesOver = ghost.known.map(() => -1);
  const freedIn = ghost.known.map(() => -1);

  const begin = (host: Host): undefined => {
    heard[host.id] = NOBODY;
    isQuiet[host.id] = true;
    takesOver[host.id] = -1;
    freedIn[host.id] = -1;
    return undefined;
  };

  const raisesItself = (host: Host, before: number): Finding => {
    const { currentTerm, configuration } = host.process.probe;
    if (takesOver[host.id] === currentTerm - 1) return undefined;
    const given = (askedTerms[host.id] === before ? (grants[host.id] as number) : 0) | (1 << host.id);
    for (let id = 0; id < marks.length; id++) marks[id] = (given >>> id) & 1;
    if (currentTerm === before + 1 && isQuorumOf(configuration, marks)) return undefined;
    const { voters } = configuration;
    const count = voters.reduce((sum, id) => sum + (marks[id] as number), 0);
    const own = voters.includes(host.id) ? ', its own among them' : '';
    const terms = `from term ${before} to ${currentTerm}`;
    return `${nodeName(host.id)} goes ${terms} with ${count} of ${voters.length} pre-votes${own}`;
  };

  const asksByTransfer = (host: Host, term: number): Finding =>
    takesOver[host.id] === term - 1
      ? undefined
      : `${nodeName(host.id)} asks for votes in term ${term} by transfer, but no leader told it to take over`;

  return {
    name: steadyLeaderFacts.name,
    mood: steadyLeaderFacts.mood,
    started: begin,
    received(host, message) {
      if (message.kind === 'TimeoutNow') takesOver[host.id] = message.term;
      else if (message.kind === 'RequestVote' && message.isTransfer) freedIn[host.id] = message.term;
      return undefined;
    },
    sent(host, message) {
      if (message.kind === 'RequestVote') return message.isTransfer ? asksByTransfer(host, message.term) : undefined;
      if (message.kind !== 'PreVoteReply' || !message.granted) return undefined;
      const asker = message.to;
      if (askedTerms[asker] !== message.askedTerm) {
        if (message.askedTerm < (askedTerms[asker] as number)) return undefined;
        askedTerms[asker] = message.askedTerm;
        grants[asker] = 0;
      }
      grants[asker] = (grants[asker] as number) | (1 << host.id);
      const leader = heard[host.id] as NodeId;
      if (!isQuiet[host.id] || leader === NOBODY || leader === asker) return undefined;
      return `${nodeName(host.id)} would vote for ${nodeName(asker)}, but ${whatItHeard(host, leader)}`;
    },
    turned(host) {
      const before = ghost.known[host.id]?.term ?? 0;
      const { role, currentTerm, votedFor } = host.process.probe;
      if (currentTerm <= before) return undefined;
      if (preVote && role !== 'follower') return raisesItself(host, before);
      const leader = heard[host.id] as NodeId;
      if (!checkQuorum || leader === NOBODY || votedFor === NOBODY) return undefined;
      // Its own election timer may run out first where clocks jump, and its leader may ask for its place again.
      if (votedFor === host.id || votedFor === leader || freedIn[host.id] === currentTerm) return undefined;
      const vote = `votes for ${nodeName(votedFor)} in term ${currentTerm}`;
      return `${nodeName(host.id)} ${vote}, but ${whatItHeard(host, leader)}`;
    },
    stepped(host) {
      const { role, leader } = host.process.probe;
      heard[host.id] = role === 'leader' ? host.id : host.armed(Timer.leaderContact) ? leader : NOBODY;
      isQuiet[host.id] = host.disk.cachedWrites === 0;
      return undefined;
    },
  };
}

const whatItHeard = (host: Host, leader: NodeId): string =>
  leader === host.id ? 'it leads' : `it heard ${nodeName(leader)} within the shortest election timeout`;
