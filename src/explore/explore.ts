// Every schedule within a bound: breadth first over the states of a cluster, each entered once.
//
// A cluster is its servers, what is on its way, and the facts (`facts.ts`). What one server makes of an event is worked
// out once (`servers.ts`), so that a step of the cluster is a look into a table. States that are equal under other
// names for the servers are entered once. Breadth first: the first counterexample is a shortest one.
//
// Loss needs no step: a message may stay on its way for ever, which no server can tell from a loss. It is the bound on
// what is on its way that makes losses: of what is beyond, any are gone, in every way.

import { nodeId } from '../base/ids.ts';
import type { Plan } from '../run/plan.ts';
import type { PropertyName } from '../run/properties.ts';
import { staysStuck } from './counterexample.ts';
import type { ExploreBound, ExploredStep, LocalEvent } from './event.ts';
import { Fairness } from './fairness.ts';
import { FactTable, logsMatch } from './facts.ts';
import { isStale, Servers, type KnownMessage, type LoneServer, type ServerStep } from './servers.ts';
import { StateSet } from './state-set.ts';

/** The promises that are checked at every state; all others need time, clients or options of the node. */
export const judgedPromises: readonly PropertyName[] = [
  'election-safety',
  'vote-once',
  'log-matching',
  'leader-completeness',
  'state-machine-safety',
  'leader-append-only',
  'commit-legitimacy',
  'durability-honesty',
  'monotonicity',
  'timer-armed',
  'handlers-never-throw',
];

/** How far a search is. */
export interface ExploreProgress {
  readonly depth: number;
  readonly states: number;
  /** Steps taken, whatever they led to. */
  readonly steps: number;
  /** States of the depth before that are still to be left, and all of them. */
  readonly left: number;
  readonly level: number;
  readonly bytes: number;
}

export interface ExploreResult {
  readonly outcome: 'clean' | 'broken' | 'stopped';
  readonly progress: ExploreProgress;
  /** Single servers, messages and facts that were met. */
  readonly servers: number;
  readonly messages: number;
  /** Fields of servers for which states that may differ by names alone were entered each. */
  readonly uneven: readonly string[];
  /** Steps into a term beyond the bound, and messages lost for the bound: what was not looked at, or forced. */
  readonly beyondTerms: number;
  readonly beyondSnapshots: number;
  readonly lateVotes: number;
  /** Clusters from which a fair schedule was tried. */
  readonly fair: number;
  /** How many of them it did not help; time did, or nobody looked. */
  readonly suspected: number;
  readonly lost: number;
  readonly broken: string | undefined;
  readonly path: readonly ExploredStep[];
}

/** So many suspicions are looked into, a second of virtual time and more each. */
const SUSPICIONS_MAX = 20;

/** States between two rests. */
const PIECE = 2000;

export class Exploration {
  private readonly plan: Plan;
  private readonly bound: ExploreBound;
  readonly servers: Servers;
  private readonly facts: FactTable;
  private readonly fairness: Fairness | undefined;
  private readonly known = new StateSet();
  /** Only of a node that drops what is stale it is known that it does. */
  private readonly isOfPaper: boolean;
  private readonly restart: number;
  private readonly crash: number;
  private readonly calls: readonly number[];
  private readonly change: number;
  private readonly capture: number;
  private readonly matching = new Map<number, boolean>();
  /** States of this depth and the next, one behind the other: number, servers, facts, calls, crashes, then messages. */
  private level: number[] = [];
  private next: number[] = [];
  /** The servers of the state that is left, the sum of the hashes of it, and that of the one that is entered. */
  private expanded: readonly number[] = [];
  private readonly base: Int32Array;
  private readonly sums: Int32Array;
  private steps = 0;
  private depth = 0;
  private left = 0;
  private count = 0;
  private beyondTerms = 0;
  private beyondSnapshots = 0;
  private lost = 0;
  private broken: string | undefined;
  private brokenPath: readonly ExploredStep[] = [];

  constructor(plan: Plan, bound: ExploreBound) {
    this.plan = plan;
    this.bound = bound;
    this.servers = new Servers(plan, bound.change);
    this.isOfPaper = plan.variant === null && plan.system === undefined;
    this.facts = new FactTable(this.servers, bound.nodes);
    this.fairness = bound.isFair ? new Fairness(this.servers, bound.calls + 1) : undefined;
    this.base = new Int32Array(2 * this.servers.names.length);
    this.sums = new Int32Array(2 * this.servers.names.length);
    this.restart = this.servers.eventId({ act: 'restart' });
    this.crash = this.servers.eventId({ act: 'crash' });
    const { change } = bound;
    this.change = change === undefined ? -1 : this.servers.eventId({ act: 'change', change });
    this.capture = this.servers.eventId({ act: 'timer', timer: 'snapshot' });
    this.calls = Array.from({ length: bound.calls }, (_, i) => this.servers.eventId({ act: 'call', number: i + 1 }));
  }

  get progress(): ExploreProgress {
    const { depth, steps, left, count } = this;
    const bytes = this.known.bytes + 8 * (this.level.length + this.next.length);
    return { depth, states: this.known.size, steps, left, level: count, bytes };
  }

  /** Searches in pieces, until all is seen, a promise is broken, or the caller stops asking. */
  *run(): Generator<undefined, ExploreResult> {
    this.begin();
    while (this.level.length > 0) {
      this.count = 0;
      for (let at = 0; at < this.level.length; at += this.sizeAt(this.level, at)) this.count++;
      this.left = this.count;
      for (let at = 0; at < this.level.length; at += this.sizeAt(this.level, at)) {
        this.expand(at);
        if (this.broken !== undefined) return this.result('broken');
        if (--this.left % PIECE === 0) yield;
      }
      this.level = this.next;
      this.next = [];
      this.depth++;
    }
    return this.result('clean');
  }

  /** What came of it so far. */
  result(outcome: ExploreResult['outcome']): ExploreResult {
    return {
      outcome,
      progress: this.progress,
      servers: this.servers.states.length,
      messages: this.servers.messages.length,
      uneven: Array.from(this.servers.uneven),
      beyondTerms: this.beyondTerms,
      beyondSnapshots: this.beyondSnapshots,
      lateVotes: this.facts.lateVotes,
      fair: this.fairness?.tried ?? 0,
      suspected: this.fairness?.suspects ?? 0,
      lost: this.lost,
      broken: this.broken,
      path: this.brokenPath,
    };
  }

  // ── one state ──────────────────────────────────────────────────────────────────────────────────────────────────

  private sizeAt(list: readonly number[], at: number): number {
    return HEAD + this.bound.nodes + (list[at + 1] as number);
  }

  /** All servers start; nothing is on its way. */
  private begin(): void {
    const states = Array.from({ length: this.bound.nodes }, (_, i) => {
      return this.servers.after(this.servers.unborn(nodeId(i)), this.restart).to;
    });
    for (const id of states) this.add(this.sums, this.servers.state(id).hashes, 1);
    this.enter(states, 0, 0, 0, [], -1, 0, 0);
    this.level = this.next;
    this.next = [];
  }

  private expand(at: number): void {
    const { nodes, crashes: crashesMax } = this.bound;
    const { level } = this;
    const id = level[at] as number;
    const facts = level[at + 2] as number;
    const calls = level[at + 3] as number;
    const crashes = level[at + 4] as number;
    const states = level.slice(at + HEAD, at + HEAD + nodes);
    const messages = level.slice(at + HEAD + nodes, at + this.sizeAt(level, at));
    this.expanded = states;
    this.base.fill(0);
    for (let i = 0; i < nodes; i++)
      this.add(this.base, (this.servers.states[states[i] as number] as LoneServer).hashes, 1);
    for (let i = 0; i < messages.length; i++) this.add(this.base, this.messageHashes(messages[i] as number), 1);
    for (let node = 0; node < nodes; node++) {
      const state = this.servers.state(states[node] as number);
      if (!state.isUp) {
        this.step(id, states, facts, calls, crashes, messages, node, this.restart, -1);
        continue;
      }
      for (const timer of state.timers) {
        if (this.isBeyond(state, timer)) this.beyondTerms++;
        else if (timer !== this.capture) this.step(id, states, facts, calls, crashes, messages, node, timer, -1);
        else if (((crashes >> 12) & 63) >= this.bound.snapshots) this.beyondSnapshots++;
        else this.step(id, states, facts, calls, crashes + SNAPSHOT, messages, node, timer, -1);
      }
      if (state.isLeader && this.change >= 0 && crashes >> 18 === 0) {
        this.step(id, states, facts, calls, crashes + CHANGE, messages, node, this.change, -1);
      }
      if (state.isLeader && calls < this.calls.length) {
        this.step(id, states, facts, calls + 1, crashes, messages, node, this.calls[calls] as number, -1);
      }
      if ((crashes & 63) < crashesMax) this.step(id, states, facts, calls, crashes + 1, messages, node, this.crash, -1);
      if (this.broken !== undefined) return;
    }
    for (let i = 0; i < messages.length && this.broken === undefined; i++) {
      const known = this.servers.messages[messages[i] as number];
      if (known === undefined || !this.servers.state(states[known.message.to] as number).isUp) continue;
      this.step(id, states, facts, calls, crashes, messages, known.message.to, known.event, i);
      if (this.broken !== undefined || ((crashes >> 6) & 63) >= this.bound.duplicates) continue;
      const doubled = this.servers.eventId({ act: 'deliver', message: known.message, isDoubled: true });
      this.step(id, states, facts, calls, crashes + DUPLICATE, messages, known.message.to, doubled, -1);
    }
  }

  /** An election in the last term of the bound would lead into the next. */
  private isBeyond({ term, isLeader }: LoneServer, timer: number): boolean {
    const event = this.servers.events[timer] as LocalEvent;
    return event.act === 'timer' && event.timer === 'election' && !isLeader && term >= this.bound.terms;
  }

  private step(
    from: number,
    states: readonly number[],
    facts: number,
    calls: number,
    crashes: number,
    messages: readonly number[],
    node: number,
    event: number,
    taken: number,
  ): void {
    this.steps++;
    const transition = this.servers.after(states[node] as number, event);
    const { to, sent, crashAfter } = transition;
    // Nothing happened but that a message is gone: what can come then can come with the message still on its way.
    if (to === states[node] && sent.length === 0 && transition.broken === undefined) return;
    const judged = this.facts.after(facts, states, transition, nodeId(node));
    const why = judged.broken ?? this.unlike(states, to, node);
    if (why !== undefined) {
      this.broken = why;
      this.brokenPath = this.pathTo(from, node, event);
      return;
    }
    const after = states.slice();
    after[node] = to;
    if (this.fairness?.isSuspect(after) === true && this.isStuck(from, node, event)) return;
    this.send(
      after,
      this.facts.settled(judged.facts, after),
      calls,
      crashes,
      messages,
      transition,
      from,
      node,
      event,
      taken,
    );
    if (crashAfter < 0 || (crashes & 63) >= this.bound.crashes) return;
    const whole = this.servers.events[event] as LocalEvent;
    const cut = this.servers.eventId({ ...whole, effects: crashAfter } as LocalEvent);
    this.step(from, states, facts, calls, crashes + 1, messages, node, cut, taken);
  }

  /** Time may help where the fair schedule that was tried did not; a suspicion that nobody looks into is counted. */
  private isStuck(from: number, node: number, event: number): boolean {
    if ((this.fairness?.suspects ?? 0) > SUSPICIONS_MAX) return false;
    const path = this.pathTo(from, node, event);
    if (!staysStuck(this.plan, path)) return false;
    this.broken = 'bounded-liveness: what is on its way is lost, and no fair schedule commits';
    this.brokenPath = path;
    return true;
  }

  private pathTo(from: number, node: number, event: number): ExploredStep[] {
    return [...this.known.pathTo(from), { node, event }].map((step) => ({
      node: nodeId(step.node),
      event: this.servers.events[step.event] as LocalEvent,
    }));
  }

  /** Two servers whose logs differ where they must not. */
  private unlike(states: readonly number[], to: number, node: number): string | undefined {
    const server = this.servers.state(to);
    if (!server.isUp) return undefined;
    for (let other = 0; other < states.length; other++) {
      if (other === node) continue;
      const key = to * 0x4000000 + (states[other] as number);
      let isFine = this.matching.get(key);
      if (isFine === undefined) {
        const peer = this.servers.state(states[other] as number);
        isFine = !peer.isUp || logsMatch(server, peer);
        this.matching.set(key, isFine);
      }
      if (!isFine) return 'log-matching: two logs agree on an entry and differ before it';
    }
    return undefined;
  }

  /** What is sent is on its way, as a set; of more than the bound allows, any are lost. */
  private send(
    states: readonly number[],
    facts: number,
    calls: number,
    crashes: number,
    before: readonly number[],
    { to, sent }: ServerStep,
    from: number,
    node: number,
    event: number,
    taken: number,
  ): void {
    const { sums, servers } = this;
    const messages: number[] = [];
    for (let i = 0; i < before.length; i++) if (i !== taken) messages.push(before[i] as number);
    sums.set(this.base);
    this.add(sums, (servers.states[this.expanded[node] as number] as LoneServer).hashes, -1);
    this.add(sums, (servers.states[to] as LoneServer).hashes, 1);
    if (taken >= 0) this.add(sums, this.messageHashes(before[taken] as number), -1);
    for (let i = 0; i < sent.length; i++) {
      const message = sent[i] as number;
      if (messages.includes(message) || this.isStale(message, states)) continue;
      messages.push(message);
      this.add(sums, this.messageHashes(message), 1);
    }
    if (to !== this.expanded[node]) {
      for (let i = messages.length - 1; i >= 0; i--) {
        if (!this.isStale(messages[i] as number, states)) continue;
        this.add(sums, this.messageHashes(messages[i] as number), -1);
        messages.splice(i, 1);
      }
    }
    const beyond = messages.length - this.bound.messages;
    if (beyond > 0) this.lost += beyond;
    this.lose(Math.max(0, beyond), 0, states, facts, calls, crashes, messages, from, node, event);
  }

  /** Loses so many of the messages, in every way, from a place on. */
  private lose(
    beyond: number,
    start: number,
    states: readonly number[],
    facts: number,
    calls: number,
    crashes: number,
    messages: number[],
    from: number,
    node: number,
    event: number,
  ): void {
    if (beyond === 0) {
      this.enter(states, facts, calls, crashes, messages, from, node, event);
      return;
    }
    for (let i = start; i + beyond <= messages.length; i++) {
      const lost = messages[i] as number;
      messages[i] = GONE;
      this.add(this.sums, this.messageHashes(lost), -1);
      this.lose(beyond - 1, i + 1, states, facts, calls, crashes, messages, from, node, event);
      this.add(this.sums, this.messageHashes(lost), 1);
      messages[i] = lost;
    }
  }

  /**
   * Nothing can come of a message any more, whatever becomes of its receiver: states with it and without it are one.
   * That is so for the node of the paper (`test/unit/explore` tries it), and for no other.
   */
  private isStale(message: number, states: readonly number[]): boolean {
    if (!this.isOfPaper) return false;
    const known = (this.servers.messages[message] as KnownMessage).message;
    return isStale(known, this.servers.states[states[known.to] as number] as LoneServer);
  }

  private add(sums: Int32Array, hashes: Int32Array, sign: 1 | -1): void {
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + sign * (hashes[i] as number);
  }

  private messageHashes(message: number): Int32Array {
    return (this.servers.messages[message] as KnownMessage).hashes;
  }

  /** Notes a state if it is new under every way to name the servers; its hash but for the rest is in `sums`. */
  private enter(
    states: readonly number[],
    facts: number,
    calls: number,
    crashes: number,
    messages: readonly number[],
    from: number,
    node: number,
    event: number,
  ): void {
    const { sums } = this;
    const ofFacts = this.facts.hashes[facts] as Int32Array;
    const budget = calls * 0x100000 + crashes + 1;
    const one = Math.imul(budget, 0x9e3779b1);
    const other = Math.imul(budget, 0x85ebca6b);
    let first = 0x7fffffff;
    let second = 0x7fffffff;
    for (let i = 0; i < sums.length; i += 2) {
      const a = ((sums[i] as number) + (ofFacts[i] as number) + one) | 0;
      if (a > first) continue;
      const b = ((sums[i + 1] as number) + (ofFacts[i + 1] as number) + other) | 0;
      if (a < first || b < second) {
        first = a;
        second = b;
      }
    }
    const id = this.known.add(first, second, from, node, event);
    if (id < 0) return;
    const { next } = this;
    const head = next.push(id, 0, facts, calls, crashes) - HEAD;
    for (let i = 0; i < states.length; i++) next.push(states[i] as number);
    let count = 0;
    for (let i = 0; i < messages.length; i++) {
      if (messages[i] === GONE) continue;
      next.push(messages[i] as number);
      count++;
    }
    next[head + 1] = count;
  }
}

/** Crashes, duplicates, snapshots and changes of the members are counted in one number. */
const DUPLICATE = 1 << 6;
const SNAPSHOT = 1 << 12;
const CHANGE = 1 << 18;

/** Stands for a message that is lost. */
const GONE = -1;

/** Number, number of messages, facts, calls, crashes. */
const HEAD = 5;
