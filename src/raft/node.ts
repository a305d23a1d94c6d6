// One Raft server (sections 5.1 to 5.6): a pure state machine with one door, `step(event) → effects`.
//
// No clock, no randomness, no I/O. The term rule comes first, then one switch; the handlers live in `election.ts` and
// `replication.ts`, their decisions in `rules.ts`. What the network brings is handled, however stale, late or absurd.

import { assert, unreachable } from '../base/errors.ts';
import type { Effect, NodeEvent } from '../protocol/effect.ts';
import type { LogIndex, NodeId, Term } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Recovered } from '../protocol/recovered.ts';
import { onElectionTimeout, onRequestVote, onRequestVoteReply, onWriteCompleted } from './election.ts';
import type { Log } from './log.ts';
import type { NodeOptions } from './options.ts';
import type { FollowerProgress } from './progress.ts';
import { onAppendEntries, onAppendEntriesReply, onHeartbeatTimeout, onPropose } from './replication.ts';
import type { Rules } from './rules.ts';
import { NodeState } from './state.ts';
import { becomeFollower } from './term.ts';

export type RoleName = 'follower' | 'candidate' | 'leader';

export class RaftNode {
  private readonly state: NodeState;
  private halted = false;

  /** A server of a cluster of `clusterSize` servers, starting from what its disk holds; step `start` first. */
  constructor(id: NodeId, clusterSize: number, options: NodeOptions, rules: Rules, recovered: Recovered) {
    this.state = new NodeState(id, clusterSize, options, rules, recovered);
  }

  get id(): NodeId {
    return this.state.id;
  }
  get role(): RoleName {
    return this.state.role.name;
  }
  get currentTerm(): Term {
    return this.state.currentTerm;
  }
  get votedFor(): NodeId {
    return this.state.votedFor;
  }
  get leader(): NodeId {
    return this.state.leader;
  }
  get log(): Log {
    return this.state.log;
  }
  get commitIndex(): LogIndex {
    return this.state.commitIndex;
  }
  get durableIndex(): LogIndex {
    return this.state.durableIndex;
  }

  /** What a leader knows of its followers, by node id; undefined for anyone else. */
  get progress(): readonly FollowerProgress[] | undefined {
    return this.state.role.name === 'leader' ? this.state.role.progress : undefined;
  }

  /** Every server starts as a follower that waits for a leader (section 5.2). */
  start(): readonly Effect[] {
    this.state.arm('election');
    return this.state.takeEffects();
  }

  /** The one door: takes one event, changes the state and returns what the host has to do, in order. */
  step(event: NodeEvent): readonly Effect[] {
    assert(!this.halted, 'a halted server never acts again');
    const state = this.state;
    switch (event.kind) {
      case 'AppendEntries':
      case 'AppendEntriesReply':
      case 'RequestVote':
      case 'RequestVoteReply':
        this.receive(state, event);
        break;
      case 'WriteCompleted':
        onWriteCompleted(state, event.ticket);
        break;
      case 'Timeout':
        if (event.timer === 'heartbeat') onHeartbeatTimeout(state);
        else onElectionTimeout(state);
        break;
      case 'Propose':
        onPropose(state, event.request, event.command);
        break;
      case 'WriteFailed':
        // What the disk holds is unknown now; only a restart finds out.
        this.halted = true;
        state.halt(`write ${event.ticket} failed`);
        break;
      default:
        unreachable(event);
    }
    return state.takeEffects();
  }

  private receive(state: NodeState, message: Message): void {
    // Nobody outside of the cluster has a say in it.
    if (message.from >= state.clusterSize) return;
    if (message.term > state.currentTerm) becomeFollower(state, message.term);
    switch (message.kind) {
      case 'AppendEntries':
        return onAppendEntries(state, message);
      case 'AppendEntriesReply':
        return onAppendEntriesReply(state, message);
      case 'RequestVote':
        return onRequestVote(state, message);
      case 'RequestVoteReply':
        return onRequestVoteReply(state, message);
      default:
        return unreachable(message);
    }
  }
}
