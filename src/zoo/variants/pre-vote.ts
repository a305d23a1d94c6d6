// The zoo: bugs of the round before an election (dissertation 9.6).
//
// A row is as small as the real bug. It must never need a flag in the node.

import { nextTerm, NOBODY } from '../../base/ids.ts';
import type { PreVote } from '../../protocol/message.ts';
import { noteLeaderContact } from '../../raft/leader-contact.ts';
import type { NodeState } from '../../raft/state.ts';
import { LONELY, SLOW } from '../hunts.ts';
import type { Variant } from '../row.ts';

/** Variants of pre-votes. */
export const preVoteVariants = {
  'prevote-refreshes-leader-contact': {
    fault:
      'Who gives a pre-vote behaves as if it had heard its leader: it then ignores the very candidate that it helped.',
    section: 'dissertation 4.2.3, 9.6',
    breaks: 'bounded-liveness',
    noticedBy: [],
    sources: ['hashicorp/raft#609'],
    handlers: (paper) => ({
      PreVote: (node, message) => {
        paper.PreVote(node, message);
        noteLeaderContact(node);
      },
    }),
    options: { preVote: true, checkQuorum: true },
  },
  'prevote-sticky-former-leader': {
    fault: 'A server refuses a pre-vote to the one that it takes for its leader, also when that one has lost its lead.',
    section: 'dissertation 4.2.3, 9.6',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['hashicorp/raft#606'],
    handlers: (paper) => ({
      PreVote: (node, message) => {
        if (message.term !== node.currentTerm || message.from !== node.votedFor) return paper.PreVote(node, message);
        const { id: from, currentTerm: term } = node;
        node.send({ kind: 'PreVoteReply', from, to: message.from, term, granted: false, askedTerm: message.term });
      },
    }),
    options: { preVote: true, checkQuorum: true },
  },
  'prevote-resets-durable-vote': {
    fault: 'A server that asks for pre-votes wipes the vote that it gave in its term.',
    section: 'dissertation 9.6',
    breaks: 'vote-once',
    noticedBy: ['durability-honesty', 'election-safety'],
    hunt: SLOW,
    sources: ['canonical/raft#196'],
    handlers: (paper) => ({
      campaign: (node) => {
        node.setTermAndVote(node.currentTerm, NOBODY);
        paper.campaign(node);
      },
    }),
    options: { preVote: true },
  },
  'pre-vote-counts-any-term': {
    fault: 'Pre-votes count that were given in an older term, for another question.',
    section: 'dissertation 9.6',
    breaks: 'steady-leader',
    noticedBy: [],
    hunt: SLOW,
    sources: ['etcd-io/etcd#8346'],
    rules: { preVoteCounts: (reply) => reply.granted },
    options: { preVote: true },
  },
  'term-inflation': {
    fault: 'A server raises its term when it asks for pre-votes, and not when it has them.',
    section: 'dissertation 9.6',
    breaks: 'steady-leader',
    noticedBy: [],
    sources: ['etcd-io/etcd#12959'],
    handlers: (paper) => ({
      campaign: (node) => {
        node.setTermAndVote(nextTerm(node.currentTerm), NOBODY);
        paper.campaign(node);
      },
    }),
    options: { preVote: true },
  },
  'grant-vote-while-leader': {
    fault: 'A leader gives pre-votes as if it had heard of no leader.',
    section: 'dissertation 4.2.3, 9.6',
    breaks: 'steady-leader',
    noticedBy: [],
    sources: ['daos-stack/raft#70'],
    handlers: (paper) => ({
      PreVote: (node, message) => {
        if (node.role === 'leader') grantPreVote(node, message);
        else paper.PreVote(node, message);
      },
    }),
    options: { preVote: true },
  },
  'prevote-reply-hides-term': {
    fault: 'A question in an older term is not answered: who asks never learns of the newer one.',
    section: 'dissertation 9.6',
    breaks: 'bounded-liveness',
    noticedBy: [],
    hunt: LONELY,
    sources: ['etcd-io/etcd#8243', 'etcd-io/etcd#8501', 'canonical/raft#279', 'rabbitmq/ra#439'],
    handlers: (paper) => ({
      PreVote: (node, message) => {
        if (message.term >= node.currentTerm) paper.PreVote(node, message);
      },
    }),
    options: { preVote: true },
  },
} as const satisfies Record<string, Variant>;

function grantPreVote(node: NodeState, { from, term }: PreVote): void {
  node.send({ kind: 'PreVoteReply', from: node.id, to: from, term: node.currentTerm, granted: true, askedTerm: term });
}
