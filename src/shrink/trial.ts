// One try of a schedule on a fresh world: takes each move that is possible, stops at the first violated property.
//
// It does what `scenario run` does between two steps (writes reach the disk, answers their clients), without time, so
// that thousands of short schedules are tried in a second. Only where the cluster is to recover in the end, time runs
// behind the last move. What comes back is the schedule as it really went.

import type { Timer } from '../protocol/timers.ts';
import { ZERO_TERM } from '../protocol/message.ts';
import type { Message, Write } from '../protocol/message.ts';
import { clientId, micros, type NodeId } from '../base/ids.ts';
import { Random } from '../base/random.ts';
import type { Property } from '../check/property.ts';
import { propertyTable, type PropertyName } from '../run/properties.ts';
import { Simulation } from '../run/simulate.ts';
import { DirectedScheduler, type ByHand } from '../sim/schedule/directed.ts';
import type { Host } from '../sim/host.ts';
import type { Answer } from '../sim/process.ts';
import type { Scheduler } from '../sim/schedule/scheduler.ts';
import { ScriptedScheduler, type OnItsWay } from '../sim/schedule/scripted.ts';
import type { Step } from '../sim/step.ts';
import type { World } from '../sim/world.ts';
import { withEffects } from '../trace/step-codec.ts';
import { likeness, LIKENESS_MAX, plainStep, type MessageMove, type Move } from './moves.ts';
import { Provenance } from './provenance.ts';
import { recover, type Recovery } from './recovery.ts';
import type { Environment } from './environment.ts';

/** How a try went. */
export interface TrialResult {
  /** The property that was violated, and the facts. */
  readonly broken: PropertyName | undefined;
  readonly why: string;
  /** The moves that could be taken, up to the violation, with the messages that they really met. */
  readonly moves: readonly Move[];
  /** Who won elections, in this order. */
  readonly leaders: readonly NodeId[];
  /** The newest term. */
  readonly terms: number;
}

const NOW = micros(0);

/** A fresh world on which these moves were taken, as far as they were possible. */
export function trialOf(environment: Environment, moves: readonly Move[]): Trial {
  const trial = new Trial(environment);
  trial.boot();
  for (const move of moves) trial.take(move);
  return trial;
}

export function runTrial(environment: Environment, moves: readonly Move[], target: PropertyName): TrialResult {
  const trial = new Trial(environment);
  trial.boot();
  const taken: Move[] = [];
  for (const move of moves) {
    if (trial.broken !== undefined) break;
    const met = trial.take(move);
    if (met !== undefined) taken.push(met);
  }
  return trial.judged(taken, target);
}

/** A fresh world on which moves are taken one by one. */
export class Trial implements Scheduler {
  readonly simulation: Simulation;
  readonly world: World;
  private readonly byHand: ByHand;
  private readonly _leaders: NodeId[] = [];
  private readonly way: ScriptedScheduler | DirectedScheduler;
  private readonly recovery: Recovery | undefined;
  private readonly settle: number;
  /** The clients of the workload, who call only while time runs, come before those of the moves. */
  private readonly clients: number;
  private readonly listen: ((message: Message) => void) | undefined;
  private readonly provenance: Provenance;
  private answers = 0;
  private _taken: Step | undefined;

  /** Listens to every message that is sent, if it is asked to. */
  constructor({ plan, byHand, recovery }: Environment, listen?: (message: Message) => void) {
    this.listen = listen;
    const { parameters } = plan;
    this.byHand = byHand;
    this.provenance = new Provenance(plan.nodes);
    this.recovery = recovery;
    this.settle = parameters.settle;
    this.clients = parameters.clients;
    const leaders: Property = {
      name: 'leaders',
      mood: 'always',
      elected: (host) => void this._leaders.push(host.id),
    };
    this.simulation = new Simulation(plan, { schedule: () => this, observers: [leaders] });
    this.world = this.simulation.world;
    this.way =
      recovery === undefined
        ? new ScriptedScheduler(this.world, [])
        : new DirectedScheduler(this.world, parameters, Random.fromSeed(plan.seed), byHand);
  }

  get broken(): string | undefined {
    return this.world.violation?.property;
  }

  /** Who won elections so far, in this order. */
  get leaders(): readonly NodeId[] {
    return this._leaders;
  }

  boot(): void {
    for (const { id } of this.world.hosts) {
      this.way.take({ kind: 'restart', at: NOW, node: id });
      this.followUp();
    }
  }

  /** Takes a move as far as it is possible now; the move that was really taken, or undefined. */
  take(move: Move): Move | undefined {
    const { crashPending } = this.world;
    if (crashPending !== undefined && !(move.act === 'crash' && move.node === crashPending.id))
      this.crash(crashPending);
    this.provenance.cause = move.id;
    const met = this._take(move);
    const taken = this._taken;
    if (met !== undefined) this.followUp();
    this._taken = taken;
    return met;
  }

  /** The step of the world that the last move was. */
  get taken(): Step | undefined {
    return this._taken;
  }

  /** Messages on their way, each with the move that sent it. */
  inFlight(): { readonly found: OnItsWay; readonly origin: number }[] {
    return this.way.onTheirWay().map((found) => ({ found, origin: this.provenance.originOf(found) }));
  }

  /** Messages on their way on the link of this one, in the order in which they were sent. */
  inFlightTo({ from, to }: Message): OnItsWay[] {
    return Array.from(this.way.onLink(this.world.linkOf(from, to)));
  }

  /** Judges the schedule; first the cluster recovers, if it is to. */
  judged(moves: readonly Move[], target: PropertyName): TrialResult {
    const terms = this.newestTerm();
    if (this.way instanceof DirectedScheduler && this.recovery !== undefined && this.broken === undefined) {
      recover(this.simulation, this.way, this.recovery, this.settle);
    }
    const found = this.world.violation;
    let broken = found?.property;
    let why = found?.why ?? '';
    if (broken === undefined && propertyTable[target].mood === 'eventually') {
      const { violation } = this.simulation.finish();
      broken = violation?.property;
      why = violation?.why ?? '';
    }
    return { broken: broken as PropertyName | undefined, why, moves, leaders: this._leaders, terms };
  }

  private newestTerm(): number {
    let newest = 0;
    for (const host of this.world.hosts) {
      newest = Math.max(newest, host.status === 'down' ? ZERO_TERM : host.process.probe.currentTerm);
    }
    return newest;
  }

  // ── taking a move ──────────────────────────────────────────────────────────────────────────────────────────────

  private _take(move: Move): Move | undefined {
    switch (move.act) {
      case 'deliver':
      case 'duplicate':
        return this.takeMessage(move);
      case 'crash': {
        const cached = this.world.host(move.node).disk.cachedWrites;
        const isLossless = move.kept >= cached;
        const kept = isLossless ? cached : move.kept;
        const torn = move.torn && !isLossless;
        if (!this.try({ kind: 'crash', at: NOW, node: move.node, kept, torn })) return undefined;
        this.provenance.lost(move.node);
        return isLossless && move.kept !== Infinity ? { ...move, kept: Infinity, torn } : move;
      }
      case 'durable': {
        const { node } = move;
        this.provenance.cause = this.provenance.writerOf(node) ?? move.id;
        return this.try(cutShort({ kind: 'durable', at: NOW, node }, move.effects)) ? move : undefined;
      }
      case 'timer': {
        const { node, timer } = move;
        return this.try(cutShort({ kind: 'timer', at: NOW, node, timer }, move.effects)) ? move : undefined;
      }
      case 'transfer': {
        const { node, target } = move;
        return this.try(cutShort({ kind: 'transfer', at: NOW, node, target }, move.effects)) ? move : undefined;
      }
      case 'call': {
        const { sequence, node, operation } = move;
        const client = clientId(move.client + this.clients);
        const call: Step = { kind: 'call', at: NOW, client, sequence, node, operation };
        return this.try(cutShort(call, move.effects)) ? move : undefined;
      }
      case 'change-members': {
        const { node, change } = move;
        return this.try(cutShort({ kind: move.act, at: NOW, node, change }, move.effects)) ? move : undefined;
      }
      case 'write-failed': {
        const { node, error, kept } = move;
        if (!this.try({ kind: 'write-failed', at: NOW, node, error, kept })) return undefined;
        this.provenance.lost(node);
        return move;
      }
      case 'send':
        return this.try({ kind: 'send', at: NOW, message: move.message }) ? move : undefined;
      case 'answer':
        return this.takeAnswer(move.client + this.clients, move.sequence) ? move : undefined;
      default:
        return this.try(plainStep(move, NOW)) ? move : undefined;
    }
  }

  private takeMessage(move: MessageMove): Move | undefined {
    const { from, to } = move.message;
    if (move.act === 'deliver' && this.world.host(to).status !== 'up') return undefined;
    let best: OnItsWay | undefined;
    let bestPoints = -1;
    for (const found of this.way.onLink(this.world.linkOf(from, to))) {
      const points = likeness(move, found.message, this.provenance.originOf(found), bestPoints);
      if (points > bestPoints) {
        best = found;
        bestPoints = points;
        if (points === LIKENESS_MAX) break;
      }
    }
    if (best === undefined) return undefined;
    const origin = this.provenance.originOf(best);
    const { number, message } = best;
    if (!this.try(cutShort({ kind: move.act, at: NOW, from, to, number }, move.effects))) return undefined;
    return message === move.message && origin === move.origin ? move : { ...move, message, origin };
  }

  private takeAnswer(client: number, sequence: number): boolean {
    const waiting = this.way.unanswered().find(({ answer }) => {
      return answer.client === client && answer.sequence === sequence;
    });
    if (waiting === undefined) return false;
    return this.try({ kind: 'answer', at: NOW, client: waiting.answer.client, number: waiting.number, lost: false });
  }

  private try(step: Step): boolean {
    if (this.way.take(step) !== undefined) return false;
    this._taken = step;
    if (step.kind === 'durable') this.provenance.written(step.node);
    if (step.kind === 'answer') this.answers--;
    return true;
  }

  // ── what follows by itself, in the order of the directed scheduler ─────────────────────────────────────────────

  private followUp(): void {
    while (this.broken === undefined && this.followOnce());
  }

  private followOnce(): boolean {
    const { crashPending, hosts } = this.world;
    if (crashPending !== undefined) {
      if (this.byHand.crashes) return false;
      this.crash(crashPending);
      return true;
    }
    if (!this.byHand.writes && this.provenance.cachedWrites > 0) {
      for (const host of hosts) {
        if (host.status !== 'up' || host.disk.cachedWrites === 0) continue;
        this.provenance.cause = this.provenance.writerOf(host.id) ?? 0;
        return this.try({ kind: 'durable', at: NOW, node: host.id });
      }
    }
    if (this.byHand.answers || this.answers === 0) return false;
    const [first] = this.way.unanswered();
    if (first === undefined) return false;
    return this.try({ kind: 'answer', at: NOW, client: first.answer.client, number: first.number, lost: false });
  }

  private crash(host: Host): void {
    this.way.takePendingCrash();
    this.provenance.lost(host.id);
  }

  // ── what the world tells its scheduler ─────────────────────────────────────────────────────────────────────────

  messageSent(link: number, number: number, message: Message): void {
    this.provenance.sent();
    this.listen?.(message);
    this.way.messageSent(link, number, message);
  }

  timerArmed(host: Host, timer: Timer): void {
    this.way.timerArmed(host, timer);
  }

  writeIssued(host: Host, write: Write): void {
    this.provenance.issued(host.id);
    this.way.writeIssued(host, write);
  }

  answerGiven(answer: Answer, number: number): void {
    this.answers++;
    this.way.answerGiven(answer, number);
  }

  answerArrived(answer: Answer): void {
    this.way.answerArrived(answer);
  }

  next(): boolean {
    return false;
  }
}

const cutShort = (step: Step, effects: number | undefined): Step =>
  effects === undefined ? step : withEffects(step, effects);
