// Where the paper speaks of each decision of a server: of its rules, and of its handlers that are no message's.
//
// What is said of a finding names one of them. A rule or a handler without a row does not compile; a message's handler
// has the section of its message. Nothing looks here while a node runs.

import type { MessageKind } from '../protocol/message.ts';
import type { Rules } from './rules.ts';
import type { Handlers } from './state.ts';

/** The section of every rule; the dissertation's where the paper does not know it. */
export const ruleSections: Readonly<Record<keyof Rules, string>> = {
  voteOnStepDown: '5.2',
  logIsUpToDate: '5.4.1',
  voteCounts: '5.2',
  recordVote: '5.2',
  isElected: '5.2',
  adoptsTerm: '5.1',
  preVoteCounts: 'dissertation 9.6',
  isStickyTo: 'dissertation 4.2.3',
  mayRead: 'dissertation 6.4',
  confirmedRound: 'dissertation 6.4',
  mayServe: 'dissertation 6.4',
  leaseHolds: 'dissertation 6.4.1',
  waitsAfterRestart: 'dissertation 6.4.1',
  isPermitted: 'dissertation 4.2.3',
  heedsTimeoutNow: 'dissertation 3.10',
  mayTakeOver: 'dissertation 3.10',
  transfereeOnStepDown: 'dissertation 3.10',
  takesCommands: 'dissertation 3.10',
  hasQuorumContact: 'dissertation 6.2',
  waitsForDisk: '5.1, Figure 2',
  onDamage: 'FAST 2018',
  prevMatches: '5.3',
  cutPoint: '5.3',
  followerCommit: '5.3, Figure 2',
  firstIndexToSend: '5.3',
  nextIndexAfterRejection: '5.3',
  acknowledgedIndex: '5.3',
  quorumMatch: '5.3',
  mayCommitByCounting: '5.4.2',
  needsSnapshot: '7',
  isSnapshotStale: '7',
  continuesSnapshot: '7, Figure 13',
  isNextPiece: '7, Figure 13',
  snapshotToSend: '7',
  offsetAfterAnswer: '7',
  baseAfterSnapshot: '7',
  configurationInForce: '6',
  hasCommittedInTerm: 'dissertation 4.1',
  isChangeUnderWay: '6, dissertation 4.1',
  isSingleStep: 'dissertation 4.1',
  firstStep: '6',
  mayStand: 'dissertation 4.2',
  mayFinishChange: 'dissertation 4.2.2',
  leavesJoint: '6',
  leadsOn: 'dissertation 4.2.2',
};

/** The section of every handler of a timer, a request, a write or a start. */
export const handlerSections: Readonly<Record<Exclude<keyof Handlers, MessageKind>, string>> = {
  electionTimeout: '5.2',
  heartbeatTimeout: '5.2',
  leaderContactTimeout: 'dissertation 4.2.3',
  quorumCheckTimeout: 'dissertation 6.2',
  transferTimeout: 'dissertation 3.10',
  snapshotTimeout: '7',
  leaseTimeout: 'dissertation 6.4.1',
  campaign: '5.2',
  writeFailed: 'Figure 2',
  newerTerm: '5.1',
  writeCompleted: '5.1, Figure 2',
  catchUpTimeout: 'dissertation 4.2.1',
  propose: '5.3',
  changeMembers: '6',
  transfer: 'dissertation 3.10',
  read: 'dissertation 6.4',
  recover: '5.1, Figure 2',
  describeSnapshot: '7',
  compact: '7',
  install: '7, Figure 13',
  restore: '7, Figure 13',
};
