// One Raft server (sections 5 to 7; thesis 3.10, 4.2.3, 6.2, 9.6): a state machine with a door for each event.
//
// Pure: no clock, no randomness, no I/O. What happens comes in through a door; what the server wants done stands in the
// outbox that the door returns, until the next one is entered. The term rule comes first, then one handler, by
// `handlers.ts`; their decisions are in `rules.ts`. What the network brings is handled, however stale, late or absurd.

import { assert, unreachable } from '../base/errors.ts';
import type { NodeId } from '../base/ids.ts';
import type { Configuration, MembershipChange } from '../protocol/configuration.ts';
import type { Command, Message } from '../protocol/message.ts';
import type { ReadPath } from '../protocol/operation.ts';
import type { Outbox } from '../protocol/outbox.ts';
import type { Recovered } from '../protocol/recovered.ts';
import type { Snapshot } from '../protocol/snapshot.ts';
import { Timer } from '../protocol/timers.ts';
import { handleMessage } from './handlers.ts';
import { isIgnored } from './check-quorum.ts';
import { keepPromise } from './leader-contact.ts';
import { NodeState, type Behaviour } from './state.ts';

export class RaftNode extends NodeState {
  /** A server of this cluster, starting from what its disk holds; `start` comes first. */
  constructor(id: NodeId, configuration: Configuration, behaviour: Behaviour, recovered: Recovered) {
    super(id, configuration, behaviour, behaviour.handlers.recover(recovered));
  }

  /** Every server starts as a follower that waits for a leader (section 5.2). */
  start(): Outbox {
    this.enter();
    assert(this.snapshotIndex >= this.log.base, 'a snapshot stands for what a log no longer has (section 7)');
    assert(this.snapshotIndex <= this.log.lastIndex, 'a log goes on from its snapshot (section 7)');
    this.arm(Timer.election);
    if (this.usesLeases) keepPromise(this);
    return this.finishStep();
  }

  receive(message: Message): Outbox {
    this.enter();
    // Whoever sends it: a server may not know yet that the sender belongs to the cluster (thesis 4.1).
    if (isIgnored(this, message)) return this.finishStep();
    if (message.term > this.currentTerm && this.rules.adoptsTerm(message)) this.handlers.newerTerm(this, message);
    handleMessage(this, message);
    return this.finishStep();
  }

  /** A timer that the server armed has run out. */
  timeout(timer: Timer): Outbox {
    this.enter();
    switch (timer) {
      case Timer.election:
        this.handlers.electionTimeout(this);
        break;
      case Timer.heartbeat:
        this.handlers.heartbeatTimeout(this);
        break;
      case Timer.leaderContact:
        this.handlers.leaderContactTimeout(this);
        break;
      case Timer.quorumCheck:
        this.handlers.quorumCheckTimeout(this);
        break;
      case Timer.tick:
        // No server of ours arms it.
        break;
      case Timer.catchUp:
        this.handlers.catchUpTimeout(this);
        break;
      case Timer.transfer:
        this.handlers.transferTimeout(this);
        break;
      case Timer.snapshot:
        this.handlers.snapshotTimeout(this);
        break;
      case Timer.lease:
        this.handlers.leaseTimeout(this);
        break;
      default:
        unreachable(timer);
    }
    return this.finishStep();
  }

  writeCompleted(ticket: number): Outbox {
    this.enter();
    this.handlers.writeCompleted(this, ticket);
    return this.finishStep();
  }

  writeFailed(ticket: number): Outbox {
    this.enter();
    this.handlers.writeFailed(this, ticket);
    return this.finishStep();
  }

  /** A client asks for a command; `request` is the name that accepts and refuses it. */
  propose(request: number, command: Command): Outbox {
    this.enter();
    this.handlers.propose(this, request, command);
    return this.finishStep();
  }

  /** Someone wants other members; a change that is not taken is refused with a reason. */
  changeMembers(change: MembershipChange): Outbox {
    this.enter();
    this.handlers.changeMembers(this, change);
    return this.finishStep();
  }

  /** A client asks to read; `request` is the name that serves and refuses it, and is never used again. */
  read(request: number, path: ReadPath): Outbox {
    this.enter();
    this.handlers.read(this, request, path);
    return this.finishStep();
  }

  /** Somebody asks this server to hand over its lead; one that does not lead takes no notice. */
  transfer(target: NodeId): Outbox {
    this.enter();
    this.handlers.transfer(this, target);
    return this.finishStep();
  }

  /** The machine was written out at once, without being asked: its snapshot may take the place of the log. */
  compact(snapshot: Snapshot): Outbox {
    this.enter();
    this.handlers.compact(this, snapshot);
    return this.finishStep();
  }

  private enter(): void {
    assert(!this.isHalted, 'a halted server never acts again');
    this.outbox.clear();
  }
}
