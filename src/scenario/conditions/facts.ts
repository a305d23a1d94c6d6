// What can be seen of one node: from its process while it runs, from its disk while it is down.
//
// A crashed node has no role and no commit index, but a term, a vote and a log: Figure 2's persistent state.

import { roleNames } from '../../protocol/roles.ts';
import { logIndex, nodeName, type LogIndex, type NodeId } from '../../base/ids.ts';
import type { Entry } from '../../protocol/message.ts';
import type { Operation } from '../../protocol/operation.ts';
import type { Host } from '../../sim/host.ts';

/** A client's call that a scenario gave a name. */
export interface NamedCall {
  readonly client: number;
  readonly sequence: number;
  readonly operation: Operation;
}

export const roles = [...roleNames, 'paused', 'down'] as const;
export type RoleWord = (typeof roles)[number];

/** A paused node keeps its role; both words are right for it. */
export function isRole(host: Host, word: RoleWord): boolean {
  if (word === 'down' || word === 'paused') return host.status === word;
  return host.status !== 'down' && host.process.probe.role === word;
}

export const roleText = (host: Host): string =>
  host.status === 'down' ? 'down' : `${host.process.probe.role}${host.status === 'paused' ? ', paused' : ''}`;

export const termOf = (host: Host): number =>
  host.status === 'down' ? host.disk.hardState.term : host.process.probe.currentTerm;

const voteOf = (host: Host): NodeId =>
  host.status === 'down' ? host.disk.hardState.votedFor : host.process.probe.votedFor;

export const voteText = (host: Host): string => nodeName(voteOf(host));

export const commitOf = (host: Host): number => (host.status === 'down' ? 0 : host.process.probe.commitIndex);

/** What its state machine has executed, which survives a crash. */
export const appliedOf = (host: Host): number => host.process.lastApplied;

export const lastIndexOf = (host: Host): LogIndex =>
  host.status === 'down' ? host.disk.lastIndex : host.process.probe.log.lastIndex;

export const baseOf = (host: Host): LogIndex => (host.status === 'down' ? host.disk.base : host.process.probe.log.base);

/** The last entry that its snapshot stands for; 0 if it has none. */
export const snapshotIndexOf = (host: Host): number =>
  (host.status === 'down' ? host.disk.snapshot : host.process.probe.snapshot)?.lastIndex ?? 0;

/** An entry that its log still has. */
export function entryOf(host: Host, index: number): Entry {
  const at = logIndex(index);
  return host.status === 'down' ? host.disk.entryAt(at) : host.process.probe.log.entryAt(at);
}

export const prefixHashOf = (host: Host, index: number): number | undefined =>
  index > lastIndexOf(host) || index < baseOf(host)
    ? undefined
    : host.status === 'down'
      ? host.disk.prefixHashAt(logIndex(index))
      : host.process.probe.log.prefixHashAt(logIndex(index));

/** The terms of its log, the paper's picture of it; what a snapshot stands for is not in it. */
export function logOf(host: Host): number[] {
  const terms: number[] = [];
  for (let i = baseOf(host) + 1; i <= lastIndexOf(host); i++) terms.push(entryOf(host, i).term);
  return terms;
}

/** Where a call stands in its log, the newest place if a retry put it there twice; 0 if it does not. */
export function placeOf(host: Host, call: NamedCall): number {
  for (let i = lastIndexOf(host); i > baseOf(host); i--) {
    const { command } = entryOf(host, i);
    if ('sequence' in command && command.sequence === call.sequence) {
      if ('client' in command && command.client === call.client) return i;
    }
  }
  return 0;
}
