// Configuration safety (section 6; thesis 4.1): "there is no point in time at which two leaders can be elected for the
// same term", because every server uses the latest configuration in its log, and any two that follow each other share a
// server in all of their quorums.
//
// The facts: the configuration in force is the last in the log; a leader begins no change before the one before it and
// an entry of its own term are committed; two configurations in a row have no disjoint quorums; only voters stand for
// election, a leader was given the votes of a quorum of its own, and leads no longer than to the end of its removal.
// Which quorum a commit had is commit legitimacy's.

import { logIndex, nodeName, type LogIndex, type NodeId } from '../../base/ids.ts';
import {
  configurationOf,
  configurationText,
  quorumText,
  isQuorum,
  isQuorumOf,
  isSameConfiguration,
  isVoter,
  type Configuration,
} from '../../protocol/configuration.ts';
import type { Host } from '../../sim/host.ts';
import type { World } from '../../sim/world.ts';
import { CommittedConfigurations, type PlacedConfiguration } from '../committed-configurations.ts';
import type { Finding, Ghost, Known, Property, PropertyFacts } from '../property.ts';

export const configurationSafetyFacts = {
  name: 'configuration-safety',
  kind: 'safety',
  mood: 'always',
  needs: ['roles', 'terms', 'votes', 'contents', 'log', 'commit', 'disk'],
} as const satisfies PropertyFacts;

export function configurationSafety(ghost: Ghost, { configuration: first }: Pick<World, 'configuration'>): Property {
  const committed = new CommittedConfigurations(first);
  const servers = ghost.known.length;
  /** By server: the configurations in its log, in order; the first is the one that it was born with. */
  const placed: PlacedConfiguration[][] = ghost.known.map(() => []);
  /** By candidate: the newest term that it was given votes for, and who gave one. */
  const votedTerms = ghost.known.map(() => -1);
  const votes = ghost.known.map(() => new Uint8Array(servers));

  const started = (host: Host): undefined => {
    const own = placed[host.id] as PlacedConfiguration[];
    const { log, configuration } = host.process.probe;
    if (own.length === 0) own.push({ index: log.base, configuration });
    return undefined;
  };

  /** A leader has appended a configuration: was it time, and does it fit behind the one before? */
  const appended = (host: Host, before: PlacedConfiguration, next: PlacedConfiguration): Finding => {
    const { currentTerm, commitIndex, log } = host.process.probe;
    const begins = `${nodeName(host.id)} leads term ${currentTerm} and appends configuration ${next.index}`;
    if (before.index > commitIndex) return `${begins}, but the one at ${before.index} is not committed`;
    const committedTerm = log.termAt(commitIndex);
    if (committedTerm !== currentTerm) return `${begins}, but has committed no entry of its term`;
    if (sharesQuorums(before.configuration, next.configuration, servers)) return undefined;
    const texts = `${configurationText(next.configuration)} behind ${configurationText(before.configuration)}`;
    return `${begins}: ${texts}, two configurations with disjoint quorums`;
  };

  const walk = (host: Host, own: PlacedConfiguration[], from: LogIndex): Finding => {
    const { role, currentTerm, log } = host.process.probe;
    let finding: Finding;
    for (let i = Math.max(from, log.base) + 1; i <= log.lastIndex; i++) {
      const entry = log.entryAt(logIndex(i));
      const configuration = configurationOf(entry.command);
      if (configuration === undefined) continue;
      const next = { index: logIndex(i), configuration };
      const before = own.at(-1);
      if (role === 'leader' && entry.term === currentTerm && before !== undefined) {
        finding ??= appended(host, before, next);
      }
      own.push(next);
    }
    return finding;
  };

  return {
    name: configurationSafetyFacts.name,
    mood: configurationSafetyFacts.mood,
    started,
    voted(host, message) {
      if (message.kind !== 'RequestVoteReply' || !message.granted) return undefined;
      const candidate = message.to;
      if ((votedTerms[candidate] as number) > message.term) return undefined;
      if (votedTerms[candidate] !== message.term) (votes[candidate] as Uint8Array).fill(0);
      votedTerms[candidate] = message.term;
      (votes[candidate] as Uint8Array)[host.id] = 1;
      return undefined;
    },
    elected(host) {
      const { currentTerm } = host.process.probe;
      const { configuration } = ghost.known[host.id] as Known;
      const given = votes[host.id] as Uint8Array;
      if (votedTerms[host.id] !== currentTerm) given.fill(0);
      votedTerms[host.id] = currentTerm;
      const { term, votedFor } = host.disk.hardState;
      if (term === currentTerm && votedFor === host.id) given[host.id] = 1;
      if (isQuorumOf(configuration, given)) return undefined;
      const by = `by the votes of ${quorumText(configuration, given)}`;
      return `${nodeName(host.id)} leads term ${currentTerm} ${by}: ${configurationText(configuration)}`;
    },
    turned(host) {
      const { role, currentTerm, commitIndex } = host.process.probe;
      if (role !== 'candidate' && role !== 'pre-candidate') return undefined;
      const own = placed[host.id] as PlacedConfiguration[];
      for (let place = own.length - 1; place >= 0; place--) {
        const { index, configuration } = own[place] as PlacedConfiguration;
        if (isVoter(configuration, host.id)) return undefined;
        if (index <= commitIndex) break;
      }
      const members = configurationText((own.at(-1) as PlacedConfiguration).configuration);
      return `${nodeName(host.id)} stands for election in term ${currentTerm}, but does not vote in ${members}`;
    },
    committed(host) {
      committed.note(host);
      const own = placed[host.id] as PlacedConfiguration[];
      const { index, configuration } = own.at(-1) as PlacedConfiguration;
      const { role, currentTerm, commitIndex } = host.process.probe;
      if (role !== 'leader' || index > commitIndex || isVoter(configuration, host.id)) return undefined;
      const removal = `has committed that it does not vote in ${configurationText(configuration)}`;
      return `${nodeName(host.id)} ${removal}, and leads term ${currentTerm} on`;
    },
    logChanged(host, kept) {
      const own = placed[host.id] as PlacedConfiguration[];
      while (own.length > 1 && (own.at(-1) as PlacedConfiguration).index > kept) own.pop();
      const { base } = host.process.probe.log;
      // A snapshot stands for entries that this server never had (section 7); what it stands for is committed.
      if (base > kept) own.push({ index: base, configuration: committed.at(base).configuration });
      return walk(host, own, kept);
    },
    stepped(host) {
      const own = placed[host.id] as PlacedConfiguration[];
      const last = own.at(-1);
      const { configuration } = host.process.probe;
      if (last === undefined || isSameConfiguration(last.configuration, configuration)) return undefined;
      const uses = `${nodeName(host.id)} uses the configuration ${configurationText(configuration)}`;
      return `${uses}, but the last one in its log is ${configurationText(last.configuration)}, at ${last.index}`;
    },
  };
}

/** Whether no quorum of one is beside a quorum of the other: all ways to divide the servers are tried. */
export function sharesQuorums(one: Configuration, other: Configuration, servers: number): boolean {
  for (let side = 0; side < 1 << servers; side++) {
    const [ours, theirs] = divided(side, servers);
    if (isQuorum(one, ours) && isQuorum(other, theirs)) return false;
  }
  return true;
}

function divided(side: number, servers: number): readonly [NodeId[], NodeId[]] {
  const ours: NodeId[] = [];
  const theirs: NodeId[] = [];
  for (let id = 0; id < servers; id++) (((side >>> id) & 1) === 1 ? ours : theirs).push(id as NodeId);
  return [ours, theirs];
}
