// Our own Raft node with its state machine, as a process that the world can host.
//
// Calls become proposals; a call waits for the entry that it became, by index and term. When another entry is applied
// there, its outcome is unknown to this node and nobody is told (section 8). The machine stands on stable storage
// (Ongaro's dissertation, 3.8): it survives a crash, unless the disk lost entries that it had executed; then it starts
// anew and executes the log again.

import { InvariantError } from '../base/assert.ts';
import type { Effect, NodeEvent } from '../base/effect.ts';
import { hashText, mix } from '../base/hash.ts';
import type { LogIndex, NodeId, Term } from '../base/ids.ts';
import { NO_OP, ZERO_INDEX, type Command } from '../base/message.ts';
import type { Recovered } from '../base/recovered.ts';
import { operationText, type Operation } from '../base/operation.ts';
import { RaftNode } from '../raft/node.ts';
import type { NodeOptions } from '../raft/options.ts';
import type { Rules } from '../raft/rules.ts';
import type { Answer, Applied, Call, Probe, Process } from '../sim/process.ts';
import { KeyValueMachine, type SessionRules } from './key-value-machine.ts';

/** A client's call on its way through the log. */
export interface CallCommand extends Command {
  readonly call: Call;
}

/** What a command costs on the wire besides its texts. */
const COMMAND_OVERHEAD_BYTES = 16;

interface Waiter {
  readonly term: Term;
  readonly call: Call;
}

/** What a process needs to be built anew at each start. */
export interface NodeRecipe {
  readonly clusterSize: number;
  readonly options: NodeOptions;
  readonly rules: Rules;
  readonly sessions: SessionRules;
}

export class RaftProcess implements Process {
  readonly #id: NodeId;
  readonly #recipe: NodeRecipe;
  #node: RaftNode | undefined;
  #machine: KeyValueMachine;
  #requests = 0;
  #proposed: Call | undefined;
  readonly #waiters = new Map<LogIndex, Waiter>();
  #applied: LogIndex = ZERO_INDEX;
  /** The hash of the log that the machine had executed when the last life ended. */
  #appliedChain = 0;

  constructor(id: NodeId, recipe: NodeRecipe) {
    this.#id = id;
    this.#recipe = recipe;
    this.#machine = new KeyValueMachine(recipe.sessions);
  }

  get probe(): Probe {
    return this.#running;
  }

  get lastApplied(): LogIndex {
    return this.#applied;
  }

  get #running(): RaftNode {
    if (this.#node === undefined) throw new InvariantError('only a running process is asked');
    return this.#node;
  }

  start(recovered: Recovered): readonly Effect[] {
    const { clusterSize, options, rules, sessions } = this.#recipe;
    const node = new RaftNode(this.#id, clusterSize, options, rules, recovered);
    this.#node = node;
    if (node.log.lastIndex < this.#applied || node.log.chainAt(this.#applied) !== this.#appliedChain) {
      this.#machine = new KeyValueMachine(sessions);
      this.#applied = ZERO_INDEX;
    }
    return node.start();
  }

  stop(): void {
    this.#appliedChain = this.#running.log.chainAt(this.#applied);
    this.#node = undefined;
    this.#proposed = undefined;
    this.#waiters.clear();
  }

  step(event: NodeEvent): readonly Effect[] {
    return this.#running.step(event);
  }

  call(call: Call): readonly Effect[] {
    this.#proposed = call;
    return this.#running.step({ kind: 'Propose', request: ++this.#requests, command: commandOf(call) });
  }

  accept(_request: number, index: LogIndex, term: Term): void {
    if (this.#proposed !== undefined) this.#waiters.set(index, { term, call: this.#proposed });
    this.#proposed = undefined;
  }

  refuse(_request: number, leader: NodeId): Answer {
    const call = this.#proposed;
    if (call === undefined) throw new InvariantError('only a proposal is refused');
    this.#proposed = undefined;
    return { client: call.client, sequence: call.sequence, outcome: 'refused', result: '', leader };
  }

  apply(index: LogIndex): Applied {
    const { log } = this.#running;
    const entry = log.entryAt(index);
    const { command } = entry;
    this.#applied = index;
    const waiter = this.#waiters.get(index);
    if (waiter !== undefined) this.#waiters.delete(index);
    if (!isCall(command)) {
      return { call: undefined, executed: false, stateHash: this.#machine.hash, answer: undefined };
    }
    const { executed, result } = this.#machine.execute(command.call);
    let answer: Answer | undefined;
    if (waiter !== undefined && waiter.term === entry.term && result !== undefined) {
      const { client, sequence } = waiter.call;
      answer = { client, sequence, outcome: 'ok', result, leader: this.#id };
    }
    return { call: command.call, executed, stateHash: this.#machine.hash, answer };
  }
}

function isCall(command: Command): command is CallCommand {
  return command !== NO_OP;
}

/** A call as the command of a log entry. */
export function commandOf(call: Call): CallCommand {
  const { client, sequence, operation } = call;
  const hash = mix(mix(hashText(operationText(operation)), client), sequence);
  return { hash, bytes: COMMAND_OVERHEAD_BYTES + sizeOf(operation), call };
}

function sizeOf(operation: Operation): number {
  switch (operation.kind) {
    case 'get':
      return operation.key.length;
    case 'put':
    case 'append':
      return operation.key.length + operation.value.length;
    case 'cas':
      return operation.key.length + operation.expected.length + operation.value.length;
    case 'add':
      return operation.key.length + 8;
  }
}
