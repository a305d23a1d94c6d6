// The zoo: bugs of changes of the configuration (section 6; dissertation 4).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { logIndex } from '../../base/ids.ts';
import { MILLISECOND, PERCENT } from '../../base/units.ts';
import { isMember, isQuorum, isVoter, quorumIndex, type Configuration } from '../../protocol/configuration.ts';
import type { Handlers } from '../../raft/state.ts';
import type { Variant } from '../row.ts';

/** Operators who never rest, among servers that crash and are cut off. */
const RESTLESS = {
  nodes: 6,
  spares: 2,
  profile: 'chaos',
  parameters: { changeEvery: 100 * MILLISECOND, secondWish: 50 * PERCENT },
} as const;

const everybody = ({ voters, outgoing }: Configuration): Configuration => ({
  voters: voters.concat(outgoing.filter((id) => !voters.includes(id))),
  outgoing: [],
  learners: [],
});

const withLearners = ({ voters, outgoing, learners }: Configuration): Configuration => ({
  voters: voters.concat(learners.filter((id) => !voters.includes(id))),
  outgoing,
  learners: [],
});

/** Variants of changes of the configuration. */
export const membershipVariants = {
  'single-change-before-term-commit': {
    fault: 'A leader begins a change of one server before an entry of its own term is committed.',
    section: 'dissertation 4.1',
    breaks: 'configuration-safety',
    noticedBy: ['leader-completeness', 'election-safety', 'state-machine-safety', 'handlers-never-throw'],
    hunt: RESTLESS,
    sources: [
      'raft-dev, 2015-07, “bug in single-server membership changes”',
      'baidu/braft#182',
      'hydro-project/hydro#3192',
    ],
    rules: { hasCommittedInTerm: () => true },
    options: { membership: 'single' },
  },
  'overlapping-config-changes': {
    fault: 'A leader begins a change while the one before is not committed.',
    section: 'dissertation 4.1',
    breaks: 'configuration-safety',
    noticedBy: ['leader-completeness', 'election-safety', 'state-machine-safety', 'handlers-never-throw'],
    hunt: RESTLESS,
    sources: ['Ongaro’s dissertation, 4.1', 'etcd-io/etcd#1136'],
    rules: { isChangeUnderWay: () => false },
    options: { membership: 'single' },
  },
  'direct-multi-server-switch': {
    fault: 'A leader goes from one configuration to another in a single step, however many voters change.',
    section: '6',
    breaks: 'configuration-safety',
    noticedBy: ['election-safety', 'leader-completeness', 'state-machine-safety', 'commit-legitimacy'],
    hunt: { ...RESTLESS, nodes: 5 },
    sources: ['the paper, Figure 10', 'Ongaro’s dissertation, Figure 4.2'],
    rules: { firstStep: (_old, next) => next },
    options: { membership: 'joint' },
  },
  'joint-union-majority': {
    fault: 'While a joint configuration is in force, a majority of both halves together elects a leader.',
    section: '6',
    breaks: 'configuration-safety',
    noticedBy: ['election-safety', 'leader-completeness', 'state-machine-safety', 'steady-leader'],
    hunt: { ...RESTLESS, nodes: 5 },
    sources: ['microsoft/CCF#3948', 'microsoft/CCF#4049'],
    rules: { isElected: (configuration, votes) => isQuorum(everybody(configuration), votes) },
    options: { membership: 'joint' },
  },
  'joint-commits-by-new-half': {
    fault: 'While a joint configuration is in force, entries are committed by a majority of its new half alone.',
    section: '6',
    breaks: 'leader-completeness',
    noticedBy: ['commit-legitimacy', 'state-machine-safety', 'committed-on-quorum'],
    hunt: RESTLESS,
    sources: ['the paper, section 6', 'microsoft/CCF#3837'],
    rules: {
      quorumMatch: ({ voters }, matches) => quorumIndex({ voters, outgoing: [], learners: [] }, matches),
    },
    options: { membership: 'joint' },
  },
  'config-effective-when-committed': {
    fault: 'A server uses a configuration only once it is committed.',
    section: '6',
    breaks: 'configuration-safety',
    noticedBy: ['election-safety', 'leader-completeness', 'commit-legitimacy', 'handlers-never-throw'],
    hunt: RESTLESS,
    sources: ['etcd-io/etcd#7625', 'etcd-io/etcd#11284', 'etcd-io/raft#469'],
    rules: { configurationInForce: (log, commitIndex) => log.configurationIndexBefore(logIndex(commitIndex + 1)) },
    options: { membership: 'single' },
  },
  'joint-never-left': {
    fault: 'A leader does not go on to C_new from a joint configuration that another one began.',
    section: '6',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: { ...RESTLESS, profile: 'crashes' },
    sources: ['the paper, section 6', 'microsoft/CCF#3948'],
    rules: { leavesJoint: (began, currentTerm) => began === currentTerm },
    options: { membership: 'joint', checkQuorum: true },
  },
  'removed-leader-stays': {
    fault: 'A leader whose removal is committed leads on.',
    section: 'dissertation 4.2.2',
    breaks: 'configuration-safety',
    noticedBy: ['bounded-liveness'],
    hunt: { ...RESTLESS, nodes: 3, spares: 1 },
    sources: ['tikv/raft-rs#584', 'canonical/raft#235', 'belaban/jgroups-raft#248'],
    rules: { leadsOn: () => true },
    options: { membership: 'single' },
  },
  'removed-server-cannot-campaign': {
    fault: 'A server that an uncommitted change leaves out does not stand for election, though nobody else can win.',
    section: 'dissertation 4.2.2',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: {
      nodes: 2,
      profile: 'crashes',
      parameters: { ...RESTLESS.parameters, crashEvery: 300 * MILLISECOND },
    },
    sources: ['cowsql/raft#150', 'scylladb/scylladb#10618'],
    rules: { mayFinishChange: () => false },
    options: { membership: 'single', checkQuorum: true },
  },
  'learner-campaigns': {
    fault: 'A learner stands for election.',
    section: 'dissertation 4.2.1',
    breaks: 'configuration-safety',
    noticedBy: [],
    hunt: { ...RESTLESS, nodes: 3, spares: 1 },
    sources: ['etcd-io/etcd#10998', 'hashicorp/raft#524'],
    rules: { mayStand: isMember },
    options: { membership: 'single' },
  },
  'learner-counted': {
    fault: 'Learners count when a leader looks which entries a majority holds.',
    section: 'dissertation 4.2.1',
    breaks: 'leader-completeness',
    noticedBy: ['commit-legitimacy', 'state-machine-safety', 'committed-on-quorum'],
    hunt: RESTLESS,
    sources: ['Ongaro’s dissertation, 4.2.1'],
    rules: { quorumMatch: (configuration, matches) => quorumIndex(withLearners(configuration), matches) },
    options: { membership: 'single' },
  },
  'vote-only-for-known-members': {
    fault: 'A server answers no candidate that its own configuration does not know.',
    section: 'dissertation 4.1',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: { ...RESTLESS, nodes: 4, spares: 2, profile: 'crashes' },
    sources: ['hashicorp/raft#502', 'hashicorp/raft#524'],
    handlers: ({ RequestVote }: Handlers) => ({
      RequestVote(node, message): void {
        if (isMember(node.configuration, message.from)) RequestVote(node, message);
      },
    }),
    options: { membership: 'single', checkQuorum: true },
  },
  'learner-refuses-vote': {
    fault: 'A server that believes to be a learner answers no candidate, though it may be a voter by now.',
    section: 'dissertation 4.2.1',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: { ...RESTLESS, nodes: 4, spares: 2, profile: 'crashes' },
    sources: ['etcd-io/etcd#10998', 'tikv/raft-rs#57'],
    handlers: ({ RequestVote }: Handlers) => ({
      RequestVote(node, message): void {
        if (isVoter(node.configuration, node.id)) RequestVote(node, message);
      },
    }),
    options: { membership: 'single', checkQuorum: true },
  },
} as const satisfies Record<string, Variant>;
