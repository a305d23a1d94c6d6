// The decisions of the protocol, one table for each, with the section that argues it.
//
// Every rule of `paperRules` has a table; the last test fails for one that has none.

import { describe, expect, it } from 'vitest';
import { logIndex, nodeId, NOBODY, term, type NodeId } from '../../../src/base/ids.ts';
import {
  NO_OP,
  type AppendEntriesReply,
  type Message,
  type PreVoteReply,
  type RequestVote,
  type RequestVoteReply,
  type TimeoutNow,
} from '../../../src/protocol/message.ts';
import { Log } from '../../../src/raft/log.ts';
import { FollowerProgress } from '../../../src/raft/progress.ts';
import {
  configurationCommand,
  configurationText,
  initialConfiguration,
  jointOf,
  type Configuration,
} from '../../../src/protocol/configuration.ts';
import { EntryList } from '../../../src/protocol/entry-list.ts';
import { paperRules, type Rules } from '../../../src/raft/rules.ts';
import {
  entriesOf,
  lastPlace,
  logOf,
  logText,
  numbers,
  place,
  readMessage,
  server,
  snapshotAt,
} from '../../support/text.ts';

const N1 = server('n1');
const message = (text: string): Message => readMessage(text, N1);
const names = (ids: readonly NodeId[]): string => ids.map((id) => `n${id + 1}`).join(' ');

interface Table {
  readonly section: string;
  /** What is asked in words, and the answer. */
  readonly rows: readonly (readonly [question: string, answer: unknown, wanted: unknown])[];
}

/** Asks a rule about each row and keeps question, answer and expectation together. */
function table<Row extends readonly unknown[]>(
  section: string,
  rows: readonly Row[],
  ask: (row: Row) => readonly [question: string, answer: unknown, wanted: unknown],
): Table {
  return { section, rows: rows.map(ask) };
}

const rules = paperRules;

/** `n1 n2, n3 n4`: the voters, then the learners. */
function configuration(text: string): Configuration {
  const [voters = '', learners = ''] = text.split(', ');
  const ids = (list: string): NodeId[] => (list === '' ? [] : list.split(' ').map(server));
  return { voters: ids(voters), outgoing: [], learners: ids(learners) };
}

/** A log with configurations at some places: `1:n1 n2;3:n1`. */
function logWith(terms: string, placed: string): Log {
  const commands = new Map(
    placed.split(';').map((text) => {
      const [index, voters = ''] = text.split(':');
      return [Number(index), configurationCommand(configuration(voters))] as const;
    }),
  );
  const list = new EntryList();
  numbers(terms).forEach((of, i) => list.push({ term: term(of), command: commands.get(i + 1) ?? NO_OP }));
  return new Log(list);
}

function whoVotes(rule: 'mayStand' | 'mayFinishChange' | 'leadsOn', section: string): Table {
  const joint = jointOf(configuration('n1 n2'), configuration('n1 n3, n4'));
  const rows = [
    [joint, 'n1', true],
    [joint, 'n2', true],
    [joint, 'n3', true],
    [joint, 'n4', false],
    [joint, 'n5', false],
    [configuration('n1 n3, n4'), 'n2', false],
    [configuration(''), 'n1', false],
  ] as const;
  return table(section, rows, ([of, id, may]) => [
    `${id} of ${configurationText(of)}: ${may}`,
    rules[rule](of, server(id)),
    may,
  ]);
}

const TABLES: Readonly<Record<keyof Rules, Table>> = {
  voteOnStepDown: table(
    '5.2: a vote is given once in a term',
    [
      ['n2', true, 'nobody'],
      ['n1', true, 'nobody'],
      ['nobody', true, 'nobody'],
      ['n2', false, 'n2'],
      ['n1', false, 'n1'],
      ['nobody', false, 'nobody'],
    ] as const,
    ([vote, rose, kept]) => [
      `voted for ${vote}, the term ${rose ? 'rose' : 'is the same'}: ${kept}`,
      rules.voteOnStepDown(server(vote), rose),
      kept === 'nobody' ? NOBODY : server(kept),
    ],
  ),

  logIsUpToDate: table(
    '5.4.1: the later last term wins; with equal terms, the longer log',
    [
      // candidate's log, voter's log
      ['', '', true],
      ['1', '', true],
      ['', '1', false],
      ['1 1 2', '1 1 2', true],
      ['1 1 1', '1 1', true],
      ['1 1', '1 1 1', false],
      ['2', '1 1 1 1', true],
      ['1 1 1 1', '2', false],
      ['1 3', '2 2', true],
      ['2 2', '1 3', false],
    ] as const,
    ([theirs, ours, upToDate]) => [
      `candidate [${theirs}], voter [${ours}]: ${upToDate}`,
      rules.logIsUpToDate(lastPlace(theirs).term, lastPlace(theirs).index, lastPlace(ours).term, lastPlace(ours).index),
      upToDate,
    ],
  ),

  voteCounts: table(
    '5.2: votes of this term that were granted',
    [
      ['n2 RequestVoteReply@3 granted', true],
      ['n2 RequestVoteReply@3 refused', false],
      ['n2 RequestVoteReply@2 granted', false],
      ['n2 RequestVoteReply@4 granted', false],
      ['n2 RequestVoteReply@2 refused', false],
    ] as const,
    ([reply, counts]) => [
      `${reply}, in term 3: ${counts}`,
      rules.voteCounts(message(reply) as RequestVoteReply, term(3)),
      counts,
    ],
  ),

  recordVote: table(
    '5.2: each server has one vote',
    [
      ['', 'n2', 'n2'],
      ['n1', 'n2', 'n1 n2'],
      ['n1 n2', 'n2', 'n1 n2'],
      ['n1 n2', 'n1', 'n1 n2'],
      ['n3 n1', 'n2', 'n3 n1 n2'],
    ] as const,
    ([before, voter, after]) => {
      const votes = before.split(' ').filter(Boolean).map(server);
      rules.recordVote(votes, server(voter));
      return [`[${before}] and ${voter}: [${after}]`, names(votes), after];
    },
  ),

  waitsForDisk: table(
    '5.1, Figure 2 and thesis 10.2.1: only a leader may speak before its disk has answered',
    [
      ['n2 RequestVote@3 last 0@0', true],
      ['n2 RequestVoteReply@3 granted', true],
      ['n2 RequestVoteReply@3 refused', true],
      ['n2 AppendEntriesReply@3 ok prev 0 match 1', true],
      ['n2 AppendEntriesReply@3 no prev 1 conflict 1@0', true],
      ['n2 AppendEntries@3', false],
      ['n2 AppendEntries@3 [3 3]', false],
      ['n2 InstallSnapshot@3 ok last 2@1 from 0 bytes 100 done', false], // it is durable
      ['n2 InstallSnapshotReply@3 ok last 2 from 0 match 2', true],
      ['n2 InstallSnapshotReply@3 no last 2 from 0 next 10', true],
    ] as const,
    ([text, waits]) => [`${text}: ${waits}`, rules.waitsForDisk(message(text)), waits],
  ),

  onDamage: table(
    'FAST 2018: a synced record that went bad is never cut or believed, wherever it stands',
    [
      [0, 'flipped'],
      [0, 'lost'],
      [1, 'flipped'],
      [3, 'misplaced'],
      [3, 'lost'],
    ] as const,
    ([index, kind]) => [`record ${index} is ${kind}`, rules.onDamage({ index: logIndex(index), kind }), 'stay away'],
  ),

  prevMatches: table(
    '5.3: the consistency check',
    [
      ['', '0@0', true],
      ['1 1 2', '0@0', true],
      ['1 1 2', '1@1', true],
      ['1 1 2', '3@2', true],
      ['1 1 2', '3@1', false],
      ['1 1 2', '2@2', false],
      ['1 1 2', '4@2', false],
      ['1 1 2', '4@0', false],
      ['', '1@1', false],
      ['. . 2', '0@0', true], // what a snapshot stands for is committed
      ['. . 2', '1@7', true],
      ['. . 2', '2@1', true],
      ['. . 2', '2@2', false],
      ['. . 2', '3@2', true],
      ['. . 2', '3@1', false],
    ] as const,
    ([log, prev, matches]) => [
      `[${log}], ${prev}: ${matches}`,
      rules.prevMatches(logOf(log), place(prev).index, place(prev).term),
      matches,
    ],
  ),

  cutPoint: table(
    '5.3: the first entry that conflicts, and nothing else, is where a log is cut',
    [
      // log, prevLogIndex, entries, commitIndex, where
      ['', 0, '1 2', 0, 0],
      ['1 1 2', 3, '3 3', 0, 0],
      ['1 1 2', 3, '', 0, 0],
      ['1 1 2', 0, '', 0, 0],
      ['1 1 2', 0, '1', 0, 0],
      ['1 1 2', 0, '1 1 2', 0, 0],
      ['1 1 2', 0, '1 1 2 3', 0, 0],
      ['1 1 2', 1, '1 2', 3, 0],
      ['1 1 2', 2, '3', 0, 3],
      ['1 1 2', 1, '3', 0, 2],
      ['1 1 2', 1, '1 3', 0, 3],
      ['1 1 2 2', 0, '1 3 3 3 3 3', 0, 2],
      ['2', 0, '1', 0, 1],
      ['. . 2', 0, '7 7 2 3', 2, 0],
      ['. . 2', 1, '7 3', 2, 3],
      ['. . 2', 2, '3', 2, 3],
      ['1 1 2', 1, '3', 2, 2], // it does not hide that a committed entry would go
    ] as const,
    ([log, prev, entries, commit, cut]) => {
      const ours = logOf(log);
      const theirs = Object.freeze(entriesOf(entries, prev + 1));
      const answer = rules.cutPoint(ours, logIndex(prev), theirs, logIndex(commit));
      return [`[${log}] after ${prev} [${entries}]: ${cut}`, [answer, logText(ours)], [cut, log]];
    },
  ),

  followerCommit: table(
    '5.3, Figure 2: min(leaderCommit, index of the last new entry)',
    [
      // leaderCommit, verified, end of the log, commitIndex at most
      [0, 5, 5, 0],
      [3, 5, 9, 3],
      [5, 5, 9, 5],
      [7, 5, 9, 5],
      [9, 5, 9, 5],
      [9, 0, 9, 0],
      [2, 0, 0, 0],
    ] as const,
    ([leader, verified, last, commit]) => [
      `leader ${leader}, verified ${verified}, log ends at ${last}: ${commit}`,
      rules.followerCommit(logIndex(leader), logIndex(verified), logIndex(last)),
      commit,
    ],
  ),

  firstIndexToSend: table(
    '5.3: entries starting at nextIndex',
    [
      ['1 1 2', 1],
      ['1 1 2', 3],
      ['1 1 2', 4],
      ['', 1],
    ] as const,
    ([log, next]) => [
      `[${log}], nextIndex ${next}`,
      rules.firstIndexToSend(new FollowerProgress(nodeId(1), logIndex(next)), logOf(log)),
      next,
    ],
  ),

  nextIndexAfterRejection: table(
    '5.3, end: back by whole terms, or by one entry',
    [
      // leader's log, refusal, by term, one by one
      ['1 1 1 4 4 5', 'no prev 6 conflict 4@0', 4, 6], // the follower's log ends
      ['1 1 1 4 4 5', 'no prev 6 conflict 1@0', 1, 6],
      ['1 1 1 4 4 5', 'no prev 6 conflict 4@4', 6, 6], // behind the leader's last entry of that term
      ['1 1 1 4 4 5', 'no prev 5 conflict 2@1', 4, 5],
      ['1 1 1 4 4 5', 'no prev 6 conflict 3@2', 3, 6], // a term that the leader has not: its first entry
      ['1 1 1 4 4 5', 'no prev 6 conflict 2@3', 2, 6],
      ['1 1 1 4 4 5', 'no prev 6 conflict 5@9', 5, 6],
      ['2 2', 'no prev 1 conflict 1@1', 1, 1],
    ] as const,
    ([log, text, byTerm, oneByOne]) => {
      const reply = message(`n2 AppendEntriesReply@7 ${text}`) as AppendEntriesReply;
      const ways = (['term', 'one'] as const).map((way) => rules.nextIndexAfterRejection(logOf(log), reply, way));
      return [`[${log}], ${text}: ${byTerm} by term, ${oneByOne} one by one`, ways, [byTerm, oneByOne]];
    },
  ),

  quorumMatch: table(
    '5.3: stored on a majority of the servers',
    [
      ['0', 0],
      ['7', 7],
      ['7 3', 3],
      ['3 7', 3],
      ['7 3 5', 5],
      ['7 0 0', 0],
      ['7 7 0', 7],
      ['7 3 5 4', 4],
      ['7 7 0 0', 0],
      ['7 7 1 0', 1],
      ['9 1 8 2 7', 7],
      ['1 1 1 9 9', 1],
      ['1 1 9 9 9', 9],
      ['5 5 5 4 4 4', 4],
    ] as const,
    ([matches, index]) => {
      const indexes = numbers(matches).map(logIndex);
      return [`${matches}: ${index}`, rules.quorumMatch(initialConfiguration(indexes.length), indexes), index];
    },
  ),

  adoptsTerm: table(
    '5.1: a newer term counts in every message but in a question',
    [
      ['n2 RequestVote@3 last 0@0', true],
      ['n2 RequestVoteReply@3 refused', true],
      ['n2 AppendEntries@3', true],
      ['n2 PreVoteReply@3 refused for 2', true],
      ['n2 PreVote@3 last 0@0', false],
    ] as const,
    ([text, adopts]) => [`${text}: ${adopts}`, rules.adoptsTerm(message(text)), adopts],
  ),

  preVoteCounts: table(
    'thesis 9.6: pre-votes for the question that is out',
    [
      ['n2 PreVoteReply@3 granted for 3', true],
      ['n2 PreVoteReply@2 granted for 3', true], // who grants may be behind
      ['n2 PreVoteReply@3 refused for 3', false],
      ['n2 PreVoteReply@2 granted for 2', false],
    ] as const,
    ([reply, counts]) => [
      `${reply}, asked in term 3: ${counts}`,
      rules.preVoteCounts(message(reply) as PreVoteReply, term(3)),
      counts,
    ],
  ),

  isStickyTo: table(
    'thesis 4.2.3: who hears a leader helps nobody else to its place',
    [
      ['n3', 'n2', true, true],
      ['n3', 'n2', false, false],
      ['n2', 'n2', true, false],
      ['n3', 'nobody', false, false],
    ] as const,
    ([asker, leader, contact, sticky]) => [
      `${asker} asks, ${contact ? 'just' : 'not lately'} heard ${leader}: ${sticky}`,
      rules.isStickyTo(server(asker), server(leader), contact),
      sticky,
    ],
  ),

  mayRead: table(
    'thesis 6.4: a leader reads once it has committed an entry of its own term',
    [
      [3, 3, true],
      [2, 3, false],
      [0, 3, false],
    ] as const,
    ([committed, current, wanted]) => [
      `the newest committed entry is of term ${committed}, in term ${current}: ${wanted}`,
      rules.mayRead(term(committed), term(current)),
      wanted,
    ],
  ),

  confirmedRound: table(
    'thesis 6.4: a round counts when a quorum has answered it',
    [
      [[3, 0, 0], 0],
      [[3, 3, 0], 3],
      [[3, 2, 1], 2],
      [[4, 4, 3, 2, 1], 3],
    ] as const,
    ([rounds, wanted]) => [
      `answered: ${rounds.join(' ')}`,
      rules.confirmedRound(
        initialConfiguration(rounds.length),
        rounds.map((round) => logIndex(round)),
      ),
      wanted,
    ],
  ),

  mayServe: table(
    'thesis 6.4: a read is answered once its index is executed',
    [
      [2, 2, true],
      [2, 3, true],
      [3, 2, false],
    ] as const,
    ([index, commit, wanted]) => [
      `index ${index}, committed ${commit}: ${wanted}`,
      rules.mayServe(logIndex(index), logIndex(commit)),
      wanted,
    ],
  ),

  leaseHolds: table(
    'thesis 6.4.1: a lease counts no more once the lead is to be handed over',
    [
      [false, true],
      [true, false],
      [false, true],
    ] as const,
    ([isHandingOver, wanted]) => [`hands over: ${isHandingOver}`, rules.leaseHolds(isHandingOver), wanted],
  ),

  waitsAfterRestart: table(
    'thesis 6.4.1: who may have given its word keeps it after a crash',
    [
      [0, false],
      [1, true],
      [7, true],
    ] as const,
    ([at, wanted]) => [`with term ${at} on its disk: ${wanted}`, rules.waitsAfterRestart(term(at)), wanted],
  ),

  isPermitted: table(
    'thesis 4.2.3: only a candidate whose leader asked for the election may disturb',
    [
      ['transfer last 3@3', true],
      ['last 3@3', false],
      ['last 9@3', false],
    ] as const,
    ([request, wanted]) => [
      `${request}: ${wanted}`,
      rules.isPermitted(message(`n2 RequestVote@4 ${request}`) as RequestVote),
      wanted,
    ],
  ),

  heedsTimeoutNow: table(
    'thesis 3.10: a request to take over means nothing but in its own term',
    [
      [3, 4, false],
      [4, 4, true],
      [1, 4, false],
    ] as const,
    ([of, now, wanted]) => [
      `of term ${of}, in term ${now}: ${wanted}`,
      rules.heedsTimeoutNow(message(`n2 TimeoutNow@${of} last 3`) as TimeoutNow, term(now)),
      wanted,
    ],
  ),

  mayTakeOver: table(
    'thesis 3.10: who takes over has the whole log of its leader',
    [
      [0, 0, true],
      [2, 3, false],
      [3, 3, true],
    ] as const,
    ([match, last, wanted]) => [
      `${match} of ${last} entries: ${wanted}`,
      rules.mayTakeOver(logIndex(match), logIndex(last)),
      wanted,
    ],
  ),

  transfereeOnStepDown: table(
    'thesis 3.10: a leader that has lost its lead has nothing left to hand over',
    [['n2'], ['n3'], ['nobody']] as const,
    ([transferee]) => [`was ${transferee}`, rules.transfereeOnStepDown(server(transferee)), NOBODY],
  ),

  takesCommands: table(
    'thesis 3.10: a leader that hands over takes no commands',
    [
      ['nobody', true],
      ['n2', false],
      ['n3', false],
    ] as const,
    ([transferee, wanted]) => [`to ${transferee}: ${wanted}`, rules.takesCommands(server(transferee)), wanted],
  ),

  hasQuorumContact: table(
    'thesis 6.2: a leader goes on with a quorum of answers, its own place among them',
    [
      [1, 'n1', true],
      [3, 'n1', false],
      [3, 'n1 n2', true],
      [4, 'n1 n2', false],
      [5, 'n1 n4 n5', true],
    ] as const,
    ([servers, active, goesOn]) => [
      `${active} of ${servers}: ${goesOn}`,
      rules.hasQuorumContact(initialConfiguration(servers), active.split(' ').map(server)),
      goesOn,
    ],
  ),

  isElected: table(
    '5.2: the votes of a majority',
    [
      [1, '', false],
      [1, 'n1', true],
      [2, 'n1', false],
      [2, 'n1 n2', true],
      [3, 'n1 n3', true],
      [4, 'n1 n2', false],
      [4, 'n1 n2 n4', true],
      [5, 'n2 n4', false],
      [5, 'n1 n2 n5', true],
      [3, 'n1 n9', false], // a server that is not of the cluster
    ] as const,
    ([servers, votes, elected]) => [
      `${votes || 'nobody'} of ${servers}: ${elected}`,
      rules.isElected(initialConfiguration(servers), votes.split(' ').filter(Boolean).map(server)),
      elected,
    ],
  ),

  configurationInForce: table(
    '6: the last in the log, whether it is committed or not',
    [
      ['1', '', 0],
      ['1 1', '1:n1 n2', 1],
      ['1 1 1', '1:n1 n2;3:n1', 3],
    ] as const,
    ([terms, placed, index]) => [
      `a log of ${terms} with ${placed || 'no configuration'}, nothing committed: ${index}`,
      rules.configurationInForce(logWith(terms, placed), logIndex(0)),
      index,
    ],
  ),

  hasCommittedInTerm: table(
    'thesis 4.1, the repair of 2015: an entry of the own term is committed',
    [
      ['1 2', 1, 2, false],
      ['1 2', 2, 2, true],
      ['1 2', 0, 2, false],
      ['2 2', 1, 2, true],
    ] as const,
    ([terms, commit, current, has]) => [
      `log ${terms}, committed up to ${commit}, in term ${current}: ${has}`,
      rules.hasCommittedInTerm(logOf(terms), logIndex(commit), term(current)),
      has,
    ],
  ),

  isChangeUnderWay: table(
    '6, thesis 4.1: one change at a time',
    [
      [0, 0, false],
      [3, 2, true],
      [3, 3, false],
      [3, 7, false],
    ] as const,
    ([index, commit, is]) => [
      `a configuration at ${index}, committed up to ${commit}: ${is}`,
      rules.isChangeUnderWay(logIndex(index), logIndex(commit)),
      is,
    ],
  ),

  isSingleStep: table(
    'thesis 4.1, Figure 4.3: one voter more or less',
    [
      ['n1 n2 n3', 'n1 n2 n3 n4', true],
      ['n1 n2 n3', 'n1 n2', true],
      ['n1 n2 n3', 'n1 n2 n3', true],
      ['n1 n2 n3', 'n1 n2 n4', false],
      ['n1 n2 n3', 'n1 n2 n3 n4 n5', false],
      ['n1', 'n2', false],
    ] as const,
    ([old, next, is]) => [
      `from ${old} to ${next}: ${is}`,
      rules.isSingleStep(configuration(old), configuration(next)),
      is,
    ],
  ),

  firstStep: table(
    '6: C_old,new, unless no voter changes',
    [
      ['n1 n2', 'n1 n3', true, 'n1 n3 (from n1 n2)'],
      ['n1 n2', 'n1 n3', false, 'n1 n3'],
      ['n1 n2', 'n1 n2, n3', true, 'n1 n2, learner n3'],
      ['n1 n2 n3', 'n1 n2, n3', true, 'n1 n2 (from n1 n2 n3), learner n3'],
    ] as const,
    ([old, next, isJointUsed, first]) => [
      `from ${old} to ${next}${isJointUsed ? ' by joint consensus' : ''}: ${first}`,
      configurationText(rules.firstStep(configuration(old), configuration(next), isJointUsed)),
      first,
    ],
  ),

  mayStand: whoVotes('mayStand', 'thesis 4.2.1: voters stand for election, learners and strangers do not'),
  mayFinishChange: whoVotes('mayFinishChange', 'thesis 4.2.2: who voted before an uncommitted change may finish it'),
  leavesJoint: table(
    '6: a leader finishes a joint change, whoever began it',
    [
      [1, 1, true],
      [1, 2, true],
      [2, 7, true],
    ] as const,
    ([began, current, leaves]) => [
      `begun in term ${began}, committed in term ${current}: ${leaves}`,
      rules.leavesJoint(term(began), term(current)),
      leaves,
    ],
  ),
  leadsOn: whoVotes('leadsOn', 'thesis 4.2.2: a leader that the committed configuration leaves out steps down'),

  acknowledgedIndex: table(
    '5.3: what was answered, whatever has been sent since',
    [
      [3, 9, 3],
      [0, 4, 0],
      [8, 9, 8],
    ] as const,
    ([match, next, acknowledged]) => [
      `success up to ${match}, entry ${next} is next: ${acknowledged}`,
      rules.acknowledgedIndex(
        message(`n2 AppendEntriesReply@3 ok prev 0 match ${match}`) as AppendEntriesReply,
        new FollowerProgress(nodeId(1), logIndex(next)),
      ),
      acknowledged,
    ],
  ),

  needsSnapshot: table(
    '7: the entry before the next one is still known at the base, and not before it',
    [
      [1, 0, false],
      [6, 5, false],
      [5, 5, true],
      [2, 5, true],
    ] as const,
    ([next, base, needs]) => [
      `entry ${next} is next, the log begins behind ${base}: ${needs}`,
      rules.needsSnapshot(logIndex(next), logIndex(base)),
      needs,
    ],
  ),

  isSnapshotStale: table(
    '7: a snapshot of what is known to be committed changes nothing, however long the log is',
    [
      [3, 5, 5, true],
      [5, 5, 9, true],
      [6, 5, 9, false],
      [6, 5, 6, false],
      [1, 0, 0, false],
    ] as const,
    ([last, commit, end, stale]) => [
      `up to ${last}, committed ${commit} of ${end}: ${stale}`,
      rules.isSnapshotStale(logIndex(last), logIndex(commit), logIndex(end)),
      stale,
    ],
  ),

  continuesSnapshot: table(
    '7, Figure 13, 6: an entry with the same index and term goes on, any other log goes',
    [
      ['1 1 2', '2@1', true],
      ['1 1 2', '3@2', true],
      ['1 1 2', '2@2', false],
      ['1 1 2', '4@2', false],
      ['', '1@1', false],
      ['. . 2', '1@1', false],
      ['. . 2', '2@1', true],
    ] as const,
    ([log, last, goesOn]) => [
      `[${log}] and a snapshot up to ${last}: ${goesOn}`,
      rules.continuesSnapshot(logOf(log), place(last).index, place(last).term),
      goesOn,
    ],
  ),

  isNextPiece: table(
    '7, Figure 13, 3: piece after piece, without a gap',
    [
      [0, 0, true],
      [10, 10, true],
      [20, 10, false],
      [5, 10, false],
      [0, 10, false],
    ] as const,
    ([offset, received, next]) => [
      `from ${offset}, ${received} there: ${next}`,
      rules.isNextPiece(offset, received),
      next,
    ],
  ),

  snapshotToSend: table(
    '7: what was begun is carried through',
    [
      [undefined, 4, 4],
      [4, 4, 4],
      [4, 9, 4],
    ] as const,
    ([begun, latest, sent]) => [
      `${begun ?? 'nothing'} begun, ${latest} is the latest: ${sent}`,
      rules.snapshotToSend(begun === undefined ? undefined : snapshotAt(begun, 1), snapshotAt(latest, 1)).lastIndex,
      sent,
    ],
  ),

  offsetAfterAnswer: table(
    '7: the follower says where it goes on; one that has restarted has nothing',
    [
      [10, 20, 20],
      [20, 0, 0],
      [30, 10, 10],
      [0, 0, 0],
    ] as const,
    ([offset, next, goesOn]) => [
      `${offset} sent, ${next} wanted: ${goesOn}`,
      rules.offsetAfterAnswer(offset, next),
      goesOn,
    ],
  ),

  baseAfterSnapshot: table(
    '7: all that the snapshot stands for goes, but for a tail that is kept',
    [
      [9, 0, 9],
      [9, 3, 6],
      [9, 9, 0],
      [9, 20, 0],
    ] as const,
    ([last, kept, base]) => [
      `up to ${last}, ${kept} kept: ${base}`,
      rules.baseAfterSnapshot(logIndex(last), kept),
      base,
    ],
  ),

  mayCommitByCounting: table(
    '5.4.2: Figure 8',
    [
      [4, 4, true],
      [2, 4, false],
      [3, 4, false],
      [0, 1, false],
    ] as const,
    ([entry, current, may]) => [
      `an entry of term ${entry} in term ${current}: ${may}`,
      rules.mayCommitByCounting(term(entry), term(current)),
      may,
    ],
  ),
};

describe.each(Object.entries(TABLES).map(([rule, { section, rows }]) => ({ rule, section, rows })))(
  '$rule, section $section',
  ({ rows }) => {
    it.each(rows)('%s', (_question, answer, wanted) => expect(answer).toEqual(wanted));
  },
);

it('every rule has a table with at least three rows', () => {
  expect(Object.keys(TABLES).toSorted()).toEqual(Object.keys(paperRules).toSorted());
  for (const [rule, { rows }] of Object.entries(TABLES)) expect(rows.length, rule).toBeGreaterThanOrEqual(3);
});

it('the rules cannot be changed from outside', () => {
  expect(Object.isFrozen(paperRules)).toBe(true);
});
