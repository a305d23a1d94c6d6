// What a server does about each thing that can happen to it, by name: one handler for each message, timer and request.
//
// The node calls its handlers and nothing else, so that a variant of the zoo can wrap one of them from outside, where a
// rule alone does not say what is wrong.

import type { Recovered } from '../protocol/recovered.ts';
import { onElectionTimeout, onRequestVote, onRequestVoteReply, onWriteCompleted } from './election.ts';
import { onAppendEntries, onAppendEntriesReply, onHeartbeatTimeout, onPropose } from './replication.ts';
import type { Handlers } from './state.ts';

export const paperHandlers: Handlers = Object.freeze({
  AppendEntries: onAppendEntries,
  AppendEntriesReply: onAppendEntriesReply,
  RequestVote: onRequestVote,
  RequestVoteReply: onRequestVoteReply,
  electionTimeout: onElectionTimeout,
  heartbeatTimeout: onHeartbeatTimeout,
  writeCompleted: onWriteCompleted,
  propose: onPropose,
  recover: (recovered: Recovered): Recovered => recovered,
});
