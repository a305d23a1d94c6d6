// Who belongs to the cluster (section 6), and every majority that is ever counted.
//
// Votes, commitment and the checks that judge them all ask the functions of this file with a configuration; nothing
// else counts servers. While a joint configuration is in force both of its halves must agree, each by its own majority.
// A configuration is never changed after it was made; its lists are in the order of the ids.

import { mix } from '../base/hash.ts';
import { logIndex, nodeId, nodeName, type LogIndex, type NodeId } from '../base/ids.ts';

export interface Configuration {
  /** The servers that vote, in the order of their ids. */
  readonly voters: readonly NodeId[];
  /** Joint consensus only: the voters of the configuration that is left; otherwise empty. */
  readonly outgoing: readonly NodeId[];
  /** Servers that receive entries and never count; in a joint configuration also those that will be once it is left. */
  readonly learners: readonly NodeId[];
}

/** The command that changes the configuration: it counts from the moment its entry is in a log (section 6). */
export interface ConfigurationCommand {
  readonly hash: number;
  readonly bytes: number;
  readonly configuration: Configuration;
}

/** What is to become of some servers; all others stay what they are. */
export interface MembershipChange {
  readonly voters: readonly NodeId[];
  readonly learners: readonly NodeId[];
  readonly removed: readonly NodeId[];
}

/** What a server knows that starts empty, as a member of nothing. */
export const NO_CONFIGURATION: Configuration = Object.freeze({ voters: [], outgoing: [], learners: [] });

/** The configuration of a cluster that never changes: all servers vote. */
export function initialConfiguration(servers: number): Configuration {
  return { voters: Array.from({ length: servers }, (_, i) => nodeId(i)), outgoing: [], learners: [] };
}

export function configurationCommand(configuration: Configuration): ConfigurationCommand {
  const { voters, outgoing, learners } = configuration;
  const hash = mixIds(mixIds(mixIds(CONFIGURATION_HASH, voters), outgoing), learners);
  const bytes = COMMAND_OVERHEAD_BYTES + ID_BYTES * (voters.length + outgoing.length + learners.length);
  return { hash, bytes, configuration };
}

/** The configuration that a command brings; undefined for any other command. */
export function configurationOf(command: object): Configuration | undefined {
  return (command as Partial<ConfigurationCommand>).configuration;
}

/** Whether both halves of the change are in force (section 6). */
export const isJoint = ({ outgoing }: Configuration): boolean => outgoing.length > 0;

/** Whether a server counts, in a joint configuration in either half. */
export const isVoter = ({ voters, outgoing }: Configuration, id: NodeId): boolean =>
  voters.includes(id) || outgoing.includes(id);

export const isMember = (configuration: Configuration, id: NodeId): boolean =>
  isVoter(configuration, id) || configuration.learners.includes(id);

export function isSameConfiguration(one: Configuration, other: Configuration): boolean {
  return (
    one === other ||
    (isSameList(one.voters, other.voters) &&
      isSameList(one.outgoing, other.outgoing) &&
      isSameList(one.learners, other.learners))
  );
}

/** How many servers vote in one of two configurations, neither of them joint, and not in the other. */
export function votersApart(one: Configuration, other: Configuration): number {
  let count = 0;
  for (let i = 0; i < one.voters.length; i++) if (!other.voters.includes(one.voters[i] as NodeId)) count++;
  for (let i = 0; i < other.voters.length; i++) if (!one.voters.includes(other.voters[i] as NodeId)) count++;
  return count;
}

/** The configuration that a change leads to, from one that is not joint. */
export function afterChange({ voters, learners }: Configuration, change: MembershipChange): Configuration {
  const isNamed = (id: NodeId): boolean =>
    change.voters.includes(id) || change.learners.includes(id) || change.removed.includes(id);
  return {
    voters: inOrder(voters.filter((id) => !isNamed(id)).concat(change.voters)),
    outgoing: [],
    learners: inOrder(learners.filter((id) => !isNamed(id)).concat(change.learners)),
  };
}

/** Section 6: C_old,new, the way from one configuration to another. */
export const jointOf = (old: Configuration, next: Configuration): Configuration => ({
  voters: next.voters,
  outgoing: old.voters,
  learners: next.learners,
});

/** Section 6: C_new, which follows a joint configuration. */
export const leaveJoint = ({ voters, learners }: Configuration): Configuration => ({ voters, outgoing: [], learners });

/** The same configuration with other names for the servers. */
export const renamedConfiguration = (
  { voters, outgoing, learners }: Configuration,
  nameOf: (id: NodeId) => NodeId,
): Configuration => ({
  voters: inOrder(voters.map(nameOf)),
  outgoing: inOrder(outgoing.map(nameOf)),
  learners: inOrder(learners.map(nameOf)),
});

/** The servers that vote, and in words what else there is: `n1 n2 n3`, `n1 n2 (from n1 n3), learner n4`. */
export function configurationText({ voters, outgoing, learners }: Configuration): string {
  const from = outgoing.length === 0 ? '' : ` (from ${idsText(outgoing)})`;
  return `${idsText(voters)}${from}${learnersText(learners)}`;
}

/** How many voters are marked, by a number for each id: `2 of 3 servers`, in a joint configuration of both halves. */
export function quorumText({ voters, outgoing }: Configuration, marks: ArrayLike<number>): string {
  const marked = (ids: readonly NodeId[]): string => `${ids.filter((id) => marks[id] !== 0).length} of ${ids.length}`;
  const count = `${marked(voters)} servers`;
  return outgoing.length === 0 ? count : `${count} and ${marked(outgoing)} that leave`;
}

/** What is to become of whom, as a list: `n4 votes, n2 leaves`. */
export function changeText({ voters, learners, removed }: MembershipChange): string {
  const parts = voters
    .map((id) => `${nodeName(id)} votes`)
    .concat(
      learners.map((id) => `${nodeName(id)} learns`),
      removed.map((id) => `${nodeName(id)} leaves`),
    );
  return parts.length === 0 ? 'nothing changes' : parts.join(', ');
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
  let best = logIndex(0);
  for (let i = 0; i < voters.length; i++) {
    const index = indexes[voters[i] as NodeId] as LogIndex;
    if (index <= best) continue;
    let holders = 0;
    for (let j = 0; j < voters.length; j++) if ((indexes[voters[j] as NodeId] as LogIndex) >= index) holders++;
    if (holders * 2 > voters.length) best = index;
  }
  return best;
}

function mixIds(hash: number, ids: readonly NodeId[]): number {
  let mixed = mix(hash, ids.length);
  for (let i = 0; i < ids.length; i++) mixed = mix(mixed, ids[i] as NodeId);
  return mixed;
}

function isSameList(one: readonly NodeId[], other: readonly NodeId[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

const inOrder = (ids: NodeId[]): NodeId[] => ids.sort((a, b) => a - b);

const idsText = (ids: readonly NodeId[]): string => (ids.length === 0 ? 'nobody' : ids.map(nodeName).join(' '));

function learnersText(learners: readonly NodeId[]): string {
  if (learners.length === 0) return '';
  return `, ${learners.length === 1 ? 'learner' : 'learners'} ${idsText(learners)}`;
}

/** So that no configuration has the hash of a client's command by its first number. */
const CONFIGURATION_HASH = 0xc0f16;
/** What a configuration costs on the wire besides its servers, and each of them. */
const COMMAND_OVERHEAD_BYTES = 16;
const ID_BYTES = 4;
