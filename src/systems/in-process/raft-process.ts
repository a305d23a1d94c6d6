// Our own Raft node with its state machine, as a process that the world can host.
//
// Calls become proposals; a call waits for the entry that it became, by index and term. When another entry is applied
// there, its outcome is unknown to this node and no client hears of it (section 8). The machine stands on stable
// storage (Ongaro's dissertation, 3.8): it survives a crash, unless the disk lost entries that it had executed; then it
// starts anew and executes the log again.

import { InvariantError } from '../../base/errors.ts';
import { configurationOf, type Configuration, type MembershipChange } from '../../protocol/configuration.ts';
import type { LogIndex, NodeId, Term } from '../../base/ids.ts';
import { NO_OP, ZERO_INDEX, type Command, type Message } from '../../protocol/message.ts';
import type { Outbox } from '../../protocol/outbox.ts';
import type { Snapshot } from '../../protocol/snapshot.ts';
import type { Damage, Recovered, Remedy } from '../../protocol/recovered.ts';
import type { Call } from '../../protocol/operation.ts';
import type { Timer } from '../../protocol/timers.ts';
import { RaftNode } from '../../raft/node.ts';
import type { Behaviour } from '../../raft/state.ts';
import { emptyApplied, type Answer, type Applied, type Probe, type Process } from '../../sim/process.ts';
import { KeyValueMachine, type KeyValueState, type SessionRules } from './key-value-machine.ts';

interface Waiter {
  readonly index: LogIndex;
  readonly term: Term;
  readonly call: Call;
}

/** What a process needs to be built anew at each start. */
export interface NodeRecipe {
  readonly configuration: Configuration;
  readonly behaviour: Behaviour;
  readonly sessions: SessionRules;
  /** How many commands after its first write a key is dropped; left out: never. */
  readonly keyLife?: number;
}

export class RaftProcess implements Process {
  private readonly id: NodeId;
  private readonly recipe: NodeRecipe;
  private node: RaftNode | undefined;
  machine: KeyValueMachine;
  readonly remedyFor: (damage: Damage) => Remedy;
  private requests = 0;
  private proposed: Call | undefined;
  /** By request: reads that take no place in the log. */
  private readonly reading = new Map<number, Call>();
  /** In the order of their indexes. */
  private readonly waiters: Waiter[] = [];
  private applied: LogIndex = ZERO_INDEX;
  private readonly done = emptyApplied();
  /** The hash of the log that the machine had executed when the last life ended. */
  private appliedHash = 0;

  constructor(id: NodeId, recipe: NodeRecipe) {
    this.id = id;
    this.recipe = recipe;
    this.remedyFor = recipe.behaviour.rules.onDamage;
    this.machine = this.freshMachine();
  }

  private freshMachine(): KeyValueMachine {
    const { sessions, behaviour, keyLife } = this.recipe;
    return new KeyValueMachine(sessions, behaviour.options.sessionsMax, keyLife);
  }

  get probe(): Probe {
    return this.running;
  }

  get lastApplied(): LogIndex {
    return this.applied;
  }

  private get running(): RaftNode {
    if (this.node === undefined) throw new InvariantError('only a running process is asked');
    return this.node;
  }

  start(recovered: Recovered): Outbox {
    const { configuration, behaviour } = this.recipe;
    const node = new RaftNode(this.id, configuration, behaviour, recovered);
    this.node = node;
    if (!this.hasExecuted(node)) {
      this.machine = this.freshMachine();
      this.applied = ZERO_INDEX;
      if (node.snapshot !== undefined) this.restore(node.snapshot);
    }
    return node.start();
  }

  /** Whether the machine stands where the log, or what it goes on from, says. */
  private hasExecuted({ log, snapshotIndex }: RaftNode): boolean {
    if (this.applied < snapshotIndex || this.applied > log.lastIndex) return false;
    return log.prefixHashAt(this.applied) === this.appliedHash;
  }

  stop(): void {
    const { log } = this.running;
    // A broken node may have cut what its machine had executed, and a crash may have come between a snapshot that
    // replaced the log and the machine that should have gone on from it: such a machine is of no use.
    if (this.applied >= log.base && this.applied <= log.lastIndex) this.appliedHash = log.prefixHashAt(this.applied);
    else {
      this.machine = this.freshMachine();
      this.applied = ZERO_INDEX;
      this.appliedHash = 0;
    }
    this.node = undefined;
    this.proposed = undefined;
    this.waiters.length = 0;
    this.reading.clear();
  }

  receive(message: Message): Outbox {
    return this.running.receive(message);
  }

  timeout(timer: Timer): Outbox {
    return this.running.timeout(timer);
  }

  writeCompleted(ticket: number): Outbox {
    return this.running.writeCompleted(ticket);
  }

  writeFailed(ticket: number): Outbox {
    return this.running.writeFailed(ticket);
  }

  transfer(target: NodeId): Outbox {
    return this.running.transfer(target);
  }

  call(call: Call): Outbox {
    const { operation } = call;
    if (operation.kind === 'read') {
      this.reading.set(++this.requests, call);
      return this.running.read(this.requests, operation.path);
    }
    this.proposed = call;
    return this.running.propose(++this.requests, call);
  }

  changeMembers(change: MembershipChange): Outbox {
    return this.running.changeMembers(change);
  }

  accept(_request: number, index: LogIndex, term: Term): void {
    const call = this.proposed;
    this.proposed = undefined;
    if (call === undefined) return;
    // A call that waits for an entry at or behind this index waits for one that was cut.
    while (this.waiters.length > 0 && (this.waiters.at(-1) as Waiter).index >= index) this.waiters.pop();
    this.waiters.push({ index, term, call });
  }

  refuse(request: number, leader: NodeId): Answer {
    const call = this.reading.get(request) ?? this.proposed;
    if (call === undefined) throw new InvariantError('only a proposal or a read is refused');
    if (!this.reading.delete(request)) this.proposed = undefined;
    return { client: call.client, sequence: call.sequence, outcome: 'refused', result: '', leader };
  }

  serve(request: number): Answer {
    const call = this.reading.get(request);
    if (call === undefined) throw new InvariantError('only a read that came is answered, and once');
    this.reading.delete(request);
    const { client, sequence, operation } = call;
    return { client, sequence, outcome: 'ok', result: this.machine.read(operation.key, sequence), leader: this.id };
  }

  apply(index: LogIndex): Applied {
    const { log } = this.running;
    const entry = log.entryAt(index);
    const { command } = entry;
    const done = this.done;
    this.applied = index;
    done.answer = undefined;
    done.call = undefined;
    done.executed = false;
    done.isExpired = false;
    if (isCall(command)) {
      const result = this.machine.execute(command);
      done.call = command;
      done.executed = this.machine.executed;
      done.isExpired = this.machine.isExpired;
      done.answer = this.answerTo(index, entry.term, result);
    }
    done.stateHash = this.machine.hash;
    return done;
  }

  capture(): void {
    this.running.captured = this.snapshot();
  }

  compact(): Outbox {
    return this.running.compact(this.snapshot());
  }

  private snapshot(): Snapshot {
    const node = this.running;
    return node.handlers.describeSnapshot(node, this.applied, this.machine.save());
  }

  restore({ lastIndex, state }: Snapshot): void {
    this.machine.restore(state as KeyValueState);
    this.applied = lastIndex;
    // What became of the commands that the snapshot stands for is not known here.
    while (this.waiters.length > 0 && (this.waiters[0] as Waiter).index <= lastIndex) this.waiters.shift();
  }

  /** The answer to the call that waits at this index; none if another term's entry came to stand there. */
  private answerTo(index: LogIndex, term: Term, result: string | undefined): Answer | undefined {
    if (this.waiters.length === 0) return undefined;
    const waiter = this.waiters[0] as Waiter;
    if (waiter.index > index) return undefined;
    this.waiters.shift();
    if (waiter.index < index) return this.answerTo(index, term, result);
    if (waiter.term !== term) return undefined;
    const { client, sequence } = waiter.call;
    if (this.machine.isExpired) return { client, sequence, outcome: 'expired', result: '', leader: this.id };
    if (result === undefined) return undefined;
    return { client, sequence, outcome: 'ok', result, leader: this.id };
  }
}

function isCall(command: Command): command is Call {
  return command !== NO_OP && configurationOf(command) === undefined;
}
