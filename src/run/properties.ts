// All promises that a run checks, in the order in which they are told of a step: the list behind names, docs and flags.
//
// Within a step the first finding is reported, so that the properties of Figure 3 come before what merely explains
// them.

import type { Capability } from '../protocol/capabilities.ts';
import { boundedLiveness, boundedLivenessFacts } from '../check/properties/bounded-liveness.ts';
import { commitFollows, commitFollowsFacts } from '../check/properties/commit-follows.ts';
import { committedOnQuorum, committedOnQuorumFacts } from '../check/properties/committed-on-quorum.ts';
import { commitLegitimacy, commitLegitimacyFacts } from '../check/properties/commit-legitimacy.ts';
import { answersAgree, answersAgreeFacts } from '../check/properties/answers-agree.ts';
import { configurationSafety, configurationSafetyFacts } from '../check/properties/configuration-safety.ts';
import { durabilityHonesty, durabilityHonestyFacts } from '../check/properties/durability-honesty.ts';
import { electionSafety, electionSafetyFacts } from '../check/properties/election-safety.ts';
import { exactlyOnceProperty, exactlyOnceFacts } from '../check/properties/exactly-once.ts';
import { handlersNeverThrow, handlersNeverThrowFacts } from '../check/properties/handlers-never-throw.ts';
import { leaseValidity, leaseValidityFacts } from '../check/properties/lease-validity.ts';
import { readFreshness, readFreshnessFacts } from '../check/properties/read-freshness.ts';
import { whyLeasesLie } from '../check/lease-doubt.ts';
import { leaderAppendOnly, leaderAppendOnlyFacts } from '../check/properties/leader-append-only.ts';
import { leaderHearsQuorum, leaderHearsQuorumFacts } from '../check/properties/leader-hears-quorum.ts';
import { leaderCompleteness, leaderCompletenessFacts } from '../check/properties/leader-completeness.ts';
import { linearizability, linearizabilityFacts } from '../check/properties/linearizability.ts';
import { logMatching, logMatchingFacts } from '../check/properties/log-matching.ts';
import { messageBudget, messageBudgetFacts } from '../check/properties/message-budget.ts';
import { monotonicity, monotonicityFacts } from '../check/properties/monotonicity.ts';
import { progressTruth, progressTruthFacts } from '../check/properties/progress-truth.ts';
import type { Ghost, Property, PropertyFacts } from '../check/property.ts';
import { snapshotConsistency, snapshotConsistencyFacts } from '../check/properties/snapshot-consistency.ts';
import { orderlyTransfer, orderlyTransferFacts } from '../check/properties/orderly-transfer.ts';
import { stateMachineSafety, stateMachineSafetyFacts } from '../check/properties/state-machine-safety.ts';
import { steadyLeader, steadyLeaderFacts } from '../check/properties/steady-leader.ts';
import { timerArmed, timerArmedFacts } from '../check/properties/timer-armed.ts';
import { transferEnds, transferEndsFacts } from '../check/properties/transfer-ends.ts';
import { voteOnce, voteOnceFacts } from '../check/properties/vote-once.ts';
import type { NodeOptions } from '../raft/options.ts';
import type { Parameters } from '../sim/parameters.ts';
import type { World } from '../sim/world.ts';

/** What of a plan a promise may depend on. */
export interface Terms {
  readonly parameters: Parameters;
  readonly node: NodeOptions;
  readonly scheduler?: string;
  /** Undefined: our own node. */
  readonly system?: string;
}

/** More than an entry of the workload takes. */
const ENTRY_BYTES = 100;

interface PropertyRow extends PropertyFacts {
  /** What is promised, in one sentence. */
  readonly promise: string;
  readonly section: string;
  /** What typically breaks it. */
  readonly typicalBugs: readonly string[];
  /** It holds whatever disks lose without a trace. */
  readonly isTrueOnAnyDisk?: true;
  /** Why nothing is promised under these terms, if that is so. */
  whyNot?(terms: Terms): string | undefined;
  make(ghost: Ghost, world: World, terms: Terms): Property;
}

/** Every promise: what it says, its section of the paper, what typically breaks it. */
export const propertyTable = {
  [electionSafetyFacts.name]: {
    ...electionSafetyFacts,
    promise: 'At most one leader is elected in a term.',
    section: '5.2, Figure 3',
    typicalBugs: [
      'a vote forgotten, by a step-down in the same term or by a crash',
      'votes counted that belong to another term, or counted twice',
    ],
    make: () => electionSafety(),
  },
  [leaderAppendOnlyFacts.name]: {
    ...leaderAppendOnlyFacts,
    isTrueOnAnyDisk: true,
    promise: 'A leader never overwrites or deletes entries in its log.',
    section: '5.3, Figure 3',
    typicalBugs: ['a leader that runs the follower’s path for a message of its own term'],
    make: (ghost) => leaderAppendOnly(ghost),
  },
  [logMatchingFacts.name]: {
    ...logMatchingFacts,
    promise: 'Logs that hold an entry with the same index and term are identical up to it.',
    section: '5.3, Figure 3',
    typicalBugs: [
      'a consistency check that is skipped, or passes for the first entry',
      'entries sent from the wrong place',
    ],
    make: () => logMatching(),
  },
  [leaderCompletenessFacts.name]: {
    ...leaderCompletenessFacts,
    promise: 'An entry that was committed is in the log of every leader of a later term.',
    section: '5.4, Figure 3',
    typicalBugs: [
      'votes for candidates whose log is behind',
      'commits by counting replicas of older terms, or less than a majority',
      'acknowledgements of what a crash can still lose',
    ],
    make: (ghost, world) => leaderCompleteness(ghost, world.hosts),
  },
  [stateMachineSafetyFacts.name]: {
    ...stateMachineSafetyFacts,
    promise: 'No two servers apply different entries at the same index.',
    section: '5.4.3, Figure 3',
    typicalBugs: ['a follower that commits entries which its leader did not verify'],
    make: (ghost) => stateMachineSafety(ghost),
  },
  [voteOnceFacts.name]: {
    ...voteOnceFacts,
    promise: 'A server votes for at most one candidate in a term, also across crashes.',
    section: '5.2, Figure 2',
    typicalBugs: ['a vote that is wiped within its term', 'a vote that was not durable when it was told'],
    make: (_ghost, world, { system }) => voteOnce(world.nodes, system !== undefined),
  },
  [commitLegitimacyFacts.name]: {
    ...commitLegitimacyFacts,
    promise:
      'A leader commits only what is durable on a majority and of its own term; the others what a leader committed.',
    section: '5.3, 5.4.2, Figure 8',
    typicalBugs: [
      'a wrong median',
      'the restriction to the own term left out',
      'acknowledgements before the disk has the entry',
    ],
    make: (ghost, world) => commitLegitimacy(ghost, world.hosts),
  },
  [configurationSafetyFacts.name]: {
    ...configurationSafetyFacts,
    promise:
      'Servers use the last configuration in their logs, and of two that follow each other no quorums are disjoint.',
    section: '6, dissertation 4.1',
    typicalBugs: [
      'a change begun before the one before it, or an entry of the own term, is committed',
      'several voters changed in one step',
      'a configuration that counts only once it is committed, or goes on counting when its entry is cut',
    ],
    whyNot: ({ node }) =>
      node.membership === 'off' ? 'membership is off: the configuration never changes' : undefined,
    make: (ghost, world) => configurationSafety(ghost, world),
  },
  [committedOnQuorumFacts.name]: {
    ...committedOnQuorumFacts,
    promise: 'An entry that was committed stays on the disks of a majority.',
    section: '5.4, 5.4.1',
    typicalBugs: [
      'a log that is cut where nothing conflicts, by a request that came late or twice',
      'a damaged record that is taken for a torn tail',
    ],
    make: (ghost, world) => committedOnQuorum(ghost, world),
  },
  [monotonicityFacts.name]: {
    ...monotonicityFacts,
    promise:
      'Terms never fall, not even by a crash; nor does commitIndex in a life, nor what a leader knows of a follower.',
    section: '5.1, Figure 2',
    typicalBugs: [
      'a term that was not persisted',
      'a commit index or a match index that is assigned instead of raised',
    ],
    make: (ghost) => monotonicity(ghost),
  },
  [durabilityHonestyFacts.name]: {
    ...durabilityHonestyFacts,
    promise: 'No message leaves that claims what is not on the sender’s disk: its term, its vote, its entries.',
    section: 'Figure 2',
    typicalBugs: ['a reply sent before the write is durable'],
    make: () => durabilityHonesty(),
  },
  [snapshotConsistencyFacts.name]: {
    ...snapshotConsistencyFacts,
    promise: 'A snapshot holds what was committed and executed up to its last entry, and a server’s never goes back.',
    section: '7, Figure 12',
    typicalBugs: [
      'a snapshot under the label of another entry than its state',
      'a delayed snapshot that is installed over a newer one',
      'a log that is cut before its snapshot is there',
    ],
    make: (ghost, _world, { node, parameters }) =>
      snapshotConsistency(ghost, node.compactEvery + node.compactBytes + parameters.compactionEvery > 0),
  },
  [progressTruthFacts.name]: {
    ...progressTruthFacts,
    promise: 'What a leader believes that a follower holds is durable there.',
    section: '5.3, Figure 2',
    typicalBugs: ['progress that is read from what was sent since, and not from the answer'],
    make: (_ghost, world) => progressTruth(world.hosts),
  },
  [messageBudgetFacts.name]: {
    ...messageBudgetFacts,
    promise: 'A leader sends an entry again, steps back or begins another snapshot only for a reason.',
    section: '5.3, 7',
    typicalBugs: [
      'entries that are sent over and over, though they were acknowledged',
      'a hint of the follower that is not used, so that each entry takes a refusal',
      'a transfer that begins anew with each newer snapshot',
    ],
    make: (ghost, _world, { node }) => messageBudget(ghost, node.backtracking === 'term'),
  },
  [exactlyOnceFacts.name]: {
    ...exactlyOnceFacts,
    promise: 'A client’s command has its effect at most once, whatever is retried.',
    section: '8',
    typicalBugs: ['no sessions, or sessions that only the leader knows'],
    make: (_ghost, world, { node }) => exactlyOnceProperty(world.nodes, node.sessionsMax > 0),
  },
  [answersAgreeFacts.name]: {
    ...answersAgreeFacts,
    promise: 'A call that is sent again is answered as it was before, also when its client no longer waits.',
    section: 'dissertation 6.3',
    typicalBugs: ['a late retry that gets the answer to a newer command of its session'],
    make: () => answersAgree(),
  },
  [timerArmedFacts.name]: {
    ...timerArmedFacts,
    isTrueOnAnyDisk: true,
    promise: 'No server is without a timer: it would wait for ever.',
    section: '5.2',
    typicalBugs: ['a leader that steps down and arms no election timer'],
    make: () => timerArmed(),
  },
  [steadyLeaderFacts.name]: {
    ...steadyLeaderFacts,
    isTrueOnAnyDisk: true,
    promise: 'No server that a quorum would not vote for unseats a leader that works.',
    section: '5.6, dissertation 4.2.3, 9.6',
    typicalBugs: [
      'a term that is raised before a quorum of pre-votes is there',
      'pre-votes that answered an older question',
      'a server that hears its leader and votes for another one',
    ],
    whyNot: ({ node }) =>
      node.preVote || node.checkQuorum ? undefined : 'neither PreVote nor CheckQuorum is on: any server may stand',
    make: (ghost, _world, { node }) => steadyLeader(ghost, node),
  },
  [leaderHearsQuorumFacts.name]: {
    ...leaderHearsQuorumFacts,
    isTrueOnAnyDisk: true,
    promise: 'A leader that no quorum answers for a whole election timeout steps down.',
    section: 'dissertation 6.2',
    typicalBugs: ['a leader that can send and not receive, and leads for ever', 'a quorum counted without a quorum'],
    whyNot: ({ node }) => (node.checkQuorum ? undefined : 'CheckQuorum is off: a leader leads until it is deposed'),
    make: (_ghost, world) => leaderHearsQuorum(world.nodes),
  },
  [orderlyTransferFacts.name]: {
    ...orderlyTransferFacts,
    promise:
      'Who is told to take over has its leader’s whole log, which grows no more, and nobody ignores its request.',
    section: 'dissertation 3.10, 4.2.3',
    typicalBugs: [
      'a server that lags behind is told to take over',
      'commands that are taken during a transfer',
      'voters that stay loyal to a leader which wants to go',
    ],
    make: (ghost) => orderlyTransfer(ghost),
  },
  [transferEndsFacts.name]: {
    ...transferEndsFacts,
    promise:
      'A leader that hands over its lead does so for an election timeout at most, and then takes commands again.',
    section: 'dissertation 3.10',
    typicalBugs: ['a transfer without an end', 'a transfer that outlives the leadership, and is found in the next one'],
    make: () => transferEnds(),
  },
  [leaseValidityFacts.name]: {
    ...leaseValidityFacts,
    promise: 'While a leader holds a lease no other server is elected.',
    section: 'dissertation 6.4.1',
    typicalBugs: [
      'followers that vote while the lease may still run, or forget it in a crash',
      'a lease that is counted from an answer, or outlives the lead that was handed over',
    ],
    whyNot({ node, parameters, scheduler }) {
      if (!node.lease || !node.checkQuorum)
        return 'no leader holds a lease: that takes the options lease and checkQuorum';
      return whyLeasesLie(parameters, scheduler);
    },
    make: (_ghost, world, { parameters }) => leaseValidity(world, parameters),
  },
  [readFreshnessFacts.name]: {
    ...readFreshnessFacts,
    promise:
      'A read that takes no place in the log is answered as of an index that covers all that was committed before.',
    section: 'dissertation 6.4',
    typicalBugs: [
      'a leader that reads before it has committed an entry of its term',
      'a read that is answered without a round of heartbeats, or by an older one',
      'a follower that answers before it has executed enough',
    ],
    make: (ghost, world, { parameters, scheduler }) => readFreshness(ghost, world, parameters, scheduler),
  },
  [commitFollowsFacts.name]: {
    ...commitFollowsFacts,
    promise: 'A follower that acknowledges entries has committed those of them that its leader had.',
    section: '5.3, Figure 2',
    typicalBugs: ['a commit index that comes before its entries are durable, and is dropped'],
    make: () => commitFollows(),
  },
  [handlersNeverThrowFacts.name]: {
    ...handlersNeverThrowFacts,
    promise: 'Whatever the network brings, no handler throws, and the node’s own assertions hold.',
    section: '5.1',
    typicalBugs: ['an assertion about messages, which the network may delay, double and reorder'],
    make: () => handlersNeverThrow(),
  },
  [linearizabilityFacts.name]: {
    ...linearizabilityFacts,
    promise: 'Each call of a client appears to take effect at one moment between its start and its answer.',
    section: '8',
    typicalBugs: ['answers before the commit', 'commands executed twice', 'committed entries lost'],
    make: (_ghost, world, terms) => linearizability(world, terms),
  },
  [boundedLivenessFacts.name]: {
    ...boundedLivenessFacts,
    promise:
      'Soon after the faults there is a leader, a fresh write commits, all logs converge and terms stop growing.',
    section: '5.2, 5.6',
    typicalBugs: ['a timer reset too often, or never', 'a leader that does not find where the logs part'],
    make: (_ghost, _world, { parameters, node, scheduler }) =>
      boundedLiveness({
        adversary: scheduler,
        parameters,
        entriesAtOnce: node.inflightMax * Math.max(1, Math.floor(node.batchBytesMax / ENTRY_BYTES)),
        oneByOne: node.backtracking === 'one',
        noOp: node.noOpOnElection,
        pieceBytes: node.snapshotChunkBytes,
        isSticky: node.checkQuorum,
        worksInPart: node.checkQuorum && node.preVote,
      }),
  },
} as const satisfies Record<string, PropertyRow>;

/** The name of a promise. */
export type PropertyName = keyof typeof propertyTable;

/** What a cluster breaks that no schedule helps in which every server has its turn. */
export const fairProperty: PropertyName = boundedLivenessFacts.name;

/** The names of all promises, in the order in which they are checked. */
export const propertyNames: readonly PropertyName[] = Object.keys(propertyTable) as PropertyName[];

/** Whether a promise is one of the table, and no caller's own. */
/** Whether a promise is one of the table, and no caller's own. */
export const isPropertyName = (name: string): name is PropertyName => Object.hasOwn(propertyTable, name);

/** Whether of these broken properties each only promises that something happens in time; false for none. */
export const isLivenessOnly = (broken: readonly string[]): boolean =>
  broken.length > 0 && broken.every((name) => isPropertyName(name) && propertyTable[name].kind === 'liveness');

/** Why a property promises nothing under the terms of a plan; undefined if it does. */
export function whyNotPromised(name: string, plan: Terms): string | undefined {
  if (!isPropertyName(name)) return undefined;
  const row: PropertyRow = propertyTable[name];
  return row.whyNot?.(plan);
}

/** Whether a property of the table is promised only as long as no disk loses without a trace what it reported. */
export function restsOnDisks(name: string): boolean {
  if (!isPropertyName(name)) return false;
  const row: PropertyRow = propertyTable[name];
  return row.isTrueOnAnyDisk !== true;
}

/** What a property needs to see and a system does not show. */
export const missingFor = (name: PropertyName, shown: readonly Capability[]): Capability[] =>
  propertyTable[name].needs.filter((need) => !shown.includes(need));
