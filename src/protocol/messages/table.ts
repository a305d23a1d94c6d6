// The table of messages: a row for each kind, with everything about it that is not behaviour.
//
// A new kind is an interface in the union of `message.ts`, a row here and a handler in the node; notation, patterns,
// schema, shrinker, documentation and texts of tests follow from the row. The order is the one in which kinds are
// listed. A row never says what a node does with a message.

import type { MessageKind } from '../message.ts';
import type { Alias, AnyMessageRow, MessageTable } from './row.ts';

const messageTable = {
  RequestVote: {
    answers: null,
    section: '5.2, 5.4.1',
    meaning: 'A candidate asks for a vote in its term.',
    fields: {
      lastLogIndex: { type: 'index', meaning: 'the index of the candidate’s last entry' },
      lastLogTerm: { type: 'term', meaning: 'the term of that entry' },
      isTransfer: {
        type: 'flag',
        isBit: true,
        meaning: 'the leader asked for this election, so that nobody need stay loyal to it',
      },
    },
    verdict: 'isTransfer',
    forms: [
      {
        notation: 'transfer last {lastLogIndex}@{lastLogTerm}',
        meaning: 'the candidate’s log ends with this entry; its leader asked it to take over',
        name: '{from}’s request for a vote in term {term}, by transfer',
        isSpare: false,
      },
      {
        notation: 'last {lastLogIndex}@{lastLogTerm}',
        meaning: 'the candidate’s log ends with this entry',
        name: '{from}’s request for a vote in term {term}',
        isSpare: false,
      },
    ],
    likeness: ['lastLogTerm', 'lastLogIndex'],
    vouchesFor: 'vote',
    isCounted: false,
  },
  RequestVoteReply: {
    answers: 'RequestVote',
    section: '5.2',
    meaning: 'A server votes for the candidate, or refuses.',
    fields: {
      granted: { type: 'flag', meaning: 'the candidate has the vote' },
    },
    verdict: 'granted',
    forms: [
      {
        notation: 'granted',
        meaning: 'the candidate has its vote',
        name: '{from}’s vote of term {term}',
        isSpare: false,
      },
      {
        notation: 'refused',
        meaning: 'it has not',
        name: '{from}’s refusal of term {term}',
        refusal: '{from} refuses {to} its vote',
        isSpare: true,
      },
    ],
    likeness: [],
    vouchesFor: 'vote',
    isCounted: true,
  },
  AppendEntries: {
    answers: null,
    section: '5.3',
    meaning: 'A leader sends entries, or only that it leads: a heartbeat.',
    fields: {
      prevLogIndex: { type: 'index', meaning: 'the index of the entry that precedes the new ones' },
      prevLogTerm: { type: 'term', meaning: 'the term of that entry' },
      entries: { type: 'entries', behind: 'prevLogIndex', meaning: 'the entries to store; none in a heartbeat' },
      leaderCommit: { type: 'index', meaning: 'the leader’s commit index' },
    },
    verdict: 'entries',
    forms: [
      {
        notation: 'prev {prevLogIndex}@{prevLogTerm} {entries} commit {leaderCommit}',
        meaning: 'entries behind this one; of many only the first and the last are shown',
        name: '{entries} from {from}',
        isSpare: false,
      },
      {
        alias: { name: 'Heartbeat', meaning: 'an AppendEntries without entries' },
        notation: 'prev {prevLogIndex}@{prevLogTerm} commit {leaderCommit}',
        meaning: 'a heartbeat',
        name: '{from}’s heartbeat',
        isSpare: true,
      },
    ],
    likeness: ['prevLogIndex', 'entries', 'leaderCommit'],
    vouchesFor: 'nothing',
    isCounted: false,
  },
  AppendEntriesReply: {
    answers: 'AppendEntries',
    section: '5.3',
    meaning: 'A follower stored the entries, or refused them.',
    fields: {
      success: { type: 'flag', meaning: 'the follower had the entry that precedes the new ones' },
      prevLogIndex: { type: 'index', meaning: 'the request’s prevLogIndex: it says which one is answered' },
      matchIndex: {
        type: 'index',
        insteadOf: 'conflictIndex',
        meaning: 'on success, how far the logs match: prevLogIndex plus the number of entries of the request',
      },
      conflictTerm: {
        type: 'term',
        when: 'that refuses',
        meaning: 'on failure, the term of the follower’s entry at prevLogIndex; 0 if it has none',
      },
      conflictIndex: {
        type: 'index',
        when: 'that refuses',
        meaning: 'on failure, the first index of that term, or the one behind the last; 0 if the request was too old',
      },
    },
    verdict: 'success',
    forms: [
      {
        notation: 'prev {prevLogIndex} match {matchIndex}',
        meaning: 'success: the logs match so far',
        name: '{from}’s answer to the request behind {prevLogIndex}',
        isSpare: true,
      },
      {
        notation: 'prev {prevLogIndex} conflict {conflictIndex}@{conflictTerm}',
        meaning: 'failure: the first entry of the term that is in the way',
        name: '{from}’s answer to the request behind {prevLogIndex}',
        refusal: '{from} refuses the entries of {to}',
        isSpare: true,
      },
    ],
    likeness: ['prevLogIndex', 'matchIndex', 'conflictIndex'],
    vouchesFor: 'entries',
    isCounted: false,
  },
  PreVote: {
    answers: null,
    section: 'thesis 9.6',
    meaning: 'A server asks whether it could win an election in the next term.',
    fields: {
      lastLogIndex: { type: 'index', meaning: 'the index of the sender’s last entry' },
      lastLogTerm: { type: 'term', meaning: 'the term of that entry' },
    },
    verdict: null,
    forms: [
      {
        notation: 'last {lastLogIndex}@{lastLogTerm}',
        meaning: 'the sender’s log ends with this entry',
        name: '{from}’s question for pre-votes in term {term}',
        isSpare: false,
      },
    ],
    likeness: ['lastLogTerm', 'lastLogIndex'],
    vouchesFor: 'nothing',
    isCounted: false,
  },
  PreVoteReply: {
    answers: 'PreVote',
    section: 'thesis 9.6',
    meaning: 'A server would vote for the sender, or would not.',
    fields: {
      granted: { type: 'flag', meaning: 'the asker would have the vote' },
      askedTerm: { type: 'term', meaning: 'the term of the request: it says which question is answered' },
    },
    verdict: 'granted',
    forms: [
      {
        notation: 'granted for {askedTerm}',
        meaning: 'the asker would have its vote',
        name: '{from}’s pre-vote of term {term}',
        isSpare: false,
      },
      {
        notation: 'refused for {askedTerm}',
        meaning: 'it would not',
        name: '{from}’s refusal of a pre-vote, of term {term}',
        refusal: '{from} refuses {to} its pre-vote',
        isSpare: true,
      },
    ],
    likeness: ['askedTerm'],
    vouchesFor: 'nothing',
    isCounted: true,
  },
  TimeoutNow: {
    answers: null,
    section: 'thesis 3.10',
    meaning: 'A leader hands over its lead: the receiver starts an election at once.',
    fields: { lastLogIndex: { type: 'index', meaning: 'the index of the leader’s last entry' } },
    verdict: null,
    forms: [
      {
        notation: 'last {lastLogIndex}',
        meaning: 'the leader’s log ends there',
        name: '{from}’s request to take over from term {term}',
        isSpare: false,
      },
    ],
    likeness: ['lastLogIndex'],
    vouchesFor: 'nothing',
    isCounted: false,
  },
  HeartbeatRound: {
    answers: null,
    section: 'thesis 6.4',
    meaning: 'A leader asks whether it still leads, before it answers reads.',
    fields: {
      round: { type: 'number', meaning: 'counts the rounds of this reign' },
    },
    verdict: null,
    forms: [
      {
        notation: 'round {round}',
        meaning: 'the round that is to be answered',
        name: '{from}’s round {round} of term {term}',
        isSpare: false,
      },
    ],
    likeness: ['round'],
    vouchesFor: 'nothing',
    isCounted: false,
  },
  HeartbeatRoundReply: {
    answers: 'HeartbeatRound',
    section: 'thesis 6.4',
    meaning: 'A server still follows the leader of its term.',
    fields: {
      round: { type: 'number', meaning: 'the round that is answered' },
    },
    verdict: null,
    forms: [
      {
        notation: 'round {round}',
        meaning: 'the round that is answered',
        name: '{from}’s answer to round {round} of term {term}',
        isSpare: false,
      },
    ],
    likeness: ['round'],
    vouchesFor: 'nothing',
    isCounted: true,
  },
  ReadIndex: {
    answers: null,
    section: 'thesis 6.4',
    meaning: 'A follower asks its leader how far it must be before it may answer a read.',
    fields: {
      request: { type: 'number', meaning: 'names the read' },
    },
    verdict: null,
    forms: [
      {
        notation: 'request {request}',
        meaning: 'the read that it is about',
        name: '{from}’s question for a read index',
        isSpare: false,
      },
    ],
    likeness: ['request'],
    vouchesFor: 'nothing',
    isCounted: false,
  },
  ReadIndexReply: {
    answers: 'ReadIndex',
    section: 'thesis 6.4',
    meaning: 'A leader says how far the asker must be to answer its read.',
    fields: {
      request: { type: 'number', meaning: 'the read that it is about' },
      readIndex: { type: 'index', meaning: 'what must be executed before the read is answered' },
    },
    verdict: null,
    forms: [
      {
        notation: 'request {request} index {readIndex}',
        meaning: 'the read, and what must be executed before it',
        name: '{from}’s read index {readIndex}',
        isSpare: false,
      },
    ],
    likeness: ['request', 'readIndex'],
    vouchesFor: 'nothing',
    isCounted: false,
  },
  Foreign: {
    answers: null,
    section: 'no section: it belongs to another Raft',
    meaning: 'A message of another Raft: bytes, with what its sender says of them.',
    fields: {
      name: { type: 'text', meaning: 'what its own world calls it' },
      reading: { type: 'text', meaning: 'what it says, in the words of its adapter' },
      grants: { type: 'flag', meaning: 'it claims to give its receiver the vote of its term' },
      acknowledges: { type: 'index', meaning: 'it claims that entries up to here are on its disk; 0: nothing' },
      payload: { type: 'text', meaning: 'what its receiver reads' },
    },
    verdict: null,
    forms: [
      {
        notation: '{name} {reading}',
        meaning: 'its own name, and what its adapter reads in it',
        name: '{from}’s {name}',
        isSpare: false,
      },
    ],
    likeness: ['name', 'reading'],
    vouchesFor: 'vote',
    isCounted: false,
  },
  InstallSnapshot: {
    answers: null,
    section: '7',
    meaning: 'A leader sends a piece of its snapshot to a follower that needs entries which are gone.',
    fields: {
      lastIncludedIndex: { type: 'index', meaning: 'the index of the last entry that the snapshot stands for' },
      lastIncludedTerm: { type: 'term', meaning: 'the term of that entry' },
      offset: { type: 'number', meaning: 'where the piece begins in the snapshot, in bytes' },
      length: { type: 'number', meaning: 'how many bytes the piece has' },
      done: { type: 'flag', meaning: 'it is the last piece' },
    },
    verdict: 'done',
    forms: [
      {
        notation: 'last {lastIncludedIndex}@{lastIncludedTerm} from {offset} bytes {length} done',
        meaning: 'the last piece of a snapshot up to this entry: from which byte on, and how many',
        name: '{from}’s snapshot of {lastIncludedIndex} entries, to its end',
        isSpare: false,
      },
      {
        notation: 'last {lastIncludedIndex}@{lastIncludedTerm} from {offset} bytes {length}',
        meaning: 'an earlier piece',
        name: '{from}’s snapshot of {lastIncludedIndex} entries, from byte {offset} on',
        isSpare: true,
      },
    ],
    likeness: ['lastIncludedIndex', 'offset'],
    vouchesFor: 'nothing',
    isCounted: false,
  },
  InstallSnapshotReply: {
    answers: 'InstallSnapshot',
    section: '7',
    meaning: 'A follower holds what the snapshot stands for, or says which byte comes next.',
    fields: {
      lastIncludedIndex: { type: 'index', meaning: 'the request’s: it says which snapshot is answered' },
      offset: { type: 'number', meaning: 'the request’s: it says which piece is answered' },
      installed: { type: 'flag', meaning: 'the follower holds all that the snapshot stands for' },
      matchIndex: {
        type: 'index',
        insteadOf: 'nextOffset',
        meaning: 'if so, how far its log is durable and committed',
      },
      nextOffset: {
        type: 'number',
        when: 'that is not the last',
        meaning: 'if not, the byte with which the next piece has to begin',
      },
    },
    verdict: 'installed',
    forms: [
      {
        notation: 'last {lastIncludedIndex} from {offset} match {matchIndex}',
        meaning: 'the follower holds everything up to here',
        name: '{from}’s answer to the snapshot of {lastIncludedIndex} entries',
        isSpare: true,
      },
      {
        notation: 'last {lastIncludedIndex} from {offset} next {nextOffset}',
        meaning: 'the piece that it waits for',
        name: '{from}’s answer to the snapshot of {lastIncludedIndex} entries, from byte {offset} on',
        isSpare: true,
      },
    ],
    likeness: ['lastIncludedIndex', 'offset', 'matchIndex', 'nextOffset'],
    vouchesFor: 'entries',
    isCounted: false,
  },
} as const satisfies MessageTable;

export const messageRows: Readonly<Record<MessageKind, AnyMessageRow>> = messageTable;

export const messageKinds: readonly MessageKind[] = Object.keys(messageTable) as MessageKind[];

/** Kinds that say nothing of what is on their sender's disk, besides the term. */
export type KindThatVouchesForNothing = {
  [K in MessageKind]: (typeof messageTable)[K]['vouchesFor'] extends 'nothing' ? K : never;
}[MessageKind];

/** What a message can be called: its kind, or one form of it. */
export type MessageName = MessageKind | Alias;
