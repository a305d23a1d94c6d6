// One Raft node under test: built in one call, moved by texts, compared as texts.
//
// The node is always brought into its state through its own door (recovery, timeouts, messages), never by reaching
// into it. Its host is the test: writes stay on their way until an event `written` completes the oldest.

import { expect } from 'vitest';
import type { TimerName } from '../../src/protocol/timers.ts';
import { logIndex, nodeId, nodeName, term } from '../../src/base/ids.ts';
import type { Snapshot } from '../../src/protocol/snapshot.ts';
import type { Message } from '../../src/protocol/message.ts';
import { entriesIn } from '../../src/protocol/messages/text.ts';
import type { ReadPath } from '../../src/protocol/operation.ts';
import type { Recovered } from '../../src/protocol/recovered.ts';
import { initialConfiguration } from '../../src/protocol/configuration.ts';
import { paperHandlers } from '../../src/raft/handlers.ts';
import { RaftNode } from '../../src/raft/node.ts';
import { defaultNodeOptions, type NodeOptions } from '../../src/raft/options.ts';
import { paperRules, type Rules } from '../../src/raft/rules.ts';
import type { RoleName } from '../../src/protocol/roles.ts';
import { effectsIn, stepNode, type Effect, type NodeEvent } from './effects.ts';
import {
  COMMAND_BYTES,
  SNAPSHOT_BYTES,
  commandAt,
  effectsText,
  entriesOf,
  lastPlace,
  listOf,
  logText,
  messageText,
  numbers,
  readMessage,
  server,
} from './text.ts';

export interface NodeSpec {
  /** n1 unless told. */
  readonly id?: string;
  /** Three unless told. */
  readonly nodes?: number;
  /** The terms of the log's entries. A leader's entries of its own term are proposed to it, the others recovered. */
  readonly log?: string;
  /** The current term; that of the last entry, but at least 1, unless told. */
  readonly term?: number;
  /** Followers only: whom it voted for in this term. */
  readonly vote?: string;
  readonly role?: RoleName;
  /** Followers and candidates only: told by a leader, for a candidate by that of the term before. */
  readonly commit?: number;
  /** Followers only: the leader that it has heard. */
  readonly leader?: string;
  /** Leaders only: what has been acknowledged. */
  readonly matched?: Readonly<Record<string, number>>;
  /** The plain algorithm of the paper unless told: no no-op on election. */
  readonly options?: Partial<NodeOptions>;
  readonly rules?: Partial<Rules>;
}

/** What a node shows of itself, in values. */
export interface NodeView {
  readonly role: RoleName;
  readonly term: number;
  readonly vote: string;
  readonly leader: string;
  readonly log: readonly number[];
  readonly commit: number;
  readonly durable: number;
}

export class TestNode {
  readonly raft: RaftNode;
  /** Everything that left the node and was not delivered yet. */
  readonly outbox: Message[] = [];
  private readonly tickets: number[] = [];
  private requests = 0;

  constructor(spec: NodeSpec, disk: Recovered) {
    const options = { ...defaultNodeOptions, noOpOnElection: false, ...spec.options };
    const rules = { ...paperRules, ...spec.rules };
    const behaviour = { options, rules, handlers: paperHandlers };
    this.raft = new RaftNode(server(spec.id ?? 'n1'), initialConfiguration(spec.nodes ?? 3), behaviour, disk);
  }

  /** The one door, in values; `on` is the same door in texts. */
  step(event: NodeEvent): readonly Effect[] {
    freeze(event);
    return this.note(stepNode(this.raft, event));
  }

  start(): string {
    return effectsText(this.note(effectsIn(this.raft.start())));
  }

  /**
   * Handles one event and tells the effects: `election timeout`, `heartbeat timeout`, `written` (the oldest write is
   * durable), `write fails`, `propose` (also `propose 99 bytes`), `transfer to n2`, or a message with its sender.
   */
  on(text: string): string {
    return effectsText(this.step(this.event(text)));
  }

  /** Completes every write that is on its way. */
  writeAll(): string {
    const told: string[] = [];
    while (this.tickets.length > 0) told.push(this.on('written'));
    return told.filter((line) => line !== 'nothing').join('; ') || 'nothing';
  }

  get name(): string {
    return nodeName(this.raft.id);
  }

  get pendingWrites(): number {
    return this.tickets.length;
  }

  /** 'follower@3 vote n2'. */
  get state(): string {
    return `${this.raft.role}@${this.raft.currentTerm} vote ${nodeName(this.raft.votedFor)}`;
  }

  get log(): string {
    return logText(this.raft.log);
  }

  get view(): NodeView {
    const { role, currentTerm, votedFor, leader, commitIndex, durableIndex } = this.raft;
    return {
      role,
      term: currentTerm,
      vote: nodeName(votedFor),
      leader: nodeName(leader),
      // A 0 for each entry that a snapshot stands for.
      log: numbers(this.log.replaceAll('.', '0')),
      commit: commitIndex,
      durable: durableIndex,
    };
  }

  /** What a leader knows of a follower: 'replicate match 3 next 6 inflight 2'. */
  progress(peer: string): string {
    const progress = this.raft.followerOf(server(peer));
    if (progress === undefined) return 'none';
    const { mode, paused, matchIndex, nextIndex, inflight } = progress;
    const tail = `${paused ? ' paused' : ''}${inflight.length > 0 ? ` inflight ${inflight.length}` : ''}`;
    return `${mode} match ${matchIndex} next ${nextIndex}${tail}`;
  }

  private event(text: string): NodeEvent {
    switch (text) {
      case 'election timeout':
      case 'heartbeat timeout':
      case 'leaderContact timeout':
      case 'quorumCheck timeout':
      case 'snapshot timeout':
      case 'transfer timeout':
      case 'lease timeout':
        return { kind: 'Timeout', timer: text.replace(' timeout', '') as TimerName };
      case 'written':
        return { kind: 'WriteCompleted', ticket: this.oldestWrite() };
      case 'write fails':
        return { kind: 'WriteFailed', ticket: this.oldestWrite() };
    }
    const [, path] = /^read by (index|lease|follower)$/.exec(text) ?? [];
    if (path !== undefined) return { kind: 'Read', request: ++this.requests, path: path as ReadPath };
    const [, heir] = /^transfer to (n\d)$/.exec(text) ?? [];
    if (heir !== undefined) return { kind: 'Transfer', target: server(heir) };
    const compacted = /^compact (\d+)$/.exec(text);
    if (compacted !== null) return { kind: 'Compact', snapshot: this.snapshotOf(Number(compacted[1])) };
    const proposal = /^propose(?: (\d+) bytes)?$/.exec(text);
    if (proposal === null) return readMessage(text, this.raft.id);
    return this.proposal(++this.requests, Number(proposal[1] ?? COMMAND_BYTES));
  }

  /** The command that belongs behind the end of the log. */
  proposal(request: number, bytes = COMMAND_BYTES): NodeEvent {
    const command = commandAt(this.raft.log.lastIndex + 1, this.raft.currentTerm, bytes);
    return { kind: 'Propose', request, command };
  }

  /** What the machine would write of itself after the entry at an index. */
  private snapshotOf(index: number): Snapshot {
    const state = { hash: index, bytes: SNAPSHOT_BYTES };
    return this.raft.handlers.describeSnapshot(this.raft, logIndex(index), state);
  }

  private oldestWrite(): number {
    const ticket = this.tickets.shift();
    if (ticket === undefined) throw new Error('no write is on its way');
    return ticket;
  }

  private note(effects: readonly Effect[]): readonly Effect[] {
    for (const effect of effects) {
      if (effect.kind === 'persist') {
        Object.freeze(effect.write.entries);
        this.tickets.push(effect.write.ticket);
      }
      if (effect.kind === 'capture') this.raft.captured = this.snapshotOf(this.raft.commitIndex);
      if (effect.kind === 'send') {
        freeze(effect.message);
        if (effect.message.from !== this.raft.id) throw new Error('a node sends in its own name');
        this.outbox.push(effect.message);
      }
    }
    return effects;
  }
}

/** What was sent is never changed by anyone, and no log may share its array of entries. */
function freeze(event: NodeEvent): void {
  Object.freeze(event);
  if ('from' in event) Object.freeze(entriesIn(event).entries);
}

/** A node in the state that is asked for, with everything durable and nothing on its way. */
export function node(spec: NodeSpec = {}): TestNode {
  const { log = '', role = 'follower', vote = 'nobody', commit = 0 } = spec;
  const currentTerm = spec.term ?? Math.max(1, lastPlace(log).term);
  const elected = role !== 'follower';
  const terms = numbers(log);
  const old = elected ? terms.filter((n) => n < currentTerm) : terms;
  if (role === 'candidate' && old.length < terms.length) throw new Error('a candidate has no entry of its own term');
  const made = restart(spec, {
    hardState: {
      term: term(elected ? currentTerm - 1 : currentTerm),
      votedFor: elected ? server('nobody') : server(vote),
    },
    snapshot: undefined,
    log: listOf(entriesOf(old.join(' '))),
  });

  const leader = spec.leader ?? (made.name === 'n2' ? 'n1' : 'n2');
  if (spec.leader !== undefined || commit > 0) {
    const last = lastPlace(old.join(' '));
    made.on(`${leader} AppendEntries@${made.raft.currentTerm} prev ${last.index}@${last.term} commit ${commit}`);
  }
  if (elected) {
    // With leases it keeps its word to the leader of before.
    if (made.raft.hasLeaderContact) made.on('leaderContact timeout');
    made.on('election timeout');
    for (let i = 0; i < (spec.nodes ?? 3) && made.raft.role === 'pre-candidate'; i++) {
      const at = made.raft.currentTerm;
      if (nodeId(i) !== made.raft.id) made.on(`n${i + 1} PreVoteReply@${at} granted for ${at}`);
    }
  }
  made.writeAll();
  if (role === 'leader') makeLeader(made, spec, terms.length - old.length);

  expect(made.state).toBe(`${role}@${currentTerm} vote ${elected ? made.name : vote}`);
  expect(made.raft.commitIndex, 'commitIndex').toBe(role === 'leader' ? made.raft.commitIndex : commit);
  made.outbox.length = 0;
  return made;
}

function makeLeader(made: TestNode, { nodes = 3, matched = {} }: NodeSpec, proposals: number): void {
  for (let i = 0; i < nodes && made.raft.role === 'candidate'; i++) {
    if (nodeId(i) !== made.raft.id) made.on(`n${i + 1} RequestVoteReply@${made.raft.currentTerm} granted`);
  }
  for (let i = 0; i < proposals; i++) made.step(made.proposal(0));
  made.writeAll();
  for (const [peer, index] of Object.entries(matched)) {
    made.on(`${peer} AppendEntriesReply@${made.raft.currentTerm} ok prev ${index} match ${index}`);
  }
}

/** A node that starts from what a disk holds. */
export function restart(spec: NodeSpec, disk: Recovered): TestNode {
  const made = new TestNode(spec, disk);
  made.start();
  return made;
}

/** What a disk holds: 'term 3 vote n2 log 1 1 2'. */
export function recovered(text: string): Recovered {
  const [, at, vote, log] = /^term (\d+) vote (\w+) log ?([\d ]*)$/.exec(text) ?? [];
  if (at === undefined || vote === undefined) throw new Error(`'${text}' is no recovered state`);
  return {
    hardState: { term: term(Number(at)), votedFor: server(vote) },
    snapshot: undefined,
    log: listOf(entriesOf(log ?? '')),
  };
}

/** Plays a script of `event → effects` lines and compares it as a whole; a line that starts with `;` goes on. */
export function play(made: TestNode, script: string): void {
  const lines = script
    .replace(/\s*\n\s*;/g, ';')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const played = lines.map((line) => {
    const [event = ''] = line.split(' → ');
    return `${event} → ${made.on(event)}`;
  });
  expect(played).toEqual(lines);
}

/** Delivers what the nodes say to each other, all writes at once, until they are silent; tells what was said. */
export function settle(...nodes: readonly TestNode[]): string[] {
  const said: string[] = [];
  for (let moved = true; moved;) {
    moved = false;
    for (const sender of nodes) {
      sender.writeAll();
      for (let message = sender.outbox.shift(); message !== undefined; message = sender.outbox.shift()) {
        const receiver = nodes.find((one) => one.raft.id === message?.to);
        if (receiver === undefined) continue;
        said.push(`${sender.name} → ${receiver.name} ${messageText(message)}`);
        receiver.step(message);
        moved = true;
      }
    }
    if (said.length > 10_000) throw new Error('the nodes never fall silent');
  }
  return said;
}
