// Who belongs to the cluster (section 6), and every majority that is ever counted.
//
// Votes, commitment and the checks that judge them all ask the functions of this file with a configuration; nothing
// else counts servers. While a joint configuration is in force both of its halves must agree, each by its own majority.

import { nodeId, type LogIndex, type NodeId } from '../base/ids.ts';
import { ZERO_INDEX } from './message.ts';

export interface Configuration {
  /** The servers that vote, in the order of their ids. */
  readonly voters: readonly NodeId[];
  /** Joint consensus only: the voters of the configuration that is left; otherwise empty. */
  readonly outgoing: readonly NodeId[];
  /** Servers that receive entries and never count. */
  readonly learners: readonly NodeId[];
}

/** The configuration of a cluster that never changes: all servers vote. */
export function initialConfiguration(servers: number): Configuration {
  return { voters: Array.from({ length: servers }, (_, i) => nodeId(i)), outgoing: [], learners: [] };
}

/** Whether these servers, each named once, are a majority of the voters, in a joint configuration of both halves. */
export function isQuorum(configuration: Configuration, servers: readonly NodeId[]): boolean {
  const { voters, outgoing } = configuration;
  return isMajority(voters, servers) && (outgoing.length === 0 || isMajority(outgoing, servers));
}

/** The same for servers given by a number for each id: those count that are not 0. */
export function isQuorumOf(configuration: Configuration, marks: ArrayLike<number>): boolean {
  const { voters, outgoing } = configuration;
  return isMarkedMajority(voters, marks) && (outgoing.length === 0 || isMarkedMajority(outgoing, marks));
}

/** The highest index that a quorum holds, when each server holds its log up to an index, given by id (section 5.3). */
export function quorumIndex(configuration: Configuration, indexes: readonly LogIndex[]): LogIndex {
  const { voters, outgoing } = configuration;
  const index = majorityIndex(voters, indexes);
  if (outgoing.length === 0) return index;
  const other = majorityIndex(outgoing, indexes);
  return other < index ? other : index;
}

function isMajority(voters: readonly NodeId[], servers: readonly NodeId[]): boolean {
  let count = 0;
  for (let i = 0; i < servers.length; i++) if (voters.includes(servers[i] as NodeId)) count++;
  return count * 2 > voters.length;
}

function isMarkedMajority(voters: readonly NodeId[], marks: ArrayLike<number>): boolean {
  let count = 0;
  for (let i = 0; i < voters.length; i++) if (marks[voters[i] as NodeId] !== 0) count++;
  return count * 2 > voters.length;
}

/** For the handful of servers of a cluster, counting beats sorting and allocates nothing. */
function majorityIndex(voters: readonly NodeId[], indexes: readonly LogIndex[]): LogIndex {
  let best = ZERO_INDEX;
  for (let i = 0; i < voters.length; i++) {
    const index = indexes[voters[i] as NodeId] as LogIndex;
    if (index <= best) continue;
    let holders = 0;
    for (let j = 0; j < voters.length; j++) if ((indexes[voters[j] as NodeId] as LogIndex) >= index) holders++;
    if (holders * 2 > voters.length) best = index;
  }
  return best;
}
