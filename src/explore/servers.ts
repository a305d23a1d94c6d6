// Servers apart from clusters: what one becomes by what happens to it, each worked out once.
//
// A server is known by its text; to learn what an event makes of it, a fresh one is taken through the same events once
// more, in a world of its own. So no state is copied, and whatever a node or a variant keeps to itself is there.

import { clientId, logIndex, nodeId, type NodeId } from '../base/ids.ts';
import { hashText, mix } from '../base/hash.ts';
import { NO_CONFIGURATION, type Configuration, type MembershipChange } from '../protocol/configuration.ts';
import type { Message } from '../protocol/message.ts';
import { makeCall } from '../protocol/operation.ts';
import type { RoleName } from '../protocol/roles.ts';
import { Timer, timerNames, timers, type TimerName } from '../protocol/timers.ts';
import type { Plan } from '../run/plan.ts';
import { Simulation } from '../run/simulate.ts';
import type { Host } from '../sim/host.ts';
import { UNSCHEDULED, type Scheduler } from '../sim/schedule/scheduler.ts';
import type { LocalEvent } from './event.ts';
import { serverOrders, messageText, serverText, unusualFields, usualFields, type ServerNames } from './rendering.ts';

/** A server as some events left it. */
export interface LoneServer {
  readonly id: number;
  readonly node: NodeId;
  readonly isUp: boolean;
  readonly isLeader: boolean;
  readonly role: RoleName | 'down';
  readonly configuration: Configuration;
  /** The term of its disk: it votes in no earlier one, and is elected in none. */
  readonly horizon: number;
  readonly term: number;
  readonly commitIndex: number;
  /** By place from 0: the hashes of the prefixes of its log, with the empty one; and their terms; 0 below `base`. */
  readonly log: readonly number[];
  readonly terms: readonly number[];
  /** What a snapshot stands for. */
  readonly base: number;
  /** The hashes of the prefixes that are on its disk. */
  readonly durable: readonly number[];
  /** What may happen to it by itself: ids of events. */
  readonly timers: readonly number[];
  /** Where it came from; -1 before the first start. */
  readonly from: number;
  readonly by: number;
  /** Two hashes for each way to name the servers. */
  readonly hashes: Int32Array;
}

/** What an event makes of a server. */
export interface ServerStep {
  readonly id: number;
  readonly to: number;
  /** Ids of the messages that leave. */
  readonly sent: readonly number[];
  /** Votes that it tells of: term and candidate. */
  readonly votes: readonly (readonly [term: number, candidate: number])[];
  /** A promise that it breaks alone, and the facts. */
  readonly broken: string | undefined;
  /** After how many effects a crash would lose what the event wrote, though something had left already; -1: nowhere. */
  readonly crashAfter: number;
}

/** A message, with two hashes for each way to name the servers. */
export interface KnownMessage {
  readonly message: Message;
  readonly event: number;
  readonly hashes: Int32Array;
}

export class Servers {
  private readonly plan: Plan;
  readonly names: readonly ServerNames[];
  private readonly usual: ReadonlyMap<string, string>;
  /** Fields of servers that took the symmetry from some states. */
  readonly uneven = new Set<string>();
  readonly states: LoneServer[] = [];
  readonly messages: KnownMessage[] = [];
  readonly events: LocalEvent[] = [];
  private readonly stateIds = new Map<string, number>();
  private readonly messageIds = new Map<string, number>();
  private readonly eventIds = new Map<string, number>();
  private readonly transitions: ServerStep[] = [];
  private readonly known = new Map<number, number>();
  /** Steps of servers that were taken to learn what is known. */
  replayed = 0;

  constructor(plan: Plan, change?: MembershipChange) {
    this.plan = plan;
    const first = new Life(plan, nodeId(0));
    first.take({ act: 'restart' });
    this.usual = usualFields(first.host);
    const { nodes, spares = 0 } = plan;
    const alike = [(id: number) => id < nodes - spares];
    for (const list of Object.values(change ?? {})) alike.push((id) => (list as readonly number[]).includes(id));
    this.names = serverOrders(nodes).filter((names) =>
      names.every((name, id) => alike.every((isIn) => isIn(id) === isIn(name))),
    );
  }

  /** The state before the first start. */
  unborn(node: NodeId): number {
    const life = new Life(this.plan, node);
    return this.stateId(life.host, -1, -1);
  }

  eventId(event: LocalEvent): number {
    const name = this.eventName(event);
    const known = this.eventIds.get(name);
    if (known !== undefined) return known;
    this.eventIds.set(name, this.events.length);
    return this.events.push(event) - 1;
  }

  private eventName(event: LocalEvent): string {
    if (event.act !== 'deliver') return JSON.stringify(event);
    return `deliver ${this.messageId(event.message)} ${event.effects ?? ''} ${event.isDoubled ?? ''}`;
  }

  state(id: number): LoneServer {
    return this.states[id] as LoneServer;
  }

  after(state: number, event: number): ServerStep {
    const key = state * 0x200000 + event;
    const known = this.known.get(key);
    if (known !== undefined) return this.transitions[known] as ServerStep;
    const transition = this.learn(state, event);
    this.known.set(key, this.transitions.push(transition) - 1);
    return transition;
  }

  private learn(id: number, eventId: number): ServerStep {
    const before = this.state(id);
    const life = new Life(this.plan, before.node);
    for (const past of this.pastOf(before)) life.take(this.events[past] as LocalEvent);
    const event = this.events[eventId] as LocalEvent;
    life.begin();
    life.take(event);
    this.replayed++;
    const crashAfter = life.isEarly ? this.crashBeforeWrite(before, event) : -1;
    const to = this.stateId(life.host, id, eventId);
    const after = this.state(to);
    return {
      id: this.transitions.length,
      to,
      sent: life.sent.map((message) => this.messageId(message)),
      votes: life.sent.flatMap(votesIn),
      broken: life.broken ?? brokenAlone(before, after, event),
      crashAfter,
    };
  }

  /** After how many effects a crash comes just before the write. */
  private crashBeforeWrite(before: LoneServer, event: LocalEvent): number {
    for (let effects = 1; ; effects++) {
      const life = new Life(this.plan, before.node);
      for (const past of this.pastOf(before)) life.take(this.events[past] as LocalEvent);
      life.begin();
      life.take({ ...event, effects } as LocalEvent);
      if (life.wrote) return effects - 1;
    }
  }

  private pastOf(state: LoneServer): number[] {
    const past: number[] = [];
    for (let at = state; at.from >= 0; at = this.state(at.from)) past.push(at.by);
    return past.toReversed();
  }

  messageId(message: Message): number {
    const name = messageText(message, this.names[0] as ServerNames);
    const known = this.messageIds.get(name);
    if (known !== undefined) return known;
    const id = this.messages.length;
    this.messageIds.set(name, id);
    const hashes = hashesOf(this.names, (names) => messageText(message, names));
    this.messages.push({ message, event: -1, hashes });
    this.messages[id] = { message, event: this.eventId({ act: 'deliver', message }), hashes };
    return id;
  }

  private stateId(host: Host, from: number, by: number): number {
    const { nodes } = this.plan;
    const name = serverText(host, nodes, this.names[0] as ServerNames, this.usual);
    const known = this.stateIds.get(name);
    if (known !== undefined) return known;
    const id = this.states.length;
    this.stateIds.set(name, id);
    const isUp = host.status === 'up';
    for (const field of unusualFields(host, this.usual)) this.uneven.add(field);
    const hashes = hashesOf(this.names, (names) => serverText(host, nodes, names, this.usual));
    const armed = isUp ? timers.filter((timer) => host.armed(timer)) : [];
    const { disk } = host;
    const log: number[] = [0];
    const terms: number[] = [0];
    const base = isUp ? host.process.probe.log.base : disk.base;
    if (isUp) {
      const { probe } = host.process;
      fill(log, base);
      fill(terms, base);
      if (base > 0) log[base] = probe.log.prefixHashAt(base);
      for (let i = base + 1; i <= probe.log.lastIndex; i++) {
        log.push(probe.log.prefixHashAt(logIndex(i)));
        terms.push(probe.log.termAt(logIndex(i)));
      }
    }
    const durable: number[] = [0];
    fill(durable, disk.base);
    for (let i = Math.max(1, disk.base); i <= disk.lastIndex; i++) durable[i] = disk.prefixHashAt(logIndex(i)) ?? 0;
    const term = isUp ? host.process.probe.currentTerm : disk.hardState.term;
    this.states.push({
      id,
      node: host.id,
      isUp,
      isLeader: isUp && host.process.probe.role === 'leader',
      role: isUp ? host.process.probe.role : 'down',
      configuration: isUp ? host.process.probe.configuration : NO_CONFIGURATION,
      horizon: Math.min(term, disk.hardState.term),
      term,
      commitIndex: isUp ? host.process.probe.commitIndex : 0,
      log,
      terms,
      base,
      durable,
      timers: armed.map((timer) => this.eventId({ act: 'timer', timer: timerNames[timer] as TimerName })),
      from,
      by,
      hashes,
    });
    return id;
  }
}

function fill(list: number[], base: number): void {
  while (list.length <= base) list.push(0);
}

/** One server in a world of its own: writes are complete as soon as they are issued, as in a story. */
class Life implements Scheduler {
  readonly host: Host;
  readonly sent: Message[] = [];
  broken: string | undefined;
  /** Something left before the event was written down. */
  isEarly = false;
  private hasWritten = false;
  private isListening = true;
  private readonly simulation: Simulation;

  constructor(plan: Plan, node: NodeId) {
    this.simulation = new Simulation(plan, { schedule: () => this, checks: false });
    this.host = this.simulation.world.host(node);
  }

  /** What leaves from here on is what the next event sends. */
  begin(): void {
    this.sent.length = 0;
  }

  get wrote(): boolean {
    return this.hasWritten;
  }

  take(event: LocalEvent): void {
    const { host } = this;
    const { world } = this.simulation;
    this.broken = undefined;
    this.isEarly = false;
    this.hasWritten = false;
    this.isListening = true;
    if ('effects' in event && event.effects !== undefined) host.crashAfterEffects = event.effects;
    switch (event.act) {
      case 'restart':
        world.restart(host);
        break;
      case 'crash':
        world.crash(host, host.disk.cachedWrites, false);
        break;
      case 'timer':
        world.fireTimer(host, Timer[event.timer]);
        break;
      case 'call': {
        const operation = { kind: 'put', key: 'x', value: String(event.number) } as const;
        world.call(makeCall(clientId(event.number - 1), 1, operation), host);
        break;
      }
      case 'change':
        world.changeMembers(host, event.change);
        break;
      case 'deliver':
        world.deliver(1, event.message);
        break;
    }
    host.crashAfterEffects = -1;
    while (world.crashPending === undefined && host.status === 'up' && host.disk.cachedWrites > 0) {
      this.isListening = false; // what a completed write lets go is no news
      world.completeWrite(host);
    }
    if (world.crashPending === undefined) return;
    if (host.thrown !== undefined) this.broken = `handlers-never-throw: ${host.thrown.message}`;
    world.crash(host, host.disk.cachedWrites, false);
  }

  messageSent(_link: number, _number: number, message: Message): void {
    this.sent.push(message);
    this.broken ??= dishonesty(this.host, message);
  }

  timerArmed(host: Host, timer: Timer): void {
    host.setDeadline(timer, 0);
  }

  /** A crash before a write, behind something that has left, is where a server may have told what it will not know. */
  writeIssued(): void {
    if (!this.isListening) return;
    this.hasWritten = true;
    this.isEarly ||= this.sent.length > 0;
  }

  answerGiven(): void {
    // Clients of a bound ask and do not listen.
  }

  answerArrived(): void {
    // Nobody sends one.
  }

  next(): boolean {
    return UNSCHEDULED.next();
  }
}

/** Durability honesty: what a message tells of its sender stands on the sender's disk. */
function dishonesty(host: Host, message: Message): string | undefined {
  const { term, votedFor } = host.disk.hardState;
  const says = message.kind === 'RequestVote' ? message.from : message.to;
  if (message.term > term) return `durability-honesty: a message of term ${message.term}, but the disk says ${term}`;
  const isVote = message.kind === 'RequestVote' || (message.kind === 'RequestVoteReply' && message.granted);
  if (isVote && message.term === term && votedFor !== says)
    return 'durability-honesty: a vote that the disk does not hold';
  if (message.kind !== 'AppendEntriesReply' || !message.success) return undefined;
  const { log } = host.process.probe;
  const { matchIndex } = message;
  const isKept = matchIndex <= log.lastIndex && host.disk.prefixHashAt(matchIndex) === log.prefixHashAt(matchIndex);
  return isKept ? undefined : `durability-honesty: entry ${matchIndex} is acknowledged and not on the disk`;
}

/**
 * Terms never fall, and nobody leads a term or stands for it a second time: so nothing comes of a late answer. A late
 * request is another matter: once its receiver is in a newer term, its sender hears of that.
 */
export function isStale(message: Message, { role, term }: LoneServer): boolean {
  switch (message.kind) {
    case 'RequestVoteReply':
      return message.term < term || (message.term === term && (!message.granted || role !== 'candidate'));
    case 'AppendEntriesReply':
      return message.term < term || (message.term === term && role !== 'leader' && role !== 'candidate');
    default:
      return false;
  }
}

function votesIn(message: Message): (readonly [number, number])[] {
  if (message.kind === 'RequestVote') return [[message.term, message.from]];
  return message.kind === 'RequestVoteReply' && message.granted ? [[message.term, message.to]] : [];
}

/** Promises that one server keeps or breaks by itself. */
function brokenAlone(before: LoneServer, after: LoneServer, event: LocalEvent): string | undefined {
  if (!after.isUp || event.act === 'restart') return undefined;
  if (after.term < before.term) return 'monotonicity: the term falls';
  if (after.commitIndex < before.commitIndex) return 'monotonicity: the commit index falls';
  if (before.isLeader && after.isLeader && before.term === after.term) {
    const isKept = before.log.every((hash, i) => i < after.base || after.log[i] === hash);
    if (!isKept) return 'leader-append-only: a leader changes its log';
  }
  return after.timers.length === 0 ? 'timer-armed: no timer runs' : undefined;
}

/** Two hashes of a text under each way to name the servers. */
export function hashesOf(names: readonly ServerNames[], textOf: (names: ServerNames) => string): Int32Array {
  const hashes = new Int32Array(2 * names.length);
  names.forEach((order, i) => {
    const text = textOf(order);
    const first = hashText(text);
    let second = 0x2545f491 ^ text.length;
    for (let at = 0; at < text.length; at++)
      second = Math.imul(second ^ text.charCodeAt(at), 0x5bd1e995) ^ (second >>> 13);
    hashes[2 * i] = mix(first, 0x51ed27) | 0;
    hashes[2 * i + 1] = mix(second | 0, first) | 0;
  });
  return hashes;
}
