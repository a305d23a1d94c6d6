// The zoo: bugs of reads that take no place in the log, and of leases (dissertation 6.4).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { MILLISECOND, PERCENT } from '../../base/units.ts';
import type { LogIndex } from '../../base/ids.ts';
import { Timer } from '../../protocol/timers.ts';
import type { Variant } from '../row.ts';

/** Leaders that are cut off, and clients that ask them all the same. */
const BY_INDEX = {
  profile: 'partitions',
  parameters: { readByIndex: 70 * PERCENT, cutEvery: 400 * MILLISECOND, crashEvery: 700 * MILLISECOND },
} as const;

const BY_LEASE = {
  profile: 'partitions',
  parameters: { readByLease: 70 * PERCENT, cutEvery: 300 * MILLISECOND, cutFor: 300 * MILLISECOND },
} as const;

/** Variants of reads and leases. */
export const readVariants = {
  'read-local-no-quorum': {
    fault: 'A leader answers a read without asking anybody whether it still leads.',
    section: 'dissertation 6.4',
    breaks: 'read-freshness',
    noticedBy: ['linearizability'],
    hunt: BY_INDEX,
    sources: ['etcd-io/etcd#741', 'Ongaro’s dissertation, 6.4'],
    rules: { confirmedRound: (_configuration, rounds) => newestOf(rounds) },
  },
  'read-index-before-term-commit': {
    fault: 'A new leader answers a read before it has committed an entry of its own term: it does not know the rest.',
    section: 'dissertation 6.4',
    breaks: 'read-freshness',
    noticedBy: ['linearizability'],
    hunt: BY_INDEX,
    sources: ['etcd-io/etcd#7331', 'Ongaro’s dissertation, 6.4'],
    rules: { mayRead: () => true },
  },
  'read-before-applied': {
    fault: 'A follower answers a read as soon as it knows the index, whether it has executed that much or not.',
    section: 'dissertation 6.4',
    breaks: 'read-freshness',
    noticedBy: ['linearizability'],
    hunt: { parameters: { readAtFollower: 70 * PERCENT } },
    sources: ['Ongaro’s dissertation, 6.4'],
    rules: { mayServe: () => true },
  },
  'lease-without-vote-refusal': {
    fault: 'Leaders read by their lease, but who hears the leader votes for another one all the same.',
    section: 'dissertation 6.4.1',
    breaks: 'lease-validity',
    noticedBy: ['steady-leader', 'read-freshness', 'linearizability'],
    hunt: BY_LEASE,
    sources: ['Ongaro’s dissertation, 6.4.1'],
    rules: { isStickyTo: () => false },
    options: { checkQuorum: true, lease: true },
  },
  'lease-restart-amnesia': {
    fault: 'A voter that restarts has forgotten which leader counts on it, and votes while the lease still runs.',
    section: 'dissertation 6.4.1',
    breaks: 'lease-validity',
    noticedBy: ['read-freshness', 'linearizability'],
    hunt: {
      nodes: 3,
      profile: 'calm',
      parameters: {
        readByLease: 70 * PERCENT,
        clients: 1,
        thinkMin: 500 * MILLISECOND,
        thinkMax: 1000 * MILLISECOND,
        heartbeatInterval: 100 * MILLISECOND,
        crashEvery: 200 * MILLISECOND,
        downFor: 2 * MILLISECOND,
        cutEvery: 300 * MILLISECOND,
        cutFor: 500 * MILLISECOND,
        clockDriftMax: PERCENT,
      },
    },
    sources: ['Ongaro’s dissertation, 6.4.1'],
    rules: { waitsAfterRestart: () => false },
    options: { checkQuorum: true, lease: true },
  },
  'lease-survives-transfer': {
    fault: 'A leader that has told another one to take over goes on reading by its lease.',
    section: 'dissertation 3.10, 6.4.1',
    breaks: 'lease-validity',
    noticedBy: ['read-freshness', 'linearizability'],
    hunt: { parameters: { readByLease: 70 * PERCENT, transferEvery: 200 * MILLISECOND } },
    sources: ['Ongaro’s dissertation, 6.4.1'],
    rules: { leaseHolds: () => true },
    options: { checkQuorum: true, lease: true },
  },
  'lease-from-the-answer': {
    fault: 'A lease is counted from each answer of a follower, and not from the question that a quorum answered.',
    section: 'dissertation 6.4.1',
    breaks: 'lease-validity',
    noticedBy: ['read-freshness', 'linearizability'],
    hunt: {
      profile: 'partitions',
      parameters: {
        readByLease: 70 * PERCENT,
        cutEvery: 200 * MILLISECOND,
        cutFor: 400 * MILLISECOND,
        delayMax: 60 * MILLISECOND,
        clockDriftMax: 0,
      },
    },
    sources: ['Ongaro’s dissertation, 6.4.1'],
    handlers: (paper) => ({
      AppendEntriesReply(node, reply) {
        paper.AppendEntriesReply(node, reply);
        if (node.reads.hasLease) node.arm(Timer.lease);
      },
    }),
    options: { checkQuorum: true, lease: true },
  },
} as const satisfies Record<string, Variant>;

function newestOf(rounds: readonly LogIndex[]): number {
  let newest = 0;
  for (const round of rounds) if (round > newest) newest = round;
  return newest;
}
