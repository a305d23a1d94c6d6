// A server that is not ours, as a process that the world can host.
//
// It turns the doors of the port into calls of a transport, and what the server wants into an outbox. It keeps the
// mirror of the server's log and executes what the server applies on the simulator's own state machine, so that
// answers, linearizability and equal states need no help from the system. What the server says is checked here, once
// for every transport, and refused in one sentence.

import { hashText, mix } from '../../base/hash.ts';
import { logIndex, nodeId, nodeName, NOBODY, term as termOf, type LogIndex, type NodeId } from '../../base/ids.ts';
import { InvariantError } from '../../base/errors.ts';
import type { Capability } from '../../protocol/capabilities.ts';
import { initialConfiguration, type Configuration } from '../../protocol/configuration.ts';
import { EntryList } from '../../protocol/entry-list.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry, type HardState, type Message } from '../../protocol/message.ts';
import type { Call, Operation } from '../../protocol/operation.ts';
import { Outbox } from '../../protocol/outbox.ts';
import type { Recovered } from '../../protocol/recovered.ts';
import type { RoleName } from '../../protocol/roles.ts';
import { Timer } from '../../protocol/timers.ts';
import {
  emptyApplied,
  type Answer,
  type Applied,
  type FollowerView,
  type Probe,
  type Process,
} from '../../sim/process.ts';
import { exactlyOnce, KeyValueMachine } from '../in-process/key-value-machine.ts';
import type { ClusterOptions } from '../system.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';
import type { Backend, Description, ForeignMessage, ForeignState, ForeignWrite, Wishes } from './backend.ts';
import { isClientCall, type Commands } from './commands.ts';
import { Mirror, nextIndex } from './mirror.ts';

/** No message of a Raft is larger, and no answer of a server holds more of them. */
const PAYLOAD_MAX = 16 * 1024 * 1024;
/** No server waits longer for a leader, or to be heard. */
const HURRY_MAX_MICROS = 2_000_000;
const NUMBER_MAX = 2_000_000_000;
/** What only the state of an answer shows. */
const STATE_WORDS: readonly Capability[] = ['roles', 'terms', 'votes', 'commit'];

export class ForeignProcess implements Process, Probe, Wishes {
  readonly shows: readonly Capability[];
  readonly tickMicros: number;
  readonly canHurry: boolean;
  readonly understands: readonly Operation['kind'][] | undefined;
  readonly configuration: Configuration;
  role: RoleName = 'follower';
  currentTerm = ZERO_TERM;
  votedFor = NOBODY;
  leader = NOBODY;
  readonly transferee = NOBODY;
  readonly holdsLease = false;
  commitIndex = ZERO_INDEX;
  log = new Mirror(new EntryList());
  machine: KeyValueMachine;
  lastApplied = ZERO_INDEX;

  private readonly id: NodeId;
  private readonly backend: Backend;
  private readonly commands: Commands;
  private readonly options: ClusterOptions;
  private readonly outbox = new Outbox();
  private readonly done = emptyApplied();
  private readonly showsLog: boolean;
  private readonly showsState: boolean;
  private hasToldState = false;
  private lives = 0;
  private clock = 0;
  private isUp = false;
  private hasLog = false;
  private hardState: HardState = { term: ZERO_TERM, votedFor: NOBODY };
  /** The calls that this server took and has not answered. */
  private readonly waiting = new Set<Call>();
  /** By request: the calls that it refused in the step that is going on. */
  private readonly refusedCalls: Call[] = [];
  /** By request: what its own machine answered in the step that is going on. */
  private readonly servedAnswers: Answer[] = [];
  /** What it applied itself, by index, until the world executes it. */
  private readonly appliedHere = new Map<number, Entry>();
  /** The last entry that it told to have applied. */
  private told = 0;
  /** What the server is at, for the sentence about what is wrong. */
  private doing = '';

  constructor(id: NodeId, backend: Backend, description: Description, commands: Commands, options: ClusterOptions) {
    this.id = id;
    this.backend = backend;
    this.commands = commands;
    this.options = options;
    this.machine = new KeyValueMachine(exactlyOnce, options.sessionsMax);
    this.shows = description.shows;
    this.showsLog = description.shows.includes('log');
    this.showsState = STATE_WORDS.some((one) => description.shows.includes(one));
    this.tickMicros = description.tickMicros;
    this.canHurry = description.tickMicros > 0 && description.operations === undefined;
    this.understands = description.operations;
    this.configuration = initialConfiguration(options.nodes);
  }

  get probe(): Probe {
    if (!this.isUp) throw new InvariantError('only a running process is asked');
    return this;
  }

  followerOf(): FollowerView | undefined {
    return undefined;
  }

  // ── doors ──────────────────────────────────────────────────────────────────────────────────────────────────────

  start({ hardState, log }: Recovered): Outbox {
    const { commands } = this;
    const entries = log.slice(1, Infinity).map((entry) => ({ term: entry.term, data: commands.textOf(entry.command) }));
    this.hardState = hardState;
    // Also a server that does not show its log may keep one.
    this.hasLog = this.showsLog || entries.length > 0;
    this.log = new Mirror(this.hasLog ? log : new EntryList());
    this.machine = new KeyValueMachine(exactlyOnce, this.options.sessionsMax);
    this.lastApplied = ZERO_INDEX;
    this.told = 0;
    this.appliedHere.clear();
    this.waiting.clear();
    this.role = 'follower';
    this.currentTerm = hardState.term;
    this.votedFor = hardState.votedFor;
    this.leader = NOBODY;
    this.commitIndex = ZERO_INDEX;
    this.isUp = true;
    this.lives++;
    const { term, votedFor, state = '' } = hardState;
    const disk = { term, vote: votedFor + 1, log: entries, state };
    const seed = mix(mix(hashText(this.options.seed), this.id), this.lives) >>> 0;
    const outbox = this.enter('starting');
    this.hasToldState = false;
    this.backend.start({ options: this.options, seed, disk }, this.now, this);
    if (this.showsState && !this.hasToldState) {
      this.fail(`tells no state, but the system says that it shows ${this.shows.join(', ')}`);
    }
    if (this.tickMicros > 0) outbox.arm(Timer.tick);
    return outbox;
  }

  stop(): void {
    this.isUp = false;
    this.backend.stop();
  }

  receive(message: Message): Outbox {
    const outbox = this.enter(`at a message from ${nodeName(message.from)}`);
    // What our own node would say is noise to it.
    if (message.kind === 'Foreign') this.backend.receive(message.from, message.payload, this.now, this);
    return outbox;
  }

  timeout(timer: Timer): Outbox {
    const outbox = this.enter(timer === Timer.tick ? 'at a tick' : 'at a timeout');
    if (timer === Timer.tick) {
      const before = this.clock;
      this.clock = Math.max(this.now, before + this.tickMicros);
      this.backend.tick(this.clock, this);
      outbox.arm(Timer.tick);
    } else if (this.canHurry) this.hurry();
    else if (timer === Timer.election) this.backend.timeout('election', this.now, this);
    else if (timer === Timer.heartbeat) this.backend.timeout('heartbeat', this.now, this);
    return outbox;
  }

  /** Lets time pass for the server alone, until it does something about it. */
  private hurry(): void {
    const { outbox, role, currentTerm } = this;
    for (let ticks = 0; ticks * this.tickMicros < HURRY_MAX_MICROS; ticks++) {
      this.clock += this.tickMicros;
      this.backend.tick(this.clock, this);
      if (outbox.length > 0 || this.role !== role || this.currentTerm !== currentTerm) return;
    }
  }

  writeCompleted(ticket: number): Outbox {
    const outbox = this.enter(`at the end of write ${ticket}`);
    this.backend.written(ticket, this.now, this);
    return outbox;
  }

  writeFailed(ticket: number): Outbox {
    const outbox = this.enter(`at the failure of write ${ticket}`);
    outbox.halt(`write ${ticket} failed`);
    return outbox;
  }

  /** The protocol of children knows no such wish. */
  transfer(): Outbox {
    return this.enter('at a wish to hand over');
  }

  call(call: Call): Outbox {
    const outbox = this.enter('at a proposal');
    const first = this.commands.firstOf(call);
    this.waiting.add(first);
    if (this.backend.operate === undefined) this.backend.propose(this.commands.tokenOf(call), this.now, this);
    else this.backend.operate(first, this);
    return outbox;
  }

  accept(): void {
    // Who waits for a call is known by the call; its place in the log does not matter.
  }

  refuse(request: number, leader: NodeId): Answer {
    const call = this.refusedCalls[request];
    if (call === undefined) throw new InvariantError('only a call that was refused is answered so');
    return { client: call.client, sequence: call.sequence, outcome: 'refused', result: '', leader };
  }

  serve(request: number): Answer {
    const answer = this.servedAnswers[request];
    if (answer === undefined) throw new InvariantError('only a machine of its own answers without a log');
    return answer;
  }

  apply(index: LogIndex): Applied {
    const { done } = this;
    const { command } = this.appliedHere.get(index) ?? this.log.entryAt(index);
    this.appliedHere.delete(index);
    this.lastApplied = index;
    done.call = undefined;
    done.executed = false;
    done.isExpired = false;
    done.answer = undefined;
    if (isClientCall(command)) {
      const result = this.machine.execute(command);
      done.call = command;
      const { executed, isExpired } = this.machine;
      done.executed = executed;
      done.isExpired = isExpired;
      if (this.waiting.delete(command) && (isExpired || result !== undefined)) {
        const { client, sequence } = command;
        const outcome = isExpired ? 'expired' : 'ok';
        done.answer = { client, sequence, outcome, result: result ?? '', leader: this.id };
      }
    }
    done.stateHash = this.machine.hash;
    return done;
  }

  // ── what the server wants ──────────────────────────────────────────────────────────────────────────────────────

  send({ to, payload, name, reading, term, grants, acknowledges }: ForeignMessage): void {
    const { nodes } = this.options;
    if (!Number.isInteger(to) || to < 1 || to > nodes) {
      this.fail(`sends a message to server ${to}, but there are servers 1 to ${nodes}`);
    }
    if (to - 1 === this.id) this.fail('sends a message to itself');
    if (payload.length > PAYLOAD_MAX) {
      this.fail(`sends a message of ${payload.length} bytes, more than ${PAYLOAD_MAX}`);
    }
    this.outbox.send({
      kind: 'Foreign',
      from: this.id,
      to: nodeId(to - 1),
      term: termOf(this.whole('the term of a message', term)),
      name,
      reading,
      grants,
      acknowledges: logIndex(this.whole('the index that a message acknowledges', acknowledges)),
      payload,
    });
  }

  write({ ticket, hardState, from, entries }: ForeignWrite): void {
    this.whole('the ticket of a write', ticket);
    this.whole('the first index of a write', from);
    const added = entries.map(({ term, data }) => ({
      term: termOf(this.whole('the term of an entry', term)),
      command: this.commands.commandOf(data),
    }));
    if (from > 0) {
      const wrong = this.log.write(from, added);
      if (wrong !== undefined) this.fail(wrong);
      this.hasLog = true;
    }
    const kept = hardState === undefined ? undefined : this.hardStateOf(hardState);
    const write = { ticket, hardState: kept, compaction: undefined, from: logIndex(from), entries: added };
    if (ticket === 0) this.outbox.store(write);
    else this.outbox.persist(write);
  }

  private hardStateOf({ term, vote, state }: NonNullable<ForeignWrite['hardState']>): HardState {
    const votedFor = nodeId(this.server('the vote of a write', vote) - 1);
    const head = { term: termOf(this.whole('the term of a write', term)), votedFor };
    this.hardState = state === '' ? head : { ...head, state };
    return this.hardState;
  }

  applied(index: number, term: number, data: string): void {
    this.whole('the index of an applied entry', index);
    if (index <= this.told) this.fail(`applies entry ${index} behind entry ${this.told}`);
    const command = this.commands.commandOf(data);
    if (this.hasLog) this.comparedWithLog(index, term, data);
    else {
      if (index !== this.told + 1) this.fail(`applies entry ${index} right after entry ${this.told}`);
      this.log.extend({ term: termOf(this.whole('the term of an applied entry', term)), command });
    }
    this.appliedHere.set(index, { term: termOf(term), command });
    const first = nextIndex(this.told);
    this.told = index;
    this.outbox.apply(first, logIndex(index));
  }

  /** A server that shows its log may leave out what its machine does not see: no-ops, changes of the configuration. */
  private comparedWithLog(index: number, term: number, data: string): void {
    if (!this.log.has(index)) this.fail(`applies entry ${index}, but its log ends at ${this.log.lastIndex}`);
    const entry = this.log.entryAt(logIndex(index));
    if (term !== 0 && entry.term !== term) {
      this.fail(`applies an entry ${index} of term ${term}, but its log holds one of term ${entry.term} there`);
    }
    if (entry.command === this.commands.commandOf(data)) return;
    this.fail(
      `applies ${JSON.stringify(data.slice(0, 40))} as entry ${index}, but its log holds another command there`,
    );
  }

  refused(data: string, leader: number): void {
    const command = this.commands.commandOf(data);
    if (!isClientCall(command)) this.fail(`refuses ${JSON.stringify(data.slice(0, 40))}, which no client asked for`);
    this.refusedCall(command, leader);
  }

  answered(call: Call, result: string): void {
    if (!this.waiting.delete(call)) return;
    const { client, sequence } = call;
    this.servedAnswers.push({ client, sequence, outcome: 'ok', result, leader: this.id });
    this.outbox.serve(this.servedAnswers.length - 1, ZERO_INDEX);
  }

  refusedCall(call: Call, leader: number): void {
    if (!this.waiting.delete(call)) return;
    this.refusedCalls.push(call);
    this.outbox.refuse(this.refusedCalls.length - 1, nodeId(this.server('the leader of a refusal', leader) - 1));
  }

  arm(timer: 'election' | 'heartbeat'): void {
    this.outbox.arm(Timer[timer]);
  }

  disarm(timer: 'election' | 'heartbeat'): void {
    this.outbox.disarm(Timer[timer]);
  }

  halt(reason: string): void {
    this.outbox.halt(reason);
  }

  state({ role, term, vote, leader, commit }: ForeignState): void {
    this.hasToldState = true;
    this.role = role;
    this.currentTerm = termOf(this.whole('its term', term));
    this.votedFor = nodeId(this.server('its vote', vote) - 1);
    this.leader = nodeId(this.server('its leader', leader) - 1);
    const end = this.log.lastIndex;
    const committed = this.showsLog ? this.whole('its commit index', commit) : this.told;
    // A follower may have heard of a commit before it has the entries; a leader has them all.
    if (this.showsLog && role === 'leader' && committed > end) {
      this.fail(
        `leads and says that entry ${committed} is committed, but its log, as far as it was written, ends at ${end}`,
      );
    }
    this.commitIndex = committed > end ? end : logIndex(committed);
  }

  // ── helpers ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Ticks that a story takes by hand move the clock, too, although no time passes there. */
  private get now(): number {
    this.clock = Math.max(this.clock, this.options.clockOf(this.id));
    return this.clock;
  }

  private enter(doing: string): Outbox {
    this.doing = doing;
    this.refusedCalls.length = 0;
    this.servedAnswers.length = 0;
    this.outbox.clear();
    return this.outbox;
  }

  private whole(what: string, value: number): number {
    if (!Number.isInteger(value) || value < 0 || value > NUMBER_MAX) {
      this.fail(`says that ${what} is ${String(value)}, expected a whole number`);
    }
    return value;
  }

  private server(what: string, value: number): number {
    const { nodes } = this.options;
    if (!Number.isInteger(value) || value < 0 || value > nodes) {
      this.fail(`says that ${what} is ${String(value)}, expected 1 to ${nodes}, or 0 for nobody`);
    }
    return value;
  }

  private fail(what: string): never {
    throw new SystemTrouble(`${nodeName(this.id)}, ${this.doing}, ${what}`);
  }
}
