// A position: everything that decides what can come next in a trial, as a text that is equal under renaming.
//
// Servers are described by what they are before they are named; only among those that are alike every order is tried,
// and the smallest text stands for all. What a node keeps to itself (whose votes a candidate has, which probe is out)
// is known by the messages that brought it, so two positions that differ may very rarely pass for one.

import { NOBODY, type NodeId } from '../base/ids.ts';
import type { Configuration } from '../protocol/configuration.ts';
import { verdictOf } from '../protocol/messages/text.ts';
import { Timer } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';
import { contentText, type Move } from './moves.ts';
import type { Trial } from './trial.ts';

/** Where a trial is after these moves. */
export function positionOf(trial: Trial, moves: readonly Move[]): string {
  const { hosts } = trial.world;
  const kinds = hosts.map(kindOf);
  const votes = hosts.map((host) => votesFor(host, moves));
  const inFlight = trial.inFlight().map(({ found: { message, copies } }) => ({ message, copies }));
  const contents = inFlight.map(({ message, copies }) => `${contentText(message)} ${copies}`);
  let smallest: string | undefined;
  for (const order of ordersOf(kinds)) {
    const names: number[] = [];
    order.forEach((node, name) => (names[node] = name));
    const nameOf = (node: NodeId): number => (node === NOBODY ? -1 : (names[node] as number));
    const servers = order.map((node) => serverText(hosts[node] as Host, hosts, votes[node] ?? [], nameOf));
    const messages = inFlight.map(({ message }, i) => `${nameOf(message.from)}>${nameOf(message.to)} ${contents[i]}`);
    const text = `${servers.join('|')}|${messages.toSorted().join('|')}`;
    if (smallest === undefined || text < smallest) smallest = text;
  }
  return `${kinds.toSorted().join('|')}|${smallest ?? ''}`;
}

/** What a server is, apart from names. */
function kindOf(host: Host): string {
  if (host.status === 'down') {
    const { hardState, lastIndex } = host.disk;
    return `down ${hardState.term} ${lastIndex} ${host.disk.termAt(lastIndex) ?? 0}${diskBase(host)}`;
  }
  const { role, currentTerm, log, commitIndex, configuration } = host.process.probe;
  const contact = host.armed(Timer.leaderContact) ? ' in contact' : '';
  const stranger = configuration.voters.length === 0 ? ' knows nobody' : '';
  const more = `${contact}${diskBase(host)}${stranger}`;
  return `${role} ${currentTerm} ${log.prefixHash} ${commitIndex} ${host.disk.cachedWrites}${more}`;
}

/** What a snapshot has replaced, if there is one. */
const diskBase = ({ disk }: Host): string =>
  disk.snapshot === undefined ? '' : ` from ${disk.base} snapshot ${disk.snapshot.lastIndex}`;

function serverText(
  host: Host,
  hosts: readonly Host[],
  votes: readonly NodeId[],
  nameOf: (node: NodeId) => number,
): string {
  if (host.status === 'down') return String(nameOf(host.disk.hardState.votedFor));
  const { probe } = host.process;
  const { votedFor, leader, configuration, log } = probe;
  const followers: string[] = [];
  for (const { id } of hosts) {
    const progress = probe.followerOf(id);
    if (progress === undefined) continue;
    // Only a quorum check asks who answered.
    const answered = host.armed(Timer.quorumCheck) && progress.isActive ? ' active' : '';
    followers[nameOf(id)] = `${progress.nextIndex} ${progress.matchIndex} ${progress.mode}${answered}`;
  }
  const members = log.lastIndex === 0 ? '' : membersText(configuration, nameOf);
  const contact = host.armed(Timer.leaderContact) ? `>${nameOf(leader)} ` : '';
  const handsOver = probe.transferee === NOBODY ? '' : `~${nameOf(probe.transferee)} `;
  return `${members}${contact}${handsOver}${nameOf(votedFor)} ${votes
    .map(nameOf)
    .toSorted((a, b) => a - b)
    .join()} ${followers.join()}`;
}

/** The configuration that a server uses, in the names of the position. */
function membersText({ voters, outgoing, learners }: Configuration, nameOf: (node: NodeId) => number): string {
  const named = (ids: readonly NodeId[]): string =>
    ids
      .map(nameOf)
      .toSorted((a, b) => a - b)
      .join();
  return `${named(voters)}/${named(outgoing)}/${named(learners)} `;
}

/** Who granted a candidate its vote, or a pre-candidate its pre-vote, since it became one, as far as it knows. */
function votesFor(host: Host, moves: readonly Move[]): NodeId[] {
  if (host.status === 'down') return [];
  const { role } = host.process.probe;
  if (role !== 'candidate' && role !== 'pre-candidate') return [];
  const wanted = role === 'candidate' ? 'RequestVoteReply' : 'PreVoteReply';
  const begun = moves.findLastIndex(
    (move) => move.act === 'timer' && move.timer === 'election' && move.node === host.id,
  );
  return moves.slice(begun + 1).flatMap((move) => {
    if (move.act !== 'deliver' || move.message.to !== host.id || move.message.kind !== wanted) return [];
    return verdictOf(move.message) ? [move.message.from] : [];
  });
}

/** The orders of the servers by kind; every order of those that are of one kind. */
function ordersOf(kinds: readonly string[]): number[][] {
  let orders: number[][] = [[]];
  for (const kind of Array.from(new Set(kinds)).toSorted()) {
    const ways = permutations(Array.from(kinds.keys()).filter((node) => kinds[node] === kind));
    orders = orders.flatMap((before) => ways.map((way) => before.concat(way)));
  }
  return orders;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [items.slice()];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}
